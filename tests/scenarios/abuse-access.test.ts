import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { RouteDescription } from '../../server/panel/define-route.ts';
import type { PanelAnswer } from '../support/panel-client.ts';
import { withPanel } from '../support/panel-rig.ts';
import {
  belongings,
  everythingOf,
  filled,
  nameOf,
  NO_ID,
  send,
  soundBodies,
  UNKNOWN,
  visible,
} from './abuse-world.ts';

const SCOPES = [
  ...['reservations:read', 'reservations:write', 'history:read', 'contacts:read'],
  ...['contacts:write', 'account:read', 'webhooks:write', 'admin'],
];

/** Routes whose ids belong to somebody. An administrator's are judged by the role alone. */
const isOwned = ({ access, path }: RouteDescription): boolean =>
  path.includes('{') && access !== 'administrator' && access !== 'public';

// eslint-disable-next-line @typescript-eslint/max-params -- An answer, what it must be, and what was asked.
function assertProblem(answer: PanelAnswer, status: number, code: string, name: string): void {
  assert.is(answer.status, status, `${name}: ${answer.text}`);
  assert.is(answer.json['code'], code, name);
}

test('the table of bodies names no route that is gone', () =>
  withPanel(async (rig) => {
    const names = new Set(rig.specs.filter(({ body }) => body !== undefined).map(nameOf));

    assert.ok(names.size > 20);
    for (const name of Object.keys(soundBodies(rig))) assert.ok(names.has(name), name);
  }));

test('only what is for visitors answers without a login', () =>
  withPanel(async (rig) => {
    const open = rig.specs.filter(({ access }) => access === 'public').map(nameOf);
    assert.equal(open.sort(), [
      'DELETE /join/seat',
      'GET /join/{token}',
      'GET /join/{token}/calendar.ics',
      'GET /openapi.json',
      'GET /session',
      'GET /settings',
      'POST /accounts',
      'POST /accounts/accept',
      'POST /accounts/confirm',
      'POST /join/seat',
      'POST /join/{token}/seat',
      'POST /password-resets',
      'POST /password-resets/complete',
      'POST /session',
      'POST /setup',
    ]);
    const closed = rig.specs.filter(({ access }) => access !== 'public');
    assert.ok(closed.length > 40, String(closed.length));
    for (const spec of closed) {
      assertProblem(await send(rig, rig.browser(), { spec }), 401, 'not-logged-in', nameOf(spec));
      const forger = rig.browser();
      forger.cookies.set('__Host-konfa', NO_ID + NO_ID);
      assertProblem(await send(rig, forger, { spec }), 401, 'not-logged-in', nameOf(spec));
      forger.bearer = `konfa_${NO_ID}${NO_ID}`;
      const answer = await send(rig, forger, { spec });
      assertProblem(answer, 401, 'bad-token', nameOf(spec));
      assert.match(String(answer.headers['www-authenticate']), /^Bearer /u);
    }
  }));

test('CSRF: a session changes nothing without its own token, nor from another site', () =>
  withPanel(async (rig) => {
    const root = await rig.member('root@example.org', 'administrator');
    const other = await rig.member('other@example.org', 'administrator');
    const changing = rig.specs.filter(
      ({ method, access }) => method !== 'GET' && access !== 'public',
    );
    assert.ok(changing.length > 25);
    const before = await everythingOf(root, UNKNOWN);
    for (const spec of changing) {
      const name = nameOf(spec);
      const forged = (headers: Record<string, string>): Promise<PanelAnswer> =>
        send(rig, root, { spec, headers });
      for (const token of ['', 'x', NO_ID + NO_ID, other.csrfToken ?? '']) {
        assertProblem(await forged({ 'x-csrf-token': token }), 403, 'csrf', name);
      }
      for (const origin of [
        'https://evil.example',
        'null',
        'https://konfa.example.org.evil.example',
        'http://konfa.example.org',
        'https://konfa.example.org:8443',
      ]) {
        assertProblem(await forged({ origin }), 403, 'wrong-origin', `${name} of ${origin}`);
      }
      assertProblem(await forged({ 'sec-fetch-site': 'cross-site' }), 403, 'wrong-origin', name);
      assertProblem(await forged({ 'sec-fetch-site': 'same-site' }), 403, 'wrong-origin', name);
    }
    assert.is(await everythingOf(root, UNKNOWN), before);
  }));

test('CSRF: public changes come from our own pages or from programs too', () =>
  withPanel(async (rig) => {
    const before = rig.hashed.count;
    for (const spec of rig.specs) {
      if (spec.access !== 'public' || spec.method === 'GET') continue;
      const headers = { origin: 'https://evil.example' };
      const answer = await send(rig, rig.browser(), { spec, headers });
      assertProblem(answer, 403, 'wrong-origin', nameOf(spec));
      assert.equal(answer.cookies, []);
    }
    assert.is(rig.hashed.count, before);
    assert.is(rig.half.post.mails.length, 0);
  }));

test('GET and HEAD change nothing', () =>
  withPanel(async (rig) => {
    const anna = await rig.member('anna@example.org');
    const ids = await belongings(rig, anna);
    const before = await everythingOf(anna, ids);
    for (const spec of rig.specs) {
      if (spec.method !== 'GET') continue;
      for (const method of ['GET', 'HEAD']) {
        const answer = await anna.api(method, filled(spec.path, ids));
        assert.ok(answer.status < 500, `${nameOf(spec)}: ${answer.text}`);
      }
    }
    assert.is(await everythingOf(anna, ids), before);
  }));

test('an administrator’s routes refuse an organiser, and a token without the scope', () =>
  withPanel(async (rig) => {
    const eve = await rig.member('eve@example.org');
    const root = await rig.member('root@example.org', 'administrator');
    const program = await rig.program(
      root,
      SCOPES.filter((scope) => scope !== 'admin'),
    );
    const routes = rig.specs.filter(({ access }) => access === 'administrator');
    assert.is(routes.length, 8);
    for (const spec of routes) {
      const name = nameOf(spec);
      assertProblem(await send(rig, eve, { spec }), 403, 'administrator-only', name);
      assertProblem(await send(rig, program, { spec }), 403, 'scope-missing', name);
    }
    const wanted = { name: 'p', scopes: ['admin'], expiresInDays: null };
    const refused = await eve.api('POST', '/account/tokens', { body: wanted });
    assertProblem(refused, 422, 'scope-not-allowed', 'an organiser’s token');
  }));

test('every route refuses a token without its scope, and those of a login any token', () =>
  withPanel(async (rig) => {
    const root = await rig.member('root@example.org', 'administrator');
    for (const scope of new Set(rig.specs.map(({ access }) => access))) {
      if (scope === 'public' || scope === 'administrator') continue;
      const program = await rig.program(
        root,
        SCOPES.filter((one) => one !== scope),
      );
      const code = scope === 'session' ? 'session-needed' : 'scope-missing';
      for (const spec of rig.specs.filter(({ access }) => access === scope)) {
        assertProblem(await send(rig, program, { spec }), 403, code, nameOf(spec));
      }
    }
  }));

test('what belongs to another profile is answered to the letter like what does not exist', () =>
  withPanel(async (rig) => {
    const anna = await rig.member('anna@example.org');
    const eve = await rig.member('eve@example.org');
    const annas = await belongings(rig, anna);
    const eves = await belongings(rig, eve);
    const before = await everythingOf(anna, annas);
    const owned = rig.specs.filter(isOwned);
    assert.ok(owned.length >= 20, String(owned.length));
    for (const spec of owned) {
      const name = nameOf(spec);
      const unknown = await send(rig, eve, { spec });
      const foreign = await send(rig, eve, { spec, values: annas });
      assertProblem(unknown, 404, 'not-found', name);
      assert.equal(visible(foreign), visible(unknown), name);
      // Her own in front, a foreign one behind it.
      const names = [...spec.path.matchAll(/\{(\w+)\}/gu)].map(([, parameter = '']) => parameter);
      const last = names.at(-1) ?? '';
      if (names.length < 2) continue;
      const mixed = { ...eves, [last]: annas[last] ?? '' };
      assertProblem(await send(rig, eve, { spec, values: mixed }), 404, 'not-found', name);
    }
    assert.is(await everythingOf(anna, annas), before);
  }));

test('ids of another profile inside a body are answered like unknown ones too', () =>
  withPanel(async (rig) => {
    const anna = await rig.member('anna@example.org');
    const eve = await rig.member('eve@example.org');
    const { reservationId, groupId } = await belongings(rig, anna);
    const draft = { title: 'x' };
    const contact = { name: 'Jan', email: 'jan@example.org', phone: null };
    for (const [path, bodyWith, foreign] of [
      ['/reservations/check', (id: unknown) => ({ draft, reservationId: id }), reservationId],
      ['/contacts', (id: unknown) => ({ ...contact, groupIds: [id] }), groupId],
      ['/contacts/import', (id: unknown) => ({ text: 'a; a@b.pl', groupId: id }), groupId],
    ] as const) {
      const unknown = await eve.api('POST', path, { body: bodyWith(NO_ID) });
      const answer = await eve.api('POST', path, { body: bodyWith(foreign) });

      assert.ok(unknown.status >= 400, `${path}: ${unknown.text}`);
      assert.equal(visible(answer), visible(unknown), path);
    }
  }));

test('an Idempotency-Key of one profile brings another nothing', () =>
  withPanel(async (rig) => {
    const anna = await rig.member('anna@example.org');
    const eve = await rig.member('eve@example.org');
    const body = {
      ...{ start: rig.hourFromNow(8), end: rig.hourFromNow(9) },
      ...{ zone: 'UTC', title: 'Secret' },
    };
    const headers = { 'idempotency-key': 'the-same' };
    const first = await anna.api('POST', '/reservations', { body, headers });
    const second = await eve.api('POST', '/reservations', { body, headers });

    assert.is(first.status, 201, first.text);
    assert.is(second.status, 201, second.text);
    assert.is.not(second.json['reservationId'], first.json['reservationId']);
    assert.is.not(second.json['adminPin'], first.json['adminPin']);
  }));

test('an administrator’s payment with an Idempotency-Key is booked once, and a wrong one is only refused', () =>
  withPanel(async (rig) => {
    const root = await rig.member('root@example.org', 'administrator');
    const { accountId } = (await root.api('GET', '/account')).json;
    const path = `/admin/accounts/${String(accountId)}/ledger`;
    const headers = { 'idempotency-key': 'payment-1' };
    const wrong = { amountMilli: 5_000, reason: 'gift', note: '' };
    assertProblem(
      await root.api('POST', path, { body: wrong, headers }),
      400,
      'bad-input',
      'a wrong payment',
    );
    const body = { ...wrong, reason: 'top-up' };
    for (const time of ['first', 'again']) {
      const answer = await root.api('POST', path, { body, headers });
      assert.ok(answer.status < 300, `${time}: ${answer.text}`);
    }
    const { json } = await root.api('GET', '/account/balance');
    assert.is((json['entries'] as readonly unknown[]).length, 1);
  }));

test('a guess of a join link is answered alike, whatever it is, and never with a cookie', () =>
  withPanel(
    async (rig) => {
      const anna = await rig.member('anna@example.org');
      const { token = '', reservationId = '' } = await belongings(rig, anna);
      const visitor = rig.browser();
      const good = await visitor.api('GET', `/join/${token}`);
      assert.is(good.status, 200);
      assert.is(good.headers['cache-control'], 'no-store');
      assert.not.match(good.text, reservationId);
      assert.not.match(good.text, 'zofia.guest');
      assert.not.match(good.text, 'adminPin');
      const flipped = `${token.slice(0, -1)}${token.endsWith('0') ? '1' : '0'}`;
      const guesses = [
        ...[flipped, token.toUpperCase(), token.slice(0, -1), `${token}0`, token.repeat(2)],
        ...[NO_ID, reservationId, 'x', '%00', '%27%20OR%201=1--', 'a'.repeat(2000), '__proto__'],
      ];
      for (const [place, end] of ['', '/calendar.ics'].entries()) {
        const headers = { 'x-forwarded-for': `192.0.2.${place + 1}` };
        const unknown = await visitor.api('GET', `/join/${NO_ID}${end}`, { headers });
        for (const guess of guesses.filter((one) => one !== token)) {
          const answer = await visitor.api('GET', `/join/${guess}${end}`, { headers });
          assertProblem(answer, 404, 'seat-no-such-link', guess);
          assert.equal(visible(answer), visible(unknown), guess);
        }
      }
    },
    { trustProxy: ['127.0.0.1'] },
  ));

test('500 guessed links open nothing, wait from the 20th on, and disturb nobody elsewhere', () =>
  withPanel(
    async (rig) => {
      const anna = await rig.member('anna@example.org');
      const { token = '' } = await belongings(rig, anna);
      const seat = { name: 'Eve', language: 'en' };
      const guesser = { 'x-forwarded-for': '2001:db8::1' };
      // The same customer's network, and somebody else.
      const neighbour = { 'x-forwarded-for': '2001:db8::2' };
      const visitor = { 'x-forwarded-for': '2001:db8:0:1::1' };
      const statuses = new Map<number, number>();
      const browser = rig.browser();
      for (let guess = 0; guess < 500; guess += 1) {
        const wrong = `${guess}`.padStart(22, 'x');
        const path = guess % 2 === 0 ? `/join/${wrong}` : `/join/${wrong}/seat`;
        const ask = guess % 2 === 0 ? {} : { body: seat };
        const method = guess % 2 === 0 ? 'GET' : 'POST';
        const { status } = await browser.api(method, path, { ...ask, headers: guesser });
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
        if (guess % 50 === 0) {
          const good = await browser.api('GET', `/join/${token}`, { headers: visitor });
          assert.is(good.status, 200, `after ${guess}`);
        }
      }

      const late = await browser.api('GET', `/join/${token}`, { headers: neighbour });
      const seated = await browser.api('POST', `/join/${token}/seat`, {
        body: seat,
        headers: visitor,
      });

      assert.equal(
        [...statuses],
        [
          [404, 20],
          [429, 480],
        ],
      );
      assertProblem(late, 429, 'seat-refused-for-a-while', 'the same network');
      assert.is(Number(late.headers['retry-after']), 600);
      assert.is(seated.status, 201);
      assert.is(rig.guests.asked.length, 1);
      await rig.half.run(600_000);
      const again = await browser.api('GET', `/join/${token}`, { headers: neighbour });
      assert.is(again.status, 200);
    },
    { trustProxy: ['127.0.0.1'] },
  ));

test.run();
