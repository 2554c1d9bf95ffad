import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { BookingRequest } from '../../../server/reservation/booking-request.ts';
import { bookingRig, codesOf, codesOfBooking, granted } from './booking-rig.ts';
import { at, sampleReservation } from './sample-reservations.ts';

// Every number of product.md, Reservations, on both sides of its edge.

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;
const NOON = at('2026-03-01T12:00:00Z');

interface Edge {
  readonly name: string;
  readonly nowMs: number;
  readonly start: number | string;
  readonly end?: number | string;
  readonly codes: readonly string[];
}

const EDGES: readonly Edge[] = [
  {
    name: 'a start 10:00 minutes away is allowed',
    nowMs: NOON,
    start: NOON + 10 * MINUTE_MS,
    codes: [],
  },
  {
    name: 'a start 9:59 minutes away is too soon',
    nowMs: NOON + 1000,
    start: NOON + 10 * MINUTE_MS,
    codes: ['start-too-soon'],
  },
  {
    name: 'a start a millisecond nearer than 10 minutes is too soon',
    nowMs: NOON + 1,
    start: NOON + 10 * MINUTE_MS,
    codes: ['start-too-soon'],
  },
  {
    name: 'submitted at 12:00:30, 12:11 is allowed',
    nowMs: NOON + 30_000,
    start: NOON + 11 * MINUTE_MS,
    codes: [],
  },
  {
    name: 'submitted at 12:00:30, 12:10 is too soon',
    nowMs: NOON + 30_000,
    start: NOON + 10 * MINUTE_MS,
    codes: ['start-too-soon'],
  },
  {
    name: 'a start 30 days away is allowed',
    nowMs: NOON,
    start: NOON + 30 * DAY_MS,
    codes: [],
  },
  {
    name: 'a start 30 days and a minute away is too late',
    nowMs: NOON,
    start: NOON + 30 * DAY_MS + MINUTE_MS,
    codes: ['start-too-late'],
  },
  {
    name: 'submitted at 12:00:30, 30 days from 12:00 is allowed and from 12:01 is not',
    nowMs: NOON + 30_000,
    start: NOON + 30 * DAY_MS + MINUTE_MS,
    codes: ['start-too-late'],
  },
  {
    name: 'a length of 14 days is allowed',
    nowMs: NOON,
    start: NOON + DAY_MS,
    end: NOON + 15 * DAY_MS,
    codes: [],
  },
  {
    name: 'a length of 14 days and a minute is too long',
    nowMs: NOON,
    start: NOON + DAY_MS,
    end: NOON + 15 * DAY_MS + MINUTE_MS,
    codes: ['too-long'],
  },
  {
    name: 'a length of a minute is allowed',
    nowMs: NOON,
    start: NOON + DAY_MS,
    end: NOON + DAY_MS + MINUTE_MS,
    codes: [],
  },
  {
    name: 'an end at the start is refused',
    nowMs: NOON,
    start: NOON + DAY_MS,
    end: NOON + DAY_MS,
    codes: ['end-before-start'],
  },
  {
    name: 'an end that differs from the start in seconds only is refused',
    nowMs: NOON,
    start: '2026-03-02T12:00:10Z',
    end: '2026-03-02T12:00:50Z',
    codes: ['end-before-start'],
  },
];

for (const { name, nowMs, start, end, codes } of EDGES) {
  test(name, () => {
    const endOrHour = end ?? (typeof start === 'number' ? start + HOUR_MS : start);

    assert.equal(codesOfBooking({ start, end: endOrHour }, nowMs), codes);
  });
}

interface Night {
  readonly name: string;
  readonly now: string;
  readonly start: string;
  readonly end: string;
  readonly codes: readonly string[];
  /** Hours between start and end, when it is booked. */
  readonly hours?: number;
}

const NIGHTS: readonly Night[] = [
  {
    name: 'autumn, the doubled hour: a start in it is asked about',
    now: '2026-10-20T10:00Z',
    start: '2026-10-25T02:30',
    end: '2026-10-25T05:00',
    codes: ['date-exists-twice'],
  },
  {
    name: 'autumn, the doubled hour: its first and its last minute are doubled',
    now: '2026-10-20T10:00Z',
    start: '2026-10-25T02:00',
    end: '2026-10-25T02:59',
    codes: ['date-exists-twice', 'date-exists-twice'],
  },
  {
    name: 'autumn, the minute before and after the doubled hour are not doubled',
    now: '2026-10-20T10:00Z',
    start: '2026-10-25T01:59',
    end: '2026-10-25T03:00',
    codes: [],
    hours: 2 + 1 / 60,
  },
  {
    name: 'autumn, an offset says which of the two it is',
    now: '2026-10-20T10:00Z',
    start: '2026-10-25T02:30+02:00',
    end: '2026-10-25T02:30+01:00',
    codes: [],
    hours: 1,
  },
  {
    name: 'autumn, the later of the two cannot be the start of the earlier',
    now: '2026-10-20T10:00Z',
    start: '2026-10-25T02:30+01:00',
    end: '2026-10-25T02:45+02:00',
    codes: ['end-before-start'],
  },
  {
    name: 'autumn, 14 days by the calendar are an hour too long',
    now: '2026-10-20T10:00Z',
    start: '2026-10-24T12:00',
    end: '2026-11-07T12:00',
    codes: ['too-long'],
  },
  {
    name: 'autumn, 14 days by the clock end at 11:00',
    now: '2026-10-20T10:00Z',
    start: '2026-10-24T12:00',
    end: '2026-11-07T11:00',
    codes: [],
    hours: 14 * 24,
  },
  {
    name: 'spring, a start in the hour that is left out does not exist',
    now: '2027-03-25T10:00Z',
    start: '2027-03-28T02:30',
    end: '2027-03-28T05:00',
    codes: ['date-does-not-exist'],
  },
  {
    name: 'spring, from 1:59 to 3:00 is one minute',
    now: '2027-03-25T10:00Z',
    start: '2027-03-28T01:59',
    end: '2027-03-28T03:00',
    codes: [],
    hours: 1 / 60,
  },
  {
    name: 'spring, 14 days by the calendar are an hour shorter',
    now: '2027-03-25T10:00Z',
    start: '2027-03-27T12:00',
    end: '2027-04-10T13:00',
    codes: [],
    hours: 14 * 24,
  },
  {
    name: 'spring, 14 days by the clock and a minute are too long',
    now: '2027-03-25T10:00Z',
    start: '2027-03-27T12:00',
    end: '2027-04-10T13:01',
    codes: ['too-long'],
  },
  {
    name: 'spring, 30 days across the change are counted by the clock',
    now: '2027-03-10T11:00Z',
    start: '2027-04-09T13:01',
    end: '2027-04-09T14:00',
    codes: ['start-too-late'],
  },
  {
    name: 'leap day: 29 February 2028 is booked across midnight',
    now: '2028-02-20T10:00Z',
    start: '2028-02-28T23:30',
    end: '2028-03-01T00:30',
    codes: [],
    hours: 25,
  },
  {
    name: 'leap day: 29 February 2027 is no date',
    now: '2027-02-20T10:00Z',
    start: '2027-02-29T10:00',
    end: '2027-03-01T10:00',
    codes: ['bad-date'],
  },
  {
    name: 'leap day: 30 days from 1 February 2028 are 2 March',
    now: '2028-02-01T09:00Z',
    start: '2028-03-02T10:00',
    end: '2028-03-02T11:00',
    codes: [],
    hours: 1,
  },
  {
    name: "year's end: a conference across midnight",
    now: '2026-12-31T22:50Z',
    start: '2027-01-01T00:00',
    end: '2027-01-01T01:00',
    codes: [],
    hours: 1,
  },
  {
    name: "year's end: from the old year into the new one",
    now: '2026-12-31T10:00Z',
    start: '2026-12-31T23:59',
    end: '2027-01-01T00:01',
    codes: [],
    hours: 2 / 60,
  },
  {
    name: 'midnight is written 00:00, not 24:00',
    now: '2026-12-31T10:00Z',
    start: '2026-12-31T23:00',
    end: '2026-12-31T24:00',
    codes: ['bad-date'],
  },
];

for (const { name, now, start, end, codes, hours } of NIGHTS) {
  test(name, () => {
    const { reservations } = bookingRig();

    const outcome = reservations.book(
      { profileId: 'p', start, end, zone: 'Europe/Warsaw' },
      at(now),
    );

    assert.equal(codesOf(outcome), codes);
    if (outcome.outcome === 'refused') return;
    const { startAtMs, endAtMs } = outcome.reservation;
    assert.is(endAtMs - startAtMs, Math.round((hours ?? 0) * HOUR_MS));
  });
}

const REQUEST: BookingRequest = {
  profileId: 'p',
  start: NOON + DAY_MS,
  end: NOON + DAY_MS + HOUR_MS,
};

test('three places: the fourth is refused and told when the first becomes free', () => {
  const { reservations } = bookingRig();
  for (const hours of [3, 1, 2]) {
    granted(reservations.book({ ...REQUEST, end: NOON + DAY_MS + hours * HOUR_MS }, NOON));
  }

  const fourth = reservations.book(REQUEST, NOON);

  assert.equal(fourth, {
    outcome: 'refused',
    problems: [
      {
        code: 'too-many-active',
        field: 'profile',
        facts: { active: 3, allowed: 3, placeFreeAtMs: NOON + DAY_MS + 2 * HOUR_MS },
      },
    ],
  });
});

test('a finished reservation keeps its place for exactly an hour, and its line in the list', () => {
  const { reservations } = bookingRig({ rules: { activePerProfile: 1 } });
  const { endAtMs } = granted(reservations.book(REQUEST, NOON));
  const next = (nowMs: number) =>
    codesOfBooking(
      { start: endAtMs + 3 * HOUR_MS, end: endAtMs + 4 * HOUR_MS },
      nowMs,
      reservations,
    );
  const listed = (nowMs: number) => reservations.list({ profileId: 'p' }, nowMs).length;

  assert.is(listed(endAtMs + HOUR_MS - 1), 1);
  assert.equal(next(endAtMs + HOUR_MS - 1), ['too-many-active']);
  assert.is(listed(endAtMs + HOUR_MS), 0);
  assert.equal(next(endAtMs + HOUR_MS), []);
});

test('deleting a finished one within the hour frees its place at once', () => {
  const { reservations } = bookingRig({ rules: { activePerProfile: 1 } });
  const { endAtMs, reservationId } = granted(reservations.book(REQUEST, NOON));
  const nowMs = endAtMs + 30 * MINUTE_MS;

  assert.is(reservations.cancel({ reservationId }, nowMs).outcome, 'cancelled');

  assert.equal(reservations.list({ profileId: 'p' }, nowMs), []);
  assert.equal(
    codesOfBooking({ start: nowMs + HOUR_MS, end: nowMs + 2 * HOUR_MS }, nowMs, reservations),
    [],
  );
});

test('a number rests for 90 days after the end, and after a deletion from then on', () => {
  const ended = sampleReservation();
  const deletedAtMs = at('2026-03-02T11:00Z');
  const deleted = sampleReservation({ reservationId: 'r2', number: '50607', deletedAtMs });
  const { reservations } = bookingRig({ first: [ended, deleted] });

  assert.ok(reservations.isNumberTaken('40213', ended.endAtMs + 90 * DAY_MS - 1));
  assert.not(reservations.isNumberTaken('40213', ended.endAtMs + 90 * DAY_MS));
  assert.ok(reservations.isNumberTaken('50607', deletedAtMs + 90 * DAY_MS - 1));
  assert.not(reservations.isNumberTaken('50607', deletedAtMs + 90 * DAY_MS));
});

test('an SMS before the start can be chosen when the start is more than an hour away', () => {
  const sms = { phones: ['501234567'], smsMoments: ['before-start'] } as const;
  const book = (start: number, nowMs: number) =>
    codesOfBooking({ start, end: start + HOUR_MS, ...sms }, nowMs);

  assert.equal(book(NOON + HOUR_MS, NOON), ['sms-start-too-near']);
  assert.equal(book(NOON + HOUR_MS, NOON - 1), []);
  assert.equal(book(NOON + HOUR_MS + MINUTE_MS, NOON), []);
});

test('200 e-mail addresses and 200 numbers are allowed, one more of each is not', () => {
  const emails = Array.from({ length: 201 }, (_, index) => `p${index}@example.com`);
  const phones = Array.from({ length: 201 }, (_, index) => `501${String(100_000 + index)}`);
  const book = (count: number) =>
    codesOfBooking(
      {
        start: NOON + HOUR_MS,
        end: NOON + 2 * HOUR_MS,
        emails: emails.slice(0, count),
        phones: phones.slice(0, count),
      },
      NOON,
    );

  assert.equal(book(200), []);
  assert.equal(book(201), ['too-many-emails', 'too-many-phones']);
});

test('a title of 100 and a note of 2,000 characters are allowed, one more of each is not', () => {
  const book = (more: number) =>
    codesOfBooking(
      {
        start: NOON + HOUR_MS,
        end: NOON + 2 * HOUR_MS,
        title: 'ż'.repeat(100 + more),
        note: '😀'.repeat(2000 + more),
      },
      NOON,
    );

  assert.equal(book(0), []);
  assert.equal(book(1), ['title-too-long', 'note-too-long']);
});

test.run();
