import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { assertHears, assertNeverHears, heard, mark } from '../support/sim-ear.ts';
import type { SimCall } from '../support/sim-phone.ts';
import { assertEnded, callMenu, inWorld, joinRoom, press } from '../support/sim-scenario.ts';
import { recordOf, ROOM } from '../support/sim-scenario.ts';
import type { SimWorld } from '../support/sim-world.ts';

const MINUTE_MS = 60_000;
/** As long as an ADMIN PIN, so that no # is needed. */
const WRONG_PIN = '8642097';
/** Longer than the words after a wrong PIN, and every delay. */
const HEARD_OUT_MS = 14_000;

/** Calls and keys the room's number. */
async function callRoom(
  world: SimWorld,
  line: { readonly host?: string; readonly number?: string } = {},
): Promise<SimCall> {
  const call = await callMenu(world, line);
  await press(world, call, `1${ROOM.number}`);
  return call;
}

/** Keys a wrong PIN. Returns how long the answer was held back, in whole seconds; null when it was none of the usual. */
async function guess(world: SimWorld, call: SimCall): Promise<number | null> {
  const before = mark(call);
  await press(world, call, WRONG_PIN);
  const keyed = mark(call);
  await world.run(HEARD_OUT_MS);
  const answer = heard(call, before).find((each) => each.clip === 'en/pin-wrong');
  return answer === undefined ? null : Math.max(0, Math.round((answer.atMs - keyed) / 1000));
}

function warnings(world: SimWorld, message: string): readonly Readonly<Record<string, unknown>>[] {
  return world.log
    .filter((line) => line.level === 'warn' && line.message === message)
    .map((line) => line.facts);
}

test('one number: five wrong PINs cost nothing, further ones growing delays, then it is refused for a while', () =>
  inWorld(async (world) => {
    const number = '600700800';
    const delays: (number | null)[] = [];
    for (let count = 0; count < 3; count += 1) {
      // Calling again, and from elsewhere, makes no difference.
      const call = await callRoom(world, { number });
      for (let tries = 0; tries < 3; tries += 1) delays.push(await guess(world, call));
      assertEnded(world, call, 'too-many-tries');
    }
    assert.equal(delays, [0, 0, 0, 0, 0, 1, 2, 4, 8]);

    const refused = await joinRoom(world, ROOM, { number });
    await world.run(10_000);
    assertHears(refused, 0, [{ say: 'refused-for-a-while' }, { say: 'goodbye' }]);
    assertEnded(world, refused, 'refused-for-a-while');
    const other = await joinRoom(world);
    await world.run(4000);
    assertHears(other, 0, [{ say: 'entered-first' }]);
    assert.ok(other.isUp, 'a right PIN from another caller works');
    other.hangUp();

    await world.run(10 * MINUTE_MS);
    const again = await joinRoom(world, ROOM, { number });
    await world.run(4000);

    assertHears(again, 0, [{ say: 'entered-first' }]);
    assert.is(recordOf(world, other.number)?.cause, 'caller-hung-up');
    assert.is(warnings(world, 'caller refused after wrong PINs').length, 1);
  }));

test('a right PIN in between forgives nothing', () =>
  inWorld(async (world) => {
    const number = '600700800';
    const first = await callRoom(world, { number });
    for (let tries = 0; tries < 3; tries += 1) await guess(world, first);
    const right = await joinRoom(world, ROOM, { number });
    await world.run(4000);
    assert.ok(right.isUp);
    right.hangUp();

    const second = await callRoom(world, { number });
    const delays = [];
    for (let tries = 0; tries < 3; tries += 1) delays.push(await guess(world, second));

    assert.equal(delays, [0, 0, 1]);
  }));

test('many numbers at one room: wrong answers are delayed for all, nobody is refused, the log tells once', () =>
  inWorld(async (world) => {
    const delays: (number | null)[] = [];
    for (let count = 0; count < 9; count += 1) {
      const call = await callRoom(world);
      delays.push(await guess(world, call));
      call.hangUp();
    }
    assert.equal(delays, [0, 0, 0, 0, 0, 1, 2, 4, 5], 'never longer than 5 s');

    const other = await joinRoom(world);
    await world.run(4000);

    assertHears(other, 0, [{ say: 'entered-first' }]);
    const guessed = warnings(world, 'PINs of a room are being guessed');
    assert.equal(guessed, [{ room: ROOM.number, wrong: 5 }]);
    assert.is(warnings(world, 'caller refused after wrong PINs').length, 0);
  }));

test('one number from many addresses is one caller', () =>
  inWorld(async (world) => {
    const delays: (number | null)[] = [];
    for (let count = 0; count < 6; count += 1) {
      const call = await callRoom(world, { number: '600700800', host: `127.0.3.${count + 1}` });
      delays.push(await guess(world, call));
      call.hangUp();
    }

    assert.equal(delays, [0, 0, 0, 0, 0, 1]);
  }));

test('under attack by many each number has two tries, and a right PIN still opens the room', () =>
  inWorld(async (world) => {
    const guessers = Array.from({ length: 25 }, () => world.call());
    await world.run(100);
    for (const call of guessers) call.press(`1${ROOM.number}`);
    await world.run(1500);
    for (let tries = 0; tries < 2; tries += 1) {
      for (const call of guessers) call.press(WRONG_PIN);
      await world.run(HEARD_OUT_MS);
    }
    const [guesser, ...others] = guessers;
    if (guesser === undefined) throw new Error('nobody called');
    for (const call of others) call.hangUp();

    const before = mark(guesser);
    await press(world, guesser, `${ROOM.pin}#`);
    await world.run(9000);
    const slip = await callRoom(world);
    await guess(world, slip);
    await press(world, slip, `${ROOM.pin}#`);
    await world.run(4000);

    assertHears(guesser, before, [{ say: 'refused-for-a-while' }, { say: 'goodbye' }]);
    assertEnded(world, guesser, 'refused-for-a-while');
    assertNeverHears(slip, 0, { say: 'refused-for-a-while' });
    assertHears(slip, 0, [{ say: 'entered-first' }]);
  }));

test('the log knows neither PINs nor whole numbers of callers', () =>
  inWorld(async (world) => {
    const number = '600700800';
    for (let count = 0; count < 3; count += 1) {
      const call = await callRoom(world, { number });
      for (let tries = 0; tries < 3; tries += 1) await guess(world, call);
    }
    const moderator = await joinRoom(world, { number: ROOM.number, pin: ROOM.adminPin });
    await world.run(2000);
    moderator.hangUp();
    await world.run(200);

    const log = JSON.stringify(world.log);

    assert.is(warnings(world, 'caller refused after wrong PINs')[0]?.caller, '60****800');
    for (const secret of [ROOM.pin, ROOM.adminPin, WRONG_PIN, number, moderator.number]) {
      assert.not.match(log, secret);
    }
  }));

test('the organiser is told by e-mail, once an hour, that PINs are being guessed', () =>
  inWorld(async (world) => {
    const { accounts, reservations } = world.app.organising;
    const nowMs = world.clock.wallclockMs();
    const { account, link } = accounts.add(
      { email: 'anna@example.org', role: 'organiser', language: 'en' },
      nowMs,
    );
    const origin = { address: '::1', userAgent: '', sessionSecret: null, deviceSecret: null };
    await accounts.accept(
      {
        token: link.slice(link.lastIndexOf('/') + 1),
        name: 'Anna',
        password: 'a tree by the river',
        language: 'en',
        zone: 'Europe/Warsaw',
      },
      origin,
      nowMs,
    );
    const booked = reservations.book(
      {
        profileId: account.accountId,
        start: nowMs + 10 * MINUTE_MS,
        end: nowMs + 300 * MINUTE_MS,
        title: 'Round',
      },
      nowMs,
    );
    assert.is(booked.outcome, 'booked');
    const { number } = booked.outcome === 'booked' ? booked.reservation : ROOM;
    await world.run(10 * MINUTE_MS);
    world.post.mails.length = 0;

    for (let count = 0; count < 4; count += 1) {
      const call = await callMenu(world, { number: String(600_700_800 + count) });
      await press(world, call, `1${number}`);
      for (let tries = 0; tries < 3; tries += 1) await guess(world, call);
    }
    await world.run(MINUTE_MS);

    assert.equal(
      world.post.mails.map(({ to }) => to),
      ['anna@example.org'],
    );
    const text = world.post.mails[0]?.text ?? '';
    assert.match(text, /PIN/u);
    assert.match(text, /Round/u);
  }));

test.run();
