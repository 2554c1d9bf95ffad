import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Entry } from '../../../server/account/accounts.ts';
import type { LedgerEntry } from '../../../server/notice/notice-store.ts';
import { createAccountRoutes } from '../../../server/panel/account-routes.ts';
import { createAdminAccountRoutes } from '../../../server/panel/admin-account-routes.ts';
import { accountProblem } from '../../../server/panel/account-routes-refusal.ts';
import {
  ACCOUNT_PROBLEM_WORDS,
  WEAK_PASSWORD_WORDS,
} from '../../../server/panel/problem-words-account.ts';
import { AccountRefusal } from '../../../server/account/account-refusal.ts';
import { systemRandom } from '../../../server/runtime/random.ts';
import {
  OTHER_PASSWORD,
  PASSWORD,
  withAccounts,
  type AccountWorld,
} from '../account/account-world.ts';
import { bySession, callerOf, problemOf } from './route-caller.ts';

const FUNDS = {
  billing: 'balance',
  currency: 'PLN',
  availableMilli: 5_000,
  balanceMilli: 5_000,
  monthlyLimitMilli: null,
  spentThisMonthMilli: 120,
} as const;

function routesOf(world: AccountWorld) {
  const booked: LedgerEntry[] = [];
  const funds = () => FUNDS;
  const call = callerOf([
    ...createAccountRoutes({
      accounts: world.accounts,
      funds,
      ledgerEntries: (profileId) => booked.filter((entry) => entry.profileId === profileId),
    }),
    ...createAdminAccountRoutes({
      accounts: world.accounts,
      ledger: { add: (entry) => booked.push(entry) },
      random: systemRandom,
      funds,
      activeReservations: () => 2,
    }),
  ]);
  return { call, booked };
}

const identityOf = (entry: Entry) => bySession(entry.account, entry.session.sessionId);
const jsonOf = (value: unknown): Record<string, unknown> => value as Record<string, unknown>;

test('mass assignment: neither role, nor state, address or limit can be set on one’s own account', () =>
  withAccounts(async (world) => {
    const entry = await world.member('ala@example.org');
    const { call } = routesOf(world);
    for (const field of ['role', 'state', 'email', 'monthlyLimitMilli', 'accountId', 'password']) {
      const body = { name: 'Ola', [field]: 'administrator' };
      const refusal = await problemOf(() =>
        call('PATCH /account', { identity: identityOf(entry), body }),
      );

      assert.is(refusal?.code, 'bad-input', field);
      assert.is(refusal?.problems[0]?.pointer, `/${field}`);
    }
    assert.equal(world.accounts.byId(entry.account.accountId), entry.account);
  }));

test('the account is shown without anything that is secret', () =>
  withAccounts(async (world) => {
    const entry = await world.member('ala@example.org');

    const reply = await routesOf(world).call('GET /account', { identity: identityOf(entry) });

    assert.equal(Object.keys(jsonOf(reply.json)).toSorted(), [
      'accountId',
      'createdAt',
      'email',
      'language',
      'name',
      'role',
      'zone',
    ]);
  }));

test('every route that changes passwords, address, sessions or tokens takes a login and no token', () =>
  withAccounts((world) => {
    const routes = createAccountRoutes({
      accounts: world.accounts,
      funds: () => FUNDS,
      ledgerEntries: () => [],
    });
    const open = routes
      .filter(({ spec }) => spec.access !== 'session')
      .map(({ spec }) => spec.path);

    assert.equal(open, ['/account', '/account/balance']);
    assert.ok(
      routes.every(({ spec }) => spec.access === 'session' || spec.method === 'GET'),
      'the open ones only read',
    );
  }));

test('sessions tell which one asks, and are ended one by one', () =>
  withAccounts(async (world) => {
    const other = await world.member('ala@example.org');
    const here = await world.accounts.logIn(
      { email: 'ala@example.org', password: PASSWORD },
      {
        address: '192.0.2.8',
        userAgent: 'Safari\r\nX: y',
        sessionSecret: null,
        deviceSecret: null,
      },
      world.nowMs,
    );
    const { call } = routesOf(world);
    const identity = identityOf(here);

    const list = await call('GET /account/sessions', { identity, nowMs: world.nowMs });

    const sessions = jsonOf(list.json)['sessions'] as { present: boolean; userAgent: string }[];
    assert.equal(sessions.map(({ present, userAgent }) => `${present} ${userAgent}`).toSorted(), [
      'false Firefox',
      'true Safari X: y',
    ]);
    const params = { sessionId: other.session.sessionId };
    assert.is(
      (await call('DELETE /account/sessions/{sessionId}', { identity, params })).status,
      204,
    );
    const again = () => call('DELETE /account/sessions/{sessionId}', { identity, params });
    assert.is((await problemOf(again))?.status, 404);
    const odd = { sessionId: '../x' };
    assert.is(
      (
        await problemOf(() =>
          call('DELETE /account/sessions/{sessionId}', { identity, params: odd }),
        )
      )?.status,
      404,
    );
  }));

test('a token is made, listed without its secret, and removed', () =>
  withAccounts(async (world) => {
    const identity = identityOf(await world.member('ala@example.org'));
    const { call } = routesOf(world);
    const body = { name: 'script', scopes: ['account:read'], expiresInDays: 30 };

    const made = await call('POST /account/tokens', { identity, body, nowMs: world.nowMs });

    assert.is(made.status, 201);
    assert.is(jsonOf(made.json)['expiresAt'], '2026-04-01T10:00:00.000Z');
    const list = await call('GET /account/tokens', { identity });
    assert.not.ok(JSON.stringify(list.json).includes(String(jsonOf(made.json)['secret'])));
    const params = { tokenId: String(jsonOf(made.json)['tokenId']) };
    assert.is((await call('DELETE /account/tokens/{tokenId}', { identity, params })).status, 204);
    assert.equal(await call('GET /account/tokens', { identity }), {
      status: 200,
      json: { tokens: [] },
    });
  }));

test('password, address and deletion ask for the present password', () =>
  withAccounts(async (world) => {
    const identity = identityOf(await world.member('ala@example.org'));
    const { call } = routesOf(world);
    const password = OTHER_PASSWORD;
    for (const [route, body] of [
      ['POST /account/password', { password, newPassword: 'zupełnie inne' }],
      ['POST /account/email', { password, newEmail: 'nowa@example.org' }],
      ['DELETE /account', { password }],
    ] as const) {
      const refusal = await problemOf(() => call(route, { identity, body }));

      assert.is(refusal?.code, 'wrong-password', route);
      assert.is(refusal?.status, 422, route);
      assert.is(refusal?.problems[0]?.pointer, '/password', route);
    }
    const reply = await call('DELETE /account', { identity, body: { password: PASSWORD } });
    assert.is(reply.status, 204);
    assert.equal(
      reply.cookies?.map(({ maxAgeSeconds }) => maxAgeSeconds),
      [0, 0],
    );
  }));

test('the balance shows funds and movements', () =>
  withAccounts(async (world) => {
    const chief = await world.administrator();
    const ala = await world.member('ala@example.org');
    const { call, booked } = routesOf(world);
    const params = { accountId: ala.account.accountId };
    const body = { amountMilli: 20_000, reason: 'top-up', note: 'przelew' };

    const reply = await call('POST /admin/accounts/{accountId}/ledger', {
      identity: identityOf(chief),
      params,
      body,
    });

    assert.is(reply.status, 201);
    assert.is(booked[0]?.amountMilli, 20_000);
    assert.is(booked[0]?.noticeId, null);
    const balance = await call('GET /account/balance', { identity: identityOf(ala) });
    assert.equal(jsonOf(balance.json)['entries'], [
      { at: '2026-03-02T10:00:00.000Z', amountMilli: 20_000, reason: 'top-up', note: 'przelew' },
    ]);
    const nobody = { accountId: '0'.repeat(32) };
    const unknown = await problemOf(() =>
      call('POST /admin/accounts/{accountId}/ledger', { params: nobody, body }),
    );
    assert.is(unknown?.status, 404);
  }));

test('an administrator’s list goes on page by page, each account once, the newest first', () =>
  withAccounts(async (world) => {
    for (let index = 0; index < 7; index += 1) {
      // Two at a time have the same instant: the id decides.
      world.nowMs += index % 2;
      world.accounts.add(
        { email: `user${index}@example.org`, role: 'organiser', language: 'pl' },
        world.nowMs,
      );
    }
    const { call } = routesOf(world);
    const seen: string[] = [];
    let cursor: string | null = null;
    for (let page = 0; page < 10; page += 1) {
      const query: Record<string, string> =
        cursor === null ? { limit: '3' } : { limit: '3', cursor };
      const reply = await call('GET /admin/accounts', { query });
      const json = jsonOf(reply.json);
      seen.push(...(json['accounts'] as { email: string }[]).map(({ email }) => email));
      cursor = json['nextCursor'] as string | null;
      if (cursor === null) break;
    }

    assert.is(seen.length, 7);
    assert.is(new Set(seen).size, 7);
    const bad = await problemOf(() =>
      call('GET /admin/accounts', { query: { cursor: "x' OR 1" } }),
    );
    assert.is(bad?.code, 'bad-cursor');
  }));

test('text is looked for in name and address in any case; % and _ are characters like others', () =>
  withAccounts(async (world) => {
    await world.member('ala_nowak@example.org');
    await world.member('100%@example.org');
    await world.administrator('zażółć@example.org');
    const { call } = routesOf(world);
    const found = async (text: string): Promise<number> => {
      const reply = await call('GET /admin/accounts', { query: { text } });
      return (jsonOf(reply.json)['accounts'] as unknown[]).length;
    };

    assert.is(await found('ALA_N'), 1);
    assert.is(await found('ZAŻÓŁĆ'), 1);
    assert.is(await found('0%@'), 1);
    assert.is(await found('%'), 1);
    assert.is(await found('_'), 1);
    assert.is(await found('\\'), 0);
    assert.is(await found('nowak'), 2, 'by name');
    assert.is(await found(' '), 3);
  }));

test('every administrator’s route asks for one', () =>
  withAccounts((world) => {
    const routes = createAdminAccountRoutes({
      accounts: world.accounts,
      ledger: { add: () => undefined },
      random: systemRandom,
      funds: () => FUNDS,
      activeReservations: () => 0,
    });

    assert.ok(routes.every(({ spec }) => spec.access === 'administrator'));
  }));

test('role, state and limit are what an administrator changes', () =>
  withAccounts(async (world) => {
    await world.administrator();
    const { account } = await world.member('ala@example.org');
    const { call } = routesOf(world);
    const params = { accountId: account.accountId };
    const change = (body: unknown) => call('PATCH /admin/accounts/{accountId}', { params, body });

    const body = { role: 'administrator', monthlyLimitMilli: 50_000 };
    const reply = await change(body);

    assert.is(jsonOf(reply.json)['role'], 'administrator');
    assert.is(jsonOf(reply.json)['monthlyLimitMilli'], 50_000);
    assert.is(jsonOf(reply.json)['activeReservations'], 2);
    assert.is((await problemOf(() => change({ email: 'x@y.pl' })))?.code, 'bad-input');
    assert.is((await problemOf(() => change({ state: 'invited' })))?.code, 'bad-input');
    const removed = await call('DELETE /admin/accounts/{accountId}', { params });
    assert.is(removed.status, 204);
  }));

test('inviting an address in use is a conflict at its field', () =>
  withAccounts(async (world) => {
    await world.member('ala@example.org');
    const body = { email: 'ala@example.org', role: 'organiser', language: 'pl' };

    const refusal = await problemOf(() => routesOf(world).call('POST /admin/accounts', { body }));

    assert.is(refusal?.status, 409);
    assert.is(refusal?.code, 'address-taken');
    assert.is(refusal?.problems[0]?.pointer, '/email');
  }));

test('every code has a sentence in both languages, with no place left open', () => {
  for (const [code, sentences] of [
    ...Object.entries(ACCOUNT_PROBLEM_WORDS),
    ...Object.entries(WEAK_PASSWORD_WORDS),
  ]) {
    for (const text of [sentences.pl, sentences.en]) assert.match(text, /^\p{Lu}.*\.$/u, code);
    assert.is.not(sentences.pl, sentences.en, code);
  }
  const refusal = new AccountRefusal('too-many-tokens', { facts: { allowed: 50 } });
  assert.match(accountProblem(refusal, 'en').problems[0]?.detail ?? '', '50 tokens');
});

test.run();
