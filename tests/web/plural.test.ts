import { test } from 'uvu';
import * as assert from 'uvu/assert';

import { plural } from '../../web/plural.ts';

const people = { one: 'osoba', few: 'osoby', many: 'osób', other: 'osoby' } as const;

for (const [n, form] of [
  [0, 'osób'],
  [1, 'osoba'],
  [2, 'osoby'],
  [4, 'osoby'],
  [5, 'osób'],
  [11, 'osób'],
  [12, 'osób'],
  [14, 'osób'],
  [21, 'osób'],
  [22, 'osoby'],
  [25, 'osób'],
  [112, 'osób'],
  [122, 'osoby'],
  [1.5, 'osoby'],
] as const) {
  test(`says ${n} ${form} in Polish`, () => {
    assert.is(plural('pl', n, people), form);
  });
}

test('has two forms in English', () => {
  const forms = { one: 'person', other: 'people' };

  const said = [0, 1, 2, 21].map((n) => plural('en', n, forms));

  assert.equal(said, ['people', 'person', 'people', 'people']);
});

test('falls back to the other form when a language needs one that was not given', () => {
  assert.is(plural('pl', 5, { one: 'raz', other: 'razy' }), 'razy');
});

test.run();
