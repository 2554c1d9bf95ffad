import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Utterance } from '../../server/prompt/utterance.ts';
import { assertHears, assertHearsOnly, hearsMusic, heardNames, mark } from '../support/sim-ear.ts';
import type { SimCall } from '../support/sim-phone.ts';
import { assertEnded, assertNoErrors, book, callMenu, inWorld } from '../support/sim-scenario.ts';
import { joinAsModerator, joinRoom, levelAt, press, ROOM } from '../support/sim-scenario.ts';
import type { SimWorld } from '../support/sim-world.ts';
import { toneLevelDb } from '../support/tones.ts';

/** −12 dB against full scale: well below the limiter for three talkers. */
const AMPLITUDE = 8231;
const SENT_DB = -12;
const TONES_HZ = [500, 800, 1100] as const;
const GOODBYE = { say: 'goodbye' } as const;

interface People {
  readonly world: SimWorld;
  readonly moderator: SimCall;
  readonly guest: SimCall;
}

/** A moderator and a guest in a room, all greetings over. */
function withTwo(work: (people: People) => Promise<void>): Promise<void> {
  return inWorld(async (world) => {
    const moderator = await joinAsModerator(world);
    await world.run(8000);
    const guest = await joinRoom(world);
    await world.run(5000);
    await work({ world, moderator, guest });
    assertNoErrors(world);
  });
}

/** Keys what one of them has on the menu; the words are heard by nobody else. Returns the moment before. */
async function keyed(people: People, who: 'moderator' | 'guest', keys: string): Promise<number> {
  const { world, moderator, guest } = people;
  const [call, other] = who === 'moderator' ? [moderator, guest] : [guest, moderator];
  const [before, otherBefore] = [mark(call), mark(other)];
  await press(world, call, keys);
  await world.run(4500);
  const otherHeard = heardNames(other, otherBefore).filter((name) => name.startsWith('en/'));
  assert.equal(otherHeard, [], `${keys} is confirmed to nobody else`);
  return before;
}

test('three phones hear each other as loud as they speak, and not themselves', () =>
  inWorld(async (world) => {
    const calls: SimCall[] = [];
    for (const codec of ['PCMA', 'PCMU', 'PCMA'] as const) {
      calls.push(await joinRoom(world, ROOM, { codec }));
    }
    await world.run(7000);

    for (const [index, call] of calls.entries()) {
      call.play({ toneHz: TONES_HZ[index] ?? 0, amplitude: AMPLITUDE });
    }
    await world.run(2000);

    for (const [listener, call] of calls.entries()) {
      for (const [talker, toneHz] of TONES_HZ.entries()) {
        const levelDb = levelAt(call, toneHz);
        if (listener === talker) assert.ok(levelDb < -40, `own tone at ${levelDb} dB`);
        else assert.ok(Math.abs(levelDb - SENT_DB) <= 1, `${toneHz} Hz at ${levelDb} dB`);
      }
      assert.is(call.audio.tape.packetsLost, 0);
    }
  }));

test('keys are never heard by the others, and leave no more than a gap in the speech', () =>
  withTwo(async ({ world, moderator, guest }) => {
    guest.play({ toneHz: 500, amplitude: AMPLITUDE });
    await world.run(1000);
    const before = mark(moderator);
    await press(world, guest, '123456789');
    await world.run(500);

    const heard = moderator.audio.tape.between(before);
    for (const toneHz of [697, 770, 852, 941, 1209, 1336, 1477]) {
      assert.ok(toneLevelDb(heard, toneHz) < -40, `${toneHz} Hz`);
    }
    assert.ok(Math.abs(levelAt(moderator, 500) - SENT_DB) <= 1, 'speech goes on after the keys');
  }));

test('*1 turns the own microphone off and on: the others no longer hear it', () =>
  withTwo(async (people) => {
    const { world, moderator, guest } = people;
    guest.play({ toneHz: 500, amplitude: AMPLITUDE });

    const off = await keyed(people, 'guest', '*1');
    assertHears(guest, off, [{ say: 'microphone-off' }]);
    assert.ok(levelAt(moderator, 500) < -60, 'muted');

    const on = await keyed(people, 'guest', '*1');
    assertHears(guest, on, [{ say: 'microphone-on' }]);
    await world.run(500);
    assert.ok(Math.abs(levelAt(moderator, 500) - SENT_DB) <= 1);
  }));

test('*2 locks and unlocks the room for moderators only', () =>
  withTwo(async (people) => {
    const locked = await keyed(people, 'moderator', '*2');
    assertHears(people.moderator, locked, [{ say: 'lock-on' }]);

    const refused = await keyed(people, 'guest', '*2');
    assertHears(people.guest, refused, [{ say: 'moderator-only' }]);

    const late = await joinRoom(people.world);
    await people.world.run(6000);
    assertEnded(people.world, late, 'room-locked');
    const unlocked = await keyed(people, 'moderator', '*2');
    assertHears(people.moderator, unlocked, [{ say: 'lock-off' }]);
    const next = await joinRoom(people.world);
    await people.world.run(4000);
    assertHears(next, 0, [{ say: 'entered-with', others: 2 }]);
  }));

test('*3 removes the last one who joined, for moderators only', () =>
  withTwo(async (people) => {
    const { world, moderator, guest } = people;
    const refused = await keyed(people, 'guest', '*3');
    assertHears(guest, refused, [{ say: 'moderator-only' }]);

    const [before, guestBefore] = [mark(moderator), mark(guest)];
    await press(world, moderator, '*3');
    await world.run(6000);
    assertHears(moderator, before, [{ say: 'last-removed' }]);
    assertHears(guest, guestBefore, [{ say: 'removed-by-moderator' }, GOODBYE]);
    assertEnded(world, guest, 'removed-by-moderator');

    const alone = mark(moderator);
    await press(world, moderator, '*3');
    await world.run(4000);
    assertHears(moderator, alone, [{ say: 'nobody-to-remove' }]);
  }));

/** Level of a tone that one of them sends at the other, who has not turned anything for a while. */
async function levelBetween(people: People, from: 'moderator' | 'guest'): Promise<number> {
  const { world, moderator, guest } = people;
  const [talker, listener] = from === 'moderator' ? [moderator, guest] : [guest, moderator];
  talker.play({ toneHz: 500, amplitude: AMPLITUDE });
  await world.run(9000);
  const levelDb = levelAt(listener, 500);
  talker.play(null);
  await world.run(200);
  return levelDb;
}

test('*4 and *6 change how loud the room is for me, in steps of 3 dB up to a limit, several in one go', () =>
  withTwo(async (people) => {
    const quieter = await keyed(people, 'guest', '*4');
    assertHears(people.guest, quieter, [{ say: 'listen-volume', step: -1 }]);
    assert.ok(Math.abs((await levelBetween(people, 'moderator')) - (SENT_DB - 3)) <= 0.5);
    assert.ok(Math.abs((await levelBetween(people, 'guest')) - SENT_DB) <= 0.5, 'for me only');

    const louder = await keyed(people, 'guest', '*66');
    assertHears(people.guest, louder, [{ say: 'listen-volume', step: 1 }]);
    assert.ok(Math.abs((await levelBetween(people, 'moderator')) - (SENT_DB + 3)) <= 0.5);

    const limit = await keyed(people, 'guest', '*44444444');
    assertHears(people.guest, limit, [{ say: 'volume-at-limit' }]);
    assert.ok(Math.abs((await levelBetween(people, 'moderator')) - (SENT_DB - 12)) <= 0.5);
  }));

test('*7 and *9 change how loud the others hear me', () =>
  withTwo(async (people) => {
    const quieter = await keyed(people, 'guest', '*77');
    assertHears(people.guest, quieter, [{ say: 'talk-volume', step: -2 }]);
    assert.ok(Math.abs((await levelBetween(people, 'guest')) - (SENT_DB - 6)) <= 0.5);
    assert.ok(Math.abs((await levelBetween(people, 'moderator')) - SENT_DB) <= 0.5);

    const louder = await keyed(people, 'guest', '*999');
    assertHears(people.guest, louder, [{ say: 'talk-volume', step: 1 }]);
    assert.ok(Math.abs((await levelBetween(people, 'guest')) - (SENT_DB + 3)) <= 0.5);
  }));

test('* alone reads out the menu, *8 leaves it, another key is unknown, and silence closes it', () =>
  withTwo(async (people) => {
    const { world, guest } = people;
    assertHearsOnly(guest, await keyed(people, 'guest', '*'), [{ say: 'room-menu' }]);
    assertHears(guest, await keyed(people, 'guest', '8'), [{ say: 'menu-left' }]);
    assertHears(guest, await keyed(people, 'guest', '*07'), [{ say: 'key-unknown' }]);

    await world.run(10_000);
    assert.equal(heardNames(guest, await keyed(people, 'guest', '1')), [], 'the menu is closed');
  }));

test('*# tells how many people, my state and the lock; ** is help for my role', () =>
  withTwo(async (people) => {
    const { world, moderator, guest } = people;
    await keyed(people, 'guest', '*1');
    await keyed(people, 'moderator', '*2');
    const status = (microphone: 'live' | 'muted'): Utterance => ({
      say: 'room-status',
      people: 2,
      microphone,
      locked: 'locked',
      minutesLeft: null,
    });
    const before = await keyed(people, 'guest', '*#');
    await world.run(3000);
    assertHearsOnly(guest, before, [status('muted')]);
    const other = await keyed(people, 'moderator', '*#');
    await world.run(3000);
    assertHearsOnly(moderator, other, [status('live')]);

    const help = await keyed(people, 'guest', '**');
    await world.run(25_000);
    assertHearsOnly(guest, help, [{ say: 'help-participant' }]);
    const more = await keyed(people, 'moderator', '**');
    await world.run(35_000);
    assertHearsOnly(moderator, more, [{ say: 'help-moderator' }]);
  }));

test('*#: a reservation tells the minutes that are left', () =>
  inWorld(
    async (world) => {
      const { number, pin } = book(world, { inMinutes: 0, forMinutes: 60 });
      const guest = await joinRoom(world, { number, pin });
      await world.run(6000);
      const before = mark(guest);

      await press(world, guest, '*#');
      await world.run(8000);

      assertHears(guest, before, [
        { say: 'room-status', people: 1, microphone: 'live', locked: 'open', minutesLeft: 60 },
      ]);
    },
    { reservations: { earliestStartMinutes: 0 } },
  ));

test('*099 ends the conference for all, for moderators only', () =>
  withTwo(async (people) => {
    const { world, moderator, guest } = people;
    assertHears(guest, await keyed(people, 'guest', '*099'), [{ say: 'moderator-only' }]);

    const before = [mark(moderator), mark(guest)] as const;
    await press(world, moderator, '*099');
    await world.run(6000);

    assertHears(guest, before[1], [{ say: 'ended-by-moderator' }, GOODBYE]);
    assertHears(moderator, before[0], [{ say: 'ended-by-moderator' }, GOODBYE]);
    assertEnded(world, guest, 'ended-by-moderator');
    assertEnded(world, moderator, 'ended-by-moderator');
    assert.is(world.app.switchboard.rooms, 0);
  }));

test('whoever is left alone is told and hears music until somebody comes', () =>
  withTwo(async ({ world, moderator, guest }) => {
    const before = mark(moderator);
    guest.hangUp();
    await world.run(8000);

    assertHearsOnly(moderator, before, ['tone-leave', { say: 'alone-again' }]);
    assert.ok(hearsMusic(moderator));

    await joinRoom(world);
    await world.run(2000);
    assert.not.ok(hearsMusic(moderator));
  }));

test('when the last one leaves, lock, microphones and volumes are as in the beginning', () =>
  withTwo(async (people) => {
    const { world, moderator, guest } = people;
    await keyed(people, 'moderator', '*2');
    await keyed(people, 'guest', '*1');
    await keyed(people, 'guest', '*44');
    moderator.hangUp();
    guest.hangUp();
    await world.run(500);
    assert.is(world.app.switchboard.rooms, 0);

    const first = await joinRoom(world, ROOM, { number: guest.number });
    await world.run(5000);
    const second = await joinRoom(world);
    await world.run(4000);

    assertHears(first, 0, [{ say: 'entered-first' }]);
    assertHears(second, 0, [{ say: 'entered-with', others: 1 }]);
    first.play({ toneHz: 500, amplitude: AMPLITUDE });
    second.play({ toneHz: 800, amplitude: AMPLITUDE });
    await world.run(1500);
    assert.ok(Math.abs(levelAt(second, 500) - SENT_DB) <= 1);
    assert.ok(Math.abs(levelAt(first, 800) - SENT_DB) <= 1);
  }));

test('a caller makes a room by phone, is its moderator at once, and it ends when that caller hangs up', () =>
  inWorld(
    async (world) => {
      const host = await callMenu(world);
      await press(world, host, '2');
      await world.run(8000);
      const question = { say: 'ask-new-number', digits: 5 } as const;
      assertHears(host, 0, [question]);
      const refusals = mark(host);
      for (const number of ['12345', '27182']) {
        await press(world, host, number);
        await world.run(14_000);
      }
      assertHears(host, refusals, [{ say: 'new-number-too-simple' }, question]);
      assertHears(host, refusals, [{ say: 'new-number-taken' }, question]);
      const entered = mark(host);
      await press(world, host, '31415');
      await world.run(8000);
      await press(world, host, '92653');
      await world.run(16_000);
      assertHears(host, entered, [{ say: 'ask-new-pin', digits: 5 }]);
      assertHears(host, entered, [
        { say: 'room-created', number: '31415' },
        { say: 'entered-first' },
        { say: 'you-are-moderator' },
      ]);

      const guests = [
        await joinRoom(world, { number: '31415', pin: '92653' }),
        await joinRoom(world, { number: '31415', pin: '92653' }),
      ];
      await world.run(5000);
      const before = guests.map(mark);
      host.hangUp();
      await world.run(7000);

      for (const [index, guest] of guests.entries()) {
        assertHears(guest, before[index] ?? 0, [{ say: 'ended-by-moderator' }, GOODBYE]);
        assertEnded(world, guest, 'host-left');
      }
      const late = await callMenu(world);
      await press(world, late, '131415');
      await world.run(5000);
      assertHears(late, 0, [{ say: 'number-unknown' }]);
    },
    { permanentRooms: [{ number: '27182' }] },
  ));

test.run();
