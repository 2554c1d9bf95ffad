import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { TickSchedule } from '../../mixer/tick-schedule.ts';

test('runs one tick on each deadline, every 20 ms from the start', () => {
  const schedule = new TickSchedule(1000);
  const ran: number[] = [];

  for (let nowMs = 1000; nowMs <= 1100; nowMs += 1) {
    schedule.advance(nowMs);
    if (schedule.dueTicks > 0) ran.push(nowMs);
    assert.ok(schedule.dueTicks <= 1);
  }

  assert.equal(ran, [1020, 1040, 1060, 1080, 1100]);
});

test('does not drift when every tick comes a little late', () => {
  const schedule = new TickSchedule(0);

  for (let tick = 1; tick <= 10_000; tick += 1) {
    schedule.advance(schedule.deadlineMs + 7.3);
    assert.is(schedule.dueTicks, 1);
  }

  assert.is(schedule.deadlineMs, 10_001 * 20);
  assert.is(schedule.lateTicks, 0);
});

test('runs up to three missed ticks back to back before the one that is due', () => {
  const schedule = new TickSchedule(0);

  schedule.advance(20 + 60);

  assert.is(schedule.dueTicks, 4);
  assert.is(schedule.skippedNow, 0);
  assert.is(schedule.lateTicks, 3);
  assert.is(schedule.deadlineMs, 100);
});

test('leaves out what is later than that, and stays on its deadlines', () => {
  const schedule = new TickSchedule(0);

  schedule.advance(20 + 1009);

  assert.is(schedule.dueTicks, 4);
  assert.is(schedule.skippedNow, 47);
  assert.is(schedule.deadlineMs, 1040);
  assert.is(schedule.skippedTicks, 47);
  assert.is(schedule.worstLateMs, 1009);
});

test('counts deadlines that are met later than 5 ms', () => {
  const schedule = new TickSchedule(0);

  for (const lateMs of [0, 5, 5.1, 19]) schedule.advance(schedule.deadlineMs + lateMs);

  assert.is(schedule.overdueDeadlines, 2);
  schedule.resetCounters();
  assert.is(schedule.overdueDeadlines, 0);
});

test('counts anew after a report', () => {
  const schedule = new TickSchedule(0);
  schedule.advance(500);

  schedule.resetCounters();
  schedule.advance(520);

  assert.is(schedule.ticks, 1);
  assert.is(schedule.skippedTicks, 0);
  assert.is(schedule.worstLateMs, 0);
});

test('does not count a rest as lateness', () => {
  const schedule = new TickSchedule(0);

  schedule.restart(100_000);
  schedule.advance(100_020);

  assert.is(schedule.dueTicks, 1);
  assert.is(schedule.skippedTicks, 0);
});

test.run();
