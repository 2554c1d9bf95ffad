import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { readEmails } from '../../../server/reservation/email-list.ts';

const MOST = 200;

const GOOD: readonly string[] = [
  'a@b.pl',
  'anna.nowak+konfa@example.com',
  "o'brien@example.co.uk",
  'x_y-z@sub-domain.example.museum',
  'anna@żółw.pl',
  '1@1.example',
  `${'a'.repeat(64)}@example.com`,
];

const BAD: readonly string[] = [
  'anna',
  '@example.com',
  'anna@',
  'anna@localhost',
  'anna@example..com',
  'anna@-example.com',
  'anna@example-.com',
  'anna@example.c-',
  'anna@192.168.0.1',
  '.anna@example.com',
  'anna.@example.com',
  'an..na@example.com',
  'anna@nowak@example.com',
  'anna(x)@example.com',
  '<anna@example.com>',
  `${'a'.repeat(65)}@example.com`,
  `anna@${'a'.repeat(64)}.com`,
  `anna@${'a.'.repeat(130)}com`,
];

for (const address of GOOD) {
  test(`takes ${address.slice(0, 60)}`, () => {
    assert.equal(readEmails([address], MOST), { emails: [address], problems: [] });
  });
}

for (const address of BAD) {
  test(`refuses ${address.slice(0, 60)}`, () => {
    assert.equal(readEmails([address], MOST).problems, [
      { code: 'bad-email', field: 'emails', facts: { given: address, index: 0 } },
    ]);
  });
}

test('merges duplicates without regard to case and keeps the first spelling', () => {
  const entries = ['Anna@example.com, jan@example.com', ' anna@EXAMPLE.com;', '', ' ,;\r\n'];

  assert.equal(readEmails(entries, MOST), {
    emails: ['Anna@example.com', 'jan@example.com'],
    problems: [],
  });
});

test('names each bad entry and keeps the good ones', () => {
  const list = readEmails(['x', 'jan@example.com', 'y@', 'x'], MOST);

  assert.equal(
    list.problems.map(({ facts }) => facts),
    [
      { given: 'x', index: 0 },
      { given: 'y@', index: 2 },
    ],
  );
  assert.ok(list.emails.includes('jan@example.com'));
});

test('refuses more addresses than a reservation may have', () => {
  const entries = Array.from({ length: MOST + 1 }, (_, index) => `p${index}@example.com`);

  assert.equal(readEmails(entries.slice(1), MOST).problems, []);
  assert.equal(readEmails(entries, MOST).problems, [
    { code: 'too-many-emails', field: 'emails', facts: { given: 201, allowed: 200 } },
  ]);
});

test('reads a long hostile entry in time that grows no faster than its length', () => {
  const list = readEmails([`${'a.'.repeat(50_000)}@${'a-'.repeat(50_000)}`], MOST);

  assert.is(list.problems.length, 1);
});

test.run();
