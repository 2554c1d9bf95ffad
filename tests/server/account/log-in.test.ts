import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createPasswords } from '../../../server/account/passwords.ts';
import {
  codeOf,
  DAY_MS,
  MINUTE_MS,
  origin,
  OTHER_PASSWORD,
  PASSWORD,
  refusalOf,
  withAccounts,
  type AccountWorld,
} from './account-world.ts';

const EMAIL = 'ala@example.org';

const logIn = (world: AccountWorld, password = PASSWORD, from = origin()) =>
  world.accounts.logIn({ email: EMAIL, password }, from, world.nowMs);

const isIn = (world: AccountWorld, secret: string): boolean =>
  world.accounts.bySession(secret, origin(), world.nowMs) !== null;

test('logs in by address and password, however the address is spelled', () =>
  withAccounts(async (world) => {
    await world.member('ala@żółw.example');

    for (const email of ['ALA@ŻÓŁW.example', ' ala@xn--w-uga1v8h.example ']) {
      const entry = await world.accounts.logIn(
        { email, password: PASSWORD },
        origin(),
        world.nowMs,
      );
      assert.ok(isIn(world, entry.sessionSecret));
    }
  }));

test('enumeration: unknown address, unknown shape and wrong password are answered alike, each for one hash', () =>
  withAccounts(async (world) => {
    await world.member(EMAIL);
    world.accounts.setupLink(world.nowMs);
    const answers: unknown[] = [];

    for (const email of [EMAIL, 'nobody@example.org', 'no address', '']) {
      const before = world.hashed.count;
      const refusal = await refusalOf(() =>
        world.accounts.logIn({ email, password: OTHER_PASSWORD }, origin(), world.nowMs),
      );
      const { reason, pointer, facts, retryAfterSeconds, message } = refusal ?? {};
      answers.push({ reason, pointer, facts, retryAfterSeconds, message });
      assert.is(world.hashed.count - before, 1, email);
    }

    assert.is(new Set(answers.map((answer) => JSON.stringify(answer))).size, 1);
  }));

test('fixation: a login makes a new secret, and the session that the browser had before is over', () =>
  withAccounts(async (world) => {
    const first = await world.member(EMAIL);

    const planted = origin({ sessionSecret: first.sessionSecret });
    const second = await logIn(world, PASSWORD, planted);

    assert.is.not(second.sessionSecret, first.sessionSecret);
    assert.not.ok(isIn(world, first.sessionSecret));
    assert.ok(isIn(world, second.sessionSecret));
    const third = await logIn(world, PASSWORD, origin({ sessionSecret: 'a'.repeat(64) }));
    assert.is.not(third.sessionSecret, 'a'.repeat(64));
    assert.not.ok(isIn(world, 'a'.repeat(64)));
  }));

test('logging out ends the session on the server', () =>
  withAccounts(async (world) => {
    const entry = await world.member(EMAIL);

    world.accounts.logOut(entry.sessionSecret);

    assert.not.ok(isIn(world, entry.sessionSecret));
    assert.equal(world.accounts.sessions(entry.account.accountId, world.nowMs), []);
  }));

test('a session that is not used for 30 days ends; one that is used ends after 90', () =>
  withAccounts(async (world) => {
    const idle = await world.member(EMAIL);
    const used = await logIn(world);
    const startMs = world.nowMs;

    for (let day = 1; day < 90; day += 1) {
      world.nowMs = startMs + day * DAY_MS;
      assert.ok(isIn(world, used.sessionSecret), `day ${day}`);
      if (day === 29)
        assert.is(world.accounts.sessions(idle.account.accountId, world.nowMs).length, 2);
    }

    assert.not.ok(isIn(world, idle.sessionSecret));
    world.nowMs = startMs + 90 * DAY_MS - 1;
    assert.ok(isIn(world, used.sessionSecret));
    world.nowMs += 1;
    assert.not.ok(isIn(world, used.sessionSecret));
  }));

test('30 days to the millisecond; and a shorter setting takes hold of sessions that stand', () =>
  withAccounts(async (world) => {
    const entry = await world.member(EMAIL);
    const startMs = world.nowMs;

    world.nowMs = startMs + 30 * DAY_MS;
    assert.not.ok(isIn(world, entry.sessionSecret));
    world.nowMs = startMs + 2 * DAY_MS;
    world.change({ sessionDays: 1 });
    assert.not.ok(isIn(world, entry.sessionSecret));
  }));

test('use of a session is written at most once a minute', () =>
  withAccounts(async (world) => {
    const entry = await world.member(EMAIL);
    const seenAtMs = () =>
      world.accounts.sessions(entry.account.accountId, world.nowMs)[0]?.lastSeenAtMs;
    const startMs = world.nowMs;

    world.nowMs = startMs + MINUTE_MS - 1;
    isIn(world, entry.sessionSecret);
    assert.is(seenAtMs(), startMs);
    world.nowMs = startMs + MINUTE_MS;
    isIn(world, entry.sessionSecret);
    assert.is(seenAtMs(), startMs + MINUTE_MS);
  }));

test('the CSRF token belongs to its session, stays the same, and is neither secret nor hash', () =>
  withAccounts(async (world) => {
    const [one, other] = [await world.member(EMAIL), await logIn(world)];
    const tokenOf = (secret: string) =>
      world.accounts.bySession(secret, origin(), world.nowMs)?.csrfToken;

    assert.is(tokenOf(one.sessionSecret), one.csrfToken);
    assert.is.not(one.csrfToken, other.csrfToken);
    assert.match(one.csrfToken, /^[0-9a-f]{64}$/u);
    assert.is.not(one.csrfToken, one.sessionSecret);
    assert.is(world.store.sessionByHash(one.csrfToken), null);
  }));

test('a suspended account is told so after the right password only', () =>
  withAccounts(async (world) => {
    await world.administrator();
    const { account } = await world.member(EMAIL);
    world.accounts.administer(account.accountId, { state: 'suspended' });

    assert.is(await codeOf(() => logIn(world)), 'suspended');
    assert.is(await codeOf(() => logIn(world, OTHER_PASSWORD)), 'bad-login');
  }));

test('10,000 wrong passwords from one address let through at most 15; the owner’s known browser gets in at once', () =>
  withAccounts(async (world) => {
    const owner = await world.member(EMAIL);
    const before = world.hashed.count;

    for (let index = 0; index < 10_000; index += 1) {
      const nowMs = world.nowMs + (index * 3_600_000) / 10_000;
      const wrong = () =>
        world.accounts.logIn({ email: EMAIL, password: `guess ${index}` }, origin(), nowMs);
      assert.is.not(await codeOf(wrong), null);
    }

    assert.ok(world.hashed.count - before <= 15, `${world.hashed.count - before}`);
    world.nowMs += 3_600_000;
    // From the attacker's own address even: only the browser counts.
    const entry = await logIn(world, PASSWORD, origin({ deviceSecret: owner.deviceSecret }));
    assert.ok(isIn(world, entry.sessionSecret));
    assert.is(await codeOf(() => logIn(world, PASSWORD, origin({ address: '203.0.113.1' }))), null);
  }));

test('a refused try says when to come back, and then the right password works', () =>
  withAccounts(async (world) => {
    await world.member(EMAIL);
    let refusal = null;
    for (let index = 0; index < 10; index += 1) {
      refusal = await refusalOf(() => logIn(world, OTHER_PASSWORD));
    }

    assert.is(refusal?.reason, 'too-many-tries');
    const seconds = refusal?.retryAfterSeconds ?? 0;
    assert.ok(seconds > 0 && seconds <= 60, `${seconds}`);
    assert.is(
      await codeOf(() => logIn(world)),
      'too-many-tries',
      'the right password must wait too',
    );
    world.nowMs += seconds * 1000;
    assert.is(await codeOf(() => logIn(world)), null);
  }));

test('a device is known to the account that logged in from it, and to no other', () =>
  withAccounts(async (world) => {
    const ala = await world.member(EMAIL);
    await world.member('ola@example.org');
    for (let index = 0; index < 10; index += 1) {
      await codeOf(() =>
        world.accounts.logIn(
          { email: 'ola@example.org', password: OTHER_PASSWORD },
          origin({ deviceSecret: ala.deviceSecret }),
          world.nowMs,
        ),
      );
    }

    const code = await codeOf(() =>
      world.accounts.logIn(
        { email: 'ola@example.org', password: PASSWORD },
        origin({ deviceSecret: ala.deviceSecret }),
        world.nowMs,
      ),
    );

    assert.is(code, 'too-many-tries');
  }));

test('two people who share a browser are both known there; a cookie that we never gave out is replaced', () =>
  withAccounts(async (world) => {
    const ala = await world.member(EMAIL);
    await world.member('ola@example.org');
    const shared = origin({ deviceSecret: ala.deviceSecret });

    const ola = await world.accounts.logIn(
      { email: 'ola@example.org', password: PASSWORD },
      shared,
      world.nowMs,
    );
    const planted = await logIn(world, PASSWORD, origin({ deviceSecret: 'b'.repeat(64) }));

    assert.is(ola.deviceSecret, ala.deviceSecret);
    assert.is.not(planted.deviceSecret, 'b'.repeat(64));
  }));

test('a password hashed at an older cost is hashed anew at login', () =>
  withAccounts(async (world) => {
    const { account } = await world.member(EMAIL);
    const old = await createPasswords({ logN: 1, blockSize: 1, parallelization: 1 }).hash(PASSWORD);
    const record = world.store.accountById(account.accountId);
    if (record !== null) world.store.updateAccount({ ...record, passwordHash: old });

    await logIn(world);

    assert.match(
      world.store.accountById(account.accountId)?.passwordHash ?? '',
      /^\$scrypt\$ln=2,/u,
    );
    assert.is(await codeOf(() => logIn(world)), null);
  }));

test('a password that is changed while it is being checked lets nobody in', () =>
  withAccounts(async (world) => {
    const { account } = await world.member(EMAIL);

    const login = codeOf(() => logIn(world));
    const record = world.store.accountById(account.accountId);
    if (record !== null) world.store.updateAccount({ ...record, passwordHash: null });

    assert.is(await login, 'bad-login');
  }));

test('of more than fifty logins of an account those unused for longest end', () =>
  withAccounts(async (world) => {
    const first = await world.member(EMAIL);
    for (let index = 0; index < 50; index += 1) {
      world.nowMs += 1;
      await logIn(world);
    }

    assert.is(world.accounts.sessions(first.account.accountId, world.nowMs).length, 50);
    assert.not.ok(isIn(world, first.sessionSecret));
  }));

test('cookies are bound to the host under https', () =>
  withAccounts((world) => {
    assert.is(world.accounts.cookies().session, '__Host-konfa');
    assert.is(world.accounts.cookies().device, '__Host-konfa-device');
    assert.is(world.accounts.cookies().sessionSeconds, 90 * 86_400);
  }));

test('over http cookies have no prefix that browsers would refuse', () =>
  withAccounts(
    (world) => {
      assert.is(world.accounts.cookies().session, 'konfa');
    },
    { publicUrl: 'http://127.0.0.1:8080' },
  ));

test.run();
