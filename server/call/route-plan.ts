import type { WallclockMs } from '../../mixer/protocol/units.ts';
import type { Config, TrunkSettings } from '../config/config.ts';
import type { AdmissionTime } from '../reservation/admission.ts';
import type { RoomTerms } from '../reservation/reservation.ts';
import { isLiteralAddress } from '../runtime/literal-address.ts';
import { parseHostPort } from '../sip/sip-uri.ts';
import { userOf } from '../sip/uri-user.ts';
import type { InboundInvite } from '../sip/user-agent.ts';
import { AdmissionGate } from './admission.ts';
import type { Admission } from './admission.ts';
import { TrunkTable } from './trunk-table.ts';
import type { TrunkMatch } from './trunk-table.ts';

/** A call that somebody asks about. */
export interface RouteQuery {
  /** Literal address that it would come from. */
  readonly from: string;
  /** What is dialled: a number, or a `sip:` or `tel:` URI. */
  readonly to: string;
  /** What From says; null: nothing. */
  readonly caller: string | null;
  /** What P-Asserted-Identity says; null: it is not there. */
  readonly asserted: string | null;
  /** The room that the caller keys at the menu; null: not asked about. */
  readonly room: string | null;
  readonly atMs: WallclockMs;
}

/** What a room says at that time. */
export type RoutedRoom =
  | { readonly number: string; readonly state: 'none' }
  /** Reservations could not be looked at. */
  | { readonly number: string; readonly state: 'unknown' }
  | {
      readonly number: string;
      readonly state: AdmissionTime['time'];
      readonly origin: RoomTerms['origin'];
      readonly startAtMs: WallclockMs | null;
      readonly opensAtMs: WallclockMs | null;
      readonly endAtMs: WallclockMs | null;
      readonly zone: string;
      readonly mayWait: 'may-wait' | 'may-not-wait' | null;
      readonly maxParticipants: number;
    };

/** What would happen to a call. */
export interface RoutePlan {
  readonly match: TrunkMatch | null;
  readonly admission: Admission;
  readonly room: RoutedRoom | null;
}

/** Where rooms are looked up; `byNumber` is asked for permanent rooms too. */
export interface RouteRooms {
  byNumber(number: string, nowMs: WallclockMs): RoomTerms | null;
  timeOf(terms: RoomTerms, nowMs: WallclockMs): AdmissionTime;
  /** Whether reservations can be looked at. */
  readonly reservations: 'known' | 'unknown';
}

/**
 * Sends a call through the gate that calls go through, with nobody inside, and tells what it said. Of hosts and registrars
 * of trunks, literal addresses are known; names are looked up by the running server only.
 */
export function planRoute(query: RouteQuery, config: Config, rooms: RouteRooms): RoutePlan {
  const table = new TrunkTable(config.trunks);
  table.learn(literalHosts(config.trunks));
  const match = table.match(query.from);
  const admission = new AdmissionGate(config).admit(inviteOf(query), match?.trunk ?? null, 0);
  const number = roomOf(query, admission);
  return { match, admission, room: number === null ? null : lookUp(number, query, rooms) };
}

/** The trunk that a literal address of ours stands for, by its host or registrar. */
function literalHosts(trunks: readonly TrunkSettings[]): ReadonlyMap<string, string> {
  const hosts = trunks.flatMap(({ name, hosts: own, register }) => {
    const written = register === null ? own : [...own, register.server];
    return written.map((text) => [parseHostPort(text).host, name] as const);
  });
  return new Map(hosts.filter(([host]) => isLiteralAddress(host)));
}

function inviteOf({ from, to, caller, asserted }: RouteQuery): InboundInvite {
  const flow = { remoteHost: from, remotePort: 5060, localPort: 5060 } as const;
  return {
    callIdHeader: '',
    flow: { transport: 'udp', flowId: 'route', ...flow },
    calledUser: userIn(to),
    calledParties: [],
    fromUser: userIn(caller ?? ''),
    fromDisplayName: '',
    assertedUser: asserted === null ? null : userIn(asserted),
    privacy: 'none',
    userAgent: '',
    diversions: [],
    offer: null,
  };
}

function userIn(text: string): string {
  return /^(?:sips?|tel):/iu.test(text) ? userOf(text) : text;
}

function roomOf({ room }: RouteQuery, admission: Admission): string | null {
  if (admission.outcome === 'refused') return null;
  const { entryPoint } = admission;
  return entryPoint.type === 'room' ? entryPoint.number : room;
}

function lookUp(number: string, { atMs }: RouteQuery, rooms: RouteRooms): RoutedRoom {
  const terms = rooms.byNumber(number, atMs);
  if (terms === null) return { number, state: rooms.reservations === 'known' ? 'none' : 'unknown' };
  const time = rooms.timeOf(terms, atMs);
  const { origin, startAtMs, opensAtMs, endAtMs, zone, maxParticipants } = terms;
  return {
    ...{ number, state: time.time, origin, startAtMs, opensAtMs, endAtMs, zone, maxParticipants },
    mayWait: time.time === 'too-early' ? time.mayWait : null,
  };
}
