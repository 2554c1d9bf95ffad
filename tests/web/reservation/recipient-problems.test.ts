import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { FieldProblem } from '../../../server/panel/api/problem-api.ts';
import { entryProblems } from '../../../web/reservation/recipient-problems.ts';

const list = (...addresses: readonly string[]) =>
  addresses.map((address) => ({ address, name: '' }));

const problem = (pointer: string, facts: FieldProblem['facts'], detail: string): FieldProblem => ({
  code: 'x',
  pointer,
  facts,
  detail,
});

test('ties a problem to the entry it points at and names it', () => {
  const found = entryProblems(
    list('a@x.pl', 'b@nowhere.pl'),
    [problem('/emails/1', {}, 'No mail goes there.')],
    { kind: 'email', fallback: 'bad' },
  );

  assert.equal([...found.byIndex], [[1, 'No mail goes there.']]);
  assert.equal(
    found.all.map(({ detail }) => detail),
    ['b@nowhere.pl: No mail goes there.'],
  );
});

test('ties a problem without a position to the entry whose number it repeats', () => {
  const found = entryProblems(
    list('501 234 567', '+44 7700 900123'),
    [problem('/phones', { given: '+447700900123' }, 'No price for +447700900123.')],
    { kind: 'phone', fallback: 'bad' },
  );

  assert.equal([...found.byIndex.keys()], [1]);
  assert.is(found.all.length, 1);
});

test('a problem of an entry that is gone is not tied to the one in its place', () => {
  const found = entryProblems(
    list('good@x.pl'),
    [problem('/emails/0', { given: 'bad@' }, '“bad@” is no address.')],
    { kind: 'email', fallback: 'bad' },
  );

  assert.is(found.byIndex.size, 0);
  assert.is(found.all.length, 0);
});

test('marks what cannot be an address before the server has answered', () => {
  const found = entryProblems(list('anna@'), [], { kind: 'email', fallback: 'Not an address.' });

  assert.equal([...found.byIndex], [[0, 'Not an address.']]);
});

test('what is about the whole list stays with the list', () => {
  const found = entryProblems(list('a@x.pl'), [problem('/emails', {}, 'Too many.')], {
    kind: 'email',
    fallback: 'bad',
  });

  assert.is(found.byIndex.size, 0);
  assert.equal(
    found.all.map(({ detail }) => detail),
    ['Too many.'],
  );
});

test.run();
