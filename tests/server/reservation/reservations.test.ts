import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { BookingProblem } from '../../../server/reservation/booking-problem.ts';
import type { Reservation, ReservationRules } from '../../../server/reservation/reservation.ts';
import type { BookingRequest } from '../../../server/reservation/booking-request.ts';
import {
  createReservations,
  type Refused,
  type Reservations,
} from '../../../server/reservation/reservations.ts';
import { SILENT_RECORDER } from '../../support/silent-recorder.ts';
import { at, memoryStore, RULES, sampleReservation, seededRandom } from './sample-reservations.ts';

const NOW = at('2026-03-01T10:00:30Z');
const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

interface Differences {
  readonly first?: readonly Reservation[];
  readonly reserved?: readonly string[];
  readonly rules?: Partial<ReservationRules>;
  readonly seed?: number;
}

function service({ first = [], reserved = [], rules = {}, seed = 7 }: Differences = {}) {
  return createReservations({
    store: memoryStore(first),
    rules: { ...RULES, ...rules },
    random: seededRandom(seed),
    reservedNumbers: () => reserved,
    recorder: SILENT_RECORDER,
  });
}

const REQUEST: BookingRequest = {
  profileId: 'local',
  start: '2026-03-02T11:00',
  end: '2026-03-02T13:00',
};

type Outcome =
  | Refused
  | { readonly outcome: 'booked' | 'changed' | 'cancelled'; readonly reservation: Reservation };

function reservationOf(outcome: Outcome): Reservation {
  if (outcome.outcome === 'refused') {
    throw new Error(`refused: ${JSON.stringify(outcome.problems)}`);
  }
  return outcome.reservation;
}

function problemsOf(outcome: Outcome): readonly BookingProblem['code'][] {
  return outcome.outcome === 'refused' ? outcome.problems.map(({ code }) => code) : [];
}

function booked(reservations: Reservations, differences: Partial<BookingRequest> = {}) {
  return reservationOf(reservations.book({ ...REQUEST, ...differences }, NOW));
}

test('books: local times, default zone, number and PINs of their lengths', () => {
  const reservations = service();

  const reservation = booked(reservations, { title: ' Sales\n north ', emails: ['a@b.pl,A@B.pl'] });

  const { reservationId, number, pin, adminPin, ...rest } = reservation;
  assert.match(reservationId, /^[0-9a-f]{32}$/);
  assert.match(number, /^\d{5}$/);
  assert.match(pin, /^\d{5}$/);
  assert.match(adminPin ?? '', /^\d{7}$/);
  assert.equal(rest, {
    profileId: 'local',
    title: 'Sales north',
    startAtMs: at('2026-03-02T10:00Z'),
    endAtMs: at('2026-03-02T12:00Z'),
    zone: 'Europe/Warsaw',
    announcements: 'tone',
    emails: ['a@b.pl'],
    phones: [],
    smsMoments: [],
    note: '',
    language: 'pl',
    version: 1,
    createdAtMs: NOW,
    deletedAtMs: null,
  });
  assert.equal(reservations.byId(reservationId), reservation);
  assert.equal(reservations.findByNumber(number, NOW), reservation);
});

test('reports every problem of a request at once, and books nothing', () => {
  const reservations = service();
  for (let count = 0; count < 3; count += 1) booked(reservations);

  const outcome = reservations.book(
    {
      ...REQUEST,
      start: '2026-03-01T10:05Z',
      end: '2026-04-01T10:00Z',
      title: 'x'.repeat(101),
      emails: ['bad', 'a@b.pl', 'worse@'],
    },
    NOW,
  );

  assert.equal(problemsOf(outcome), [
    'start-too-soon',
    'too-long',
    'title-too-long',
    'bad-email',
    'bad-email',
    'too-many-active',
  ]);
  assert.is(reservations.list('all', NOW).length, 3);
});

test('reports both dates that cannot be read, and the zone once', () => {
  const reservations = service();
  const dates = { start: '2026-03-29T02:30', end: '2026-10-25T02:30' };

  assert.equal(problemsOf(reservations.book({ ...REQUEST, ...dates }, NOW)), [
    'date-does-not-exist',
    'date-exists-twice',
  ]);
  assert.equal(problemsOf(reservations.book({ ...REQUEST, zone: 'Mars/Base' }, NOW)), [
    'unknown-zone',
  ]);
  assert.equal(problemsOf(reservations.book({ ...REQUEST, start: NaN, end: 'later' }, NOW)), [
    'bad-date',
    'bad-date',
  ]);
});

test('an instant is taken to the whole minute', () => {
  const reservation = booked(service(), { start: at('2026-03-02T10:00:59Z') });

  assert.is(reservation.startAtMs, at('2026-03-02T10:00Z'));
});

test('gives no number twice while it is in use, reserved or at rest', () => {
  const resting = sampleReservation({
    reservationId: 'old',
    number: '150',
    startAtMs: NOW - 90 * DAY_MS,
    endAtMs: NOW - 90 * DAY_MS + 1,
  });
  const reservations = service({
    first: [resting],
    reserved: ['200', '201'],
    rules: { numberDigits: 3, activePerProfile: 2_000 },
  });

  const outcomes = Array.from({ length: 900 }, () => reservations.book(REQUEST, NOW));

  const numbers = outcomes.flatMap((outcome) =>
    outcome.outcome === 'booked' ? [outcome.reservation.number] : [],
  );
  // 900 numbers, less 9 repeats, 7 runs up, 8 runs down (987 … 210), 2 reserved and 1 at rest.
  assert.is(numbers.length, 900 - 9 - 7 - 8 - 2 - 1);
  assert.is(new Set(numbers).size, numbers.length);
  for (const number of ['150', '200', '201']) assert.not.ok(numbers.includes(number));
  assert.equal(outcomes.at(-1), {
    outcome: 'refused',
    problems: [{ code: 'no-number-free', field: 'number', facts: { digits: 3 } }],
  });
});

test('a number rests for 90 days from its end or its deletion, whichever was first', () => {
  const deletedAtMs = at('2026-03-02T11:00Z');
  const ended = service({ first: [sampleReservation()] });
  const deleted = service({ first: [sampleReservation({ deletedAtMs })] });
  const restMs = 90 * DAY_MS;

  const endAtMs = at('2026-03-02T12:00Z');
  assert.is(ended.isNumberTaken('40213', endAtMs + restMs - 1), true);
  assert.is(ended.isNumberTaken('40213', endAtMs + restMs), false);
  assert.is(deleted.isNumberTaken('40213', deletedAtMs + restMs - 1), true);
  assert.is(deleted.isNumberTaken('40213', deletedAtMs + restMs), false);
});

test('a number picked by phone is taken when it is reserved', () => {
  assert.is(service({ reserved: ['50607'] }).isNumberTaken('50607', NOW), true);
  assert.is(service().isNumberTaken('50607', NOW), false);
});

test('a finished reservation keeps its place for an hour, a deleted one frees it at once', () => {
  const reservations = service();
  const first = booked(reservations);
  for (let count = 0; count < 2; count += 1) booked(reservations, { end: '2026-03-05T13:00' });
  const later = { ...REQUEST, start: '2026-03-04T11:00', end: '2026-03-04T12:00' };

  const full = reservations.book(later, first.endAtMs + HOUR_MS - 1);
  const freed = reservations.book(later, first.endAtMs + HOUR_MS);
  const again = reservations.book(later, first.endAtMs + HOUR_MS);
  reservations.cancel({ number: reservationOf(freed).number }, first.endAtMs + HOUR_MS);
  const afterDeletion = reservations.book(later, first.endAtMs + HOUR_MS);

  assert.equal(problemsOf(full), ['too-many-active']);
  assert.is(freed.outcome, 'booked');
  assert.equal(problemsOf(again), ['too-many-active']);
  assert.is(afterDeletion.outcome, 'booked');
});

test('profiles do not take one another’s places, and see their own list', () => {
  const reservations = service();
  for (let count = 0; count < 3; count += 1) booked(reservations);

  const other = booked(reservations, { profileId: 'other' });

  assert.equal(reservations.list({ profileId: 'other' }, NOW), [other]);
  assert.is(reservations.list({ profileId: 'local' }, NOW).length, 3);
  assert.is(reservations.list('all', NOW).length, 4);
});

test('an untouched start that has passed stays legal, a changed one is checked against now', () => {
  const reservations = service({ first: [sampleReservation()] });
  const during = at('2026-03-02T11:00:30Z');

  const renamed = reservations.change('r1', { title: 'North', emails: [] }, during);
  const same = reservations.change('r1', { start: '2026-03-02T11:00' }, during);
  const moved = reservations.change('r1', { start: '2026-03-02T10:30Z' }, during);

  assert.is(reservationOf(renamed).title, 'North');
  assert.is(reservationOf(same).startAtMs, at('2026-03-02T10:00Z'));
  assert.equal(problemsOf(moved), ['start-too-soon']);
});

test('a change keeps number, PINs and what it does not name', () => {
  const before = sampleReservation();
  const reservations = service({ first: [before] });

  const outcome = reservations.change(
    'r1',
    { start: '2026-03-03T10:00', end: '2026-03-03T11:00', zone: 'UTC' },
    NOW,
  );

  assert.equal(outcome, {
    outcome: 'changed',
    before,
    reservation: {
      ...before,
      zone: 'UTC',
      startAtMs: at('2026-03-03T10:00Z'),
      endAtMs: at('2026-03-03T11:00Z'),
      version: 2,
    },
  });
});

test('the end moves until it has come, before now as well, up to 14 days after the start', () => {
  const during = at('2026-03-02T11:00:30Z');
  const endAt = (end: string, nowMs = during) =>
    service({ first: [sampleReservation()] }).change('r1', { end }, nowMs);

  assert.is(reservationOf(endAt('2026-03-16T10:00Z')).endAtMs, at('2026-03-16T10:00Z'));
  assert.equal(problemsOf(endAt('2026-03-16T10:01Z')), ['too-long']);
  assert.is(reservationOf(endAt('2026-03-02T10:30Z')).endAtMs, at('2026-03-02T10:30Z'));
  assert.equal(problemsOf(endAt('2026-03-02T10:00Z')), ['end-before-start']);
  assert.equal(problemsOf(endAt('2026-03-02T14:00Z', at('2026-03-02T12:00Z'))), ['already-over']);
});

test('a moved start is checked against an end that stays', () => {
  const reservations = service({ first: [sampleReservation()] });

  const outcome = reservations.change('r1', { start: '2026-03-02T12:00Z' }, NOW);

  assert.equal(problemsOf(outcome), ['end-before-start']);
});

test('extends by 15, 30 and 60 minutes, not beyond 14 days, not once over', () => {
  const reservations = service({ first: [sampleReservation()] });
  const during = at('2026-03-02T11:45Z');
  for (const minutes of [15, 30, 60] as const) reservations.extend('r1', minutes, during);
  const long = service({ first: [sampleReservation({ endAtMs: at('2026-03-16T09:45Z') })] });

  assert.is(reservations.byId('r1')?.endAtMs, at('2026-03-02T13:45Z'));
  assert.equal(problemsOf(long.extend('r1', 30, during)), ['too-long']);
  assert.is(long.extend('r1', 15, during).outcome, 'changed');
  assert.equal(problemsOf(reservations.extend('r1', 15, at('2026-03-02T13:45Z'))), [
    'already-over',
  ]);
});

test('gives new PINs on request and leaves everything else', () => {
  const before = sampleReservation();
  const reservations = service({ first: [before] });

  const after = reservationOf(reservations.newPins('r1', NOW));

  assert.is.not(after.pin, before.pin);
  assert.is.not(after.adminPin, before.adminPin);
  assert.equal(after, { ...before, pin: after.pin, adminPin: after.adminPin, version: 2 });
  assert.equal(reservations.byId('r1'), after);
});

test('a cancelled reservation leaves the list and cannot be changed or cancelled again', () => {
  const reservations = service({ first: [sampleReservation()] });

  const cancelled = reservations.cancel({ number: '40213' }, NOW);

  assert.is(reservationOf(cancelled).deletedAtMs, NOW);
  assert.equal(reservations.list('all', NOW), []);
  assert.equal(problemsOf(reservations.cancel({ number: '40213' }, NOW)), ['not-found']);
  assert.equal(problemsOf(reservations.cancel({ reservationId: 'r1' }, NOW)), ['not-found']);
  assert.equal(problemsOf(reservations.change('r1', {}, NOW)), ['not-found']);
  assert.equal(problemsOf(reservations.newPins('r1', NOW)), ['not-found']);
});

test('a finished reservation can be deleted while it is on the list, an archived one not', () => {
  const finished = service({ first: [sampleReservation()] });
  const archived = service({ first: [sampleReservation()] });

  assert.is(finished.cancel({ number: '40213' }, at('2026-03-02T12:59Z')).outcome, 'cancelled');
  assert.equal(problemsOf(archived.cancel({ number: '40213' }, at('2026-03-02T13:00Z'))), [
    'already-over',
  ]);
});

test('nothing is found under a number that nobody booked', () => {
  const reservations = service();

  assert.is(reservations.findByNumber('40213', NOW), null);
  assert.equal(problemsOf(reservations.cancel({ number: '40213' }, NOW)), ['not-found']);
  assert.equal(problemsOf(reservations.extend('r9', 15, NOW)), ['not-found']);
});

test('a reservation that is over or deleted is found for another day, then no more', () => {
  const ended = service({ first: [sampleReservation()] });
  const deletedAtMs = at('2026-03-01T12:00Z');
  const deleted = service({ first: [sampleReservation({ deletedAtMs })] });
  const endAtMs = at('2026-03-02T12:00Z');

  assert.is(ended.findByNumber('40213', endAtMs + DAY_MS - 1)?.reservationId, 'r1');
  assert.is(ended.findByNumber('40213', endAtMs + DAY_MS), null);
  assert.is(deleted.findByNumber('40213', deletedAtMs + DAY_MS - 1)?.reservationId, 'r1');
  assert.is(deleted.findByNumber('40213', deletedAtMs + DAY_MS), null);
});

test('the demonstration is open at once and is the same after a restart', () => {
  const reservations = service();

  const first = reservationOf(reservations.demonstration('Demonstration', NOW));
  const again = reservationOf(reservations.demonstration('Demonstration', NOW + DAY_MS));
  const lastDay = reservationOf(reservations.demonstration('Demonstration', first.endAtMs - 1));

  assert.is(first.startAtMs, at('2026-03-01T10:00Z'));
  assert.is(first.endAtMs, at('2026-03-15T10:00Z'));
  assert.equal(again, first);
  assert.is.not(lastDay.reservationId, first.reservationId);
});

test('a booking that fails in the store leaves nothing and says so', () => {
  const store = memoryStore();
  const failing = {
    ...store,
    insert: () => {
      throw new Error('full');
    },
  };
  const random = seededRandom(1);
  const reservedNumbers = () => [];
  const reservations = createReservations({
    store: failing,
    rules: RULES,
    random,
    reservedNumbers,
    recorder: SILENT_RECORDER,
  });

  assert.throws(() => reservations.book(REQUEST, NOW), /^full$/);
  assert.equal(reservations.list('all', NOW), []);
});

test.run();
