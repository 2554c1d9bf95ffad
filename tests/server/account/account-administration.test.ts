import { test } from 'uvu';
import * as assert from 'uvu/assert';
import {
  codeOf,
  DAY_MS,
  origin,
  OTHER_PASSWORD,
  PASSWORD,
  tokenOf,
  withAccounts,
  type AccountWorld,
} from './account-world.ts';

const INVITED = { email: 'nowy@example.org', role: 'organiser', language: 'en' } as const;

const accept = (world: AccountWorld, token: string, password = PASSWORD) =>
  world.accounts.accept(
    { token, name: 'Nowy', password, language: 'pl', zone: 'Europe/Berlin' },
    origin(),
    world.nowMs,
  );

const setUp = (world: AccountWorld, link: string | null, email = 'szef@example.org') =>
  world.accounts.setUp(
    { token: tokenOf(link ?? ''), name: 'Szef', email, password: PASSWORD },
    origin(),
    world.nowMs,
  );

test('a new installation gives out one link that makes the first administrator, once', () =>
  withAccounts(async (world) => {
    const link = world.accounts.setupLink(world.nowMs);
    assert.match(link ?? '', /^https:\/\/konfa\.example\.org\/setup\/[0-9a-f]{64}$/u);

    const entry = await setUp(world, link);

    assert.is(entry.account.role, 'administrator');
    assert.is(entry.account.state, 'active');
    assert.ok(world.accounts.bySession(entry.sessionSecret, origin(), world.nowMs));
    assert.is(await codeOf(() => setUp(world, link, 'inny@example.org')), 'link-expired');
    assert.is(world.accounts.setupLink(world.nowMs), null);
  }));

test('the link survives a restart; the link of the next start replaces it', () =>
  withAccounts(async (world) => {
    const first = world.accounts.setupLink(world.nowMs);
    const restarted = world.restart();
    const token = tokenOf(first ?? '');
    const request = { token, name: 'Szef', email: 'no address', password: PASSWORD };

    const early = await codeOf(() => restarted.setUp(request, origin(), world.nowMs));
    const second = restarted.setupLink(world.nowMs);

    assert.is(early, 'bad-email', 'known still');
    assert.is(await codeOf(() => setUp(world, first)), 'link-expired');
    assert.is(await codeOf(() => setUp(world, second)), null);
  }));

test('two who open the link at once make one administrator', () =>
  withAccounts(async (world) => {
    const link = world.accounts.setupLink(world.nowMs);

    const codes = await Promise.all([
      codeOf(() => setUp(world, link, 'jeden@example.org')),
      codeOf(() => setUp(world, link, 'drugi@example.org')),
    ]);

    assert.equal(codes.map(String).toSorted(), ['link-expired', 'null']);
    assert.is(world.store.countAdministrators(), 1);
  }));

test('an account that has the address already becomes the administrator’s, its old sessions end', () =>
  withAccounts(async (world) => {
    const before = await world.member('szef@example.org', OTHER_PASSWORD);

    const entry = await setUp(world, world.accounts.setupLink(world.nowMs));

    assert.is(entry.account.accountId, before.account.accountId);
    assert.is(world.accounts.bySession(before.sessionSecret, origin(), world.nowMs), null);
    const login = { email: 'szef@example.org', password: OTHER_PASSWORD };
    assert.is(await codeOf(() => world.accounts.logIn(login, origin(), world.nowMs)), 'bad-login');
  }));

test('an invitation goes out by mail; name and password are set with its link, the role is the invited one', () =>
  withAccounts(async (world) => {
    await world.administrator();
    const account = world.accounts.invite({ ...INVITED, role: 'administrator' }, world.nowMs);
    assert.is(account.state, 'invited');
    assert.is(world.mails.at(-1)?.kind, 'invited-to-konfa');
    assert.match(world.mails.at(-1)?.link ?? '', /\/accept\/[0-9a-f]{64}$/u);
    const token = world.token();

    const entry = await accept(world, token);

    const { accountId, role, state, name, zone, language } = entry.account;
    assert.equal(
      { accountId, role, state, name, zone, language },
      {
        accountId: account.accountId,
        role: 'administrator',
        state: 'active',
        name: 'Nowy',
        zone: 'Europe/Berlin',
        language: 'pl',
      },
    );
    assert.is(await codeOf(() => accept(world, token)), 'link-expired');
  }));

test('inviting again replaces link and role; inviting an account that is in use is refused', () =>
  withAccounts(async (world) => {
    await world.administrator();
    world.accounts.invite({ ...INVITED, role: 'administrator' }, world.nowMs);
    const older = world.token();
    world.accounts.invite(INVITED, world.nowMs);

    assert.is(await codeOf(() => accept(world, older)), 'link-expired');
    const entry = await accept(world, world.token());
    assert.is(entry.account.role, 'organiser');
    assert.is(await codeOf(() => world.accounts.invite(INVITED, world.nowMs)), 'address-taken');
  }));

test('who signed up with an address before it was invited as administrator does not become one', () =>
  withAccounts(async (world) => {
    await world.administrator();
    const request = { name: 'M', email: INVITED.email, password: OTHER_PASSWORD };
    const signUp = () =>
      world.accounts.signUp(
        { ...request, language: 'pl', zone: 'Europe/Warsaw' },
        origin(),
        world.nowMs,
      );
    await signUp();
    const before = world.token();
    world.accounts.invite({ ...INVITED, role: 'administrator' }, world.nowMs);
    await signUp();
    const after = world.token();

    for (const token of [before, after]) {
      assert.is(
        await codeOf(() => world.accounts.confirm(token, origin(), world.nowMs)),
        'link-expired',
      );
    }
    assert.is(
      (await accept(world, after)).account.role,
      'administrator',
      'the mail was an invitation',
    );
  }));

test('invitations hold 24 hours, and none go out when accounts are closed', () =>
  withAccounts(async (world) => {
    world.change({ signUp: 'invited' });
    world.accounts.invite(INVITED, world.nowMs);
    const token = world.token();
    world.nowMs += DAY_MS;

    assert.is(await codeOf(() => accept(world, token)), 'link-expired');
    world.change({ signUp: 'closed' });
    assert.is(await codeOf(() => world.accounts.invite(INVITED, world.nowMs)), 'sign-up-closed');
  }));

test('the command line lets a locked-out administrator back in, without mail', () =>
  withAccounts(async (world) => {
    const before = await world.administrator('szef@example.org');
    const mails = world.mails.length;

    const request = { email: 'SZEF@example.org', role: 'organiser', language: 'pl' } as const;
    const { account, link } = world.accounts.add(request, world.nowMs);
    assert.is(account.role, 'administrator', 'no role is taken away');
    assert.ok(world.accounts.bySession(before.sessionSecret, origin(), world.nowMs));
    const entry = await accept(world, tokenOf(link), OTHER_PASSWORD);

    assert.is(entry.account.accountId, before.account.accountId);
    assert.is(world.accounts.bySession(before.sessionSecret, origin(), world.nowMs), null);
    assert.is(world.mails.length, mails);
    assert.is(world.store.countAdministrators(), 1);
  }));

test('the command line makes an administrator of a new address, also while accounts are closed', () =>
  withAccounts(async (world) => {
    world.change({ signUp: 'closed' });
    const { account, link } = world.accounts.add(
      { ...INVITED, role: 'administrator' },
      world.nowMs,
    );

    assert.is(account.state, 'invited');
    assert.is(world.store.countAdministrators(), 0, 'not before the link is used');
    await accept(world, tokenOf(link));
    assert.is(world.store.countAdministrators(), 1);
  }));

test('suspending ends sessions at once and forbids login; taking it back allows it again', () =>
  withAccounts(async (world) => {
    await world.administrator();
    const entry = await world.member('ala@example.org');
    const { accountId } = entry.account;
    const login = { email: 'ala@example.org', password: PASSWORD };

    world.accounts.administer(accountId, { state: 'suspended' });
    assert.is(world.accounts.bySession(entry.sessionSecret, origin(), world.nowMs), null);
    assert.is(await codeOf(() => world.accounts.logIn(login, origin(), world.nowMs)), 'suspended');

    world.accounts.administer(accountId, { state: 'active' });
    assert.is(await codeOf(() => world.accounts.logIn(login, origin(), world.nowMs)), null);
  }));

test('the last administrator keeps role, state and account', () =>
  withAccounts(async (world) => {
    const { account, session } = await world.administrator();
    const { accountId } = account;
    const actor = { accountId, sessionId: session.sessionId, deviceSecret: null };

    for (const refused of [
      () => world.accounts.administer(accountId, { role: 'organiser' }),
      () => world.accounts.administer(accountId, { state: 'suspended' }),
      () => world.accounts.erase(accountId, world.nowMs),
      () => world.accounts.deleteOwn(actor, PASSWORD, world.nowMs),
    ]) {
      assert.is(await codeOf(refused), 'last-administrator');
    }
    assert.is(world.accounts.administer(accountId, { monthlyLimitMilli: 5 }).monthlyLimitMilli, 5);
    assert.equal(world.erased, []);
  }));

test('of two administrators who go at the same moment one stays', () =>
  withAccounts(async (world) => {
    const one = await world.administrator('jeden@example.org');
    const two = await world.member('dwa@example.org');
    world.accounts.administer(two.account.accountId, { role: 'administrator' });
    const leave = ({ account, session }: typeof one) =>
      codeOf(() =>
        world.accounts.deleteOwn(
          { accountId: account.accountId, sessionId: session.sessionId, deviceSecret: null },
          PASSWORD,
          world.nowMs,
        ),
      );

    const codes = await Promise.all([leave(one), leave(two)]);

    assert.equal(codes.map(String).toSorted(), ['last-administrator', 'null']);
    assert.is(world.store.countAdministrators(), 1);
  }));

test('an administrator who is not active does not count', () =>
  withAccounts(async (world) => {
    const { account } = await world.administrator();
    world.accounts.invite({ ...INVITED, role: 'administrator' }, world.nowMs);

    const code = await codeOf(() =>
      world.accounts.administer(account.accountId, { role: 'organiser' }),
    );

    assert.is(code, 'last-administrator');
  }));

test('an administrator may vouch for an address that was not confirmed, but not for who was only invited', () =>
  withAccounts(async (world) => {
    const invited = world.accounts.invite(INVITED, world.nowMs);
    const request = { name: 'Ala', email: 'ala@example.org', password: PASSWORD };
    await world.accounts.signUp(
      { ...request, language: 'pl', zone: 'Europe/Warsaw' },
      origin(),
      world.nowMs,
    );
    const { accountId = '' } = world.accounts.byEmail('ala@example.org') ?? {};

    world.accounts.administer(accountId, { state: 'active' });

    assert.is(await codeOf(() => world.accounts.logIn(request, origin(), world.nowMs)), null);
    assert.is(
      await codeOf(() => world.accounts.administer(invited.accountId, { state: 'active' })),
      'not-accepted-yet',
    );
  }));

test('what a suspended invitation was for is void', () =>
  withAccounts(async (world) => {
    const { accountId } = world.accounts.invite(INVITED, world.nowMs);
    const token = world.token();

    world.accounts.administer(accountId, { state: 'suspended' });

    assert.is(await codeOf(() => accept(world, token)), 'link-expired');
  }));

test('erasing an account takes its data along; an unknown one is not found', () =>
  withAccounts(async (world) => {
    const { account } = await world.member('ala@example.org');

    world.accounts.erase(account.accountId, world.nowMs);

    assert.equal(world.erased, [account.accountId]);
    assert.is(world.accounts.byId(account.accountId), null);
    assert.is(
      await codeOf(() => world.accounts.erase(account.accountId, world.nowMs)),
      'not-found',
    );
  }));

test.run();
