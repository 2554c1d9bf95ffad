import { momentOf, twinOf, type Draft } from './draft.ts';
import { instantsOf, localOf, MINUTE_MS, minutesBetween, plusMinutes } from './local-time.ts';

const QUARTER_MS = 15 * MINUTE_MS;
const HOUR_MS = 60 * MINUTE_MS;

/** Conferences longer than this are moved by the calendar, shorter ones by the clock that never stops. */
const CALENDAR_FROM_MINUTES = 24 * 60;

/** The first whole minute at which a conference that is booked now may start. */
export function earliestStartMs(nowMs: number, earliestStartMinutes: number): number {
  return Math.ceil((nowMs + earliestStartMinutes * MINUTE_MS) / MINUTE_MS) * MINUTE_MS;
}

/** Times to begin with: the next full quarter that is allowed, for an hour. */
export function firstTimes(
  earliestMs: number,
  zone: string,
): Pick<Draft, 'start' | 'startTwin' | 'end' | 'endTwin'> {
  const startMs = Math.ceil(earliestMs / QUARTER_MS) * QUARTER_MS;
  const endMs = startMs + HOUR_MS;
  return {
    start: localOf(startMs, zone),
    startTwin: twinOf(startMs, zone),
    end: localOf(endMs, zone),
    endTwin: twinOf(endMs, zone),
  };
}

/**
 * Moves the start, and the end with it so that the conference stays as long as it was. An end that was not after the
 * start stays where it is.
 */
export function withStart(draft: Draft, start: string): Draft {
  const moved = { ...draft, start, startTwin: null };
  const lengthMinutes = minutesBetween(draft.start, draft.end);
  if (lengthMinutes === null || lengthMinutes <= 0) return moved;
  if (minutesBetween(start, start) === null) return moved;
  const fromMs = momentOf(draft, 'start');
  const toMs = momentOf(draft, 'end');
  const [startMs, another] = instantsOf(start, draft.zone);
  const byClock = lengthMinutes < CALENDAR_FROM_MINUTES && another === undefined;
  if (byClock && fromMs !== null && toMs !== null && startMs !== undefined) {
    const endMs = startMs + (toMs - fromMs);
    return { ...moved, end: localOf(endMs, draft.zone), endTwin: twinOf(endMs, draft.zone) };
  }
  return { ...moved, end: plusMinutes(start, lengthMinutes), endTwin: null };
}

/** Sets the end. */
export function withEnd(draft: Draft, end: string): Draft {
  return { ...draft, end, endTwin: null };
}

/** Sets the zone; the clock readings stay. */
export function withZone(draft: Draft, zone: string): Draft {
  return { ...draft, zone, startTwin: null, endTwin: null };
}

/** How long the draft's conference lasts in minutes; null while that is not known. */
export function lengthMinutes(draft: Draft): number | null {
  const startMs = momentOf(draft, 'start');
  const endMs = momentOf(draft, 'end');
  return startMs === null || endMs === null ? null : (endMs - startMs) / MINUTE_MS;
}
