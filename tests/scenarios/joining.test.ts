import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { assertHears, assertHearsOnly, assertNeverHears } from '../support/sim-ear.ts';
import { hearsMusic, heardNames, mark } from '../support/sim-ear.ts';
import type { SimCall } from '../support/sim-phone.ts';
import { assertEnded, assertNoErrors, book, callMenu, inWorld } from '../support/sim-scenario.ts';
import { joinAsModerator, joinRoom, press, recordOf, ROOM } from '../support/sim-scenario.ts';
import { runUntil } from '../support/sim-scenario.ts';
import type { SimWorld } from '../support/sim-world.ts';

const MINUTE_MS = 60_000;
const GOODBYE = { say: 'goodbye' } as const;

/** Presses keys once the prompt that is being said has ended; returns the moment before. */
async function answer(world: SimWorld, call: SimCall, keys: string): Promise<number> {
  await world.run(5000);
  const before = mark(call);
  await press(world, call, keys);
  return before;
}

test('a caller is led through menu, number and PIN, each question in its turn', () =>
  inWorld(async (world) => {
    const call = await callMenu(world);
    await world.run(7000);
    assertHearsOnly(call, 0, [{ say: 'welcome' }, { say: 'menu-join-or-create' }]);

    const number = await answer(world, call, '1');
    await world.run(4000);
    assertHears(call, number, [{ say: 'ask-number' }]);
    const pin = await answer(world, call, ROOM.number);
    await world.run(4000);
    assertHears(call, pin, [{ say: 'ask-pin' }]);
    const entered = await answer(world, call, ROOM.pin);
    assert.equal(heardNames(call, entered), [], 'a longer PIN could follow');
    await world.run(8000);

    assertHearsOnly(call, entered, [{ say: 'entered-first' }]);
    assert.ok(call.isUp);
    assert.ok(hearsMusic(call), 'music until somebody comes');
    assertNoErrors(world);
  }));

test('keys typed ahead of every question count, and no question is spoken', () =>
  inWorld(async (world) => {
    const call = await joinRoom(world);
    await world.run(6000);

    assertHears(call, 0, [{ say: 'entered-first' }]);
    assertNeverHears(call, 0, { say: 'ask-pin' });
    assert.is(world.app.switchboard.rooms, 1);
    call.hangUp();
    await world.run(200);
    const record = recordOf(world, call.number);
    assert.is(record?.cause, 'caller-hung-up');
    assert.is(record?.room, ROOM.number);
    assert.is(record?.calledNumber, '908');
    assert.is(record?.codec, 'PCMA');
    assert.is(record?.dtmfMethod, 'rfc4733');
  }));

test('the greeting is heard whole when the room lives on another worker than the menu did', () =>
  inWorld(
    async (world) => {
      const calls: SimCall[] = [];
      for (const number of ['20001', '20002', '20003', '20004']) {
        calls.push(await joinRoom(world, { number, pin: '24680' }));
      }
      await world.run(7000);

      for (const call of calls) {
        assertHearsOnly(call, 0, [{ say: 'entered-first' }]);
        assert.is(call.audio.tape.packetsLost, 0);
        assert.is(call.audio.tape.ssrcChanges, 0);
      }
    },
    {
      media: { workers: 3 },
      permanentRooms: ['20001', '20002', '20003', '20004'].map((number) => ({
        number,
        pin: '24680',
        adminPin: '9753124',
      })),
    },
  ));

test('# ends an entry early: an entry that is too short is a wrong one', () =>
  inWorld(async (world) => {
    const call = await callMenu(world);
    await press(world, call, '1');
    const before = await answer(world, call, '777#');
    await world.run(6000);

    assertHears(call, before, [{ say: 'number-unknown' }, { say: 'ask-number' }]);
  }));

test('the ADMIN PIN at the same question makes the caller moderator', () =>
  inWorld(async (world) => {
    const call = await joinAsModerator(world);
    await world.run(8000);

    assertHears(call, 0, [{ say: 'entered-first' }, { say: 'you-are-moderator' }]);
  }));

test('a second one hears how many are there, the others a tone and no more music', () =>
  inWorld(async (world) => {
    const first = await joinRoom(world);
    await world.run(6000);
    const second = await joinRoom(world, ROOM, { codec: 'PCMU' });
    await world.run(4000);
    assert.not.ok(hearsMusic(first));
    const before = [mark(first), mark(second)] as const;
    const third = await joinRoom(world);
    await world.run(5000);

    assertHears(second, 0, [{ say: 'entered-with', others: 1 }]);
    assertHears(third, 0, [{ say: 'entered-with', others: 2 }]);
    assert.equal(heardNames(first, before[0]), ['tone-enter']);
    assert.equal(heardNames(second, before[1]), ['tone-enter']);
    assert.not.ok(heardNames(third).includes('tone-enter'), 'nobody hears their own tone');
  }));

test('with announcements off nobody hears a tone', () =>
  inWorld(
    async (world) => {
      const reservation = book(world, { inMinutes: 0, forMinutes: 60 }, { announcements: 'off' });
      const first = await joinRoom(world, reservation);
      await world.run(6000);
      const before = mark(first);

      const second = await joinRoom(world, reservation);
      await world.run(4000);

      assertHears(second, 0, [{ say: 'entered-with', others: 1 }]);
      second.hangUp();
      await world.run(2000);
      assert.equal(heardNames(first, before), []);
    },
    { reservations: { earliestStartMinutes: 0 } },
  ));

test('three wrong numbers: the reason each time, then goodbye', () =>
  inWorld(async (world) => {
    const call = await callMenu(world);
    await press(world, call, '1');
    const before = mark(call);
    for (const number of ['11111', '22222', '33333']) await answer(world, call, number);
    await world.run(9000);

    assertHears(call, before, [{ say: 'number-unknown' }, { say: 'ask-number' }]);
    assertHears(call, before, [{ say: 'number-unknown' }, { say: 'too-many-tries' }, GOODBYE]);
    const reasons = heardNames(call).filter((name) => name === 'en/number-unknown');
    assert.is(reasons.length, 3);
    assertEnded(world, call, 'too-many-tries');
  }));

test('three wrong PINs: the reason each time, then goodbye', () =>
  inWorld(async (world) => {
    const call = await callMenu(world);
    await press(world, call, `1${ROOM.number}`);
    const before = mark(call);
    for (const pin of ['13579#', '1234567', '24681#']) await answer(world, call, pin);
    await world.run(8000);

    const reasons = heardNames(call, before).filter((name) => name === 'en/pin-wrong');
    assert.is(reasons.length, 3);
    assertHears(call, before, [{ say: 'pin-wrong' }, { say: 'too-many-tries' }, GOODBYE]);
    assertEnded(world, call, 'too-many-tries');
    assert.is(recordOf(world, call.number)?.room, null);
  }));

test('who keys nothing is asked three times, then goodbye', () =>
  inWorld(async (world) => {
    const call = await callMenu(world);
    await world.run(60_000);

    const silences = heardNames(call).filter((name) => name === 'en/nothing-keyed');
    assert.is(silences.length, 3);
    assertHears(call, 0, [{ say: 'nothing-keyed' }, GOODBYE]);
    assertEnded(world, call, 'no-input');
  }));

test('who comes an hour too early hears the start time and is sent away', () =>
  inWorld(async (world) => {
    const { number, pin, startAtMs, zone } = book(world, { inMinutes: 60, forMinutes: 60 });

    const call = await joinRoom(world, { number, pin });
    await world.run(12_000);

    assertHears(call, 0, [{ say: 'too-early', startAtMs, zone }, GOODBYE]);
    assertEnded(world, call, 'too-early');
  }));

test('who comes within 15 minutes may wait on music, and enters by itself 5 minutes before the start', () =>
  inWorld(async (world) => {
    const { number, pin, startAtMs, zone } = book(world, { inMinutes: 12, forMinutes: 60 });
    await runUntil(world, startAtMs - 6 * MINUTE_MS);

    const call = await joinRoom(world, { number, pin });
    await world.run(12_000);
    assertHears(call, 0, [{ say: 'too-early-may-wait', startAtMs, zone }]);
    const before = mark(call);
    await press(world, call, '1');
    await world.run(8000);
    assertHears(call, before, [{ say: 'waiting-for-start' }]);
    assert.ok(hearsMusic(call));

    await runUntil(world, startAtMs - 5 * MINUTE_MS - 100);
    assert.is(world.app.switchboard.rooms, 0);
    assert.ok(hearsMusic(call));
    await world.run(6000);

    assert.is(world.app.switchboard.rooms, 1);
    assertHears(call, before, [{ say: 'waiting-for-start' }, { say: 'entered-first' }]);
  }));

test('a reservation that is over is told as such', () =>
  inWorld(
    async (world) => {
      const { number, pin, endAtMs } = book(world, { inMinutes: 0, forMinutes: 1 });
      await runUntil(world, endAtMs + 1000);

      const call = await joinRoom(world, { number, pin });
      await world.run(8000);

      assertHears(call, 0, [{ say: 'reservation-over' }, GOODBYE]);
      assertEnded(world, call, 'reservation-over');
    },
    { reservations: { earliestStartMinutes: 0 } },
  ));

test('a locked room refuses participants and lets moderators in', () =>
  inWorld(async (world) => {
    const host = await joinAsModerator(world);
    await world.run(7000);
    await press(world, host, '*2');
    await world.run(3000);

    const late = await joinRoom(world);
    await world.run(6000);
    const moderator = await joinAsModerator(world);
    await world.run(5000);

    assertHears(late, 0, [{ say: 'room-locked' }, GOODBYE]);
    assertEnded(world, late, 'room-locked');
    assertHears(moderator, 0, [{ say: 'entered-with', others: 1 }]);
  }));

const QUIET = { permanentRooms: [{ ...ROOM, announcements: 'off' }] };

test('the 31st caller finds the room full; a moderator presses 1, and the last one makes room', () =>
  inWorld(async (world) => {
    const calls: SimCall[] = [];
    for (let count = 0; count < 30; count += 1) calls.push(world.call());
    await world.run(100);
    // One after another, so that it is known who came last.
    for (const call of calls) {
      call.press(`1${ROOM.number}${ROOM.pin}#`);
      await world.run(60);
    }
    await world.run(6000);
    assert.ok(calls.every((call) => call.isUp));
    const last = calls.at(-1);
    if (last === undefined) throw new Error('nobody called');
    assertHears(last, 0, [{ say: 'entered-with', others: 29 }]);

    const late = await joinRoom(world);
    await world.run(6500);
    assertHears(late, 0, [{ say: 'room-full' }, GOODBYE]);
    assertEnded(world, late, 'room-full');

    const moderator = await joinAsModerator(world);
    await world.run(6000);
    assertHears(moderator, 0, [{ say: 'room-full-moderator' }]);
    const [before, beforeLast] = [mark(moderator), mark(last)];
    await press(world, moderator, '1');
    await world.run(6500);

    assertHears(moderator, before, [
      { say: 'entered-with', others: 29 },
      { say: 'you-are-moderator' },
    ]);
    assertHears(last, beforeLast, [{ say: 'removed-by-moderator' }, GOODBYE]);
    assertEnded(world, last, 'removed-by-moderator');
    assert.is(world.app.switchboard.calls, 30);
    assert.ok(calls.slice(0, -1).every((call) => call.isUp));
    assertNoErrors(world);
  }, QUIET));

test('a room whose number and PIN have other lengths is found among the rest', () =>
  inWorld(
    async (world) => {
      const short = await callMenu(world);
      await press(world, short, '1431#135790');
      const long = await callMenu(world);
      await press(world, long, '14310000000468');
      await world.run(6000);

      assertHears(short, 0, [{ say: 'entered-first' }]);
      assertHears(long, 0, [{ say: 'entered-first' }]);
      assert.is(world.app.switchboard.rooms, 2);
    },
    {
      permanentRooms: [
        { number: '431', pin: '135790' },
        { number: '431000000', pin: '0468' },
      ],
    },
  ));

test.run();
