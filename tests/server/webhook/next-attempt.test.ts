import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { nextAttemptAtMs } from '../../../server/webhook/next-attempt.ts';

test('waits 1 s, 10 s, 1 min, 5 min, 30 min, then 2 h each time', () => {
  const waits = [1, 2, 3, 4, 5, 6, 7, 50].map((attempts) => nextAttemptAtMs(attempts, 0, 1e12));

  assert.equal(waits, [1_000, 10_000, 60_000, 300_000, 1_800_000, 7_200_000, 7_200_000, 7_200_000]);
});

test('gives up when the next attempt would be too late', () => {
  assert.is(nextAttemptAtMs(1, 0, 1_001), 1_000);
  assert.is(nextAttemptAtMs(1, 0, 1_000), null);
});

test.run();
