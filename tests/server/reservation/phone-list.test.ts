import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { readPhone, readPhones } from '../../../server/reservation/phone-list.ts';

const OPTIONS = { defaultCountry: '48', most: 200 };

const MOBILES: readonly (readonly [text: string, phone: string])[] = [
  ['501234567', '+48501234567'],
  ['501 234 567', '+48501234567'],
  ['(+48) 501-234-567', '+48501234567'],
  ['0048 501 234 567', '+48501234567'],
  ['+48\u00a0501\u00a0234\u00a0567', '+48501234567'],
  ['+44 7400 123456', '+447400123456'],
  ['+44 (0) 7400 123456', '+447400123456'],
  ['00447400123456', '+447400123456'],
  // North America: mobiles and landlines look alike.
  ['+1 650 253 0000', '+16502530000'],
];

for (const [text, phone] of MOBILES) {
  test(`reads ${text} as ${phone}`, () => {
    assert.equal(readPhone(text, '48'), { outcome: 'mobile', phone });
  });
}

for (const text of ['22 350 09 08', '+48 22 350 09 08', '+49 30 901820', '800 123 456']) {
  test(`finds that no SMS reaches ${text}`, () => {
    assert.equal(readPhone(text, '48'), { outcome: 'landline' });
  });
}

const NO_NUMBERS = [
  '',
  '908',
  '50123456',
  '5012345678',
  '+999 501234567',
  '501234567 ext. 5',
  'Anna 501234567',
  'call me',
  '+48501234567 +48501234568',
  '5'.repeat(10_000),
  `${' '.repeat(10_000)}501234567`,
  '\u0000',
];

for (const text of NO_NUMBERS) {
  test(`refuses ${JSON.stringify(text.slice(0, 30))}`, () => {
    assert.equal(readPhone(text, '48'), { outcome: 'not-a-number' });
  });
}

test('reads a national number with the country of the settings, known or not', () => {
  assert.equal(readPhone('07400 123456', '44'), { outcome: 'mobile', phone: '+447400123456' });
  assert.equal(readPhone('501234567', '9999'), { outcome: 'not-a-number' });
  assert.equal(readPhone('+48501234567', '9999'), { outcome: 'mobile', phone: '+48501234567' });
});

test('takes lists apart at commas, semicolons and line ends and merges duplicates', () => {
  const list = readPhones(
    ['501 234 567, +48 501 234 567;\r\n0048501234567', '', ' ;\n', '602 345 678'],
    OPTIONS,
  );

  assert.equal(list, { phones: ['+48501234567', '+48602345678'], problems: [] });
});

test('names each bad entry with its place and keeps the good ones', () => {
  const list = readPhones(['501234567', 'x; 22 350 09 08', 'x', '12'], OPTIONS);

  assert.equal(list, {
    phones: ['+48501234567'],
    problems: [
      { code: 'bad-phone', field: 'phones', facts: { given: 'x', index: 1 } },
      { code: 'landline', field: 'phones', facts: { given: '22 350 09 08', index: 1 } },
      { code: 'bad-phone', field: 'phones', facts: { given: '12', index: 3 } },
    ],
  });
});

test('refuses more numbers than a reservation may have, counting each once', () => {
  const entries = ['501234567', '501234568', '501234569', '+48501234569'];

  assert.equal(readPhones(entries, { ...OPTIONS, most: 3 }).problems, []);
  assert.equal(readPhones(entries, { ...OPTIONS, most: 2 }).problems, [
    { code: 'too-many-phones', field: 'phones', facts: { given: 3, allowed: 2 } },
  ]);
});

test.run();
