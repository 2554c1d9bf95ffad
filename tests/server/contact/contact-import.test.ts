import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { readImport } from '../../../server/contact/contact-import.ts';

/** What a line is read as: name, e-mail, phone. */
const LINES: readonly (readonly [string, string, string | null, string | null])[] = [
  ['Anna Nowak; anna@example.com; 501 234 567', 'Anna Nowak', 'anna@example.com', '+48501234567'],
  ['Anna Nowak; 501-234-567; anna@example.com', 'Anna Nowak', 'anna@example.com', '+48501234567'],
  ['anna@example.com, Anna Nowak', 'Anna Nowak', 'anna@example.com', null],
  ['Anna\tNowak\t+48 501 234 567', 'Anna Nowak', null, '+48501234567'],
  ['"Nowak, Anna", anna@example.com', 'Nowak, Anna', 'anna@example.com', null],
  ['"Anna ""Ania"" Nowak"; anna@example.com', 'Anna "Ania" Nowak', 'anna@example.com', null],
  ['Anna Nowak <anna@example.com>', 'Anna Nowak', 'anna@example.com', null],
  ['"Anna Nowak" <anna@example.com>; 501234567', 'Anna Nowak', 'anna@example.com', '+48501234567'],
  ['<anna@example.com>', '', 'anna@example.com', null],
  ['mailto:anna@example.com; tel:+48501234567', '', 'anna@example.com', '+48501234567'],
  ['Anna; anna@example.com;;', 'Anna', 'anna@example.com', null],
  ['Dział 12; anna@example.com', 'Dział 12', 'anna@example.com', null],
  ['Jan; +1 (201) 555-0123', 'Jan', null, '+12015550123'],
];

test('reads name, mail and phone in any order and with any separator', () => {
  for (const [line, name, email, phone] of LINES) {
    const { lines, problems } = readImport(line, '48');

    assert.equal(problems, [], line);
    assert.equal(lines, [{ name, email, phone, groupIds: [], line: 1 }], line);
  }
});

test('names the line of each problem, and reads the others', () => {
  const text = [
    '\uFEFFImię i nazwisko; E-mail; Telefon',
    'Anna; anna@example.com',
    '',
    'Jan',
    'Ewa; ewa@',
    'Jerzy; 22 350 09 08',
    'Ola; ola@example.com; ola@example.org',
    'Ala; 501234567; 502234567',
    'Iza; 12345',
    'Zoe; zoe@example.com',
  ].join('\r\n');

  const { lines, problems } = readImport(text, '48');

  assert.equal(
    lines.map(({ name, line }) => [name, line]),
    [
      ['Anna', 2],
      ['Zoe', 10],
    ],
  );
  assert.equal(
    problems.map(({ code, line }) => [code, line]),
    [
      ['contact-empty', 4],
      ['bad-email', 5],
      ['landline', 6],
      ['one-only', 7],
      ['one-only', 8],
      ['bad-phone', 9],
    ],
  );
});

test('is done with hostile text at once', () => {
  const texts = [
    '"'.repeat(200_000),
    ';'.repeat(200_000),
    '<'.repeat(200_000),
    '@'.repeat(200_000),
  ];
  for (const text of [...texts, 'a@b.pl\n'.repeat(28_000), '\n'.repeat(200_000)]) {
    const { lines, problems } = readImport(text, '48');
    assert.ok(lines.length <= 5000);
    assert.ok(problems.length <= 200);
  }
});

test.run();
