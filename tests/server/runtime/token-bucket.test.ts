import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { RatePerKey } from '../../../server/runtime/rate-per-key.ts';
import { TokenBucket } from '../../../server/runtime/token-bucket.ts';

/** How many of so many tries go through at one moment. */
function passed(take: () => boolean, tries: number): number {
  return Array.from({ length: tries }, take).filter(Boolean).length;
}

test('lets its capacity through at once, and then as much as flows in', () => {
  const bucket = new TokenBucket({ perSecond: 2, capacity: 5, nowMs: 1000 });

  assert.is(
    passed(() => bucket.take(1000), 10),
    5,
  );
  assert.is(bucket.take(1499), false);
  assert.is(bucket.take(1500), true);
  assert.is(
    passed(() => bucket.take(2500), 10),
    2,
  );
});

test('holds no more than its capacity, however long nothing came', () => {
  const bucket = new TokenBucket({ perSecond: 2, capacity: 5, nowMs: 0 });

  assert.is(
    passed(() => bucket.take(1_000_000), 10),
    5,
  );
});

test('gains nothing from a clock that goes back', () => {
  const bucket = new TokenBucket({ perSecond: 1, capacity: 1, nowMs: 5000 });
  bucket.take(5000);

  assert.is(bucket.take(0), false);
  assert.is(bucket.take(1000), true);
});

test('goes by other terms from there on: what it holds is cut, never filled up', () => {
  const bucket = new TokenBucket({ perSecond: 1, capacity: 4, nowMs: 0 });

  bucket.goBy({ perSecond: 1, capacity: 2 });
  assert.is(
    passed(() => bucket.take(0), 10),
    2,
  );
  bucket.goBy({ perSecond: 10, capacity: 20 });
  assert.is(bucket.take(0), false);
  assert.is(
    passed(() => bucket.take(1000), 30),
    10,
  );
});

test('gives each key a minute of its own', () => {
  const rate = new RatePerKey(100);

  assert.is(
    passed(() => rate.take('a', 3, 0), 10),
    3,
  );
  assert.is(
    passed(() => rate.take('b', 3, 0), 10),
    3,
  );
  assert.is(
    passed(() => rate.take('a', 3, 19_999), 10),
    0,
  );
  assert.is(
    passed(() => rate.take('a', 3, 20_000), 10),
    1,
  );
  assert.is(
    passed(() => rate.take('a', 3, 600_000), 10),
    3,
  );
});

test('goes by the number a minute that is told last', () => {
  const rate = new RatePerKey(100);

  assert.is(
    passed(() => rate.take('a', 10, 0), 4),
    4,
  );
  assert.is(
    passed(() => rate.take('a', 2, 0), 10),
    2,
  );
  assert.is(
    passed(() => rate.take('a', 60, 1000), 10),
    1,
  );
});

test('remembers a key that goes on, however many others knock', () => {
  const rate = new RatePerKey(10);
  rate.take('a', 1, 0);

  for (let index = 0; index < 1000; index += 1) {
    rate.take(`other${index}`, 1, 0);
    assert.is(rate.take('a', 1, 0), false);
  }
});

test.run();
