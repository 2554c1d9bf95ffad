import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { z } from 'zod';
import { CodedError } from '../../mixer/protocol/coded-error.ts';
import { defineRoute } from '../../server/panel/define-route.ts';
import type { AnyRoute } from '../../server/panel/define-route.ts';
import { BOOKING, inPanel } from '../server/panel/panel-world.ts';
import type { Answer } from '../server/panel/panel-world.ts';

const RESERVATIONS = '/api/v1/reservations';

function failing(path: string, error: () => Error): AnyRoute {
  const about = { method: 'GET', access: 'public', tag: 'test', summary: 'Fails' } as const;
  const answers = { 204: null };
  return defineRoute({
    ...about,
    path,
    answers,
    handle: () => Promise.reject(error()),
  });
}

function assertProblem(answer: Answer, status: number, code: string): void {
  assert.is(answer.status, status, answer.text);
  assert.is(answer.headers['content-type'], 'application/problem+json; charset=utf-8');
  assert.equal(Object.keys(answer.json).sort(), ['code', 'problems', 'status', 'title', 'type']);
  assert.is(answer.json['code'], code);
  assert.is(answer.json['status'], status);
  assert.is(answer.json['type'], `/help/problems#${code}`);
  assert.is.not(answer.json['title'], code, 'has a sentence');
}

test('every answer carries the security headers', () =>
  inPanel(async ({ ask, origin }) => {
    const { host } = new URL(origin);
    const sockets = `ws://${host} wss://${host}`;
    for (const path of ['/api/v1/settings', '/api/v1/nothing', '/nothing', RESERVATIONS]) {
      const { headers } = await ask('GET', path);

      assert.is(
        headers['content-security-policy'],
        `default-src 'none';script-src 'self';style-src 'self';img-src 'self' data:;connect-src 'self' ${sockets};media-src 'self' blob: mediastream:;font-src 'self';form-action 'self';frame-ancestors 'none';base-uri 'none'`,
      );
      assert.is(headers['x-content-type-options'], 'nosniff');
      assert.is(headers['x-frame-options'], 'DENY');
      assert.is(headers['referrer-policy'], 'no-referrer');
      assert.match(String(headers['permissions-policy']), /^microphone=\(self\), .*camera=\(\)/u);
      assert.is(headers['cross-origin-opener-policy'], 'same-origin');
      assert.is(headers['x-powered-by'], undefined);
      assert.is(headers['strict-transport-security'], undefined);
      assert.is(headers['access-control-allow-origin'], undefined);
      if (path.startsWith('/api')) assert.is(headers['cache-control'], 'no-store');
    }
  }));

test('keeps browsers to https only where that is how people reach it', () =>
  inPanel(
    async ({ ask }) => {
      const { headers } = await ask('GET', '/api/v1/settings');
      assert.match(String(headers['strict-transport-security']), /^max-age=31536000/u);
    },
    { config: { http: { publicUrl: 'https://konfa.example' } } },
  ));

test('asks for a login, and for the right to do it', () =>
  inPanel(async ({ ask }) => {
    const anonymous = await ask('GET', RESERVATIONS, { as: null });
    assertProblem(anonymous, 401, 'not-logged-in');
    assert.match(String(anonymous.headers['www-authenticate']), /^Bearer/u);
    const bad = await ask('GET', RESERVATIONS, { as: null, headers: { authorization: 'Basic x' } });
    assertProblem(bad, 401, 'bad-token');
    const readOnly = { token: 'anna/reservations:read' };
    assert.is((await ask('GET', RESERVATIONS, readOnly)).status, 200);
    const post = await ask('POST', RESERVATIONS, { ...readOnly, body: BOOKING });
    assertProblem(post, 403, 'scope-missing');
    assertProblem(await ask('GET', '/api/v1/history', readOnly), 403, 'scope-missing');
    const writing = { token: 'anna/reservations:write', body: BOOKING };
    assert.is((await ask('POST', RESERVATIONS, writing)).status, 201, 'without CSRF token');
    const health = '/api/v1/admin/health';
    assertProblem(await ask('GET', health), 403, 'administrator-only');
    assertProblem(await ask('GET', health, { token: 'anna/admin' }), 403, 'administrator-only');
    assertProblem(await ask('GET', health, { token: 'root/account:read' }), 403, 'scope-missing');
    assert.is((await ask('GET', health, { token: 'root/admin' })).status, 200);
    assert.is((await ask('GET', health, { as: 'root' })).status, 200);
  }));

test("refuses a session's change without its CSRF token, or from another site", () =>
  inPanel(async ({ ask, origin }) => {
    const change = (headers: Record<string, string>): Promise<Answer> =>
      ask('POST', RESERVATIONS, { headers, body: BOOKING });

    assertProblem(await change({ 'x-csrf-token': '' }), 403, 'csrf');
    assertProblem(await change({ 'x-csrf-token': 'csrf-of-eve' }), 403, 'csrf');
    assertProblem(await change({ origin: 'https://evil.example' }), 403, 'wrong-origin');
    assertProblem(await change({ origin: 'null' }), 403, 'wrong-origin');
    assertProblem(await change({ origin: `${origin}.evil.example` }), 403, 'wrong-origin');
    assertProblem(await change({ 'sec-fetch-site': 'cross-site' }), 403, 'wrong-origin');
    assertProblem(await change({ 'sec-fetch-site': 'same-site' }), 403, 'wrong-origin');
    assert.is((await change({ origin })).status, 201);
    assert.is((await change({ 'sec-fetch-site': 'same-origin' })).status, 201);
    assert.equal((await ask('GET', RESERVATIONS)).json['places'], { used: 2, allowed: 3 });
  }));

test('refuses a public change from another site too: nobody logs another in', () => {
  const login = defineRoute({
    method: 'POST',
    path: '/login',
    access: 'public',
    tag: 'test',
    summary: 'Login',
    answers: { 204: null },
    handle: () => ({
      status: 204,
      cookies: [{ name: 'konfa', value: 'a b;c', maxAgeSeconds: 60 }],
    }),
  });
  return inPanel(
    async ({ ask }) => {
      const evil = await ask('POST', '/api/v1/login', {
        ...{ as: null, headers: { origin: 'https://evil.example' } },
      });
      const good = await ask('POST', '/api/v1/login', {
        ...{ as: null, headers: { origin: 'https://konfa.example' } },
      });

      assert.is(evil.status, 403);
      assert.is(evil.json['type'], 'https://konfa.example/help/problems#wrong-origin');
      assert.is(evil.headers['set-cookie'], undefined);
      assert.is(good.status, 204);
      const [cookie] = good.headers['set-cookie'] as readonly string[];
      assert.match(String(cookie), /^konfa=a%20b%3Bc; Max-Age=60; Path=\/;.*HttpOnly/u);
      assert.match(String(cookie), /; Secure; SameSite=Lax$/u);
    },
    { routes: [login], config: { http: { publicUrl: 'https://konfa.example' } } },
  );
});

test('takes JSON bodies of bearable size only', () =>
  inPanel(async ({ ask }) => {
    const send = (raw: string | Buffer, headers: Record<string, string> = {}): Promise<Answer> =>
      ask('POST', RESERVATIONS, { raw, headers });

    const large = await send(JSON.stringify({ ...BOOKING, note: 'x'.repeat(300_000) }));
    assertProblem(large, 413, 'body-too-large');
    assertProblem(await send('start=1', { 'content-type': 'text/plain' }), 415, UNSUPPORTED);
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    assertProblem(await send('start=1', form), 415, UNSUPPORTED);
    assertProblem(await send('{}', { 'content-encoding': 'gzip' }), 415, UNSUPPORTED);
    assertProblem(await send('{"start":', {}), 400, 'bad-json');
    assertProblem(await send(Buffer.from([0x22, 0xff, 0x22])), 400, 'bad-json');
    assertProblem(await send('[]'), 400, 'bad-input');
    assertProblem(await send('['.repeat(100_000)), 400, 'bad-json');
    assertProblem(await ask('POST', RESERVATIONS), 400, 'bad-input');
  }));

const UNSUPPORTED = 'unsupported-media-type';

test('nobody who may not come in makes it read a body', () =>
  inPanel(async ({ ask }) => {
    const answer = await ask('POST', RESERVATIONS, { as: null, raw: 'x'.repeat(400_000) });
    assertProblem(answer, 401, 'not-logged-in');
  }));

test('names unknown, missing and wrong fields by JSON pointer', () =>
  inPanel(async ({ ask }) => {
    const raw =
      '{"end":7,"emails":["a@b.pl",3],"role":"administrator","a/b~c":1,"__proto__":{"x":1},"sms":["never"],"profileId":"eve"}';

    const answer = await ask('POST', RESERVATIONS, { raw });

    assertProblem(answer, 400, 'bad-input');
    const problems = answer.json['problems'] as readonly Record<string, unknown>[];
    const found = problems.map(({ code, pointer }) => `${String(code)} ${String(pointer)}`).sort();
    assert.equal(found, [
      'bad-choice /sms/0',
      'required /start',
      'unknown-field /__proto__',
      'unknown-field /a~1b~0c',
      'unknown-field /profileId',
      'unknown-field /role',
      'wrong-type /emails/1',
      'wrong-type /end',
    ]);
    assert.ok(problems.every(({ detail }) => typeof detail === 'string' && detail.endsWith('.')));
    const query = await ask('GET', '/api/v1/history?limit=101&foo=1&limit=5');
    assertProblem(query, 400, 'bad-input');
  }));

test('knows what is not there, and which methods are', () =>
  inPanel(async ({ ask }) => {
    assertProblem(await ask('GET', '/api/v1/nothing'), 404, 'not-found');
    assertProblem(await ask('GET', '/api/v2/reservations'), 404, 'not-found');
    assertProblem(await ask('GET', '/API/v1/settings'), 404, 'not-found');
    assertProblem(await ask('GET', `${RESERVATIONS}/`), 404, 'not-found');
    assertProblem(await ask('GET', `${RESERVATIONS}/${'x'.repeat(200)}`), 404, 'not-found');
    assertProblem(await ask('GET', `${RESERVATIONS}/%2e%2e%2fetc`), 404, 'not-found');
    assertProblem(await ask('GET', `${RESERVATIONS}/%E0%A4%A`), 400, 'bad-request');
    const put = await ask('PUT', RESERVATIONS, { body: {} });
    assertProblem(put, 405, 'method-not-allowed');
    assert.is(put.headers['allow'], 'GET, POST, HEAD, OPTIONS');
    const check = await ask('GET', `${RESERVATIONS}/check`);
    assertProblem(check, 405, 'method-not-allowed');
    assert.is(check.headers['allow'], 'POST, OPTIONS');
    const options = await ask('OPTIONS', RESERVATIONS);
    assert.is(options.status, 204);
    assert.is(options.headers['allow'], 'GET, POST, HEAD, OPTIONS');
    const head = await ask('HEAD', RESERVATIONS);
    assert.is(head.status, 200);
    assert.is(head.text, '');
    assert.is((await ask('HEAD', RESERVATIONS, { as: null })).status, 401);
  }));

test('an unexpected error is told by its number only, and logged with the rest', () =>
  inPanel(
    async ({ ask, log }) => {
      const answer = await ask('GET', '/api/v1/broken');

      assertProblem(answer, 500, 'unexpected');
      assert.not.ok(answer.text.includes('PIN of'));
      const [line] = log.filter(({ level }) => level === 'error');
      const facts = line?.facts ?? {};
      assert.is(line?.message, 'panel: a request failed');
      assert.ok(String(answer.json['title']).includes(String(facts['id'])));
      assert.is(facts['route'], 'GET /broken');
      assert.is(facts['reason'], 'the PIN of something');
    },
    { routes: [failing('/broken', () => new Error('the PIN of something'))] },
  ));

test('a busy database is told as such, with when to try again', () =>
  inPanel(
    async ({ ask, log }) => {
      const answer = await ask('GET', '/api/v1/locked');

      assertProblem(answer, 503, 'busy');
      assert.is(answer.headers['retry-after'], '1');
      assert.not.ok(log.some(({ level }) => level === 'error'));
    },
    { routes: [failing('/locked', () => new CodedError('DB_BUSY', 'locked'))] },
  ));

test('no token and no id of a link gets into the log', () =>
  inPanel(async ({ ask, log }) => {
    await ask('GET', '/api/v1/join/s3cr3t-token', { as: null });
    await ask('GET', '/j/s3cr3t-token?also=s3cr3t-token');
    await ask('POST', '/setup/s3cr3t-token?x#s3cr3t-token');

    assert.is(log.length, 3);
    assert.not.ok(JSON.stringify(log).includes('s3cr3t'));
    assert.ok(log.every(({ level }) => level === 'debug'));
    assert.equal(
      log.map(({ facts }) => facts['page']),
      ['/api/v1/join', '/j', '/setup'],
    );
  }));

test('believes X-Forwarded-For of trusted proxies only', () => {
  const whoami = defineRoute({
    method: 'GET',
    path: '/whoami',
    access: 'public',
    tag: 'test',
    summary: 'Address',
    answers: { 200: z.object({ address: z.string() }) },
    handle: ({ address }) => ({ status: 200, json: { address } }),
  });
  const headers = { 'x-forwarded-for': '198.51.100.7, 203.0.113.9' };
  const addressWith = async (trustProxy: readonly string[]): Promise<unknown> => {
    let address: unknown;
    await inPanel(
      async ({ ask }) => {
        address = (await ask('GET', '/api/v1/whoami', { headers })).json['address'];
      },
      { routes: [whoami], config: { http: { trustProxy } } },
    );
    return address;
  };
  return (async () => {
    assert.is(await addressWith([]), '127.0.0.1');
    assert.is(await addressWith(['127.0.0.0/8']), '203.0.113.9');
    assert.is(await addressWith(['127.0.0.0/8', '203.0.113.0/24']), '198.51.100.7');
  })();
});

test.run();
