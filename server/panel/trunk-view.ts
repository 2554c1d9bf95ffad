import type { DurationMs, WallclockMs } from '../../mixer/protocol/units.ts';
import type { TrunkStanding, TrunkTrouble } from './api/admin-api.ts';
import { instantText } from './panel-services.ts';

type RegistrationView = NonNullable<TrunkStanding['registration']>;
type HostView = TrunkStanding['hosts'][number];

/** What went wrong last. */
interface TroubleFigures {
  readonly lastStatus: number | null;
  readonly lastError: string | null;
  readonly lastTrouble: string | null;
}

interface RegistrationFigures extends TroubleFigures {
  readonly state: RegistrationView['state'];
  readonly server: string;
  readonly sinceWallclockMs: WallclockMs;
  readonly registeredUntilWallclockMs: WallclockMs | null;
  readonly nextTryWallclockMs: WallclockMs | null;
  readonly seenAs: string | null;
}

interface HostFigures extends TroubleFigures {
  readonly host: string;
  readonly address: string | null;
  readonly state: HostView['state'];
  readonly use: HostView['use'];
  readonly sinceWallclockMs: WallclockMs;
  readonly roundTripMs: DurationMs | null;
}

/** A trunk as the panel is told of it: just what `konfa trunks` is told. */
export interface TrunkFigures {
  readonly name: string;
  readonly onNet: boolean;
  readonly transport: string;
  readonly calls: number;
  /** null: as many as the server takes. */
  readonly maxCalls: number | null;
  /** null: it does not register. */
  readonly registration: RegistrationFigures | null;
  readonly hosts: readonly HostFigures[];
}

/** A trunk as the REST interface shows it. */
export function trunkView(trunk: TrunkFigures): TrunkStanding {
  const { name, onNet, transport, calls, maxCalls, registration, hosts } = trunk;
  return {
    ...{ name, onNet, transport, calls, maxCalls },
    registration: registration === null ? null : registrationView(registration),
    hosts: hosts.map(hostView),
  };
}

function registrationView(registration: RegistrationFigures): RegistrationView {
  const { state, server, seenAs, sinceWallclockMs } = registration;
  return {
    ...{ state, server, seenAs },
    since: instantText(sinceWallclockMs),
    registeredUntil: instantOrNull(registration.registeredUntilWallclockMs),
    nextTryAt: instantOrNull(registration.nextTryWallclockMs),
    trouble: troubleView(registration),
  };
}

function hostView(figures: HostFigures): HostView {
  const { host, address, state, use, roundTripMs, sinceWallclockMs } = figures;
  return {
    ...{ host, address, state, use },
    // Whoever was never heard of has been in no state since anything.
    since: state === 'unknown' ? null : instantText(sinceWallclockMs),
    roundTripMs: roundTripMs === null ? null : Math.round(roundTripMs),
    trouble: troubleView(figures),
  };
}

function troubleView(figures: TroubleFigures): TrunkTrouble | null {
  const { lastStatus, lastError, lastTrouble } = figures;
  if (lastTrouble === null) return null;
  return { code: lastTrouble, status: lastStatus, detail: lastError ?? '' };
}

function instantOrNull(atMs: WallclockMs | null): string | null {
  return atMs === null ? null : instantText(atMs);
}
