import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { entryTime, termsOf } from '../../../server/reservation/admission.ts';
import { at, RULES, sampleReservation } from './sample-reservations.ts';

const TERMS = termsOf(sampleReservation(), RULES, 30);
const MAY_WAIT = { mayWaitMs: 900_000 };

function timeAt(now: string): string {
  const answer = entryTime(TERMS, at(now), MAY_WAIT);
  return answer.time === 'too-early' ? answer.mayWait : answer.time;
}

const TIMES: readonly (readonly [now: string, time: string])[] = [
  ['2026-03-02T09:44:59.999Z', 'may-not-wait'],
  ['2026-03-02T09:45Z', 'may-wait'],
  ['2026-03-02T09:54:59.999Z', 'may-wait'],
  ['2026-03-02T09:55Z', 'open'],
  ['2026-03-02T11:59:59.999Z', 'open'],
  ['2026-03-02T12:00Z', 'over'],
];

for (const [now, time] of TIMES) {
  test(`from 10:00 to 12:00, a caller at ${now} meets: ${time}`, () => {
    assert.is(timeAt(now), time);
  });
}

test('tells an early caller the start and how long entry takes to begin', () => {
  assert.equal(entryTime(TERMS, at('2026-03-02T09:50Z'), MAY_WAIT), {
    time: 'too-early',
    startAtMs: at('2026-03-02T10:00Z'),
    zone: 'Europe/Warsaw',
    opensInMs: 300_000,
    mayWait: 'may-wait',
  });
});

test('a room without times is always open', () => {
  const terms = { startAtMs: null, opensAtMs: null, endAtMs: null, zone: 'UTC' };

  assert.equal(entryTime(terms, 0, MAY_WAIT), { time: 'open' });
});

test('the terms of a reservation carry its access data and its early entry', () => {
  assert.equal(TERMS, {
    roomId: 'r1',
    origin: 'reservation',
    number: '40213',
    pin: '70214',
    adminPin: '5520931',
    name: 'Sales',
    maxParticipants: 30,
    startAtMs: at('2026-03-02T10:00Z'),
    opensAtMs: at('2026-03-02T09:55Z'),
    endAtMs: at('2026-03-02T12:00Z'),
    zone: 'Europe/Warsaw',
    announcements: 'tone',
  });
});

test('a deleted reservation is over, even before its start', () => {
  const deletedAtMs = at('2026-03-01T11:00Z');
  const terms = termsOf(sampleReservation({ deletedAtMs }), RULES, 30);

  assert.equal(entryTime(terms, deletedAtMs, MAY_WAIT), { time: 'over' });
});

test.run();
