import { createHmac } from 'node:crypto';

import { test } from 'uvu';
import * as assert from 'uvu/assert';

import type { SeatRefusal } from '../../server/guest/seat.ts';
import { withPanel } from '../support/panel-rig.ts';
import type { PanelRig } from '../support/panel-rig.ts';

const WISH = { name: 'Zofia', language: 'pl' };

/** A conference with its links: of participants and of moderators. */
async function withLinks(
  work: (
    rig: PanelRig,
    links: { readonly token: string; readonly moderatorToken: string; readonly id: string },
  ) => Promise<void>,
  settings: Readonly<Record<string, unknown>> = {},
): Promise<void> {
  await withPanel(
    async (rig) => {
      const anna = await rig.member('anna@example.org');
      const body = { start: rig.hourFromNow(5), end: rig.hourFromNow(6), zone: 'UTC' };
      const booked = await anna.api('POST', '/reservations', { body });
      const id = String(booked.json['reservationId']);
      const { json } = await anna.api('GET', `/reservations/${id}/links`);
      const urls = (json['links'] as readonly Record<string, string>[]).map(({ url }) => url ?? '');
      const [token = '', moderatorToken = ''] = urls.map((url) => url.split('/').at(-1) ?? '');
      await work(rig, { token, moderatorToken, id });
    },
    { settings },
  );
}

test('a link gets a seat in its room with its role, and what the browser needs', () =>
  withLinks(async (rig, { token, moderatorToken, id }) => {
    const visitor = rig.browser();

    const seat = await visitor.api('POST', `/join/${token}/seat`, { body: WISH });
    const host = await visitor.api('POST', `/join/${moderatorToken}/seat`, { body: WISH });

    assert.is(seat.status, 201, seat.text);
    assert.equal(seat.json, {
      seatId: 'ab'.repeat(16),
      credential: 'c'.repeat(43),
      role: 'participant',
      sipPath: '/sip',
      livePath: '/live',
      graceSeconds: 60,
      sipUri: 'sip:40213@konfa.example.org',
      iceServers: [],
      room: {
        title: 'Sales',
        number: '40213',
        endAt: '2026-03-02T12:00:00.000Z',
        zone: 'Europe/Warsaw',
      },
    });
    assert.is(seat.headers['cache-control'], 'no-store');
    assert.equal(seat.cookies, []);
    assert.is(host.json['role'], 'moderator');
    const wish = { ...WISH, address: '127.0.0.1', roomId: id };
    assert.equal(rig.guests.asked, [
      { ...wish, role: 'participant' },
      { ...wish, role: 'moderator' },
    ]);
  }));

test('relays come with credentials that end', () =>
  withLinks(
    async (rig, { token }) => {
      const { json } = await rig.browser().api('POST', `/join/${token}/seat`, { body: WISH });

      const username = `${Math.floor(rig.half.nowMs / 1000) + 1_800}:${'ab'.repeat(16)}`;
      const credential = createHmac('sha1', 'north').update(username).digest('base64');
      assert.equal(json['iceServers'], [
        { urls: ['turn:relay.example.org'], username, credential },
      ]);
    },
    { turn: { urls: ['turn:relay.example.org'], secret: 'north', minutes: 30 } },
  ));

/** Every refusal with its status and, where another try makes sense, when. */
const REFUSALS: readonly (readonly [SeatRefusal, status: number, retryAfterMs: number | null])[] = [
  ['no-such-link', 404, null],
  ['link-revoked', 410, null],
  ['too-early', 409, 90_500],
  ['over', 410, null],
  ['locked', 409, null],
  ['full', 409, null],
  ['wrong-pin', 403, null],
  ['refused-for-a-while', 429, 600_000],
  ['server-stopping', 503, null],
  ['webrtc-off', 409, null],
];

for (const [why, status, retryAfterMs] of REFUSALS) {
  test(`${why} is told by its status, its code and a sentence in both languages`, () =>
    withLinks(async (rig, { token }) => {
      rig.guests.refusal = { why, retryAfterMs };
      const titles: unknown[] = [];
      for (const language of ['pl', 'en']) {
        const headers = { 'accept-language': language };
        const body = { ...WISH, number: '40213', pin: '70214' };
        for (const [path, sent] of [
          [`/join/${token}/seat`, WISH],
          ['/join/seat', body],
        ] as const) {
          const answer = await rig.browser().api('POST', path, { body: sent, headers });

          assert.is(answer.status, status);
          assert.is(answer.json['code'], `seat-${why}`);
          assert.is.not(answer.json['title'], `seat-${why}`);
          const seconds =
            retryAfterMs === null ? undefined : String(Math.ceil(retryAfterMs / 1000));
          assert.is(answer.headers['retry-after'], seconds);
          titles.push(answer.json['title']);
        }
      }
      assert.is(new Set(titles).size, 2);
    }));
}

test('a name is one line without what hides or turns words, and not empty', () =>
  withLinks(async (rig, { token }) => {
    const ask = (name: string) =>
      rig.browser().api('POST', `/join/${token}/seat`, { body: { ...WISH, name } });

    for (const name of ['Zo\u202efia\u0000\nGość', '  Zofia\t\u200b Gość ']) await ask(name);
    assert.equal(
      rig.guests.asked.map((wish): unknown => Reflect.get(wish, 'name')),
      ['Zofia Gość', 'Zofia Gość'],
    );
    for (const name of ['', '   ', '\u202e\u200b', 'x'.repeat(61)]) {
      const answer = await ask(name);
      assert.is(answer.status, 400, JSON.stringify(name));
      const [problem] = answer.json['problems'] as readonly Record<string, unknown>[];
      assert.is(problem?.['pointer'], '/name');
    }
    assert.is(rig.guests.asked.length, 2);
  }));

test('a wrong PIN is answered after the delay of the phone', () =>
  withLinks(async (rig) => {
    rig.guests.refusal = { why: 'wrong-pin', retryAfterMs: null };
    rig.guests.delayMs = 4_000;
    const body = { ...WISH, number: '40213', pin: '11111' };
    let isAnswered = 'no';
    const asking = rig
      .browser()
      .api('POST', '/join/seat', { body })
      .then((answer) => {
        isAnswered = 'yes';
        return answer;
      });
    for (let turn = 0; turn < 200 && rig.guests.asked.length === 0; turn += 1) await tick();
    await rig.half.clock.advance(3_900);
    await tick();
    assert.is(isAnswered, 'no');

    await rig.half.clock.advance(200);

    assert.is((await asking).status, 403);
    const [wish] = rig.guests.asked;
    assert.equal(wish, { ...WISH, address: '127.0.0.1', number: '40213', pin: '11111' });
    assert.not.match(JSON.stringify(rig.lines), /11111|40213/u);
  }));

test('a seat is given up by its credential', () =>
  withLinks(async (rig) => {
    const answer = await rig.browser().api('DELETE', '/join/seat', { body: { credential: 'abc' } });

    assert.is(answer.status, 204);
    assert.equal(rig.guests.givenUp, ['abc']);
  }));

test('where browsers are not let in, the page says so and no seat is given', () =>
  withLinks(
    async (rig, { token }) => {
      const page = await rig.browser().api('GET', `/join/${token}`);
      const seat = await rig.browser().api('POST', `/join/${token}/seat`, { body: WISH });

      assert.equal(page.json['browser'], { allowed: 'no', role: 'participant' });
      assert.is(seat.json['code'], 'seat-webrtc-off');
      assert.equal(rig.guests.asked, []);
    },
    { webrtc: { enabled: false } },
  ));

test('the page of a link tells its role and the room, and the ADMIN PIN to nobody', () =>
  withLinks(async (rig, { token, moderatorToken, id }) => {
    const anna = await rig.loggedIn('anna@example.org');
    const { json } = await anna.api('GET', `/reservations/${id}`);
    for (const [of, role] of [
      [token, 'participant'],
      [moderatorToken, 'moderator'],
    ] as const) {
      const page = await rig.browser().api('GET', `/join/${of}`);

      assert.equal(page.json['browser'], { allowed: 'yes', role });
      assert.equal(page.json['room'], { lock: 'open', seats: 'free', people: 0 });
      assert.is(page.json['pin'], json['pin']);
      assert.not.ok(page.text.includes(String(json['adminPin'])));
      const calendar = await rig.browser().api('GET', `/join/${of}/calendar.ics`);
      assert.ok(calendar.text.replaceAll('\r\n ', '').includes(`/j/${of}`));
      assert.not.ok(calendar.text.includes(String(json['adminPin'])));
    }
  }));

test('a link of a deleted conference tells that it was deleted', () =>
  withLinks(async (rig, { token, id }) => {
    const anna = await rig.loggedIn('anna@example.org');
    await anna.api('DELETE', `/reservations/${id}`);

    const page = await rig.browser().api('GET', `/join/${token}`);

    assert.is(page.status, 200);
    assert.is(page.json['state'], 'deleted');
  }));

test('no token and no credential gets into the log', () =>
  withLinks(async (rig, { token }) => {
    const visitor = rig.browser();
    for (const why of ['full', null] as const) {
      rig.guests.refusal = why === null ? null : { why, retryAfterMs: null };
      await visitor.api('POST', `/join/${token}/seat`, { body: WISH });
    }
    await visitor.api('DELETE', '/join/seat', { body: { credential: 'c'.repeat(43) } });
    await visitor.ask('GET', `/j/${token}`);

    const log = JSON.stringify(rig.lines);
    assert.ok(rig.lines.length > 4);
    for (const secret of [token, 'c'.repeat(43), 'Zofia']) assert.not.ok(log.includes(secret));
  }));

function tick(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, 5);
  });
}

test.run();
