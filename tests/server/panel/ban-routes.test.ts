import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { inPanel } from './panel-world.ts';
import type { HeardBans } from './panel-world.ts';

const AT_MS = Date.UTC(2026, 2, 1, 9, 30);
const PATH = '/api/v1/admin/bans';

type Ban = HeardBans['standing'][number];

function ban(source: string, more: Partial<Ban> = {}): Ban {
  return {
    ...{ source, scope: 'datagrams', why: 'unknown-source', count: 1 },
    ...{ sinceWallclockMs: AT_MS, untilWallclockMs: AT_MS + 600_000 },
    ...more,
  };
}

test('lists who is banned, why and until when', () =>
  inPanel(async ({ ask, bans }) => {
    bans.standing = [
      ban('2001:db8:0:1::/64', { scope: 'everything', why: 'flood', count: 3 }),
      ban('203.0.113.9'),
    ];

    const { status, json } = await ask('GET', PATH, { as: 'root' });

    assert.is(status, 200);
    const times = { since: '2026-03-01T09:30:00.000Z', until: '2026-03-01T09:40:00.000Z' };
    assert.equal(json, {
      bans: [
        {
          ...{ source: '2001:db8:0:1::/64', scope: 'everything', why: 'flood', count: 3 },
          ...times,
        },
        { source: '203.0.113.9', scope: 'datagrams', why: 'unknown-source', count: 1, ...times },
      ],
      total: 2,
    });
  }));

test('lists the latest 200 and counts the others', () =>
  inPanel(async ({ ask, bans }) => {
    bans.standing = Array.from({ length: 250 }, (_, index) => ban(`203.0.113.${index}`));

    const { json } = await ask('GET', PATH, { as: 'root' });

    const listed = json['bans'] as readonly { readonly source: string }[];
    assert.equal([listed.length, json['total']], [200, 250]);
    assert.equal([listed[0]?.source, listed.at(-1)?.source], ['203.0.113.0', '203.0.113.199']);
  }));

test('lifts a ban, says by whom, and says so when there is none', () =>
  inPanel(async ({ ask, bans }) => {
    bans.standing = [ban('203.0.113.9'), ban('2001:db8:0:1::/64'), ban('203.0.113.10')];

    const done = await ask('DELETE', `${PATH}/203.0.113.9`, { as: 'root' });
    const network = `${PATH}/${encodeURIComponent('2001:db8:0:1::/64')}`;
    const whole = await ask('DELETE', network, { as: 'root' });
    const again = await ask('DELETE', `${PATH}/203.0.113.9`, { as: 'root' });

    assert.equal([done.status, done.text, whole.status], [204, '', 204]);
    assert.equal(bans.lifted, ['203.0.113.9 by account root', '2001:db8:0:1::/64 by account root']);
    assert.is(again.status, 404);
    assert.equal(
      [again.json['code'], again.json['detail'] ?? again.json['title']],
      ['not-banned', 'Ten adres nie jest już zablokowany.'],
    );
  }));

for (const address of ['nobody', '1.2.3.4%20x', '1.2.3.4%2F8', '%0A1.2.3.4', 'a'.repeat(64)]) {
  test(`finds nothing at ${address}`, () =>
    inPanel(async ({ ask, bans }) => {
      const answer = await ask('DELETE', `${PATH}/${address}`, { as: 'root' });

      assert.equal([answer.status, answer.json['code']], [404, 'not-found']);
      assert.equal(bans.lifted, []);
    }));
}

test('keeps organisers, strangers and other sites away', () =>
  inPanel(async ({ ask, bans }) => {
    bans.standing = [ban('203.0.113.9')];
    const one = `${PATH}/203.0.113.9`;

    const asked = [
      await ask('GET', PATH, { as: 'anna' }),
      await ask('GET', PATH, { as: null }),
      await ask('DELETE', one, { as: 'anna' }),
      await ask('DELETE', one, { as: null }),
      await ask('DELETE', one, { as: 'root', headers: { 'x-csrf-token': 'wrong' } }),
      await ask('DELETE', one, { token: 'root/reservations:write' }),
      await ask('DELETE', one, { token: 'anna/admin' }),
    ];

    assert.equal(
      asked.map(({ status, json }) => `${status} ${String(json['code'])}`),
      [
        '403 administrator-only',
        '401 not-logged-in',
        '403 administrator-only',
        '401 not-logged-in',
        '403 csrf',
        '403 scope-missing',
        '403 administrator-only',
      ],
    );
    assert.is(bans.standing.length, 1);
    assert.is((await ask('DELETE', one, { token: 'root/admin' })).status, 204);
  }));

test.run();
