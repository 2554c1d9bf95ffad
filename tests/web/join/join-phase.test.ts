import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { joinPhase } from '../../../web/join/join-phase.ts';

const JOIN = {
  state: 'planned',
  startAt: '2026-11-23T09:00:00Z',
  endAt: '2026-11-23T10:00:00Z',
  earlyEntryMinutes: 5,
} as const;

const at = (time: string): number => Date.parse(`2026-11-23T${time}Z`);

test('it is early until five minutes before the start, to the second', () => {
  assert.equal(joinPhase(JOIN, at('08:54:59')), { phase: 'early', opensAtMs: at('08:55:00') });
  assert.equal(joinPhase(JOIN, at('08:55:00')), { phase: 'open' });
});

test('it goes on while people are inside, and is over at the end though the server was not asked', () => {
  assert.is(joinPhase({ ...JOIN, state: 'in-progress' }, at('09:30:00')).phase, 'going-on');
  assert.is(joinPhase({ ...JOIN, state: 'in-progress' }, at('10:00:00')).phase, 'over');
  assert.is(joinPhase({ ...JOIN, state: 'finished' }, at('09:59:00')).phase, 'over');
  assert.is(joinPhase({ ...JOIN, state: 'archived' }, at('12:00:00')).phase, 'over');
});

test('a deleted one was cancelled, whatever the time', () => {
  assert.is(joinPhase({ ...JOIN, state: 'deleted' }, at('08:00:00')).phase, 'cancelled');
  assert.is(joinPhase({ ...JOIN, state: 'deleted' }, at('12:00:00')).phase, 'cancelled');
});

test.run();
