import { test } from 'uvu';
import * as assert from 'uvu/assert';
import {
  codeOf,
  HOUR_MS,
  origin,
  OTHER_PASSWORD,
  PASSWORD,
  refusalOf,
  withAccounts,
  type AccountWorld,
} from './account-world.ts';

const EMAIL = 'ala@example.org';

const ask = (world: AccountWorld, email = EMAIL): void =>
  world.accounts.requestReset(email, origin(), world.nowMs);

const complete = (world: AccountWorld, token: string, password = OTHER_PASSWORD) =>
  world.accounts.completeReset({ token, password }, origin(), world.nowMs);

test('a reset ends every session and every known device, logs in here, and tells the owner', () =>
  withAccounts(async (world) => {
    const before = await world.member(EMAIL);
    ask(world);

    const entry = await complete(world, world.token());

    assert.is(world.accounts.bySession(before.sessionSecret, origin(), world.nowMs), null);
    assert.is(world.accounts.sessions(before.account.accountId, world.nowMs).length, 1);
    assert.ok(world.accounts.bySession(entry.sessionSecret, origin(), world.nowMs));
    assert.is.not(entry.deviceSecret, before.deviceSecret);
    assert.is(world.mails.at(-1)?.kind, 'password-changed');
    const logIn = (password: string) => () =>
      world.accounts.logIn({ email: EMAIL, password }, origin(), world.nowMs);
    assert.is(await codeOf(logIn(PASSWORD)), 'bad-login');
    assert.is(await codeOf(logIn(OTHER_PASSWORD)), null);
  }));

test('a link for a new password works once, for an hour; a newer one voids it', () =>
  withAccounts(async (world) => {
    await world.member(EMAIL);
    ask(world);
    const older = world.token();
    ask(world);
    const newer = world.token();

    assert.is(await codeOf(() => complete(world, older)), 'link-expired');
    world.nowMs += HOUR_MS;
    assert.is(await codeOf(() => complete(world, newer)), 'link-expired');
    world.nowMs -= 1;
    assert.is(await codeOf(() => complete(world, newer)), null);
    assert.is(await codeOf(() => complete(world, newer)), 'link-expired');
  }));

test('one link used twice at the same moment sets one password', () =>
  withAccounts(async (world) => {
    await world.member(EMAIL);
    ask(world);
    const token = world.token();

    const codes = await Promise.all([
      codeOf(() => complete(world, token, 'pierwsze z dwóch')),
      codeOf(() => complete(world, token, 'drugie z dwóch !')),
    ]);

    assert.equal(codes.toSorted(), ['link-expired', null].toSorted());
  }));

test('a weak password is refused and leaves the link as it is', () =>
  withAccounts(async (world) => {
    await world.member(EMAIL);
    ask(world);
    const token = world.token();

    const refusal = await refusalOf(() => complete(world, token, 'ala@example.org'));

    assert.is(refusal?.facts['reason'], 'like-your-address');
    assert.is(await codeOf(() => complete(world, token)), null);
  }));

test('enumeration: asking with an unknown address ends like asking with a known one, and writes to the disk too', () =>
  withAccounts(async (world) => {
    await world.member(EMAIL);
    const written = () =>
      world.connection.prepare('SELECT total_changes()').pluck().get() as number;
    const mails = world.mails.length;

    for (const email of ['nobody@example.org', 'no address', '']) {
      const before = written();
      assert.is(await codeOf(() => ask(world, email)), null);
      assert.ok(written() > before, email);
    }

    assert.is(world.mails.length, mails);
  }));

test('a link for a new password is not stopped by an attack on the login', () =>
  withAccounts(async (world) => {
    await world.member(EMAIL);
    for (let index = 0; index < 200; index += 1) {
      const from = origin({ address: `198.51.100.${index}` });
      await codeOf(() => world.accounts.logIn({ email: EMAIL, password: 'x' }, from, world.nowMs));
    }

    ask(world);
    const entry = await complete(world, world.token());

    assert.is(entry.account.email, EMAIL);
  }));

test('who never confirmed the address does so by a link for a new password, and older sign-ups are void', () =>
  withAccounts(async (world) => {
    const request = { name: 'Mallory', email: EMAIL, password: PASSWORD, zone: 'Europe/Warsaw' };
    await world.accounts.signUp({ ...request, language: 'pl' }, origin(), world.nowMs);
    const signUp = world.token();
    ask(world);

    await complete(world, world.token());

    assert.is(world.accounts.byEmail(EMAIL)?.state, 'active');
    assert.is(
      await codeOf(() => world.accounts.confirm(signUp, origin(), world.nowMs)),
      'link-expired',
    );
  }));

test('a suspended account gets no link, and a link from before is void', () =>
  withAccounts(async (world) => {
    await world.administrator();
    const { account } = await world.member(EMAIL);
    ask(world);
    const token = world.token();
    world.accounts.administer(account.accountId, { state: 'suspended' });
    const mails = world.mails.length;

    ask(world);

    assert.is(world.mails.length, mails);
    assert.is(await codeOf(() => complete(world, token)), 'link-expired');
    world.accounts.administer(account.accountId, { state: 'active' });
    assert.is(await codeOf(() => complete(world, token)), 'link-expired');
  }));

test.run();
