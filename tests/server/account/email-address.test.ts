import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { readEmailAddress } from '../../../server/account/email-address.ts';

const keyOf = (text: string): string | null => readEmailAddress(text)?.emailKey ?? null;

test('spellings of one mailbox have one key: case, blanks around, IDN in letters or in ASCII, width', () => {
  const spellings = [
    'ala@żółw.example',
    ' Ala@ŻÓŁW.example ',
    'ALA@xn--w-uga1v8h.example',
    'ala@żółw.example'.normalize('NFD'),
    'ａｌａ@żółw.example',
  ];

  assert.equal([...new Set(spellings.map(keyOf))], ['ala@xn--w-uga1v8h.example']);
});

test('different mailboxes have different keys', () => {
  const keys = ['ala@a.pl', 'ala+x@a.pl', 'a.la@a.pl', 'ala@b.pl', 'ala@a.pl.com'].map(keyOf);

  assert.is(new Set(keys).size, 5);
});

test('the address stays as it was written', () => {
  assert.is(readEmailAddress(' Ala.Nowak@Example.ORG ')?.email, 'Ala.Nowak@Example.ORG');
});

test('what is no address is refused', () => {
  for (const bad of [
    '',
    'ala',
    'ala@',
    '@example.org',
    'ala@example',
    'ala@example..org',
    'ala@-example.org',
    'ala@example.org.',
    'ala@127.0.0.1',
    'ala@[127.0.0.1]',
    'ala@example.org/path',
    'ala@example.org:25',
    'ala@example.org?x',
    'ala@user@example.org',
    'a la@example.org',
    '"a la"@example.org',
    '.ala@example.org',
    'ala..x@example.org',
    'ala@example.org\r\nBcc: x@y.pl',
    'ala\r\n@example.org',
    'ala@exa\u0000mple.org',
    'ala@exa%6dple.org',
    `${'a'.repeat(65)}@example.org`,
    `ala@${'a'.repeat(64)}.org`,
    `ala@${'abc.'.repeat(63)}org`,
    'a@b.pl, c@d.pl',
  ]) {
    assert.is(keyOf(bad), null, JSON.stringify(bad));
  }
});

test('64 characters before the @ and 63 in a label are taken', () => {
  assert.ok(keyOf(`${'a'.repeat(64)}@example.org`));
  assert.ok(keyOf(`ala@${'a'.repeat(63)}.org`));
});

test.run();
