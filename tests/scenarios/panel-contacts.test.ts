import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { inPanel } from '../server/panel/panel-world.ts';

const CONTACTS = '/api/v1/contacts';
const ANNA = { name: 'Anna', email: 'anna@example.com', phone: '501 234 567' };

test('adds, replaces and removes contacts and groups', () =>
  inPanel(async ({ ask }) => {
    const group = await ask('POST', '/api/v1/contact-groups', { body: { name: 'Board' } });
    const groupIds = [String(group.json['groupId'])];
    const added = await ask('POST', CONTACTS, { body: { ...ANNA, groupIds } });
    const path = String(added.headers['location']);

    assert.is(added.status, 201);
    assert.is(added.json['phone'], '+48501234567');
    assert.equal((await ask('GET', CONTACTS)).json, {
      contacts: [added.json],
      groups: [group.json],
    });
    const replaced = await ask('PUT', path, { body: { ...ANNA, name: 'Ania' } });
    assert.is(replaced.json['name'], 'Ania');
    assert.equal(replaced.json['groupIds'], []);
    const groupPath = `/api/v1/contact-groups/${String(groupIds[0])}`;
    assert.is((await ask('PUT', groupPath, { body: { name: 'Sales' } })).json['name'], 'Sales');
    for (const foreign of [path, groupPath]) {
      assert.is((await ask('DELETE', foreign, { as: 'eve' })).status, 404);
      assert.is((await ask('DELETE', foreign)).status, 204);
      assert.is((await ask('DELETE', foreign)).status, 404);
    }
    assert.equal((await ask('GET', CONTACTS)).json, { contacts: [], groups: [] });
  }));

test('names what is wrong with a contact at its field, in words', () =>
  inPanel(async ({ ask }) => {
    const { status, json } = await ask('POST', CONTACTS, {
      ...{ body: { name: 'Anna', email: 'nobody', phone: '22 350 09 08' } },
      headers: { 'accept-language': 'en' },
    });

    assert.is(status, 422);
    assert.is(json['code'], 'bad-input');
    const problems = json['problems'] as readonly Record<string, unknown>[];
    assert.equal(
      problems.map(({ code, pointer }) => [code, pointer]),
      [
        ['bad-email', '/email'],
        ['landline', '/phone'],
      ],
    );
    assert.ok(problems.every(({ code, detail }) => detail !== code && detail !== ''));
  }));

test('takes pasted lines over, and tells which are wrong', () =>
  inPanel(async ({ ask }) => {
    const text = 'Anna; anna@example.com\nwrong\nJan; 502 234 567';

    const trial = await ask('POST', `${CONTACTS}/import`, { body: { text, try: true } });
    assert.equal((await ask('GET', CONTACTS)).json['contacts'], []);
    const { status, json } = await ask('POST', `${CONTACTS}/import`, { body: { text } });

    assert.is(status, 200);
    assert.is((json['added'] as unknown[]).length, 2);
    assert.is((trial.json['added'] as unknown[]).length, 2);
    const [problem = {}] = json['problems'] as readonly Record<string, unknown>[];
    assert.is(problem['pointer'], '/lines/2');
    assert.match(String(problem['detail']), /e-mail/u);
    assert.is((await ask('GET', CONTACTS, { token: 'anna/reservations:read' })).status, 403);
    assert.is((await ask('GET', CONTACTS, { token: 'anna/contacts:read' })).status, 200);
  }));

test.run();
