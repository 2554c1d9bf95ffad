import { test } from 'uvu';
import * as assert from 'uvu/assert';
import {
  lengthProblems,
  placeProblems,
  reservationState,
  startProblems,
} from '../../../server/reservation/rules.ts';
import type { ReservationState } from '../../../server/reservation/reservation.ts';
import { at, RULES, sampleReservation } from './sample-reservations.ts';

type Verdict = 'allowed' | 'start-too-soon' | 'start-too-late';

const STARTS: readonly (readonly [now: string, start: string, verdict: Verdict])[] = [
  ['2026-03-01T10:00:00Z', '2026-03-01T10:10Z', 'allowed'],
  ['2026-03-01T10:00:00Z', '2026-03-01T10:09Z', 'start-too-soon'],
  ['2026-03-01T10:00:00.001Z', '2026-03-01T10:10Z', 'start-too-soon'],
  ['2026-03-01T10:00:30Z', '2026-03-01T10:10Z', 'start-too-soon'],
  ['2026-03-01T10:00:30Z', '2026-03-01T10:11Z', 'allowed'],
  ['2026-03-01T10:00:00Z', '2026-03-31T10:00Z', 'allowed'],
  ['2026-03-01T10:00:00Z', '2026-03-31T10:01Z', 'start-too-late'],
  ['2026-03-01T10:00:59Z', '2026-03-31T10:00Z', 'allowed'],
  ['2026-03-01T10:00:59Z', '2026-03-31T10:01Z', 'start-too-late'],
  ['2026-03-01T10:00:00Z', '2025-03-01T10:00Z', 'start-too-soon'],
];

for (const [now, start, verdict] of STARTS) {
  test(`a start at ${start} submitted at ${now} is ${verdict}`, () => {
    const [problem] = startProblems(at(start), at(now), RULES);

    assert.is(problem?.code ?? 'allowed', verdict);
  });
}

test('names the first and the last start allowed', () => {
  const now = at('2026-03-01T10:00:30Z');

  assert.equal(startProblems(now, now, RULES)[0]?.facts, {
    earliestStartAtMs: at('2026-03-01T10:11Z'),
  });
  assert.equal(startProblems(at('2027-01-01T00:00Z'), now, RULES)[0]?.facts, {
    latestStartAtMs: at('2026-03-31T10:00Z'),
  });
});

const LENGTHS: readonly (readonly [end: string, verdict: string])[] = [
  ['2026-03-02T10:01Z', 'allowed'],
  ['2026-03-02T10:00Z', 'end-before-start'],
  ['2026-03-02T09:59Z', 'end-before-start'],
  ['2026-03-16T10:00Z', 'allowed'],
  ['2026-03-16T10:01Z', 'too-long'],
];

for (const [end, verdict] of LENGTHS) {
  test(`from 2026-03-02T10:00Z an end at ${end} is ${verdict}`, () => {
    const [problem] = lengthProblems(at('2026-03-02T10:00Z'), at(end), RULES);

    assert.is(problem?.code ?? 'allowed', verdict);
  });
}

test('a fourth reservation is refused until an hour after the first end', () => {
  const ends = ['2026-03-04T10:00Z', '2026-03-02T10:00Z', '2026-03-03T10:00Z'];
  const taking = ends.map((end) => sampleReservation({ endAtMs: at(end) }));

  assert.equal(placeProblems(taking.slice(1), RULES), []);
  assert.equal(placeProblems(taking, RULES), [
    {
      code: 'too-many-active',
      field: 'profile',
      facts: { active: 3, allowed: 3, placeFreeAtMs: at('2026-03-02T11:00Z') },
    },
  ]);
});

test('a place becomes free only after all in excess of a lowered limit have gone', () => {
  const ends = ['2026-03-04T10:00Z', '2026-03-02T10:00Z', '2026-03-03T10:00Z'];
  const taking = ends.map((end) => sampleReservation({ endAtMs: at(end) }));

  const [problem] = placeProblems(taking, { ...RULES, activePerProfile: 2 });

  assert.equal(problem?.facts, { active: 3, allowed: 2, placeFreeAtMs: at('2026-03-03T11:00Z') });
});

const STATES: readonly (readonly [now: string, people: number, state: ReservationState])[] = [
  ['2026-03-02T09:54:59.999Z', 0, 'planned'],
  ['2026-03-02T09:55Z', 0, 'open'],
  ['2026-03-02T09:55Z', 1, 'in-progress'],
  ['2026-03-02T11:59:59.999Z', 0, 'open'],
  ['2026-03-02T12:00Z', 0, 'finished'],
  ['2026-03-02T12:00Z', 2, 'finished'],
  ['2026-03-02T12:59:59.999Z', 0, 'finished'],
  ['2026-03-02T13:00Z', 0, 'archived'],
];

for (const [now, people, state] of STATES) {
  test(`from 10:00 to 12:00, at ${now} with ${people} people, the state is ${state}`, () => {
    const context = { nowMs: at(now), people, rules: RULES };

    assert.is(reservationState(sampleReservation(), context), state);
  });
}

test('a deleted reservation is deleted at any time', () => {
  const deleted = sampleReservation({ deletedAtMs: at('2026-03-01T11:00Z') });

  for (const [now] of STATES) {
    assert.is(reservationState(deleted, { nowMs: at(now), people: 0, rules: RULES }), 'deleted');
  }
});

test.run();
