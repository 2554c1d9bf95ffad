import { test } from 'uvu';
import * as assert from 'uvu/assert';
import {
  addRecipients,
  isSameAddress,
  looksRight,
  shownPhone,
  splitRecipients,
  type RecipientKind,
} from '../../../web/reservation/recipients.ts';

const shown = (text: string, kind: RecipientKind): readonly string[] =>
  splitRecipients(text, kind).map(({ name, address }) => `${name}|${address}`);

const PASTED: readonly (readonly [RecipientKind, string, readonly string[]])[] = [
  ['email', 'anna@example.com', ['|anna@example.com']],
  ['email', 'a@x.pl, b@x.pl;c@x.pl\nd@x.pl', ['|a@x.pl', '|b@x.pl', '|c@x.pl', '|d@x.pl']],
  ['email', 'a@x.pl b@x.pl', ['|a@x.pl', '|b@x.pl']],
  ['email', '"Nowak, Anna" <anna@x.pl>, Jan <jan@x.pl>', ['Nowak, Anna|anna@x.pl', 'Jan|jan@x.pl']],
  ['email', 'Anna Nowak anna@x.pl', ['Anna Nowak|anna@x.pl']],
  [
    'email',
    'Anna Nowak; anna@x.pl\nŁukasz; lukasz@x.pl',
    ['Anna Nowak|anna@x.pl', 'Łukasz|lukasz@x.pl'],
  ],
  ['email', 'Anna Nowak\tanna@x.pl\r\nb@x.pl', ['Anna Nowak|anna@x.pl', '|b@x.pl']],
  ['email', '<anna@x.pl>', ['|anna@x.pl']],
  ['email', 'anna@', ['|anna@']],
  ['email', 'anna.x.pl; b@x.pl', ['|anna.x.pl', '|b@x.pl']],
  ['email', 'Anna Nowak; Jan Kot; jan@x.pl', ['|Anna Nowak', 'Jan Kot|jan@x.pl']],
  ['email', 'Jan Kot', ['|Jan Kot']],
  ['email', ' ;, \n ', []],
  ['phone', '501 234 567', ['|501 234 567']],
  ['phone', '+48501234567, 601-222-333', ['|+48501234567', '|601-222-333']],
  ['phone', 'Anna Nowak 501 234 567', ['Anna Nowak|501 234 567']],
  ['phone', 'Anna Nowak; 501234567', ['Anna Nowak|501234567']],
  ['phone', 'Jan: +44 7700 900123', ['Jan|+44 7700 900123']],
  ['phone', '(22) 350-09-08', ['|(22) 350-09-08']],
  ['phone', '12', ['|12']],
  ['phone', 'anna@x.pl 501234567', ['|anna@x.pl 501234567']],
];

for (const [kind, text, expected] of PASTED) {
  test(`takes apart ${kind}s pasted as ${JSON.stringify(text)}`, () => {
    assert.equal(shown(text, kind), expected);
  });
}

test('nobody is on the list twice, however the address is written', () => {
  const mails = addRecipients(
    splitRecipients('anna@x.pl', 'email'),
    splitRecipients('ANNA@x.pl b@x.pl b@x.pl', 'email'),
    'email',
  );
  const phones = addRecipients(
    splitRecipients('+48 501 234 567', 'phone'),
    splitRecipients('0048501234567', 'phone'),
    'phone',
  );

  assert.equal(
    mails.map(({ address }) => address),
    ['anna@x.pl', 'b@x.pl'],
  );
  assert.is(phones.length, 1);
  assert.is(isSameAddress('501-234-567', '501234567', 'phone'), true);
});

test('sees what cannot be an address', () => {
  for (const good of ['a@x.pl', "o'neil+x@mail.example.com", 'zażółć@x.pl'])
    assert.is(looksRight(good, 'email'), true, good);
  for (const bad of ['a', 'a@', '@x.pl', 'a@x', 'a b@x.pl', 'a@x.p'])
    assert.is(looksRight(bad, 'email'), false, bad);
  for (const good of ['501234567', '+48 501 234 567', '0048 501-234-567'])
    assert.is(looksRight(good, 'phone'), true, good);
  for (const bad of ['12345', '5012345678901234', 'abc', '501 23x 567'])
    assert.is(looksRight(bad, 'phone'), false, bad);
});

test('shows Polish numbers in groups of three', () => {
  assert.is(shownPhone('+48501234567'), '+48 501 234 567');
  assert.is(shownPhone('+447700900123'), '+447700900123');
});

test.run();
