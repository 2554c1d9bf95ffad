import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Contact } from '../../../server/panel/api/contact-api.ts';
import { searchContacts, suggest } from '../../../web/contact/contact-search.ts';

const contact = (name: string, parts: Partial<Contact> = {}): Contact => ({
  contactId: name,
  name,
  email: `${name.split(' ')[0]?.toLowerCase() ?? ''}@x.pl`,
  phone: null,
  groupIds: [],
  ...parts,
});

const LUKASZ = contact('Łukasz Żak', {
  email: 'lukasz@x.pl',
  phone: '+48501234567',
  groupIds: ['g'],
});
const ANNA = contact('Anna Kowalska', { groupIds: ['g'] });
const ZOFIA = contact('Zofia Żak', { email: null, phone: '+48601222333' });
const ALL = [ANNA, LUKASZ, ZOFIA];
const LIST = {
  contacts: ALL,
  groups: [
    { groupId: 'g', name: 'Zarząd' },
    { groupId: 'h', name: 'Zarządcy bez nikogo' },
  ],
};

const names = (contacts: readonly Contact[]): readonly string[] => contacts.map(({ name }) => name);

test('finds by every word, whatever its case and accents', () => {
  assert.equal(names(searchContacts(ALL, 'zak', null)), ['Łukasz Żak', 'Zofia Żak']);
  assert.equal(names(searchContacts(ALL, 'ŻAK luk', null)), ['Łukasz Żak']);
  assert.equal(names(searchContacts(ALL, '', null)).length, 3);
});

test('finds by e-mail, by phone with and without its country, and within a group', () => {
  assert.equal(names(searchContacts(ALL, 'anna@', null)), ['Anna Kowalska']);
  assert.equal(names(searchContacts(ALL, '601222', null)), ['Zofia Żak']);
  assert.equal(names(searchContacts(ALL, '+48601', null)), ['Zofia Żak']);
  assert.equal(names(searchContacts(ALL, 'zak', 'g')), ['Łukasz Żak']);
});

test('proposes groups first, and only who has such an address and is not on the list', () => {
  const taken = new Set<string>();

  assert.equal(
    suggest(LIST, 'email', { text: 'za', taken }).map(({ type, name }) => `${type} ${name}`),
    ['group Zarząd', 'contact Łukasz Żak'],
  );
  assert.equal(suggest(LIST, 'email', { text: 'zak', taken: new Set(['lukasz@x.pl']) }), []);
  assert.equal(suggest(LIST, 'phone', { text: 'zof', taken }), [
    { type: 'contact', name: 'Zofia Żak', address: '+48601222333' },
  ]);
});

test('proposes nothing before anything is typed', () => {
  assert.equal(suggest(LIST, 'email', { text: ' ', taken: new Set() }), []);
});

test.run();
