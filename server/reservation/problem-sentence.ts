import { DateTime } from 'luxon';
import { assertNever } from '../../mixer/protocol/coded-error.ts';
import type { WallclockMs } from '../../mixer/protocol/units.ts';
import type { BookingProblem } from './booking-problem.ts';

/** Longest part of a person's entry that is repeated to them. */
const LONGEST_QUOTE = 80;

const DAY_MS = 86_400_000;

/** Says a problem in one English sentence without a full stop, times in `zone`. For the command line. */
export function problemSentence(problem: BookingProblem, zone: string): string {
  const at = (atMs: WallclockMs): string => written(atMs, zone);
  switch (problem.code) {
    case 'bad-date':
      return `${problem.field}: expected a date and time such as 2026-12-01T10:00, got ${quote(problem.facts.given)}`;
    case 'date-does-not-exist':
      return `${problem.field}: ${quote(problem.facts.given)} does not exist in ${problem.facts.zone}, clocks are set forward then`;
    case 'date-exists-twice':
      return `${problem.field}: ${quote(problem.facts.given)} exists twice in ${problem.facts.zone}, write ${at(problem.facts.earlierAtMs)} or ${at(problem.facts.laterAtMs)}`;
    case 'unknown-zone':
      return `zone: expected a time zone such as Europe/Warsaw, got ${quote(problem.facts.given)}`;
    case 'start-too-soon':
      return `start: the earliest start possible now is ${at(problem.facts.earliestStartAtMs)}`;
    case 'start-too-late':
      return `start: the latest start possible now is ${at(problem.facts.latestStartAtMs)}`;
    case 'end-before-start':
      return `end: must be after the start, ${at(problem.facts.startAtMs)}`;
    case 'too-long':
      return `end: a reservation lasts ${problem.facts.longestMs / DAY_MS} days at most, here until ${at(problem.facts.latestEndAtMs)}`;
    case 'too-many-active':
      return `profile: ${problem.facts.active} of ${problem.facts.allowed} reservations stand; a place becomes free at ${at(problem.facts.placeFreeAtMs)}, or at once when one is cancelled`;
    case 'bad-email':
      return `emails: ${quote(problem.facts.given)} is not an e-mail address`;
    case 'too-many-emails':
      return `emails: ${problem.facts.allowed} addresses at most, got ${problem.facts.given}`;
    case 'title-too-long':
      return `title: ${problem.facts.allowed} characters at most, got ${problem.facts.given}`;
    case 'already-over':
      return `this reservation has been over since ${at(problem.facts.endAtMs)}`;
    case 'not-found':
      return 'there is no such reservation';
    case 'no-number-free':
      return `no number of ${problem.facts.digits} digits is free`;
    default:
      return assertNever(problem);
  }
}

/** `2026-12-01T10:00+01:00`: what is shown can be entered again as it stands. */
function written(atMs: WallclockMs, zone: string): string {
  const inZone = DateTime.fromMillis(atMs, { zone });
  const time = inZone.isValid ? inZone : DateTime.fromMillis(atMs, { zone: 'utc' });
  return time.toFormat("yyyy-MM-dd'T'HH:mmZZ");
}

/** In quotation marks, control characters escaped, cut to a bearable length. */
function quote(text: string): string {
  return JSON.stringify(text.length > LONGEST_QUOTE ? `${text.slice(0, LONGEST_QUOTE)}…` : text);
}
