import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createKeptAnswerStore } from '../../../db/kept-answer-store.ts';
import { parseConfig } from '../../../server/config/config.ts';
import { createGatekeeper } from '../../../server/panel/account-gatekeeper.ts';
import { createAccountRoutes } from '../../../server/panel/account-routes.ts';
import { listenHttp } from '../../../server/panel/http-server.ts';
import { createPanelApp } from '../../../server/panel/panel-app.ts';
import { PANEL_PROBLEM_WORDS } from '../../../server/panel/problem-words.ts';
import { ACCOUNT_PROBLEM_WORDS } from '../../../server/panel/problem-words-account.ts';
import { createSessionRoutes } from '../../../server/panel/session-routes.ts';
import { createLogger } from '../../../server/runtime/logger.ts';
import { systemRandom } from '../../../server/runtime/random.ts';
import { SimClock } from '../../support/sim-clock.ts';
import { PASSWORD, withAccounts, type AccountWorld } from '../account/account-world.ts';

type Send = (
  method: string,
  path: string,
  sent?: { readonly body?: unknown; readonly headers?: Readonly<Record<string, string>> },
) => Promise<Response>;

/** Accounts behind the real shell, over HTTP. */
function overHttp(work: (world: AccountWorld, send: Send) => Promise<void>): Promise<void> {
  return withAccounts(
    async (world) => {
      const clock = new SimClock(world.nowMs);
      const log = createLogger({ level: 'error', file: null });
      const { accounts } = world;
      const funds = () => {
        throw new Error('not asked for here');
      };
      const handler = createPanelApp({
        routes: [
          ...createSessionRoutes(accounts),
          ...createAccountRoutes({ accounts, funds, ledgerEntries: () => [] }),
        ],
        gatekeeper: createGatekeeper(accounts),
        keptAnswers: createKeptAnswerStore(world.connection),
        words: { ...PANEL_PROBLEM_WORDS, ...ACCOUNT_PROBLEM_WORDS },
        config: parseConfig({}),
        pages: null,
        clock,
        random: systemRandom,
        log,
      });
      const listen = { host: '127.0.0.1', port: 0, certFile: null, keyFile: null };
      const server = await listenHttp({ listen, handler, clock, log });
      try {
        await work(world, (method, path, { body, headers = {} } = {}) =>
          fetch(`${server.origin}/api/v1${path}`, {
            method,
            headers: {
              ...(body === undefined ? {} : { 'content-type': 'application/json' }),
              ...headers,
            },
            ...(body === undefined ? {} : { body: JSON.stringify(body) }),
          }),
        );
      } finally {
        await server.close();
      }
    },
    { publicUrl: 'http://127.0.0.1' },
  );
}

const LOGIN = { email: 'ala@example.org', password: PASSWORD };

test('both cookies are out of reach of scripts and of other sites', () =>
  overHttp(async (world, send) => {
    await world.member(LOGIN.email);

    const answer = await send('POST', '/session', { body: LOGIN });

    assert.is(answer.status, 200);
    const cookies = answer.headers.getSetCookie();
    assert.is(cookies.length, 2);
    for (const cookie of cookies) {
      assert.match(cookie, /^konfa(-device)?=[0-9a-f]{64};/u);
      assert.match(cookie, /; Path=\/;.*; HttpOnly; SameSite=Lax$/u);
      assert.not.match(cookie, 'Domain=');
    }
  }));

test('CSRF: a session changes nothing without its own token, and with another session’s neither', () =>
  overHttp(async (world, send) => {
    const mine = await world.member(LOGIN.email);
    const other = await world.member('ola@example.org');
    const cookie = `konfa=${mine.sessionSecret}`;
    const change = (headers: Record<string, string>) =>
      send('PATCH', '/account', { body: { name: 'Ola' }, headers: { cookie, ...headers } });

    for (const token of [{}, { 'x-csrf-token': '' }, { 'x-csrf-token': other.csrfToken }]) {
      const refused = await change(token);
      assert.is(refused.status, 403);
      assert.is(((await refused.json()) as { code: string }).code, 'csrf');
    }
    assert.is((await change({ 'x-csrf-token': mine.csrfToken })).status, 200);
    assert.is(world.accounts.byId(mine.account.accountId)?.name, 'Ola');
  }));

test('CSRF: no other site can log a browser in or sign it up', () =>
  overHttp(async (world, send) => {
    await world.member(LOGIN.email);

    const answer = await send('POST', '/session', {
      body: LOGIN,
      headers: { origin: 'https://evil.example' },
    });

    assert.is(answer.status, 403);
    assert.equal(answer.headers.getSetCookie(), []);
  }));

test('a refusal is problem+json with code, sentence and Retry-After', () =>
  overHttp(async (world, send) => {
    await world.member(LOGIN.email);
    const body = { ...LOGIN, password: 'wrong password' };
    const headers = { 'accept-language': 'en' };

    const first = await send('POST', '/session', { body, headers });
    assert.is(first.status, 401);
    assert.match(first.headers.get('content-type') ?? '', 'application/problem+json');
    const problem = (await first.json()) as Record<string, unknown>;
    assert.is(problem['code'], 'bad-login');
    assert.is(problem['title'], 'The e-mail address or the password is not right.');
    let last = first;
    for (let index = 0; index < 8; index += 1)
      last = await send('POST', '/session', { body, headers });
    assert.is(last.status, 429);
    assert.ok(Number(last.headers.get('retry-after')) > 0);
  }));

test('a suspended account’s session and token are over with the next request', () =>
  overHttp(async (world, send) => {
    await world.administrator();
    const { account, sessionSecret } = await world.member(LOGIN.email);
    const { secret } = world.accounts.addToken(
      account.accountId,
      { name: 'x', scopes: ['account:read'], lifeMs: null },
      world.nowMs,
    );
    const asked = async (headers: Record<string, string>) =>
      (await send('GET', '/account', { headers })).status;
    assert.is(await asked({ cookie: `konfa=${sessionSecret}` }), 200);
    assert.is(await asked({ authorization: `Bearer ${secret}` }), 200);

    world.accounts.administer(account.accountId, { state: 'suspended' });

    assert.is(await asked({ cookie: `konfa=${sessionSecret}` }), 401);
    assert.is(await asked({ authorization: `Bearer ${secret}` }), 401);
  }));

test('a token neither logs out, nor sees sessions, nor makes tokens', () =>
  overHttp(async (world, send) => {
    const { account } = await world.member(LOGIN.email);
    const { secret } = world.accounts.addToken(
      account.accountId,
      { name: 'x', scopes: ['account:read'], lifeMs: null },
      world.nowMs,
    );
    const headers = { authorization: `Bearer ${secret}` };
    const body = { name: 'more', scopes: ['history:read'], expiresInDays: null };

    assert.is((await send('GET', '/account/sessions', { headers })).status, 403);
    assert.is((await send('POST', '/account/tokens', { headers, body })).status, 403);
    assert.is((await send('DELETE', '/session', { headers })).status, 403);
    assert.is((await send('GET', '/account', { headers })).status, 200);
  }));

test.run();
