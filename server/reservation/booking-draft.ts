import { isDeepStrictEqual } from 'node:util';

import type { BookingDraft, BookingFields } from './booking-check.ts';
import type { BookingTrial, ReservationChange } from './booking-request.ts';
import type { Reservation, ReservationRules } from './reservation.ts';

/** What holds when an organiser says nothing. */
export function blankFields(rules: ReservationRules): Omit<BookingFields, 'startAtMs' | 'endAtMs'> {
  return {
    zone: rules.defaultZone,
    title: '',
    note: '',
    language: rules.defaultLanguage,
    emails: [],
    phones: [],
    smsMoments: [],
    announcements: 'tone',
  };
}

/** The draft of a new reservation. */
export function newDraft(trial: BookingTrial, rules: ReservationRules): BookingDraft {
  return { ...blankFields(rules), start: null, end: null, ...trial };
}

/** The draft of a reservation as it would stand after a change. */
export function changedDraft(standing: Reservation, change: ReservationChange): BookingDraft {
  return { ...standing, start: standing.startAtMs, end: standing.endAtMs, ...change };
}

/** Whether the fields are those that the reservation has. */
export function isSame(fields: BookingFields, standing: Reservation): boolean {
  return isDeepStrictEqual({ ...standing, ...fields }, standing);
}
