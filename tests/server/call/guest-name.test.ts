import { test } from 'uvu';
import * as assert from 'uvu/assert';

import { cleanName } from '../../../server/call/guest-name.ts';

const SHOWN: readonly (readonly [string, string])[] = [
  ['Zażółć Gęślą', 'Zażółć Gęślą'],
  ['👩‍💻 Ola', '👩‍💻 Ola'],
  ['Ola\u200b\ufeff\u00ad', 'Ola'],
  ['\u3164\u2800', '?'],
  ['\u200d\ufe0f', '?'],
  ['\u061cOla', 'Ola'],
  ['\ud800Ola', 'Ola'],
  ['+48 *** *** 123', '+48 123'],
  [`O${'\u0301'.repeat(50)}la`, `O${'\u0301'.repeat(3)}la`],
  ['<b>Ola</b>', '<b>Ola</b>'],
];

for (const [typed, shown] of SHOWN) {
  test(`a guest who types ${JSON.stringify(typed.slice(0, 15))} is called ${JSON.stringify(shown)}`, () => {
    assert.is(cleanName(typed), shown);
  });
}

test.run();
