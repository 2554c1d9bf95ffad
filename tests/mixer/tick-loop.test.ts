import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { runTickLoop } from '../../mixer/tick-loop.ts';
import { TICK_MS, TickSchedule } from '../../mixer/tick-schedule.ts';

/** A loop whose clock runs a tick with each look, so that it never waits; idle after so many ticks. */
function loopOf(busyTicks: number): {
  readonly seen: readonly string[];
  readonly schedule: TickSchedule;
  readonly wakeFor: (ticks: number) => void;
} {
  let nowMs = 0;
  let left = busyTicks;
  const seen: string[] = [];
  const schedule = new TickSchedule(nowMs);
  const loop = runTickLoop(
    schedule,
    {
      drain: () => {},
      tick: () => {
        left -= 1;
      },
      skip: () => {},
      turned: () => seen.push('turned'),
      rest: () => seen.push('rest'),
      get isIdle() {
        return left <= 0;
      },
    },
    () => (nowMs += TICK_MS),
  );
  return {
    ...{ seen, schedule },
    wakeFor(ticks) {
      left = ticks;
      loop.wake();
    },
  };
}

/** Lets the event loop go round so many times. */
async function rounds(count: number): Promise<void> {
  for (let i = 0; i < count; i += 1) await new Promise((resolve) => setImmediate(resolve));
}

test('says when it rests, once each time', async () => {
  const { seen, wakeFor } = loopOf(1);

  await rounds(20);
  assert.equal(seen, ['turned', 'rest']);
  wakeFor(1);
  wakeFor(1);
  await rounds(20);

  assert.equal(seen, ['turned', 'rest', 'turned', 'rest']);
});

test('rests at once where nothing is to be done', async () => {
  const { seen, schedule } = loopOf(0);

  await rounds(5);

  assert.equal(seen, ['rest']);
  assert.is(schedule.ticks, 0);
});

test.run();
