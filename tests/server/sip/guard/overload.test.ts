import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { parseConfig } from '../../../../server/config/config.ts';
import { Overload } from '../../../../server/sip/guard/overload.ts';
import type { OverloadChange } from '../../../../server/sip/guard/overload.ts';

const SETTINGS = { lateTicksPercent: 5, mainThreadLagMs: 200, retryAfterSeconds: 10 };

/** A worker's second: so many of its 50 ticks late. */
function late(lateTicks: number): { ticks: number; lateTicks: number; skippedTicks: number } {
  return { ticks: 50, lateTicks, skippedTicks: 0 };
}

test('takes calls as long as nothing is measured', () => {
  assert.is(new Overload(parseConfig({}).sip.limits).verdict(0), 'ok');
});

test('refuses with Retry-After while more audio is late than the setting allows', () => {
  const overload = new Overload(SETTINGS);

  overload.workerFigures(0, late(2), 1000);
  assert.is(overload.verdict(1000), 'ok');
  overload.workerFigures(1, late(3), 1000);

  assert.is(overload.verdict(1000), 10);
});

test('counts ticks that were left out as late', () => {
  const overload = new Overload(SETTINGS);

  overload.workerFigures(0, { ticks: 45, lateTicks: 0, skippedTicks: 5 }, 1000);

  assert.is(overload.verdict(1000), 10);
});

test('goes on refusing until all has been below half of the limits for five seconds', () => {
  const changes: OverloadChange[] = [];
  const overload = new Overload(SETTINGS, (change) => changes.push(change));
  const verdicts: string[] = [];

  // Percent late in each second: over, then between half and the limit, then calm with one relapse.
  for (const [second, percent] of [6, 4, 4, 2, 2, 4, 2, 2, 2, 2, 2, 2, 2].entries()) {
    overload.workerFigures(0, { ticks: 100, lateTicks: percent, skippedTicks: 0 }, second * 1000);
    verdicts.push(String(overload.verdict(second * 1000)));
  }

  assert.equal(verdicts, [...Array<string>(11).fill('10'), 'ok', 'ok']);
  assert.equal(changes, [
    { type: 'overloaded', cause: 'late-audio', measured: 6 },
    { type: 'recovered', afterMs: 11_000 },
  ]);
});

test('recovers when a worker says nothing any more', () => {
  const overload = new Overload(SETTINGS);
  overload.workerFigures(0, late(50), 0);

  assert.is(overload.verdict(9000), 10);
  overload.verdict(11_000);
  assert.is(overload.verdict(16_000), 'ok');
});

test('makes nothing of a worker that has just begun', () => {
  const overload = new Overload(SETTINGS);

  overload.workerFigures(0, { ticks: 10, lateTicks: 5, skippedTicks: 0 }, 0);

  assert.is(overload.verdict(0), 'ok');
});

test('passes over one long turn of the event loop, and refuses after two in a row', () => {
  const overload = new Overload(SETTINGS);

  for (const [second, lagMs] of [300, 5, 300, 5].entries()) {
    overload.mainThreadLag(lagMs, second * 1000);
    assert.is(overload.verdict(second * 1000), 'ok');
  }
  overload.mainThreadLag(250, 4000);
  overload.mainThreadLag(250, 5000);

  assert.is(overload.verdict(5000), 10);
});

test('refuses at once after a turn that was very long', () => {
  const overload = new Overload(SETTINGS);

  overload.mainThreadLag(601, 0);

  assert.is(overload.verdict(0), 10);
});

test('makes nothing of what it has held up itself, and all of what comes after', () => {
  const overload = new Overload(SETTINGS);

  overload.heldUp(1200);
  overload.mainThreadLag(1250, 1000);
  assert.is(overload.verdict(1000), 'ok');
  overload.mainThreadLag(1250, 2000);

  assert.is(overload.verdict(2000), 10);
});

/**
 * A machine in small: above 100 calls audio begins to come late, 1 % for each call more, and at 150 calls what is late is
 * lost. Five calls a second want in, each lasts 40 s.
 */
function worstLatePercent(
  every: number,
  overload: Overload | null,
): [worst: number, refused: number] {
  const endings: number[] = [];
  let worst = 0;
  let refused = 0;
  for (let second = 0; second < 300; second += 1) {
    while ((endings[0] ?? Number.POSITIVE_INFINITY) <= second) endings.shift();
    for (let i = 0; i < 5; i += 1) {
      if (overload !== null && overload.verdict(second * 1000) !== 'ok') refused += 1;
      else endings.push(second + 40);
    }
    const percent = Math.max(0, endings.length - 100);
    worst = Math.max(worst, percent);
    if (second % every !== 0) continue;
    const ticks = 50 * every;
    const lateTicks = Math.min(ticks, Math.round((ticks * percent) / 100));
    overload?.workerFigures(0, { ticks, lateTicks, skippedTicks: 0 }, second * 1000);
  }
  return [worst, refused];
}

test('keeps a machine below what breaks it, which without it is broken', () => {
  const [without] = worstLatePercent(10, null);
  const [everyTwo, refused] = worstLatePercent(2, new Overload(SETTINGS));
  const [everySecond] = worstLatePercent(1, new Overload(SETTINGS));

  assert.ok(without >= 90, `${without} % late when all calls are taken`);
  assert.ok(everyTwo <= 20, `${everyTwo} % late with figures every two seconds`);
  assert.ok(everySecond <= 15, `${everySecond} % late with figures every second`);
  assert.ok(refused > 0 && refused < 1500 - 700, `${refused} of 1500 calls refused`);
});

test.run();
