import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { draftOf, type Draft } from '../../../web/reservation/draft.ts';
import {
  earliestStartMs,
  firstTimes,
  lengthMinutes,
  withEnd,
  withStart,
  withZone,
} from '../../../web/reservation/draft-times.ts';
import { reservationOf } from './reservation-of.ts';

const WARSAW = 'Europe/Warsaw';

function draft(start: string, end: string): Draft {
  return { ...draftOf(reservationOf()), start, end, startTwin: null, endTwin: null };
}

function times({ start, end }: Pick<Draft, 'start' | 'end'>): readonly string[] {
  return [start, end];
}

test('the earliest start is the first whole minute ten minutes from now', () => {
  const at = (time: string): number => Date.parse(`2026-11-22T${time}Z`);

  assert.is(earliestStartMs(at('10:00:30'), 10), at('10:11:00'));
  assert.is(earliestStartMs(at('10:00:00'), 10), at('10:10:00'));
});

test('a new form begins with the next full quarter, for an hour', () => {
  assert.equal(times(firstTimes(Date.parse('2026-11-22T09:46:00Z'), WARSAW)), [
    '2026-11-22T11:00',
    '2026-11-22T12:00',
  ]);
  assert.equal(times(firstTimes(Date.parse('2026-11-22T09:45:00Z'), WARSAW)), [
    '2026-11-22T10:45',
    '2026-11-22T11:45',
  ]);
  assert.equal(times(firstTimes(Date.parse('2026-12-31T22:50:00Z'), WARSAW)), [
    '2027-01-01T00:00',
    '2027-01-01T01:00',
  ]);
});

test('a form begun in the doubled hour says which of the two it means', () => {
  const first = firstTimes(Date.parse('2026-10-25T00:20:00Z'), WARSAW);

  assert.equal(first, {
    start: '2026-10-25T02:30',
    startTwin: 'earlier',
    end: '2026-10-25T02:30',
    endTwin: 'later',
  });
});

test('the end follows the start and keeps the length', () => {
  const moved = withStart(draft('2026-11-23T10:00', '2026-11-23T11:15'), '2026-11-24T09:30');

  assert.equal(times(moved), ['2026-11-24T09:30', '2026-11-24T10:45']);
});

test('a short conference keeps its length through the hour that is left out', () => {
  const moved = withStart(draft('2027-03-27T01:30', '2027-03-27T02:30'), '2027-03-28T01:30');

  assert.equal(times(moved), ['2027-03-28T01:30', '2027-03-28T03:30']);
  assert.is(lengthMinutes(moved), 60);
});

test('a conference of days keeps the clock time of its end over a change of the clocks', () => {
  const moved = withStart(draft('2026-10-12T09:00', '2026-10-16T17:00'), '2026-10-23T09:00');

  assert.equal(times(moved), ['2026-10-23T09:00', '2026-10-27T17:00']);
});

test('an end before the start, and a start that is no date, leave the end alone', () => {
  assert.equal(
    times(withStart(draft('2026-11-23T10:00', '2026-11-23T09:00'), '2026-11-24T10:00')),
    ['2026-11-24T10:00', '2026-11-23T09:00'],
  );
  assert.equal(times(withStart(draft('2026-11-23T10:00', '2026-11-23T11:00'), '')), [
    '',
    '2026-11-23T11:00',
  ]);
});

test('a new time or zone asks again which of two is meant', () => {
  const before: Draft = {
    ...draft('2026-10-25T02:30', '2026-10-25T04:00'),
    startTwin: 'later',
    endTwin: 'later',
  };

  assert.is(withStart(before, '2026-10-25T02:45').startTwin, null);
  assert.is(withEnd(before, '2026-10-25T02:50').endTwin, null);
  assert.is(withZone(before, 'Europe/Berlin').startTwin, null);
  assert.is(lengthMinutes({ ...before, startTwin: null }), null);
});

test.run();
