import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { encodeGsm7, segmentsOf } from '../../../../server/notice/sms/gsm7.ts';

const SIZES: readonly [
  name: string,
  text: string,
  encoding: string,
  units: number,
  segments: number,
][] = [
  ['an empty text', '', 'gsm-7', 0, 1],
  ['160 letters', 'a'.repeat(160), 'gsm-7', 160, 1],
  ['161 letters', 'a'.repeat(161), 'gsm-7', 161, 2],
  ['306 letters', 'a'.repeat(306), 'gsm-7', 306, 2],
  ['307 letters', 'a'.repeat(307), 'gsm-7', 307, 3],
  ['80 euro signs', '€'.repeat(80), 'gsm-7', 160, 1],
  ['an escape at the end of 159', `${'a'.repeat(159)}€`, 'gsm-7', 161, 2],
  // 152 letters leave one septet: the euro sign goes to the second part, and so does one letter of the 306.
  ['an escape that does not fit', `${'a'.repeat(152)}€${'a'.repeat(152)}`, 'gsm-7', 306, 3],
  ['an escape that fits', `${'a'.repeat(151)}€${'a'.repeat(153)}`, 'gsm-7', 306, 2],
  ['every sign of the extension table', '\f^{}\\[~]|€', 'gsm-7', 20, 1],
  [
    'Greek capitals and accents of the default alphabet',
    'ΔΦΓΛΩΠΨΣΘΞ@£$¥èéùìòÇØøÅåÆæßÉ¤¡ÄÖÑÜ§¿äöñüà',
    'gsm-7',
    41,
    1,
  ],
  ['one Polish letter', 'ą', 'ucs-2', 1, 1],
  ['70 Polish letters', 'ż'.repeat(70), 'ucs-2', 70, 1],
  ['71 Polish letters', 'ż'.repeat(71), 'ucs-2', 71, 2],
  ['134 Polish letters', 'ż'.repeat(134), 'ucs-2', 134, 2],
  ['135 Polish letters', 'ż'.repeat(135), 'ucs-2', 135, 3],
  ['35 signs of two code units', '📞'.repeat(35), 'ucs-2', 70, 1],
  ['a pair that does not fit', `${'ż'.repeat(66)}📞${'ż'.repeat(66)}`, 'ucs-2', 134, 3],
  ['the escape itself, which is no character', '\u001b', 'ucs-2', 1, 1],
  ['a grave accent, which GSM-7 lacks', '`', 'ucs-2', 1, 1],
];

for (const [name, text, encoding, units, segments] of SIZES) {
  test(`measures ${name} (3GPP TS 23.038 §6.2)`, () => {
    assert.equal(segmentsOf(text), { encoding, units, segments });
  });
}

const SEPTETS: readonly [string, readonly number[]][] = [
  ['@', [0x00]],
  ['$', [0x02]],
  ['\n', [0x0a]],
  ['_', [0x11]],
  ['É', [0x1f]],
  [' ', [0x20]],
  ['09', [0x30, 0x39]],
  ['¡', [0x40]],
  ['AZ', [0x41, 0x5a]],
  ['Ä', [0x5b]],
  ['¿', [0x60]],
  ['az', [0x61, 0x7a]],
  ['à', [0x7f]],
  ['€', [0x1b, 0x65]],
  ['[]', [0x1b, 0x3c, 0x1b, 0x3e]],
  ['ł', [0x3f]],
];

for (const [text, septets] of SEPTETS) {
  test(`encodes ${JSON.stringify(text)} by the table (3GPP TS 23.038 §6.2.1)`, () => {
    assert.equal([...encodeGsm7(text)], [...septets]);
  });
}

test.run();
