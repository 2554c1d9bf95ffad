import type { DurationMs, WallclockMs } from '../../mixer/protocol/units.ts';
import type { BookingProblem } from './booking-problem.ts';
import type { Reservation, ReservationRules, ReservationState } from './reservation.ts';

const MINUTE_MS: DurationMs = 60_000;

/** The whole minute that an instant lies in. */
export function wholeMinute(atMs: WallclockMs): WallclockMs {
  return Math.floor(atMs / MINUTE_MS) * MINUTE_MS;
}

/** The first and the last start that can be chosen now: whole minutes, both allowed. */
export function startLimits(
  nowMs: WallclockMs,
  rules: Pick<ReservationRules, 'earliestStartMs' | 'latestStartMs'>,
): { readonly earliestStartAtMs: WallclockMs; readonly latestStartAtMs: WallclockMs } {
  return {
    earliestStartAtMs: Math.ceil((nowMs + rules.earliestStartMs) / MINUTE_MS) * MINUTE_MS,
    latestStartAtMs: wholeMinute(nowMs + rules.latestStartMs),
  };
}

/** A start is a whole minute, not sooner than 10 minutes and not later than 30 days from submitting, both allowed. */
export function startProblems(
  startAtMs: WallclockMs,
  nowMs: WallclockMs,
  rules: Pick<ReservationRules, 'earliestStartMs' | 'latestStartMs'>,
): readonly BookingProblem[] {
  const { earliestStartAtMs, latestStartAtMs } = startLimits(nowMs, rules);
  if (startAtMs < earliestStartAtMs) {
    return [{ code: 'start-too-soon', field: 'start', facts: { earliestStartAtMs } }];
  }
  if (startAtMs > latestStartAtMs) {
    return [{ code: 'start-too-late', field: 'start', facts: { latestStartAtMs } }];
  }
  return [];
}

/** The end is after the start, by 14 days at most. */
export function lengthProblems(
  startAtMs: WallclockMs,
  endAtMs: WallclockMs,
  rules: Pick<ReservationRules, 'longestMs'>,
): readonly BookingProblem[] {
  const { longestMs } = rules;
  const latestEndAtMs = startAtMs + longestMs;
  if (endAtMs <= startAtMs) {
    return [{ code: 'end-before-start', field: 'end', facts: { startAtMs } }];
  }
  if (endAtMs > latestEndAtMs) {
    return [{ code: 'too-long', field: 'end', facts: { latestEndAtMs, longestMs } }];
  }
  return [];
}

/** Only so many reservations of a profile take a place. `taking`: those of the profile that do now. */
export function placeProblems(
  taking: readonly Pick<Reservation, 'endAtMs'>[],
  rules: Pick<ReservationRules, 'activePerProfile' | 'keptAfterEndMs'>,
): readonly BookingProblem[] {
  const active = taking.length;
  const allowed = rules.activePerProfile;
  if (active < allowed) return [];
  const endsAtMs = taking.map((reservation) => reservation.endAtMs).sort((a, b) => a - b);
  // More than allowed can stand after the setting was lowered: all in excess must go first.
  const lastToGo = endsAtMs[active - allowed] ?? Number.MAX_SAFE_INTEGER;
  const placeFreeAtMs = lastToGo + rules.keptAfterEndMs;
  return [{ code: 'too-many-active', field: 'profile', facts: { active, allowed, placeFreeAtMs } }];
}

/** What the state depends on besides the reservation. `people`: how many are in its room. */
export interface StateContext {
  readonly nowMs: WallclockMs;
  readonly people: number;
  readonly rules: Pick<ReservationRules, 'earlyEntryMs' | 'keptAfterEndMs'>;
}

/** The state that a person is shown: planned → open → in progress ⇄ open → finished → archived, or deleted. */
export function reservationState(
  reservation: Pick<Reservation, 'startAtMs' | 'endAtMs' | 'deletedAtMs'>,
  context: StateContext,
): ReservationState {
  const { nowMs, people, rules } = context;
  const { startAtMs, endAtMs, deletedAtMs } = reservation;
  if (deletedAtMs !== null) return 'deleted';
  if (nowMs >= endAtMs + rules.keptAfterEndMs) return 'archived';
  if (nowMs >= endAtMs) return 'finished';
  if (nowMs < startAtMs - rules.earlyEntryMs) return 'planned';
  return people > 0 ? 'in-progress' : 'open';
}
