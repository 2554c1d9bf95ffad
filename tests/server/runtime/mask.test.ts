import { test } from 'uvu';
import * as assert from 'uvu/assert';

import { maskNumber } from '../../../server/runtime/mask.ts';

const CASES: readonly (readonly [number: string, masked: string])[] = [
  ['+48 22 350 09 08', '+48******908'],
  ['+48223500908', '+48******908'],
  ['0048223500908', '00********908'],
  ['223500908', '22****908'],
  ['22-350-09', '22***09'],
  ['2235009', '22***09'],
  // Too short to show any of it.
  ['223500', '******'],
  ['908', '***'],
  ['1', '*'],
  ['', ''],
  // Not numbers.
  ['alice', 'a***'],
  ['Bob', '***'],
  ['anonymous', 'a***'],
  ['+', '***'],
  ['600100200@example.org', '6***'],
];

for (const [number, masked] of CASES) {
  test(`masks ${JSON.stringify(number)} as ${JSON.stringify(masked)}`, () => {
    assert.is(maskNumber(number), masked);
  });
}

test('keeps an endless number from filling the log', () => {
  assert.is(maskNumber('7'.repeat(5000)).length, 25);
});

test.run();
