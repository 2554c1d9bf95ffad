import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createContactStore } from '../../db/contact-store.ts';
import type { Contact } from '../../server/contact/contact.ts';
import { withDatabase } from './temporary-database.ts';

function contact(contactId: string, differences: Partial<Contact> = {}): Contact {
  return {
    contactId,
    profileId: 'p',
    name: 'Anna',
    email: 'Anna@example.com',
    phone: '+48501234567',
    groupIds: [],
    ...differences,
  };
}

test('gives back what was put, by name, with its groups', () =>
  withDatabase((connection) => {
    const store = createContactStore(connection);
    for (const groupId of ['g1', 'g2']) store.putGroup({ groupId, profileId: 'p', name: groupId });
    const anna = contact('c2', { groupIds: ['g1', 'g2'] });
    const zoe = contact('c1', { name: "Zoe'; DROP TABLE contact; --", phone: null });

    store.putContact(zoe);
    store.putContact(contact('c2'));
    store.putContact(anna);

    assert.equal(store.contacts('p'), [anna, zoe]);
    assert.equal(store.contact('c2'), anna);
    assert.is(store.contact('c3'), null);
    store.removeGroup('g1');
    assert.equal(store.contact('c2')?.groupIds, ['g2']);
    assert.equal(store.groups('p'), [{ groupId: 'g2', profileId: 'p', name: 'g2' }]);
    assert.is(store.group('g1'), null);
  }));

test('keeps all of a transaction or nothing', () =>
  withDatabase((connection) => {
    const store = createContactStore(connection);

    assert.throws(() =>
      store.transaction(() => {
        store.putContact(contact('c1'));
        throw new Error('no');
      }),
    );

    assert.equal(store.contacts('p'), []);
  }));

test.run();
