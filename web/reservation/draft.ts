import type {
  Booking,
  ReservationChangeBody,
  ReservationView,
} from '../../server/panel/api/reservation-api.ts';
import { instantsOf, localOf, withOffset, type LocalMinute } from './local-time.ts';
import type { Recipient } from './recipients.ts';

/** Which of the two is meant when a clock shows the same time twice; null: not said yet. */
export type Twin = 'earlier' | 'later' | null;

/** When an SMS goes out. */
export type SmsMoment = 'at-booking' | 'before-start';

/** What stands in the form, as it was typed. */
export interface Draft {
  readonly start: LocalMinute;
  readonly startTwin: Twin;
  readonly end: LocalMinute;
  readonly endTwin: Twin;
  readonly zone: string;
  readonly title: string;
  readonly note: string;
  readonly language: 'pl' | 'en';
  readonly announcements: 'off' | 'tone' | 'name';
  readonly emails: readonly Recipient[];
  readonly phones: readonly Recipient[];
  readonly sms: readonly SmsMoment[];
}

/** Body of `POST /reservations`. */
export function bookingBody(draft: Draft): Booking {
  return {
    start: momentText(draft.start, draft.startTwin, draft.zone),
    end: momentText(draft.end, draft.endTwin, draft.zone),
    zone: draft.zone,
    title: draft.title.trim(),
    note: draft.note.trim(),
    language: draft.language,
    announcements: draft.announcements,
    emails: draft.emails.map(({ address }) => address),
    phones: draft.phones.map(({ address }) => address),
    sms: [...draft.sms],
  };
}

/**
 * Body of `PATCH /reservations/{reservationId}`: only what is different, as a start that nobody touched stays legal
 * after it has passed.
 */
export function changeBody(draft: Draft, before: ReservationView): ReservationChangeBody {
  const next = bookingBody(draft);
  const change: ReservationChangeBody = {};
  if (momentOf(draft, 'start') !== Date.parse(before.startAt)) change.start = next.start;
  if (momentOf(draft, 'end') !== Date.parse(before.endAt)) change.end = next.end;
  if (draft.zone !== before.zone) change.zone = draft.zone;
  if (draft.title.trim() !== before.title) change.title = draft.title.trim();
  if (draft.note.trim() !== before.note) change.note = draft.note.trim();
  if (draft.language !== before.language) change.language = draft.language;
  if (draft.announcements !== before.announcements) change.announcements = draft.announcements;
  if (!sameList(draft.emails.map(addressOf), before.emails))
    change.emails = [...(next.emails ?? [])];
  if (!sameList(draft.phones.map(addressOf), before.phones))
    change.phones = [...(next.phones ?? [])];
  if (!sameSet(draft.sms, before.sms)) change.sms = [...draft.sms];
  return change;
}

/** The form of a reservation that stands. */
export function draftOf(reservation: ReservationView): Draft {
  const { zone } = reservation;
  const startAtMs = Date.parse(reservation.startAt);
  const endAtMs = Date.parse(reservation.endAt);
  return {
    start: localOf(startAtMs, zone),
    startTwin: twinOf(startAtMs, zone),
    end: localOf(endAtMs, zone),
    endTwin: twinOf(endAtMs, zone),
    zone,
    title: reservation.title,
    note: reservation.note,
    language: reservation.language,
    announcements: reservation.announcements,
    emails: reservation.emails.map((address) => ({ address, name: '' })),
    phones: reservation.phones.map((address) => ({ address, name: '' })),
    sms: reservation.sms,
  };
}

/** The instant that start or end of the draft means; null while it is none, or one of two. */
export function momentOf(draft: Draft, field: 'start' | 'end'): number | null {
  const twin = field === 'start' ? draft.startTwin : draft.endTwin;
  const [first, second] = instantsOf(draft[field], draft.zone);
  if (first === undefined) return null;
  if (second === undefined) return first;
  if (twin === null) return null;
  return twin === 'earlier' ? first : second;
}

/** The two instants of a start or end in the doubled hour; null anywhere else. */
export function twinsOf(draft: Draft, field: 'start' | 'end'): readonly [number, number] | null {
  const [first, second] = instantsOf(draft[field], draft.zone);
  return first === undefined || second === undefined ? null : [first, second];
}

/** Which of two equal readings an instant is; null when there is only one. */
export function twinOf(atMs: number, zone: string): Twin {
  const [first, second] = instantsOf(localOf(atMs, zone), zone);
  if (first === undefined || second === undefined) return null;
  return atMs < second ? 'earlier' : 'later';
}

function momentText(local: LocalMinute, twin: Twin, zone: string): string {
  const [first, second] = instantsOf(local, zone);
  if (first === undefined || second === undefined || twin === null) return local;
  return withOffset(twin === 'earlier' ? first : second, zone);
}

function addressOf(recipient: Recipient): string {
  return recipient.address;
}

function sameList(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((value, index) => value === other[index]);
}

function sameSet(one: readonly string[], other: readonly string[]): boolean {
  return sameList([...one].sort(), [...other].sort());
}
