import v8 from 'node:v8';
import vm from 'node:vm';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { LatestMap } from '../../../server/runtime/latest-map.ts';

v8.setFlagsFromString('--expose-gc');
const collect = vm.runInNewContext('gc') as () => void;

test('forgets first what was written longest ago', () => {
  const latest = new LatestMap<number>(2);
  latest.set('a', 1);
  latest.set('b', 2);
  latest.set('a', 3);
  latest.set('c', 4);

  assert.is(latest.size, 2);
  assert.equal(
    ['a', 'b', 'c'].map((key) => latest.get(key)),
    [3, undefined, 4],
  );
});

test('is not kept by reading', () => {
  const latest = new LatestMap<number>(2);
  latest.set('a', 1);
  latest.set('b', 2);
  latest.get('a');

  latest.set('c', 3);

  assert.is(latest.get('a'), undefined);
  assert.is(latest.get('b'), 2);
});

test('has room again for as many as were deleted', () => {
  const latest = new LatestMap<number>(2);
  latest.set('a', 1);
  latest.set('b', 2);
  latest.delete('a');
  latest.delete('b');
  latest.delete('never there');
  latest.set('c', 3);
  latest.set('d', 4);

  assert.is(latest.size, 2);
  latest.set('e', 5);
  assert.equal(
    ['c', 'd', 'e'].map((key) => latest.get(key)),
    [undefined, 4, 5],
  );
});

test('keeps the same entries as a list that is searched, whatever is done to it', () => {
  const latest = new LatestMap<number>(20);
  let list: (readonly [key: string, value: number])[] = [];
  let chance = 7;

  for (let step = 0; step < 20_000; step += 1) {
    chance = (chance * 1_103_515_245 + 12_345) % 2_147_483_648;
    const key = String((chance >>> 8) % 60);
    list = list.filter(([other]) => other !== key);
    if (chance % 5 === 0) {
      latest.delete(key);
    } else {
      latest.set(key, step);
      list = [...list, [key, step] as const].slice(-20);
    }
    assert.is(latest.size, list.length);
  }

  assert.equal(
    list.map(([key]) => latest.get(key)),
    list.map(([, value]) => value),
  );
});

test('keeps nothing of what is written over, however often', () => {
  const latest = new LatestMap<number>(1000);
  const bytesAfter = (writes: number): number => {
    for (let i = 0; i < writes; i += 1) latest.set(`key ${i % 100}`, i);
    collect();
    return process.memoryUsage().heapUsed;
  };
  const before = bytesAfter(10_000);

  const growth = bytesAfter(200_000) - before;

  assert.ok(growth < 1_000_000, `${growth} bytes`);
});

test.run();
