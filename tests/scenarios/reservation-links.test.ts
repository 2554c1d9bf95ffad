import { test } from 'uvu';
import * as assert from 'uvu/assert';

import { withPanel } from '../support/panel-rig.ts';
import type { PanelClient } from '../support/panel-client.ts';
import type { PanelRig } from '../support/panel-rig.ts';

interface LinkRow {
  readonly linkId: string;
  readonly role: string;
  readonly person: string | null;
  readonly url: string | null;
  readonly revokedAt: string | null;
}

async function booked(
  rig: PanelRig,
  owner: PanelClient,
  emails: readonly string[] = [],
): Promise<string> {
  const body = { start: rig.hourFromNow(5), end: rig.hourFromNow(6), zone: 'UTC', emails };
  const { json, status, text } = await owner.api('POST', '/reservations', { body });
  assert.is(status, 201, text);
  return String(json['reservationId']);
}

async function linksOf(owner: PanelClient, id: string): Promise<readonly LinkRow[]> {
  const { json } = await owner.api('GET', `/reservations/${id}/links`);
  return json['links'] as readonly LinkRow[];
}

async function opens(rig: PanelRig, url: string | null): Promise<number> {
  const token = (url ?? '').split('/').at(-1) ?? '';
  return (await rig.browser().api('GET', `/join/${token}`)).status;
}

test('the owner sees the link of participants, of moderators, and of each invited person', () =>
  withPanel(async (rig) => {
    const anna = await rig.member('anna@example.org');
    const id = await booked(rig, anna, ['jan@example.org', 'ewa@example.org']);

    const links = await linksOf(anna, id);

    assert.equal(
      links.map(({ role, person }) => [role, person]),
      [
        ['participant', null],
        ['moderator', null],
        ['participant', 'jan@example.org'],
        ['participant', 'ewa@example.org'],
      ],
    );
    assert.is(new Set(links.map(({ url }) => url)).size, 4);
    for (const { url } of links) {
      assert.match(url ?? '', /^https:\/\/konfa\.example\.org\/j\/[\w-]{22}$/u);
      assert.is(await opens(rig, url), 200);
    }
    const { json } = await anna.api('GET', `/reservations/${id}`);
    assert.is(json['joinUrl'], links[0]?.url);
  }));

test('nobody else sees, makes or revokes them', () =>
  withPanel(async (rig) => {
    const anna = await rig.member('anna@example.org');
    const eve = await rig.member('eve@example.org');
    const id = await booked(rig, anna);
    const [first] = await linksOf(anna, id);
    const path = `/reservations/${id}/links`;

    for (const [method, at, body] of [
      ['GET', path, undefined],
      ['POST', path, { role: 'moderator' }],
      ['DELETE', path, undefined],
      ['DELETE', `${path}/${first?.linkId ?? ''}`, undefined],
    ] as const) {
      const answer = await eve.api(method, at, body === undefined ? {} : { body });
      assert.is(answer.status, 404, method);
    }
    const ofEve = await booked(rig, eve);
    const across = await eve.api('DELETE', `/reservations/${ofEve}/links/${first?.linkId ?? ''}`);
    assert.is(across.status, 404);
    assert.is(await opens(rig, first?.url ?? null), 200);
    const reader = await rig.program(anna, ['reservations:read']);
    assert.is((await reader.api('GET', path)).status, 200);
    assert.is((await reader.api('POST', path, { body: { role: 'moderator' } })).status, 403);
  }));

test('a new link of the room takes the place of the one before', () =>
  withPanel(async (rig) => {
    const anna = await rig.member('anna@example.org');
    const id = await booked(rig, anna, ['jan@example.org']);
    const [room, moderator, jan] = await linksOf(anna, id);

    const made = await anna.api('POST', `/reservations/${id}/links`, {
      body: { role: 'participant' },
    });

    assert.is(made.status, 201);
    assert.is(await opens(rig, String(made.json['url'])), 200);
    assert.is(await opens(rig, room?.url ?? null), 410);
    assert.is(await opens(rig, moderator?.url ?? null), 200);
    assert.is(await opens(rig, jan?.url ?? null), 200);
    const { json } = await anna.api('GET', `/reservations/${id}`);
    assert.is(json['joinUrl'], made.json['url']);
    const after = await linksOf(anna, id);
    assert.is(after[0]?.url, null);
    assert.type(after[0]?.revokedAt, 'string');
  }));

test('made twice under one Idempotency-Key it is one link, and no token is kept for that', () =>
  withPanel(async (rig) => {
    const anna = await rig.member('anna@example.org');
    const headers = { 'idempotency-key': 'k1' };
    const body = { start: rig.hourFromNow(5), end: rig.hourFromNow(6), zone: 'UTC' };
    const first = await anna.api('POST', '/reservations', { body, headers });
    const second = await anna.api('POST', '/reservations', { body, headers });
    const id = String(first.json['reservationId']);
    const path = `/reservations/${id}/links`;

    const one = await anna.api('POST', path, { body: { role: 'moderator' }, headers });
    const two = await anna.api('POST', path, { body: { role: 'moderator' }, headers });

    assert.equal(second.json, first.json);
    assert.equal(two.json, one.json);
    assert.is((await linksOf(anna, id)).length, 3);
    const kept = rig.half.database.prepare('SELECT answer FROM kept_answer').pluck().all();
    assert.is(kept.length, 2);
    assert.not.match(kept.join('\n'), /\/j\//u);
  }));

test('of one person only that link is revoked, and a new one is made on demand', () =>
  withPanel(async (rig) => {
    const anna = await rig.member('anna@example.org');
    const id = await booked(rig, anna, ['jan@example.org', 'ewa@example.org']);
    const [, , jan, ewa] = await linksOf(anna, id);
    const path = `/reservations/${id}/links`;

    const revoked = await anna.api('DELETE', `${path}/${jan?.linkId ?? ''}`);

    assert.is(revoked.status, 204);
    const page = await rig.browser().api('GET', `/join/${jan?.url?.slice(-22) ?? ''}`);
    assert.is(page.status, 410);
    assert.is(page.json['code'], 'seat-link-revoked');
    const seat = await rig.browser().api('POST', `/join/${jan?.url?.slice(-22) ?? ''}/seat`, {
      body: { name: 'Jan', language: 'pl' },
    });
    assert.is(seat.json['code'], 'seat-link-revoked');
    assert.equal(rig.guests.asked, []);
    assert.is(await opens(rig, ewa?.url ?? null), 200);
    const made = await anna.api('POST', path, {
      body: { role: 'participant', person: 'jan@example.org' },
    });
    assert.is(await opens(rig, String(made.json['url'])), 200);
  }));

test('refuses a link for who is not invited, for a moderator in person, and for what is over', () =>
  withPanel(async (rig) => {
    const anna = await rig.member('anna@example.org');
    const id = await booked(rig, anna, ['jan@example.org']);
    const path = `/reservations/${id}/links`;
    const refusedFor = async (body: object): Promise<unknown> => {
      const { status, json } = await anna.api('POST', path, { body });
      assert.is(status, 422);
      return (json['problems'] as readonly Record<string, unknown>[]).map(({ code }) => code);
    };

    assert.equal(await refusedFor({ role: 'participant', person: 'x@example.org' }), [
      'not-invited',
    ]);
    assert.equal(await refusedFor({ role: 'moderator', person: 'jan@example.org' }), [
      'person-participates',
    ]);
    await anna.api('DELETE', `/reservations/${id}`);
    const over = await anna.api('POST', path, { body: { role: 'participant' } });
    assert.is(over.status, 409);
    assert.is(over.json['code'], 'already-over');
  }));

test('all are revoked at once; number and PIN are still a way in', () =>
  withPanel(async (rig) => {
    const anna = await rig.member('anna@example.org');
    const id = await booked(rig, anna, ['jan@example.org']);
    const before = await linksOf(anna, id);

    assert.is((await anna.api('DELETE', `/reservations/${id}/links`)).status, 204);

    for (const { url } of before) assert.is(await opens(rig, url), 410);
    const { json } = await anna.api('GET', `/reservations/${id}`);
    assert.is(json['joinUrl'], 'https://konfa.example.org/join');
    assert.is((await linksOf(anna, id)).length, 3);
  }));

test('each invited person is sent a link of their own, the organiser that of the room and of moderators', () =>
  withPanel(async (rig) => {
    const anna = await rig.member('anna@example.org');
    const id = await booked(rig, anna, ['jan@example.org', 'ewa@example.org']);
    const [room, moderator, jan, ewa] = (await linksOf(anna, id)).map(({ url }) => url ?? '-');
    await rig.half.run(5.1 * 3_600_000);
    await rig.half.run(60_000);

    const mailsTo = (address: string): string =>
      rig.half.post.mails
        .filter(({ to }) => to === address)
        .map(({ text, html, calendar }) => `${text}${html}${calendar?.text ?? ''}`)
        .join('\n')
        .replaceAll('\r\n ', '');
    const carried = (address: string): readonly (string | undefined)[] =>
      [room, moderator, jan, ewa].filter((url) => mailsTo(address).includes(url ?? '-'));
    assert.equal(carried('jan@example.org'), [jan]);
    assert.equal(carried('ewa@example.org'), [ewa]);
    assert.equal(carried('anna@example.org'), [room, moderator]);
  }));

test('whoever is taken off the list loses the link', () =>
  withPanel(async (rig) => {
    const anna = await rig.member('anna@example.org');
    const id = await booked(rig, anna, ['jan@example.org', 'ewa@example.org']);
    const [, , jan, ewa] = await linksOf(anna, id);

    await anna.api('PATCH', `/reservations/${id}`, {
      body: { emails: ['ewa@example.org'] },
      headers: { 'if-match': '"1"' },
    });

    assert.is(await opens(rig, jan?.url ?? null), 410);
    assert.is(await opens(rig, ewa?.url ?? null), 200);
  }));

test('whoever is erased loses the link, and what is held of it', () =>
  withPanel(async (rig) => {
    const anna = await rig.member('anna@example.org');
    const id = await booked(rig, anna, ['Jan@example.org', 'ewa@example.org']);
    const [, , jan, ewa] = await linksOf(anna, id);
    const { retention } = rig.half.organising;
    assert.is(retention.export('jan@example.org')?.['joinLinks']?.length, 1);

    retention.erase('jan@example.org', rig.half.nowMs);

    assert.is(await opens(rig, jan?.url ?? null), 404);
    assert.is(await opens(rig, ewa?.url ?? null), 200);
    assert.is(retention.export('jan@example.org')?.['joinLinks'], undefined);
  }));

test.run();
