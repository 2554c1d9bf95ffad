import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { parseConfig } from '../../../../server/config/config.ts';
import { Overload } from '../../../../server/sip/guard/overload.ts';
import type { OverloadChange } from '../../../../server/sip/guard/overload.ts';

const SETTINGS = {
  lateTicksPercent: 5,
  mediaBusyPercent: 80,
  mainThreadLagMs: 200,
  mainThreadBusyPercent: 90,
  retryAfterSeconds: 10,
};

/** A second of a worker with which all is well. */
const FIGURES = { ticks: 50, lateTicks: 0, skippedTicks: 0, legs: 2, rooms: 1 };

/** Half a second of the main thread that was late by so much. */
function lag(lagMs: number): { lagMs: number; busyPercent: number } {
  return { lagMs, busyPercent: lagMs > 500 ? 80 : 10 };
}

/** A worker's second: so many of its 50 ticks late. */
function late(lateTicks: number): typeof FIGURES {
  return { ...FIGURES, lateTicks };
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

  overload.workerFigures(0, { ...FIGURES, ticks: 45, skippedTicks: 5 }, 1000);

  assert.is(overload.verdict(1000), 10);
});

test('goes on refusing until less than half of what may be late has been for five seconds', () => {
  const changes: OverloadChange[] = [];
  const overload = new Overload(SETTINGS, { changed: (change) => changes.push(change) });
  const verdicts: string[] = [];

  // Percent late in each second: over, then between half and the limit, then calm with one relapse.
  for (const [second, percent] of [6, 4, 4, 2, 2, 4, 2, 2, 2, 2, 2, 2, 2].entries()) {
    overload.workerFigures(0, { ...FIGURES, ticks: 100, lateTicks: percent }, second * 1000);
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

  overload.workerFigures(0, { ...FIGURES, ticks: 10, lateTicks: 5 }, 0);

  assert.is(overload.verdict(0), 'ok');
});

test('makes nothing of how the last call has ended once a worker carries none', () => {
  const overload = new Overload(SETTINGS);
  overload.workerFigures(0, late(50), 0);

  overload.workerFigures(0, { ...late(30), legs: 0, rooms: 0 }, 500);
  overload.verdict(3000);

  assert.is(overload.verdict(5500), 'ok');
});

test('passes over one long turn of the event loop, and refuses after two in a row', () => {
  const overload = new Overload(SETTINGS);

  for (const [second, lagMs] of [300, 5, 300, 5].entries()) {
    overload.mainThreadLoad(lag(lagMs), second * 1000);
    assert.is(overload.verdict(second * 1000), 'ok');
  }
  overload.mainThreadLoad(lag(250), 4000);
  overload.mainThreadLoad(lag(250), 5000);

  assert.is(overload.verdict(5000), 10);
});

test('refuses at once after a turn that was very long', () => {
  const overload = new Overload(SETTINGS);

  overload.mainThreadLoad(lag(601), 0);

  assert.is(overload.verdict(0), 10);
});

test('makes nothing of a machine that was stopped for a while, as it did nothing meanwhile', () => {
  const overload = new Overload(SETTINGS);

  overload.mainThreadLoad(lag(5), 0);
  overload.mainThreadLoad({ lagMs: 60_000, busyPercent: 1 }, 60_500);
  assert.is(overload.verdict(60_500), 'ok');
  overload.mainThreadLoad(lag(5), 61_000);

  assert.is(overload.verdict(61_000), 'ok');
});

test('makes nothing of what it has held up itself, and all of what comes after', () => {
  const overload = new Overload(SETTINGS);

  overload.heldUp(1200);
  overload.mainThreadLoad(lag(1250), 1000);
  assert.is(overload.verdict(1000), 'ok');
  overload.mainThreadLoad(lag(1250), 2000);

  assert.is(overload.verdict(2000), 10);
});

test('refuses while a worker uses more of its time than the setting allows, none late yet', () => {
  const changes: OverloadChange[] = [];
  const overload = new Overload(SETTINGS, { changed: (change) => changes.push(change) });

  overload.workerStrained(0, 80, 0);
  assert.is(overload.verdict(0), 'ok');
  overload.workerStrained(0, 82, 100);

  assert.is(overload.verdict(100), 10);
  assert.equal(changes, [{ type: 'overloaded', cause: 'busy-media', measured: 82 }]);
});

test('counts the calls in that have come since a worker was measured: a burst is refused before it is heard', () => {
  let legs = 200;
  const overload = new Overload(SETTINGS, { legs: () => legs });
  overload.workerStrained(0, 60, 0);
  overload.workerStrained(0, 60, 100);
  const taken: number[] = [];

  // 300 more within a few milliseconds: no figures come meanwhile.
  for (let call = 0; call < 300; call += 1) {
    if (overload.verdict(105) !== 'ok') continue;
    legs += 1;
    taken.push(call);
  }

  // 200 legs use 60 %, so 267 use 80 %.
  assert.is(taken.length, 67);
});

test('takes calls again when the worker has used a tenth less than the limit for five seconds', () => {
  const overload = new Overload(SETTINGS);
  const told = (fromMs: number, toMs: number, usedPercent: number): void => {
    for (let atMs = fromMs; atMs < toMs; atMs += 100) {
      overload.workerStrained(0, usedPercent, atMs);
    }
  };
  told(0, 1000, 90);

  told(1000, 9000, 75);
  assert.is(overload.verdict(9000), 10, 'three quarters is no calm yet');
  told(9000, 13_900, 70);
  assert.is(overload.verdict(13_900), 10);
  told(13_900, 14_200, 70);

  assert.is(overload.verdict(14_200), 'ok');
});

test('never refuses for time used where the settings say 100', () => {
  const overload = new Overload({
    ...SETTINGS,
    mediaBusyPercent: 100,
    mainThreadBusyPercent: 100,
  });

  for (let atMs = 0; atMs < 5000; atMs += 100) {
    overload.workerStrained(0, 100, atMs);
    overload.mainThreadLoad({ lagMs: 0, busyPercent: 100 }, atMs);
  }

  assert.is(overload.verdict(5000), 'ok');
});

test('is not kept from taking calls again by what the settings never refuse for', () => {
  const overload = new Overload({
    ...SETTINGS,
    mediaBusyPercent: 100,
    mainThreadBusyPercent: 100,
  });
  overload.workerFigures(0, late(10), 0);
  assert.is(overload.verdict(0), 10);

  overload.workerFigures(0, late(0), 1000);
  for (let atMs = 1000; atMs <= 7000; atMs += 100) {
    overload.workerStrained(0, 99, atMs);
    overload.mainThreadLoad({ lagMs: 0, busyPercent: 99 }, atMs);
  }

  assert.is(overload.verdict(7000), 'ok');
});

test('refuses when signalling has had no time left in three measurements in a row, though it does not lag', () => {
  const changes: OverloadChange[] = [];
  const overload = new Overload(SETTINGS, { changed: (change) => changes.push(change) });

  for (const [at, busyPercent] of [95, 95, 40, 95, 95].entries()) {
    overload.mainThreadLoad({ lagMs: 20, busyPercent }, at * 500);
    assert.is(overload.verdict(at * 500), 'ok');
  }
  overload.mainThreadLoad({ lagMs: 20, busyPercent: 97 }, 2500);

  assert.is(overload.verdict(2500), 10);
  assert.equal(changes, [{ type: 'overloaded', cause: 'busy-signalling', measured: 97 }]);
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
    overload?.workerFigures(0, { ...FIGURES, ticks, lateTicks }, second * 1000);
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
