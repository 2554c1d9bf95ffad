import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { watchMainThreadLag } from '../../server/runtime/main-thread-lag.ts';
import type { MainThreadLoad } from '../../server/runtime/main-thread-lag.ts';

test('tells of a turn that blocks the event loop, in the half second in which it ends, and that it was busy', async () => {
  const loads: MainThreadLoad[] = [];
  // The watch itself keeps no process alive.
  const alive = setInterval(() => undefined, 1000);

  await new Promise<void>((resolve) => {
    const stop = watchMainThreadLag((load) => {
      loads.push(load);
      if (loads.length === 1) {
        const untilMs = performance.now() + 500;
        while (performance.now() < untilMs);
      } else {
        stop();
        resolve();
      }
    });
  });
  clearInterval(alive);

  assert.is(loads.length, 2);
  const told = JSON.stringify(loads);
  assert.ok((loads[1]?.lagMs ?? 0) >= 400, told);
  assert.ok((loads[1]?.busyPercent ?? 0) >= 80, told);
  assert.ok((loads[0]?.busyPercent ?? 100) <= 60, told);
});

test.run();
