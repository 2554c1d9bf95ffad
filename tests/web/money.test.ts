import { test } from 'uvu';
import * as assert from 'uvu/assert';

import { milliOf, milliText, money } from '../../web/money.ts';

/** Intl writes blanks that do not break. */
const plain = (text: string): string => text.replace(/[\u00a0\u202f]/gu, ' ');

test('says an amount in the way of the language', () => {
  assert.is(plain(money(1250, 'PLN', 'pl')), '1,25 zł');
  assert.is(plain(money(1250, 'PLN', 'en')), 'PLN 1.25');
});

test('shows thousandths only when there are some', () => {
  assert.is(plain(money(90, 'PLN', 'pl')), '0,09 zł');
  assert.is(plain(money(355, 'PLN', 'pl')), '0,355 zł');
});

for (const [text, milli] of [
  ['20', 20_000],
  ['12,50', 12_500],
  ['12.5', 12_500],
  ['-3', -3000],
  ['1 000,005', 1_000_005],
  ['0.29', 290],
] as const) {
  test(`reads ${text} as ${milli} thousandths`, () => {
    assert.is(milliOf(text), milli);
  });
}

for (const text of ['', 'abc', '1,2345', '1.2.3', '--1', '1e3', '1,000,000', '9999999999']) {
  test(`does not take "${text}" for an amount`, () => {
    assert.is(milliOf(text), null);
  });
}

test('writes thousandths so that they are read back', () => {
  assert.is(milliText(12_500), '12.5');
  assert.is(milliOf(milliText(1_000_005)), 1_000_005);
  assert.is(milliText(null), '');
});

test.run();
