import { test } from 'uvu';
import * as assert from 'uvu/assert';
import {
  codeOf,
  DAY_MS,
  HOUR_MS,
  MINUTE_MS,
  origin,
  OTHER_PASSWORD,
  PASSWORD,
  refusalOf,
  tokenOf,
  withAccounts,
  type AccountWorld,
} from './account-world.ts';

const REQUEST = {
  name: 'Ala Nowak',
  email: 'ala@example.org',
  password: PASSWORD,
  language: 'pl',
  zone: 'Europe/Warsaw',
} as const;

const signUp = (world: AccountWorld, differences: Partial<typeof REQUEST & object> | object = {}) =>
  world.accounts.signUp({ ...REQUEST, ...differences }, origin(), world.nowMs);

test('a sign-up sends a link; the link confirms the address and logs in', () =>
  withAccounts(async (world) => {
    await signUp(world);

    const [mail] = world.mails;
    assert.is(mail?.kind, 'confirm-address');
    assert.is(mail?.to, 'ala@example.org');
    assert.match(mail?.link ?? '', /^https:\/\/konfa\.example\.org\/confirm\/[0-9a-f]{64}$/u);
    assert.is(mail?.uselessAtMs, world.nowMs + DAY_MS);
    assert.is(world.accounts.byEmail('ala@example.org')?.state, 'unconfirmed');

    const entry = world.accounts.confirm(world.token(), origin(), world.nowMs);

    assert.is(entry.account.state, 'active');
    assert.is(entry.account.role, 'organiser');
    assert.is(entry.account.name, 'Ala Nowak');
    const present = world.accounts.bySession(entry.sessionSecret, origin(), world.nowMs);
    assert.is(present?.account.accountId, entry.account.accountId);
  }));

test('nobody logs in before the address is confirmed; only the right password is told why', () =>
  withAccounts(async (world) => {
    await signUp(world);
    const logIn = (password: string) => () =>
      world.accounts.logIn({ email: REQUEST.email, password }, origin(), world.nowMs);

    assert.is(await codeOf(logIn(PASSWORD)), 'address-not-confirmed');
    assert.is(await codeOf(logIn(OTHER_PASSWORD)), 'bad-login');

    world.accounts.confirm(world.token(), origin(), world.nowMs);
    assert.is(await codeOf(logIn(PASSWORD)), null);
  }));

test('enumeration: signing up and then logging in with the same password answers alike for known and unknown addresses', () =>
  withAccounts(async (world) => {
    await world.member('known@example.org', OTHER_PASSWORD);
    const codes: unknown[] = [];

    for (const email of ['known@example.org', 'unknown@example.org']) {
      codes.push(await codeOf(() => signUp(world, { email })));
      codes.push(
        await codeOf(() =>
          world.accounts.logIn({ email, password: PASSWORD }, origin(), world.nowMs),
        ),
      );
    }

    assert.equal(codes, [null, 'address-not-confirmed', null, 'address-not-confirmed']);
  }));

test('enumeration: a sign-up hashes one password and sends one mail, whether the address is known or not', () =>
  withAccounts(async (world) => {
    await world.member('known@example.org');
    await world.administrator();
    world.accounts.invite(
      { email: 'invited@example.org', role: 'organiser', language: 'pl' },
      world.nowMs,
    );

    for (const [email, kind] of [
      ['known@example.org', 'account-exists'],
      ['KNOWN@Example.ORG', 'account-exists'],
      ['unknown@example.org', 'confirm-address'],
      ['invited@example.org', 'invited-to-konfa'],
    ]) {
      const [mails, hashed] = [world.mails.length, world.hashed.count];

      await signUp(world, { email });

      assert.is(world.mails.length - mails, 1, email);
      assert.is(world.mails.at(-1)?.kind, kind, email);
      assert.is(world.hashed.count - hashed, 1, email);
    }
  }));

test('a sign-up with a known address changes nothing in the account', () =>
  withAccounts(async (world) => {
    await world.member('ala@example.org');
    const before = world.store.accountByEmailKey('ala@example.org');

    await signUp(world, { name: 'Mallory', password: OTHER_PASSWORD });

    assert.equal(world.store.accountByEmailKey('ala@example.org'), before);
    assert.is(world.mails.at(-1)?.name, 'Ala Nowak', 'the mail greets the owner, not the stranger');
  }));

test('whoever signs up with my address first does not get an account with my click: each link has its own password', () =>
  withAccounts(async (world) => {
    await signUp(world, { name: 'Mallory', password: OTHER_PASSWORD });
    await signUp(world);
    const mine = world.token();
    await signUp(world, { name: 'Mallory', password: OTHER_PASSWORD });
    const foreign = world.token();

    const entry = world.accounts.confirm(mine, origin(), world.nowMs);

    assert.is(entry.account.name, 'Ala Nowak');
    const logIn = (password: string) => () =>
      world.accounts.logIn({ email: REQUEST.email, password }, origin(), world.nowMs);
    assert.is(await codeOf(logIn(PASSWORD)), null);
    assert.is.not(await codeOf(logIn(OTHER_PASSWORD)), null);
    assert.is(
      await codeOf(() => world.accounts.confirm(foreign, origin(), world.nowMs)),
      'link-expired',
    );
  }));

test('a link works once, until its time is over, and only for what it was made for', () =>
  withAccounts(async (world) => {
    await signUp(world);
    const token = world.token();
    const confirm = (atMs: number, text = token) =>
      codeOf(() => world.accounts.confirm(text, origin(), atMs));
    const reset = codeOf(() =>
      world.accounts.completeReset({ token, password: OTHER_PASSWORD }, origin(), world.nowMs),
    );

    assert.is(await reset, 'link-expired');
    assert.is(await confirm(world.nowMs + DAY_MS), 'link-expired');
    for (const text of ['', 'x', token.slice(1), `${token}0`, token.toUpperCase(), "' OR 1=1 --"]) {
      assert.is(await confirm(world.nowMs, text), 'link-expired', text);
    }
    assert.is(await confirm(world.nowMs + DAY_MS - 1), null);
    assert.is(await confirm(world.nowMs + DAY_MS - 1), 'link-expired');
  }));

test('of many sign-ups with one address five links hold', () =>
  withAccounts(async (world) => {
    const tokens: string[] = [];
    for (let index = 0; index < 7; index += 1) {
      await signUp(world);
      tokens.push(world.token());
      world.nowMs += HOUR_MS;
    }

    const account = world.accounts.byEmail(REQUEST.email);

    assert.is(world.store.linksOf(account?.accountId ?? '', 'confirm-address').length, 5);
    assert.is(
      await codeOf(() => world.accounts.confirm(tokens[1] ?? '', origin(), world.nowMs)),
      'link-expired',
    );
    assert.is(
      await codeOf(() => world.accounts.confirm(tokens[2] ?? '', origin(), world.nowMs)),
      null,
    );
  }));

test('a stranger cannot fill a mailbox: four mails, then a pause that the asker does not see', () =>
  withAccounts(async (world) => {
    await world.member('ala@example.org');
    world.nowMs += DAY_MS;
    world.mails.length = 0;

    for (let index = 0; index < 10; index += 1) {
      const from = origin({ address: `198.51.100.${index}` });
      await world.accounts.signUp(REQUEST, from, world.nowMs);
      world.accounts.requestReset('ala@example.org', from, world.nowMs);
    }

    assert.ok(world.mails.length >= 4 && world.mails.length <= 5, `${world.mails.length}`);
    world.nowMs += HOUR_MS;
    world.accounts.requestReset('ala@example.org', origin(), world.nowMs);
    assert.is(world.mails.at(-1)?.kind, 'reset-password', 'an hour later mail goes out again');
  }));

test('one address that asks for mail again and again must wait, and is told how long', () =>
  withAccounts(async (world) => {
    let refusal = null;
    for (let index = 0; index < 30 && refusal === null; index += 1) {
      const email = `user${index}@example.org`;
      refusal = await refusalOf(() => signUp(world, { email }));
    }

    assert.is(refusal?.reason, 'too-many-tries');
    assert.is(refusal?.retryAfterSeconds, 60);
    assert.is(world.mails.length, 21);
    world.nowMs += MINUTE_MS;
    assert.is(await codeOf(() => signUp(world, { email: 'other@example.org' })), null);
  }));

test('what is wrong with a sign-up is said with the field it is about, and nothing is kept', () =>
  withAccounts(async (world) => {
    const cases: readonly (readonly [object, string, string])[] = [
      [{ email: 'ala' }, 'bad-email', '/email'],
      [{ email: 'ala@example.org\r\nBcc: x@y.pl' }, 'bad-email', '/email'],
      [{ name: '  ' }, 'name-missing', '/name'],
      [{ name: '\u200b\u202e' }, 'name-missing', '/name'],
      [{ zone: 'Mars/Olympus' }, 'unknown-zone', '/zone'],
      [{ zone: '+01:00' }, 'unknown-zone', '/zone'],
      [{ password: 'short' }, 'weak-password', '/password'],
    ];
    for (const [differences, code, pointer] of cases) {
      const refusal = await refusalOf(() => signUp(world, differences));

      assert.is(refusal?.reason, code);
      assert.is(refusal?.pointer, pointer);
    }
    assert.is(world.mails.length, 0);
    assert.is(world.accounts.list({ text: null, after: null, limit: 10 }).length, 0);
  }));

test('a name loses line ends, invisible characters and those that turn the writing around', () =>
  withAccounts(async (world) => {
    await signUp(world, { name: ' Ala\r\nBcc: x@y.pl \u202eNowak\u0000 ' });

    assert.is(world.mails[0]?.name, 'Ala Bcc: x@y.pl Nowak');
  }));

test('sign-up is refused when it is by invitation or closed, before anything is hashed', () =>
  withAccounts(async (world) => {
    for (const mode of ['invited', 'closed'] as const) {
      world.change({ signUp: mode });

      assert.is(await codeOf(() => signUp(world)), 'sign-up-closed');
    }
    assert.is(world.hashed.count, 0);
  }));

test('an account that was never confirmed goes after its time, with its links; a confirmed one stays', () =>
  withAccounts(async (world) => {
    await world.member('ala@example.org');
    await signUp(world, { email: 'never@example.org' });
    const accountId = world.accounts.byEmail('never@example.org')?.accountId ?? '';
    assert.is(world.store.linksOf(accountId, 'confirm-address').length, 1);
    world.nowMs += 7 * DAY_MS;

    assert.is(world.accounts.purge(7 * DAY_MS, world.nowMs), 0);
    assert.is(world.accounts.purge(7 * DAY_MS, world.nowMs + 1), 1);

    assert.is(world.accounts.byEmail('never@example.org'), null);
    assert.ok(world.accounts.byEmail('ala@example.org'));
    assert.equal(world.store.linksOf(accountId, 'confirm-address'), []);
  }));

test('no secret is in the database: neither password, nor link, nor session, device or token', () =>
  withAccounts(async (world) => {
    const entry = await world.member('ala@example.org');
    const { secret } = world.accounts.addToken(
      entry.account.accountId,
      { name: 'script', scopes: ['account:read'], lifeMs: null },
      world.nowMs,
    );
    world.accounts.requestReset('ala@example.org', origin(), world.nowMs);
    const tables = world.connection
      .prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'table'")
      .pluck()
      .all();

    const everything = JSON.stringify(
      tables.map((table) => world.connection.prepare(`SELECT * FROM "${table}"`).all()),
    );

    assert.match(everything, 'ala@example.org');
    for (const text of [
      PASSWORD,
      entry.sessionSecret,
      entry.csrfToken,
      entry.deviceSecret,
      secret,
      secret.slice(6),
      world.token(),
      tokenOf(world.mails[0]?.link ?? ''),
    ]) {
      assert.not.ok(everything.includes(text), text);
    }
  }));

test.run();
