import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Entry } from '../../../server/account/accounts.ts';
import { createGatekeeper } from '../../../server/panel/account-gatekeeper.ts';
import { createSessionRoutes } from '../../../server/panel/session-routes.ts';
import {
  origin,
  OTHER_PASSWORD,
  PASSWORD,
  tokenOf,
  withAccounts,
  type AccountWorld,
} from '../account/account-world.ts';
import { bySession, callerOf, problemOf } from './route-caller.ts';

const SIGN_UP = {
  name: 'Ala',
  email: 'ala@example.org',
  password: PASSWORD,
  language: 'pl',
  zone: 'Europe/Warsaw',
};

const jsonOf = (value: unknown): Record<string, unknown> => value as Record<string, unknown>;

function admit(world: AccountWorld, given: { cookies?: Record<string, string>; header?: string }) {
  return createGatekeeper(world.accounts).admit(
    {
      cookie: (name) => given.cookies?.[name] ?? null,
      authorization: given.header ?? null,
      address: '192.0.2.7',
      userAgent: 'Firefox',
    },
    world.nowMs,
  );
}

const identityOf = (entry: Entry) => bySession(entry.account, entry.session.sessionId);

test('from sign-up to logout by the REST interface', () =>
  withAccounts(async (world) => {
    const call = callerOf(createSessionRoutes(world.accounts));

    assert.equal(await call('POST /accounts', { body: SIGN_UP }), { status: 202 });
    const confirmed = await call('POST /accounts/confirm', { body: { token: world.token() } });
    assert.is(confirmed.status, 200);
    const login = await call('POST /session', {
      body: { email: SIGN_UP.email, password: PASSWORD },
    });
    const [session, device] = login.cookies ?? [];
    assert.is(session?.name, '__Host-konfa');
    assert.is(session?.maxAgeSeconds, 90 * 86_400);
    assert.is(device?.name, '__Host-konfa-device');
    const cookies = { '__Host-konfa': session?.value ?? '' };

    const admission = admit(world, { cookies });
    assert.is(admission.result, 'known');
    const identity = admission.result === 'known' ? admission.identity : null;
    const present = await call('GET /session', { identity, cookies });
    assert.is(jsonOf(present.json)['csrfToken'], jsonOf(login.json)['csrfToken']);
    assert.is(admission.result === 'known' && admission.csrfToken, jsonOf(login.json)['csrfToken']);

    const logout = await call('DELETE /session', { identity, cookies });
    assert.equal(logout.cookies, [{ name: '__Host-konfa', value: '', maxAgeSeconds: 0 }]);
    assert.is(admit(world, { cookies }).result, 'anonymous');
  }));

test('who is not logged in is told so with status 200', () =>
  withAccounts(async (world) => {
    const reply = await callerOf(createSessionRoutes(world.accounts))('GET /session');

    assert.equal(reply, {
      status: 200,
      json: { account: null, csrfToken: null, now: '2026-03-02T10:00:00.000Z' },
    });
  }));

test('enumeration: login, sign-up and reset answer alike for known and unknown addresses, to the letter', () =>
  withAccounts(async (world) => {
    await world.member('known@example.org');
    const call = callerOf(createSessionRoutes(world.accounts));
    const asked = async (email: string): Promise<unknown> => {
      const wrong = { email, password: OTHER_PASSWORD };
      const refusal = await problemOf(() => call('POST /session', { body: wrong }));
      return {
        login: [refusal?.status, refusal?.code, refusal?.problems, refusal?.retryAfterSeconds],
        signUp: await call('POST /accounts', { body: { ...SIGN_UP, email } }),
        reset: await call('POST /password-resets', { body: { email, language: 'pl' } }),
      };
    };

    assert.equal(await asked('known@example.org'), await asked('unknown@example.org'));
  }));

test('mass assignment: no body takes a field that it does not name, such as a role', () =>
  withAccounts(async (world) => {
    const call = callerOf(createSessionRoutes(world.accounts));
    for (const [route, body] of [
      ['POST /accounts', { ...SIGN_UP, role: 'administrator' }],
      ['POST /accounts', { ...SIGN_UP, state: 'active' }],
      ['POST /accounts', { ...SIGN_UP, accountId: 'x' }],
      ['POST /session', { email: 'a@b.pl', password: 'x', role: 'administrator' }],
      ['POST /setup', { token: 'x', name: 'x', email: 'a@b.pl', password: 'x', role: 'organiser' }],
      ['POST /accounts/confirm', { token: 'x', accountId: 'y' }],
      [
        'POST /accounts/accept',
        { token: 'x', name: 'x', password: 'x', language: 'pl', zone: 'x', role: 'administrator' },
      ],
      ['POST /password-resets/complete', { token: 'x', password: 'x', email: 'a@b.pl' }],
    ] as const) {
      const refusal = await problemOf(() => call(route, { body }));

      assert.is(refusal?.code, 'bad-input', route);
      assert.is(refusal?.problems[0]?.code, 'unknown-field', route);
    }
    assert.is(world.hashed.count, 0);
  }));

test('fixation: the login’s cookie is new, whatever cookie the browser brought', () =>
  withAccounts(async (world) => {
    const entry = await world.member('ala@example.org');
    const cookies = { '__Host-konfa': entry.sessionSecret };

    const login = await callerOf(createSessionRoutes(world.accounts))('POST /session', {
      body: { email: 'ala@example.org', password: PASSWORD },
      cookies,
    });

    assert.is.not(login.cookies?.[0]?.value, entry.sessionSecret);
    assert.is(admit(world, { cookies }).result, 'anonymous');
  }));

test('the setup link’s token makes an administrator and logs in', () =>
  withAccounts(async (world) => {
    const token = tokenOf(world.accounts.setupLink(world.nowMs) ?? '');
    const body = { token, name: 'Szef', email: 'szef@example.org', password: PASSWORD };

    const reply = await callerOf(createSessionRoutes(world.accounts))('POST /setup', { body });

    assert.is(jsonOf(jsonOf(reply.json)['account'])['role'], 'administrator');
  }));

test('refusals carry status, stable code, field, facts, a sentence and Retry-After', () =>
  withAccounts(async (world) => {
    const call = callerOf(createSessionRoutes(world.accounts));
    const weak = await problemOf(() =>
      call('POST /accounts', { body: { ...SIGN_UP, password: 'krótkie' } }),
    );
    assert.is(weak?.status, 422);
    assert.is(weak?.code, 'weak-password');
    assert.equal(weak?.problems, [
      {
        code: 'weak-password',
        pointer: '/password',
        facts: { reason: 'too-short', shortest: 10, longest: 1000 },
        detail: 'Hasło jest za krótkie. Najmniejsza liczba znaków: 10.',
      },
    ]);
    const body = { email: 'a@b.pl', password: 'x' };
    let last = null;
    for (let index = 0; index < 10; index += 1) {
      last = await problemOf(() => call('POST /session', { body }));
    }
    assert.is(last?.status, 429);
    assert.is(last?.code, 'too-many-tries');
    assert.ok((last?.retryAfterSeconds ?? 0) > 0);
    const stale = await problemOf(() => call('POST /accounts/confirm', { body: { token: 'x' } }));
    assert.is(stale?.status, 410);
  }));

test('an Authorization header is judged alone: a bad token is refused although the cookie is good', () =>
  withAccounts(async (world) => {
    const entry = await world.member('ala@example.org');
    const cookies = { '__Host-konfa': entry.sessionSecret };
    const { secret } = world.accounts.addToken(
      entry.account.accountId,
      { name: 'x', scopes: ['history:read'], lifeMs: null },
      world.nowMs,
    );

    for (const header of [
      'Bearer konfa_x',
      'Bearer',
      '',
      `Basic ${secret}`,
      `Bearer ${entry.sessionSecret}`,
    ]) {
      assert.equal(admit(world, { cookies, header }), { result: 'bad-token' }, header);
    }
    for (const header of [`Bearer ${secret}`, `bearer  ${secret} `]) {
      const admission = admit(world, { cookies, header });
      assert.is(admission.result, 'known');
      assert.equal(admission.result === 'known' && admission.scopes, ['history:read']);
      assert.is(admission.result === 'known' && admission.identity.via, 'token');
    }
  }));

test('a session’s secret is no bearer token, a token no cookie, and the other cookie’s name counts for nothing', () =>
  withAccounts(async (world) => {
    const entry = await world.member('ala@example.org');

    assert.is(admit(world, { cookies: { konfa: entry.sessionSecret } }).result, 'anonymous');
    assert.is(
      admit(world, { cookies: { '__Host-konfa': entry.deviceSecret } }).result,
      'anonymous',
    );
    assert.is(admit(world, { cookies: { '__Host-konfa': entry.csrfToken } }).result, 'anonymous');
    assert.is(admit(world, { cookies: { '__Host-konfa': '' } }).result, 'anonymous');
    assert.ok(identityOf(entry).credentialId !== entry.sessionSecret);
    assert.is(origin().sessionSecret, null);
  }));

test.run();
