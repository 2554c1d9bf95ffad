import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { HistoryPlace } from '../../../server/reservation/reservation-store.ts';
import type { Reservations } from '../../../server/reservation/reservations.ts';
import { bookingRig } from './booking-rig.ts';
import { at, sampleReservation } from './sample-reservations.ts';

const HOUR_MS = 3_600_000;
const END = at('2026-03-02T12:00Z');

/** All pages of a profile, ids only. */
function pagesOf(reservations: Reservations, limit: number, nowMs: number): readonly string[][] {
  const pages: string[][] = [];
  let before: HistoryPlace | null = null;
  for (let page = 0; page < 20; page += 1) {
    const found = reservations.history('local', { before, limit }, nowMs);
    pages.push(found.reservations.map(({ reservationId }) => reservationId));
    if (found.next === null) break;
    before = found.next;
  }
  return pages;
}

test('a reservation comes into the history when it leaves the list', () => {
  const { reservations } = bookingRig({ first: [sampleReservation()] });

  assert.equal(pagesOf(reservations, 10, END + HOUR_MS - 1), [[]]);
  assert.equal(pagesOf(reservations, 10, END + HOUR_MS), [['r1']]);
});

test('a deleted one is in the history at once, at its deletion', () => {
  const deletedAtMs = at('2026-03-02T11:00Z');
  const { reservations } = bookingRig({
    first: [
      sampleReservation({ reservationId: 'ended' }),
      sampleReservation({ reservationId: 'deleted', deletedAtMs }),
      sampleReservation({ reservationId: 'planned', deletedAtMs: END - 10 * HOUR_MS }),
    ],
  });

  assert.equal(pagesOf(reservations, 10, deletedAtMs), [['deleted', 'planned']]);
  assert.equal(pagesOf(reservations, 10, END + HOUR_MS), [['ended', 'deleted', 'planned']]);
});

test('pages are whole and without repetition, also of those that ended at one moment', () => {
  const first = Array.from({ length: 7 }, (_, index) =>
    sampleReservation({
      reservationId: `r${index}`,
      endAtMs: END + (index < 4 ? 0 : index * HOUR_MS),
    }),
  );
  const { reservations } = bookingRig({ first });
  const nowMs = END + 100 * HOUR_MS;
  const all = ['r6', 'r5', 'r4', 'r3', 'r2', 'r1', 'r0'];

  for (const limit of [1, 2, 3, 4, 6]) {
    const pages = pagesOf(reservations, limit, nowMs);
    assert.equal(pages.flat(), all, `pages of ${limit}`);
    assert.is(pages.length, Math.ceil(7 / limit));
  }
  assert.equal(pagesOf(reservations, 7, nowMs), [all]);
});

test('what is over meanwhile does not move the pages that follow', () => {
  const first = [1, 2, 3, 4].map((hours) =>
    sampleReservation({ reservationId: `r${hours}`, endAtMs: END + hours * HOUR_MS }),
  );
  const { reservations } = bookingRig({ first });

  const newest = reservations.history('local', { before: null, limit: 2 }, END + 4 * HOUR_MS);
  const next = reservations.history(
    'local',
    { before: newest.next, limit: 2 },
    END + 100 * HOUR_MS,
  );

  assert.equal(
    [...newest.reservations, ...next.reservations].map(({ reservationId }) => reservationId),
    ['r3', 'r2', 'r1'],
  );
  assert.is(next.next, null);
});

test('nobody sees another profile’s history', () => {
  const { reservations } = bookingRig({ first: [sampleReservation({ profileId: 'other' })] });

  assert.equal(pagesOf(reservations, 10, END + HOUR_MS), [[]]);
});

test.run();
