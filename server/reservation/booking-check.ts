import type { WallclockMs } from '../../mixer/protocol/units.ts';
import type { BookingProblem } from './booking-problem.ts';
import { readNote, readTitle } from './booking-text.ts';
import { readEmails } from './email-list.ts';
import { isKnownZone, parseMoment } from './local-time.ts';
import { readPhones } from './phone-list.ts';
import type {
  Announcements,
  Language,
  Reservation,
  ReservationRules,
  SmsMoment,
} from './reservation.ts';
import { lengthProblems, startProblems, wholeMinute } from './rules.ts';

/** An instant, or a written date and time that is read in the request's zone (ISO 8601). */
export type Moment = WallclockMs | string;

/** Everything of a reservation that an organiser chooses, as it was written. A moment is null while it is not filled in. */
export interface BookingDraft {
  readonly start: Moment | null;
  readonly end: Moment | null;
  readonly zone: string;
  readonly title: string;
  readonly note: string;
  readonly language: Language;
  readonly emails: readonly string[];
  readonly phones: readonly string[];
  readonly smsMoments: readonly SmsMoment[];
  readonly announcements: Announcements;
}

/** The same, read. */
export type BookingFields = Pick<
  Reservation,
  'startAtMs' | 'endAtMs' | Exclude<keyof BookingDraft, 'start' | 'end'>
>;

/** What was understood of a draft, and all problems at once. */
export interface CheckedDraft {
  readonly problems: readonly BookingProblem[];
  /** Null when there are problems, or a moment is missing. */
  readonly fields: BookingFields | null;
  /** Null while it cannot be read. */
  readonly startAtMs: WallclockMs | null;
  readonly endAtMs: WallclockMs | null;
  /** Whether the start is one that the rules allow. */
  readonly start: 'sound' | 'not-sound';
  /** The good ones. */
  readonly emails: readonly string[];
  readonly phones: readonly string[];
  readonly smsMoments: readonly SmsMoment[];
}

/** What a draft is checked by. */
export interface DraftContext {
  readonly nowMs: WallclockMs;
  readonly rules: ReservationRules;
}

/**
 * Reads a draft and checks it by the rules. `standing` is the reservation that it changes, null for a new one: what is
 * left as it stands is not checked again, neither a start against now nor a list against a setting lowered since.
 */
export function checkDraft(
  draft: BookingDraft,
  standing: Reservation | null,
  context: DraftContext,
): CheckedDraft {
  const problems: BookingProblem[] = [];
  const keep = <T>(read: Read<T>): T | null => {
    problems.push(...read.problems);
    return read.value;
  };
  const zone = keep(readZone(draft.zone));
  const startAtMs = keep(readMoment('start', draft.start, draft.zone));
  const endAtMs = keep(readMoment('end', draft.end, draft.zone));
  const tooFar = startAtMs === null ? [] : newStartProblems(startAtMs, standing, context);
  problems.push(...tooFar);
  if (startAtMs !== null && endAtMs !== null && !isSameTime(standing, startAtMs, endAtMs)) {
    problems.push(...lengthProblems(startAtMs, endAtMs, context.rules));
  }
  const title = keep(readTitle(draft.title));
  const note = keep(readNote(draft.note));
  const { emails, phones, problems: listProblems } = readLists(draft, standing, context.rules);
  problems.push(...listProblems);
  const smsMoments = SMS_MOMENTS.filter((moment) => draft.smsMoments.includes(moment));
  if (startAtMs !== null) {
    problems.push(...smsProblems({ startAtMs, phones, smsMoments }, standing, context));
  }
  const { announcements, language } = draft;
  const read = { startAtMs, endAtMs, emails, phones, smsMoments };
  const isWhole = zone !== null && startAtMs !== null && endAtMs !== null;
  const fields =
    problems.length === 0 && isWhole && title !== null && note !== null
      ? { ...read, startAtMs, endAtMs, zone, title, note, announcements, language }
      : null;
  const start = startAtMs === null || tooFar.length > 0 ? 'not-sound' : 'sound';
  return { ...read, problems, fields, start };
}

const SMS_MOMENTS: readonly SmsMoment[] = ['at-booking', 'before-start'];

function newStartProblems(
  startAtMs: WallclockMs,
  standing: Reservation | null,
  { nowMs, rules }: DraftContext,
): readonly BookingProblem[] {
  return startAtMs === standing?.startAtMs ? [] : startProblems(startAtMs, nowMs, rules);
}

interface ReadLists {
  readonly emails: readonly string[];
  readonly phones: readonly string[];
  readonly problems: readonly BookingProblem[];
}

function readLists(
  draft: BookingDraft,
  standing: Reservation | null,
  { recipients: most, defaultCountry }: ReservationRules,
): ReadLists {
  const emails = isSameList(draft.emails, standing?.emails)
    ? { emails: draft.emails, problems: [] }
    : readEmails(draft.emails, most);
  const phones = isSameList(draft.phones, standing?.phones)
    ? { phones: draft.phones, problems: [] }
    : readPhones(draft.phones, { defaultCountry, most });
  const problems = [...emails.problems, ...phones.problems];
  return { emails: asTheyStand(emails.emails, standing), phones: phones.phones, problems };
}

/** Case does not tell addresses apart: whoever stands on the list keeps the spelling that notices were sent to. */
function asTheyStand(emails: readonly string[], standing: Reservation | null): readonly string[] {
  const known = new Map(standing?.emails.map((email) => [email.toLowerCase(), email]));
  return emails.map((email) => known.get(email.toLowerCase()) ?? email);
}

function isSameList(given: readonly string[], standing: readonly string[] | undefined): boolean {
  return (
    given.length === standing?.length && given.every((entry, index) => entry === standing[index])
  );
}

/** An SMS before the start cannot be chosen any more when the start is that near. Without numbers it means nothing. */
function smsProblems(
  fields: Pick<Reservation, 'startAtMs' | 'phones' | 'smsMoments'>,
  standing: Reservation | null,
  { nowMs, rules: { reminderMs } }: DraftContext,
): readonly BookingProblem[] {
  const { startAtMs } = fields;
  const isNew = remindsBySms(fields) && !(standing !== null && remindsBySms(standing));
  if (!isNew || startAtMs - nowMs > reminderMs) return [];
  return [{ code: 'sms-start-too-near', field: 'sms', facts: { startAtMs, reminderMs } }];
}

function remindsBySms({ phones, smsMoments }: Pick<Reservation, 'phones' | 'smsMoments'>): boolean {
  return phones.length > 0 && smsMoments.includes('before-start');
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

function readMoment(
  field: 'start' | 'end',
  moment: Moment | null,
  zone: string,
): Read<WallclockMs> {
  if (moment === null) return { value: null, problems: [] };
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
