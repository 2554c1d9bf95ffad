import type { Config, TrunkSettings } from '../config/config.ts';
import type { Admission } from '../call/admission.ts';
import type { CallerIdentity } from '../call/caller.ts';
import { releaseVerdict } from '../call/release-cause.ts';
import type { RoutedRoom, RoutePlan, RouteQuery } from '../call/route-plan.ts';
import type { PlannedNumber, PlanStep } from '../numbering/plan-number.ts';
import { isoTime } from './reservation-view.ts';

/** A number on its way into our form. `rule`: where the rule stands that was applied. */
export interface NumberReport {
  readonly number: string;
  readonly rule: string | null;
  readonly ruleName: string | null;
  readonly steps: readonly PlanStep[];
}

/** The trunk of a call. `matched`: the setting that says so. */
export interface TrunkReport {
  readonly name: string;
  readonly path: string;
  readonly matched: string;
  readonly network: string | null;
  readonly onNet: boolean;
  readonly trustIdentity: boolean;
  readonly maxCalls: number;
  readonly callsPerSecond: number;
  readonly codecs: readonly string[];
  readonly srtp: string;
}

/** What `konfa route` tells, as `--json` prints it. Paths are those of the config. Times are ISO 8601. */
export interface RouteReport {
  readonly outcome: 'admitted' | 'refused' | 'no-answer';
  /** Final response; null: none at all. */
  readonly status: number | null;
  readonly cause: string | null;
  /** The setting that decides. */
  readonly decidedBy: string;
  readonly from: string;
  readonly trunk: TrunkReport | null;
  readonly called: NumberReport | null;
  readonly caller: (Omit<NumberReport, 'number'> & CallerLabel) | null;
  readonly accessNumber: string | null;
  readonly entry:
    | { readonly type: 'menu'; readonly createByPhone: boolean }
    | { readonly type: 'room'; readonly number: string; readonly pin: 'asked' | 'not-asked' }
    | null;
  readonly room: RoomReport | null;
  readonly maxCalls: number;
}

interface CallerLabel {
  readonly number: string | null;
  readonly source: CallerIdentity['source'];
}

/** What a room says. `state` `unknown`: reservations could not be looked at. */
export interface RoomReport {
  readonly number: string;
  readonly state: RoutedRoom['state'];
  readonly origin: string | null;
  readonly start: string | null;
  readonly opens: string | null;
  readonly end: string | null;
  readonly mayWait: boolean;
  readonly maxParticipants: number | null;
}

/** Brings a plan into the form that is told. */
export function routeReport(query: RouteQuery, plan: RoutePlan, config: Config): RouteReport {
  const { match, admission, room } = plan;
  const { called, caller } = admission;
  const path = match === null ? '' : `trunks[${config.trunks.indexOf(match.trunk)}]`;
  return {
    ...verdictOf(admission, config),
    from: query.from,
    trunk: match === null ? null : trunkReport(match.trunk, match.network, path),
    called: called === null ? null : numberReport(called, `${path}.numbers.called`),
    caller: caller === null ? null : callerReport(caller, `${path}.numbers.caller`),
    accessNumber: admission.accessNumber,
    entry: admission.outcome === 'admitted' ? entryOf(admission.entryPoint) : null,
    room: room === null ? null : roomReport(room),
    maxCalls: config.limits.maxCalls,
  };
}

function verdictOf(
  admission: Admission,
  { accessNumbers }: Config,
): Pick<RouteReport, 'outcome' | 'status' | 'cause' | 'decidedBy'> {
  const row = accessNumbers.findIndex(({ number }) => number === admission.accessNumber);
  if (admission.outcome === 'admitted') {
    return { outcome: 'admitted', status: 200, cause: null, decidedBy: `accessNumbers[${row}]` };
  }
  const { trunk, cause } = admission;
  if (trunk === null) {
    return { outcome: 'no-answer', status: null, cause: 'no-trunk', decidedBy: 'trunks' };
  }
  const decidedBy = row === -1 ? 'accessNumbers' : `accessNumbers[${row}].onNetOnly`;
  return { outcome: 'refused', status: releaseVerdict(cause).status, cause, decidedBy };
}

function trunkReport(trunk: TrunkSettings, network: string | null, path: string): TrunkReport {
  const { name, allowFrom, onNet, trustIdentity, maxCalls, callsPerSecond, codecs, srtp } = trunk;
  const matched =
    network === null
      ? `${path}.${trunk.hosts.length > 0 ? 'hosts' : 'register'}`
      : `${path}.allowFrom[${allowFrom.indexOf(network)}]`;
  return {
    ...{ name, path, matched, network, onNet, trustIdentity },
    ...{ maxCalls, callsPerSecond, codecs, srtp },
  };
}

function numberReport({ number, rule, steps }: PlannedNumber, list: string): NumberReport {
  return {
    number,
    rule: rule === null ? null : `${list}[${rule.index}]`,
    ruleName: rule?.name ?? null,
    steps,
  };
}

function callerReport(
  { number, source, planned }: CallerIdentity,
  list: string,
): NonNullable<RouteReport['caller']> {
  if (planned === null) return { number, source, rule: null, ruleName: null, steps: [] };
  return { ...numberReport(planned, list), number, source };
}

function entryOf(
  entryPoint: Extract<Admission, { readonly outcome: 'admitted' }>['entryPoint'],
): RouteReport['entry'] {
  if (entryPoint.type === 'room') return entryPoint;
  return { type: 'menu', createByPhone: entryPoint.createByPhone === 'allowed' };
}

function roomReport(room: RoutedRoom): RoomReport {
  const { number, state } = room;
  if (room.state === 'none' || room.state === 'unknown') {
    const nothing = { origin: null, start: null, opens: null, end: null, maxParticipants: null };
    return { number, state, ...nothing, mayWait: false };
  }
  const { origin, zone, maxParticipants, mayWait } = room;
  const time = (atMs: number | null): string | null => (atMs === null ? null : isoTime(atMs, zone));
  return {
    ...{ number, state, origin, maxParticipants },
    start: time(room.startAtMs),
    opens: time(room.opensAtMs),
    end: time(room.endAtMs),
    mayWait: mayWait === 'may-wait',
  };
}
