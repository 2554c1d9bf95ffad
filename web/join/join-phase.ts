import type { JoinPage } from '../../server/panel/api/reservation-api.ts';

/** What a participant can do now. */
export type JoinPhase =
  | { readonly phase: 'early'; readonly opensAtMs: number }
  | { readonly phase: 'open' }
  | { readonly phase: 'going-on' }
  | { readonly phase: 'over' }
  | { readonly phase: 'cancelled' };

/** Reads the phase off the state the server told and the time that has passed since. */
export function joinPhase(
  join: Pick<JoinPage, 'state' | 'startAt' | 'endAt' | 'earlyEntryMinutes'>,
  nowMs: number,
): JoinPhase {
  if (join.state === 'deleted') return { phase: 'cancelled' };
  if (join.state === 'finished' || join.state === 'archived') return { phase: 'over' };
  if (nowMs >= Date.parse(join.endAt)) return { phase: 'over' };
  if (join.state === 'in-progress') return { phase: 'going-on' };
  const opensAtMs = Date.parse(join.startAt) - join.earlyEntryMinutes * 60_000;
  if (join.state === 'open' || nowMs >= opensAtMs) return { phase: 'open' };
  return { phase: 'early', opensAtMs };
}
