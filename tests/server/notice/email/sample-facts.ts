import type { ReservationFacts } from '../../../../server/notice/notice.ts';
import type { Reservation } from '../../../../server/reservation/reservation.ts';

/** 1 December 2026, 10:00 in Warsaw. */
export const START_AT_MS = Date.UTC(2026, 11, 1, 9);

export const HOUR_MS = 3_600_000;

/** A reservation with everything filled in. */
function sampleReservation(changes: Partial<Reservation> = {}): Reservation {
  return {
    reservationId: 'ab'.repeat(16),
    profileId: 'anna',
    number: '12345',
    pin: '54321',
    adminPin: '7654321',
    title: 'Narada zarządu',
    startAtMs: START_AT_MS,
    endAtMs: START_AT_MS + HOUR_MS,
    zone: 'Europe/Warsaw',
    announcements: 'tone',
    emails: ['jan@example.org', 'ewa@example.org'],
    phones: ['+48501234567'],
    smsMoments: [],
    note: 'Proszę przynieść zestawienia.\nDo zobaczenia!',
    language: 'pl',
    version: 3,
    createdAtMs: START_AT_MS - 48 * HOUR_MS,
    deletedAtMs: null,
    ...changes,
  };
}

/** What messages about it are made of. */
export function sampleFacts(
  reservation: Partial<Reservation> = {},
  changes: Partial<ReservationFacts> = {},
): ReservationFacts {
  return {
    reservation: sampleReservation(reservation),
    organiser: { name: 'Anna Nowak', email: 'anna@example.org', language: 'pl' },
    accessNumbers: [
      { shown: '22 350 09 08', dial: '+48223500908', reach: 'anybody' },
      { shown: '908', dial: '908', reach: 'on-net' },
    ],
    joinUrl: 'https://konfa.example.org/j/' + 'cd'.repeat(11),
    moderatorUrl: null,
    panelUrl: 'https://konfa.example.org/reservations/' + 'ab'.repeat(16),
    ...changes,
  };
}

/** Settings of an e-mail written the day before. */
export function sampleSettings<Language extends 'pl' | 'en'>(
  language: Language,
): {
  readonly language: Language;
  readonly nowMs: number;
  readonly fromName: string;
  readonly fromAddress: string;
  readonly earlyEntryMs: number;
  readonly recipient: string;
} {
  return {
    language,
    nowMs: START_AT_MS - 24 * HOUR_MS,
    fromName: 'Konfa',
    fromAddress: 'konfa@example.org',
    earlyEntryMs: 300_000,
    recipient: 'jan@example.org',
  };
}
