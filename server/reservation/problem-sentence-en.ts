import { assertNever } from '../../mixer/protocol/coded-error.ts';
import type { BookingProblem } from './booking-problem.ts';
import type { SentenceWords } from './sentence-words.ts';

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

/** A problem in English, without a capital letter and a full stop. */
export function englishSentence(problem: BookingProblem, words: SentenceWords): string {
  const { at, exactly, quote, money } = words;
  const { code, facts } = problem;
  switch (code) {
    case 'bad-date':
      return `expected a date and time such as 2026-12-01T10:00, got ${quote(facts.given)}`;
    case 'date-does-not-exist':
      return `${quote(facts.given)} does not exist in ${facts.zone}, clocks are set forward then`;
    case 'date-exists-twice':
      return `${quote(facts.given)} exists twice in ${facts.zone}, write ${exactly(facts.earlierAtMs)} or ${exactly(facts.laterAtMs)}`;
    case 'unknown-zone':
      return `expected a time zone such as Europe/Warsaw, got ${quote(facts.given)}`;
    case 'start-too-soon':
      return `the earliest start possible now is ${at(facts.earliestStartAtMs)}`;
    case 'start-too-late':
      return `the latest start possible now is ${at(facts.latestStartAtMs)}`;
    case 'end-before-start':
      return `the end must be after the start, ${at(facts.startAtMs)}`;
    case 'too-long':
      return `a reservation lasts ${counted(facts.longestMs / DAY_MS, 'day')} at most, here until ${at(facts.latestEndAtMs)}`;
    case 'too-many-active':
      return `${facts.active} of ${facts.allowed} reservations stand; a place becomes free at ${at(facts.placeFreeAtMs)}, or at once when one is cancelled`;
    case 'bad-email':
      return `${quote(facts.given)} is not an e-mail address`;
    case 'too-many-emails':
      return `${counted(facts.allowed, 'address', 'addresses')} at most, got ${facts.given}`;
    case 'bad-phone':
      return `${quote(facts.given)} is not a telephone number`;
    case 'landline':
      return `${quote(facts.given)} is not a mobile number, no SMS can reach it`;
    case 'too-many-phones':
      return `${counted(facts.allowed, 'number')} at most, got ${facts.given}`;
    case 'sms-start-too-near':
      return `it is too late for an SMS before the start, which goes out ${counted(facts.reminderMs / MINUTE_MS, 'minute')} before it`;
    case 'sms-not-offered':
      return 'this server sends no SMS';
    case 'no-funds':
      return `the SMS would cost ${money(facts.costMilli, facts.currency)}, and ${money(facts.availableMilli, facts.currency)} can still be spent`;
    case 'no-price':
      return `no SMS are sent to numbers that begin with ${facts.prefix}, such as ${quote(facts.given)}`;
    case 'title-too-long':
    case 'note-too-long':
      return `${counted(facts.allowed, 'character')} at most, got ${facts.given}`;
    case 'already-over':
      return `this reservation has been over since ${at(facts.endAtMs)}`;
    case 'not-found':
      return 'there is no such reservation';
    case 'version-differs':
      return 'this reservation was changed meanwhile, load it again';
    case 'no-number-free':
      return `no number of ${facts.digits} digits is free`;
    default:
      return assertNever(code);
  }
}

function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
