import { test } from 'uvu';
import * as assert from 'uvu/assert';

import { normaliseNumber } from '../../../server/config/phone-number.ts';

const SAME_NUMBER = [
  '223500908',
  '22 350 09 08',
  '22-350-09-08',
  '(22) 350.09/08',
  '+48223500908',
  '+48 22 350 09 08',
  '0048223500908',
  '00 48 22 350 09 08',
  '\u00a022\u2013350\u00a009\u00a008',
];

for (const written of SAME_NUMBER) {
  test(`reads ${JSON.stringify(written)} as 223500908`, () => {
    assert.is(normaliseNumber(written, '48'), '223500908');
  });
}

const OTHERS: readonly (readonly [written: string, read: string])[] = [
  ['908', '908'],
  ['+49 30 123456', '+4930123456'],
  ['004930123456', '+4930123456'],
  // Without a prefix nothing is a country code.
  ['48223500908', '48223500908'],
  // The country code alone is no national number.
  ['+48', '+48'],
  ['alice', 'alice'],
  ['', ''],
  ['+', '+'],
  ['00', '00'],
  ['+48abc', '+48abc'],
];

for (const [written, read] of OTHERS) {
  test(`reads ${JSON.stringify(written)} as ${JSON.stringify(read)}`, () => {
    assert.is(normaliseNumber(written, '48'), read);
  });
}

test('takes off the country code that is set', () => {
  assert.is(normaliseNumber('+1 212 555 0100', '1'), '2125550100');
});

test.run();
