import { test } from 'uvu';
import * as assert from 'uvu/assert';

import { maskNumber, nameOfCaller } from '../../../server/runtime/mask.ts';

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

const SHOWN: readonly (readonly [caller: string | null, name: string])[] = [
  ['600100200', '+48 *** *** 200'],
  ['0600100200', '+48 *** *** 200'],
  ['+48 600-100-200', '+48 *** *** 200'],
  ['0048600100200', '+48 *** *** 200'],
  ['+12125550123', '+1 *** *** 123'],
  ['+79161234567', '+7 *** *** 567'],
  ['+442079460123', '+44 *** *** 123'],
  ['+420601234567', '+420 *** *** 567'],
  ['+353861234567', '+353 *** *** 567'],
  ['+380501234567', '+380 *** *** 567'],
  ['+971501234567', '+971 *** *** 567'],
  // Too short to show any of it, or no number.
  ['101', '***'],
  ['22350090', '***'],
  ['alice', '***'],
  ['jan.kowalski@example.org', '***'],
  ['', '***'],
  // Withheld.
  [null, ''],
];

for (const [caller, name] of SHOWN) {
  test(`shows ${JSON.stringify(caller)} to others as ${JSON.stringify(name)}`, () => {
    assert.is(nameOfCaller(caller, '48'), name);
  });
}

test.run();
