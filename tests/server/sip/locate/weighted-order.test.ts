import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { weightedOrder } from '../../../../server/sip/locate/weighted-order.ts';
import { seededRandom } from '../sip-lab.ts';

const RUNS = 20_000;

function sharesOfFirst(weights: readonly number[]): readonly number[] {
  const random = seededRandom(11);
  const items = weights.map((weight, index) => ({ weight, index }));
  const counts = weights.map(() => 0);
  for (let run = 0; run < RUNS; run += 1) {
    const first = weightedOrder(items, random)[0]?.index ?? 0;
    counts[first] = (counts[first] ?? 0) + 1;
  }
  return counts.map((count) => count / RUNS);
}

test('puts first in proportion to the weight (RFC 2782)', () => {
  const [tenth = 0, third = 0, most = 0] = sharesOfFirst([10, 30, 60]);

  assert.ok(Math.abs(tenth - 0.1) < 0.015, String(tenth));
  assert.ok(Math.abs(third - 0.3) < 0.015, String(third));
  assert.ok(Math.abs(most - 0.6) < 0.015, String(most));
});

test('hardly ever puts weight 0 first beside others, but always somewhere', () => {
  const [none = 0] = sharesOfFirst([0, 50, 50]);
  assert.ok(none > 0 && none < 0.02, String(none));

  const ordered = weightedOrder([{ weight: 0 }, { weight: 5 }, { weight: 0 }], seededRandom(1));
  assert.is(ordered.length, 3);
});

test('brings every one exactly once', () => {
  const random = seededRandom(5);
  for (let size = 0; size < 20; size += 1) {
    const items = Array.from({ length: size }, (_, index) => ({ index, weight: index % 4 }));
    const seen = weightedOrder(items, random).map(({ index }) => index);
    assert.equal(
      [...seen].sort((a, b) => a - b),
      items.map(({ index }) => index),
    );
  }
});

test.run();
