import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Actor, Entry } from '../../../server/account/accounts.ts';
import {
  codeOf,
  DAY_MS,
  origin,
  OTHER_PASSWORD,
  PASSWORD,
  refusalOf,
  withAccounts,
  type AccountWorld,
} from './account-world.ts';

const EMAIL = 'ala@example.org';

function actorOf(entry: Entry): Actor {
  const { account, session, deviceSecret } = entry;
  return { accountId: account.accountId, sessionId: session.sessionId, deviceSecret };
}

const isIn = (world: AccountWorld, entry: Entry): boolean =>
  world.accounts.bySession(entry.sessionSecret, origin(), world.nowMs) !== null;

const logIn = (world: AccountWorld, email = EMAIL, password = PASSWORD) =>
  world.accounts.logIn({ email, password }, origin(), world.nowMs);

test('a new password ends all other sessions and devices, keeps this one, and the owner is told', () =>
  withAccounts(async (world) => {
    const other = await world.member(EMAIL);
    const here = await logIn(world);
    const passwords = { present: PASSWORD, next: OTHER_PASSWORD };

    await world.accounts.changePassword(actorOf(here), passwords, world.nowMs);

    assert.ok(isIn(world, here));
    assert.not.ok(isIn(world, other));
    assert.is(world.mails.at(-1)?.kind, 'password-changed');
    assert.is(await codeOf(() => logIn(world)), 'bad-login');
    assert.is(await codeOf(() => logIn(world, EMAIL, OTHER_PASSWORD)), null);
    const devices = world.connection.prepare('SELECT count(*) FROM account_device').pluck();
    assert.is(devices.get(), 2, 'the browser that changed it, and the new login');
  }));

test('a link for a new password that was asked for before the change is void', () =>
  withAccounts(async (world) => {
    const here = await world.member(EMAIL);
    world.accounts.requestReset(EMAIL, origin(), world.nowMs);
    const token = world.token();

    const passwords = { present: PASSWORD, next: OTHER_PASSWORD };
    await world.accounts.changePassword(actorOf(here), passwords, world.nowMs);

    const complete = world.accounts.completeReset(
      { token, password: PASSWORD },
      origin(),
      world.nowMs,
    );
    assert.is(await codeOf(() => complete), 'link-expired');
  }));

test('the present password is asked for; a stolen session has ten tries and must then wait, and the owner is not slowed', () =>
  withAccounts(async (world) => {
    const stolen = await world.member(EMAIL);
    const owner = await logIn(world);
    const before = world.hashed.count;
    const guess = (entry: Entry, present: string) =>
      refusalOf(() =>
        world.accounts.changePassword(
          actorOf(entry),
          { present, next: OTHER_PASSWORD },
          world.nowMs,
        ),
      );

    for (let index = 0; index < 50; index += 1) await guess(stolen, `guess ${index}`);

    assert.ok(world.hashed.count - before <= 11, `${world.hashed.count - before}`);
    assert.is((await guess(stolen, PASSWORD))?.reason, 'too-many-tries');
    const wrong = await guess(owner, 'wrong');
    assert.is(wrong?.reason, 'wrong-password');
    assert.is(wrong?.pointer, '/password');
    assert.is(await guess(owner, PASSWORD), null);
  }));

test('a weak new password is refused at its own field', () =>
  withAccounts(async (world) => {
    const here = await world.member(EMAIL);

    const refusal = await refusalOf(() =>
      world.accounts.changePassword(
        actorOf(here),
        { present: PASSWORD, next: 'short' },
        world.nowMs,
      ),
    );

    assert.is(refusal?.reason, 'weak-password');
    assert.is(refusal?.pointer, '/newPassword');
    assert.equal(refusal?.facts, { reason: 'too-short', shortest: 10, longest: 1000 });
  }));

test('a new address is taken over once its link was used, and the old one is told', () =>
  withAccounts(async (world) => {
    const here = await world.member(EMAIL);
    const request = { password: PASSWORD, newEmail: 'Nowa@Example.org' };

    await world.accounts.requestEmailChange(actorOf(here), request, world.nowMs);

    const mail = world.mails.at(-1);
    assert.is(mail?.kind, 'confirm-new-address');
    assert.is(mail?.to, 'Nowa@Example.org');
    assert.match(mail?.link ?? '', /\/confirm-email\/[0-9a-f]{64}$/u);
    assert.is(
      world.accounts.byId(here.account.accountId)?.email,
      EMAIL,
      'not before the link is used',
    );

    const entry = world.accounts.confirm(world.token(), origin(), world.nowMs);

    assert.is(entry.account.email, 'Nowa@Example.org');
    assert.is(world.mails.at(-1)?.kind, 'address-changed');
    assert.is(world.mails.at(-1)?.to, EMAIL);
    assert.is(await codeOf(() => logIn(world)), 'bad-login');
    assert.is(await codeOf(() => logIn(world, 'nowa@example.org')), null);
  }));

test('enumeration: a new address that has an account is answered alike; its owner is told, and nothing changes', () =>
  withAccounts(async (world) => {
    await world.member('known@example.org');
    const here = await world.member(EMAIL);
    const before = world.mails.length;

    for (const newEmail of ['known@example.org', 'unknown@example.org']) {
      const request = { password: PASSWORD, newEmail };
      const asked = () => world.accounts.requestEmailChange(actorOf(here), request, world.nowMs);
      assert.is(await codeOf(asked), null);
    }

    assert.equal(
      world.mails.slice(before).map(({ kind, to }) => `${kind} ${to}`),
      ['account-exists known@example.org', 'confirm-new-address unknown@example.org'],
    );
    assert.is(world.accounts.byId(here.account.accountId)?.email, EMAIL);
  }));

test('an address that somebody else took meanwhile is not taken away; an account nobody confirmed gives way', () =>
  withAccounts(async (world) => {
    const here = await world.member(EMAIL);
    const wanted = 'nowa@example.org';
    const request = { password: PASSWORD, newEmail: wanted };
    await world.accounts.requestEmailChange(actorOf(here), request, world.nowMs);
    const link = world.token();
    const squatter = { name: 'M', email: wanted, password: OTHER_PASSWORD, zone: 'Europe/Warsaw' };
    await world.accounts.signUp({ ...squatter, language: 'pl' }, origin(), world.nowMs);
    const signUp = world.token();

    const entry = world.accounts.confirm(link, origin(), world.nowMs);

    assert.is(entry.account.email, wanted);
    assert.is(
      await codeOf(() => world.accounts.confirm(signUp, origin(), world.nowMs)),
      'link-expired',
    );

    const back = { password: PASSWORD, newEmail: EMAIL };
    await world.accounts.requestEmailChange(actorOf(entry), back, world.nowMs);
    const late = world.token();
    await world.member(EMAIL, OTHER_PASSWORD);
    assert.is(
      await codeOf(() => world.accounts.confirm(late, origin(), world.nowMs)),
      'link-expired',
    );
    assert.is(world.accounts.byId(entry.account.accountId)?.email, wanted);
  }));

test('deleting the account asks for the password, erases the profile and leaves nothing of it', () =>
  withAccounts(async (world) => {
    const here = await world.member(EMAIL);
    const { accountId } = here.account;
    world.accounts.addToken(
      accountId,
      { name: 'x', scopes: ['account:read'], lifeMs: null },
      world.nowMs,
    );
    world.accounts.requestReset(EMAIL, origin(), world.nowMs);

    assert.is(
      await codeOf(() => world.accounts.deleteOwn(actorOf(here), OTHER_PASSWORD, world.nowMs)),
      'wrong-password',
    );
    await world.accounts.deleteOwn(actorOf(here), PASSWORD, world.nowMs);

    assert.equal(world.erased, [accountId]);
    assert.not.ok(isIn(world, here));
    for (const table of [
      'account',
      'account_session',
      'api_token',
      'account_link',
      'account_device',
    ]) {
      const rows = world.connection.prepare(`SELECT count(*) FROM ${table}`).pluck().get();
      assert.is(rows, 0, table);
    }
  }));

test('when erasing the profile fails, the account is still there', () =>
  withAccounts(async (world) => {
    const here = await world.member(EMAIL);
    world.erased.push = () => {
      throw new Error('disk full');
    };

    const outcome = await world.accounts
      .deleteOwn(actorOf(here), PASSWORD, world.nowMs)
      .catch((error: unknown) => String(error));

    assert.is(outcome, 'Error: disk full');
    assert.ok(isIn(world, here));
  }));

test('name, language and zone change without the password, and nothing else can be handed in', () =>
  withAccounts(async (world) => {
    const { account } = await world.member(EMAIL);
    const change = { name: ' Ola ', language: 'en', zone: 'America/New_York' } as const;

    world.accounts.changeProfile(account.accountId, { ...change, ...{ role: 'administrator' } });

    const after = world.accounts.byId(account.accountId);
    assert.equal(after, { ...account, name: 'Ola', language: 'en', zone: 'America/New_York' });
  }));

test('sessions are ended one by one or all others at once, one’s own account’s only', () =>
  withAccounts(async (world) => {
    const foreign = await world.member('ola@example.org');
    const [one, two, here] = [await world.member(EMAIL), await logIn(world), await logIn(world)];
    const { accountId } = here.account;

    assert.is(
      await codeOf(() => world.accounts.endSession(accountId, foreign.session.sessionId)),
      'not-found',
    );
    world.accounts.endSession(accountId, one.session.sessionId);
    assert.not.ok(isIn(world, one));
    assert.ok(isIn(world, two));
    world.accounts.endOtherSessions(actorOf(here));

    assert.not.ok(isIn(world, two));
    assert.ok(isIn(world, here));
    assert.ok(isIn(world, foreign));
  }));

test('a token is good for its scopes until it ends or is removed; the secret is told once', () =>
  withAccounts(async (world) => {
    const { account } = await world.member(EMAIL);
    const request = {
      name: 'script',
      scopes: ['history:read', 'history:read'],
      lifeMs: DAY_MS,
    } as const;

    const { token, secret } = world.accounts.addToken(account.accountId, request, world.nowMs);

    assert.match(secret, /^konfa_[0-9a-f]{64}$/u);
    const presence = world.accounts.byToken(secret, world.nowMs);
    assert.equal(presence?.scopes, ['history:read']);
    assert.is(presence?.csrfToken, null);
    assert.is(world.accounts.tokens(account.accountId)[0]?.lastUsedAtMs, world.nowMs);
    assert.not.ok(JSON.stringify(world.accounts.tokens(account.accountId)).includes('ecret'));
    for (const wrong of ['', 'konfa_', secret.slice(6), secret.toUpperCase(), `${secret}0`]) {
      assert.is(world.accounts.byToken(wrong, world.nowMs), null, wrong);
    }
    assert.is(world.accounts.byToken(secret, world.nowMs + DAY_MS), null);
    assert.ok(world.accounts.byToken(secret, world.nowMs + DAY_MS - 1));
    world.accounts.removeToken(account.accountId, token.tokenId);
    assert.is(world.accounts.byToken(secret, world.nowMs), null);
  }));

test('only administrators make tokens that administer; a token of a suspended account is not valid', () =>
  withAccounts(async (world) => {
    const chief = await world.administrator();
    const { account } = await world.member(EMAIL);
    const add = (accountId: string, scope: 'admin' | 'account:read') => () =>
      world.accounts.addToken(accountId, { name: 'x', scopes: [scope], lifeMs: null }, world.nowMs);

    assert.is(await codeOf(add(account.accountId, 'admin')), 'scope-not-allowed');
    assert.is(await codeOf(add(chief.account.accountId, 'admin')), null);
    const { secret } = add(account.accountId, 'account:read')();
    world.accounts.administer(account.accountId, { state: 'suspended' });

    assert.is(world.accounts.byToken(secret, world.nowMs), null);
  }));

test('fifty tokens are enough for one account', () =>
  withAccounts(async (world) => {
    const { account } = await world.member(EMAIL);
    const add = () =>
      world.accounts.addToken(
        account.accountId,
        { name: 'x', scopes: ['account:read'], lifeMs: null },
        world.nowMs,
      );
    for (let index = 0; index < 50; index += 1) add();

    assert.is(await codeOf(add), 'too-many-tokens');
  }));

test.run();
