import type { WallclockMs } from '../../mixer/protocol/units.ts';
import type { BookingProblem } from './booking-problem.ts';
import { readEmails } from './email-list.ts';
import { isKnownZone, parseMoment } from './local-time.ts';
import type { Announcements, Reservation, ReservationRules } from './reservation.ts';
import { lengthProblems, startProblems, wholeMinute } from './rules.ts';

/** An instant, or a written date and time that is read in the request's zone (ISO 8601). */
export type Moment = WallclockMs | string;

/** Everything of a reservation that an organiser chooses, as it was written. */
export interface BookingDraft {
  readonly start: Moment;
  readonly end: Moment;
  readonly zone: string;
  readonly title: string;
  readonly emails: readonly string[];
  readonly announcements: Announcements;
}

/** The same, read. */
export type BookingFields = Pick<
  Reservation,
  'startAtMs' | 'endAtMs' | 'zone' | 'title' | 'emails' | 'announcements'
>;

/** The fields, or all problems at once. */
export type CheckedDraft =
  | { readonly outcome: 'good'; readonly fields: BookingFields }
  | { readonly outcome: 'bad'; readonly problems: readonly BookingProblem[] };

/** Longest title, in characters. */
const LONGEST_TITLE = 100;

/**
 * Reads a draft and checks it by the rules. `standing` is the reservation that it changes, null for a new one:
 * a start that is left as it stands is not checked against now.
 */
export function checkDraft(
  draft: BookingDraft,
  standing: Reservation | null,
  context: { readonly nowMs: WallclockMs; readonly rules: ReservationRules },
): CheckedDraft {
  const { nowMs, rules } = context;
  const problems: BookingProblem[] = [];
  const keep = <T>(read: Read<T>): T | null => {
    problems.push(...read.problems);
    return read.value;
  };
  const zone = keep(readZone(draft.zone));
  const startAtMs = keep(readMoment('start', draft.start, draft.zone));
  const endAtMs = keep(readMoment('end', draft.end, draft.zone));
  if (startAtMs !== null && startAtMs !== standing?.startAtMs) {
    problems.push(...startProblems(startAtMs, nowMs, rules));
  }
  if (startAtMs !== null && endAtMs !== null && !isSameTime(standing, startAtMs, endAtMs)) {
    problems.push(...lengthProblems(startAtMs, endAtMs, rules));
  }
  const title = keep(readTitle(draft.title));
  const { emails, problems: emailProblems } = readEmails(draft.emails);
  problems.push(...emailProblems);
  const isWhole = zone !== null && startAtMs !== null && endAtMs !== null && title !== null;
  if (problems.length > 0 || !isWhole) return { outcome: 'bad', problems };
  const { announcements } = draft;
  return { outcome: 'good', fields: { startAtMs, endAtMs, zone, title, emails, announcements } };
}

interface Read<T> {
  readonly value: T | null;
  readonly problems: readonly BookingProblem[];
}

/** An untouched length stays legal too: the greatest length may have been lowered since. */
function isSameTime(
  standing: Reservation | null,
  startAtMs: WallclockMs,
  endAtMs: WallclockMs,
): boolean {
  return startAtMs === standing?.startAtMs && endAtMs === standing.endAtMs;
}

function readZone(zone: string): Read<string> {
  if (isKnownZone(zone)) return { value: zone, problems: [] };
  return {
    value: null,
    problems: [{ code: 'unknown-zone', field: 'zone', facts: { given: zone } }],
  };
}

function readMoment(field: 'start' | 'end', moment: Moment, zone: string): Read<WallclockMs> {
  if (typeof moment === 'number' && Number.isFinite(moment)) {
    return { value: wholeMinute(moment), problems: [] };
  }
  const given = String(moment);
  const parsed = parseMoment(given, zone);
  switch (parsed.outcome) {
    case 'instant':
      return { value: parsed.atMs, problems: [] };
    case 'exists-twice': {
      const { earlierAtMs, laterAtMs } = parsed;
      const facts = { given, zone, earlierAtMs, laterAtMs };
      return { value: null, problems: [{ code: 'date-exists-twice', field, facts }] };
    }
    case 'does-not-exist':
      return {
        value: null,
        problems: [{ code: 'date-does-not-exist', field, facts: { given, zone } }],
      };
    case 'not-a-date':
      return { value: null, problems: [{ code: 'bad-date', field, facts: { given } }] };
    case 'unknown-zone':
      // Said once, at the zone itself.
      return { value: null, problems: [] };
  }
}

/** Control characters and runs of blanks become one blank, so that a title stays one line wherever it is shown. */
function readTitle(text: string): Read<string> {
  const title = text.replace(/[\p{Cc}\s]+/gu, ' ').trim();
  const given = Array.from(title).length;
  if (given <= LONGEST_TITLE) return { value: title, problems: [] };
  const facts = { given, allowed: LONGEST_TITLE };
  return { value: null, problems: [{ code: 'title-too-long', field: 'title', facts }] };
}
