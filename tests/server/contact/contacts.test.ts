import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createContactStore } from '../../../db/contact-store.ts';
import { createContacts } from '../../../server/contact/contacts.ts';
import type { ContactOutcome, Contacts } from '../../../server/contact/contacts.ts';
import { withDatabase } from '../../db/temporary-database.ts';
import { seededRandom } from '../reservation/sample-reservations.ts';

const ANNA = { name: 'Anna', email: 'Anna@example.com', phone: '501 234 567', groupIds: [] };

function inContacts(work: (contacts: Contacts) => void): Promise<void> {
  return withDatabase((connection) => {
    const store = createContactStore(connection);
    work(createContacts({ store, random: seededRandom(1), defaultCountry: '48' }));
  });
}

function kept<Value>(outcome: ContactOutcome<Value>): Value {
  if (outcome.outcome !== 'kept') throw new Error(JSON.stringify(outcome));
  return outcome.value;
}

function codes(outcome: ContactOutcome<unknown>): readonly string[] {
  if (outcome.outcome !== 'refused') return [outcome.outcome];
  return outcome.problems.map(({ code, field }) => `${code} ${String(field)}`);
}

test('keeps a contact as it is written, its number as E.164', () =>
  inContacts((contacts) => {
    const contact = kept(contacts.add('p', { ...ANNA, name: '  Anna\n Nowak ' }));

    assert.is(contact.name, 'Anna Nowak');
    assert.is(contact.email, 'Anna@example.com');
    assert.is(contact.phone, '+48501234567');
    assert.equal(contacts.list('p').contacts, [contact]);
    assert.equal(contacts.list('other').contacts, []);
  }));

test('names what is wrong with each field', () =>
  inContacts((contacts) => {
    const add = (differences: object): readonly string[] =>
      codes(contacts.add('p', { ...ANNA, ...differences }));

    assert.equal(add({ email: null, phone: ' ' }), ['contact-empty null']);
    assert.equal(add({ email: 'nobody', phone: '12' }), ['bad-email email', 'bad-phone phone']);
    assert.equal(add({ email: 'a@b.pl, c@d.pl' }), ['one-only email']);
    assert.equal(add({ phone: '22 350 09 08' }), ['landline phone']);
    assert.equal(add({ name: 'x'.repeat(201) }), ['too-long name']);
    assert.equal(add({ groupIds: ['none'] }), ['unknown-group groupIds']);
    kept(contacts.add('p', ANNA));
    assert.equal(add({ email: 'ANNA@example.com', phone: null }), ['contact-exists email']);
    assert.equal(add({ email: null }), ['contact-exists phone']);
    assert.is(contacts.add('p', { ...ANNA, email: 'b@example.com' }).outcome, 'kept');
    assert.is(contacts.add('other', ANNA).outcome, 'kept');
  }));

test("does not find another profile's contacts and groups", () =>
  inContacts((contacts) => {
    const { contactId } = kept(contacts.add('p', ANNA));
    const { groupId } = kept(contacts.addGroup('p', 'Board'));

    assert.is(contacts.replace('eve', contactId, ANNA).outcome, 'not-found');
    assert.is(contacts.remove('eve', contactId), 'not-found');
    assert.is(contacts.renameGroup('eve', groupId, 'x').outcome, 'not-found');
    assert.is(contacts.removeGroup('eve', groupId), 'not-found');
    assert.equal(codes(contacts.add('eve', { ...ANNA, groupIds: [groupId] })), [
      'unknown-group groupIds',
    ]);
    assert.equal(codes(contacts.import('eve', { text: 'a@b.pl', groupId, mode: 'keep' })), [
      'unknown-group groupIds',
    ]);
    assert.is(contacts.list('p').contacts.length, 1);
  }));

test('a group keeps its members through a new name, and they stay when it goes', () =>
  inContacts((contacts) => {
    const { groupId } = kept(contacts.addGroup('p', ' Board '));
    const { contactId } = kept(contacts.add('p', { ...ANNA, groupIds: [groupId, groupId] }));

    assert.equal(codes(contacts.addGroup('p', 'BOARD')), ['group-exists name']);
    assert.equal(codes(contacts.addGroup('p', ' ')), ['required name']);
    assert.is(kept(contacts.renameGroup('p', groupId, 'board')).name, 'board');
    assert.equal(contacts.list('p').contacts[0]?.groupIds, [groupId]);
    assert.is(contacts.removeGroup('p', groupId), 'removed');
    assert.equal(contacts.list('p').groups, []);
    assert.equal(contacts.list('p').contacts[0]?.groupIds, []);
    assert.is(contacts.remove('p', contactId), 'removed');
    assert.equal(contacts.list('p').contacts, []);
  }));

test('an import adds, brings up to date, says nothing of what is known, and can be tried', () =>
  inContacts((contacts) => {
    const { groupId } = kept(contacts.addGroup('p', 'Board'));
    kept(contacts.add('p', { ...ANNA, phone: null }));
    kept(contacts.add('p', { ...ANNA, name: 'Jan', email: 'jan@example.com', phone: null }));
    const text = [
      'Anna Nowak; anna@EXAMPLE.com; 501234567',
      'jan@example.com',
      'Ewa; ewa@example.com',
      'Ewa Lis; ewa@example.com; 502234567',
      'Ewa Lis-Nowak; 502234567',
      'wrong',
    ].join('\n');
    const before = contacts.list('p');

    const trial = kept(contacts.import('p', { text, groupId: null, mode: 'try' }));
    assert.equal(contacts.list('p'), before);
    const report = kept(contacts.import('p', { text, groupId: null, mode: 'keep' }));

    assert.equal(
      report.updated.map(({ name, email, phone }) => [name, email, phone]),
      [['Anna Nowak', 'Anna@example.com', '+48501234567']],
    );
    assert.equal(
      report.added.map(({ name, phone }) => [name, phone]),
      [['Ewa Lis-Nowak', '+48502234567']],
    );
    assert.equal(
      report.problems.map(({ code, line }) => [code, line]),
      [['contact-empty', 6]],
    );
    assert.is(trial.added.length, report.added.length);
    assert.is(contacts.list('p').contacts.length, 3);
    const again = kept(contacts.import('p', { text, groupId, mode: 'keep' }));
    assert.equal(again.added, []);
    assert.ok(contacts.list('p').contacts.every(({ groupIds }) => groupIds[0] === groupId));
  }));

test('a shared number does not make one of two people with addresses of their own', () =>
  inContacts((contacts) => {
    kept(contacts.add('p', ANNA));
    const text = 'Jan; jan@example.com; 501234567';

    const report = kept(contacts.import('p', { text, groupId: null, mode: 'keep' }));

    assert.is(report.added.length, 1);
    assert.is(contacts.list('p').contacts.length, 2);
  }));

test('takes 2,000 contacts and tells which line is one too many', () =>
  inContacts((contacts) => {
    const line = (index: number): string => `P${index}; p${index}@example.com`;
    const text = Array.from({ length: 2001 }, (_, index) => line(index)).join('\n');

    const report = kept(contacts.import('p', { text, groupId: null, mode: 'keep' }));

    assert.is(report.added.length, 2000);
    assert.equal(report.problems, [
      { code: 'too-many-contacts', field: null, line: 2001, facts: { allowed: 2000 } },
    ]);
    assert.equal(codes(contacts.add('p', ANNA)), ['too-many-contacts null']);
    const update = kept(
      contacts.import('p', { text: 'New; p7@example.com', groupId: null, mode: 'keep' }),
    );
    assert.is(update.updated[0]?.name, 'New');
  }));

test.run();
