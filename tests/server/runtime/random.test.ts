import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { pooledHex, systemRandom } from '../../../server/runtime/random.ts';

/** A pool that is filled with 1, 2, 3 … over and over, so that each byte can be told. */
function counted(): { readonly hex: (bytes: number) => string; readonly pools: Buffer[] } {
  const pools: Buffer[] = [];
  let next = 0;
  const hex = pooledHex((pool) => {
    pools.push(pool);
    for (let at = 0; at + 4 <= pool.length; at += 4) {
      next += 1;
      pool.writeUInt32BE(next, at);
    }
  });
  return { hex, pools };
}

test('gives out no byte twice, over many fillings of the pool', () => {
  const { hex, pools } = counted();

  const given = Array.from({ length: 10_000 }, () => hex(4));

  assert.is(new Set(given).size, 10_000);
  assert.is(given[0], '00000001');
  assert.is(pools.length, Math.ceil((10_000 * 4) / 8192));
});

test('leaves nothing of what it gave out in the pool', () => {
  const { hex, pools } = counted();
  hex(16);
  hex(3);

  const [pool] = pools;
  assert.ok(pool);
  assert.ok(pool.subarray(0, 19).every((byte) => byte === 0));
  assert.ok(pool.subarray(20).some((byte) => byte !== 0));
});

test('fills the pool anew when what is left is too little, and does not join two fillings', () => {
  const { hex, pools } = counted();
  for (let turn = 0; turn < 40; turn += 1) hex(200);
  const last = hex(200);

  assert.is(pools.length, 2);
  assert.is(last.slice(0, 8), (8192 / 4 + 1).toString(16).padStart(8, '0'));
});

test('is as long as it shall be, also when that is much, and never the same', () => {
  for (const bytes of [0, 1, 8, 16, 256, 257, 100_000]) {
    const text = systemRandom.hex(bytes);
    assert.is(text.length, 2 * bytes);
    assert.match(text, /^[0-9a-f]*$/u);
  }
  const given = new Set(Array.from({ length: 20_000 }, () => systemRandom.hex(8)));
  assert.is(given.size, 20_000);
});

test.run();
