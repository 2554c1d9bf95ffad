import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { watchMainThreadLag } from '../../server/runtime/main-thread-lag.ts';

test('tells of a turn that blocks the event loop, in the second in which it ends', async () => {
  const lags: number[] = [];
  // The watch itself keeps no process alive.
  const alive = setInterval(() => undefined, 1000);

  await new Promise<void>((resolve) => {
    const stop = watchMainThreadLag((lagMs) => {
      lags.push(lagMs);
      if (lags.length === 1) {
        const untilMs = performance.now() + 500;
        while (performance.now() < untilMs);
      } else {
        stop();
        resolve();
      }
    });
  });
  clearInterval(alive);

  assert.is(lags.length, 2);
  assert.ok((lags[1] ?? 0) >= 400, `${lags.join(', ')} ms`);
});

test.run();
