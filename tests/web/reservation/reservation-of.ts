import type { ReservationView } from '../../../server/panel/api/reservation-api.ts';

/** A reservation as the server tells of it, with some parts different. */
export function reservationOf(parts: Partial<ReservationView> = {}): ReservationView {
  return {
    reservationId: 'r1',
    state: 'planned',
    number: '48213',
    pin: '90514',
    adminPin: '7730261',
    startAt: '2026-11-23T09:00:00.000Z',
    endAt: '2026-11-23T10:00:00.000Z',
    zone: 'Europe/Warsaw',
    title: 'Budget',
    note: '',
    language: 'pl',
    announcements: 'tone',
    emails: ['anna@example.com'],
    phones: [],
    sms: [],
    joinUrl: 'http://localhost:8080/j/abc',
    version: 1,
    createdAt: '2026-11-22T09:00:00.000Z',
    deletedAt: null,
    freesAt: '2026-11-23T11:00:00.000Z',
    people: 0,
    costMilli: 0,
    ...parts,
  };
}
