import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { openDatabase } from '../../db/open-database.ts';
import { createReservationStore } from '../../db/reservation-store.ts';
import { reservationRules } from '../../server/config/reservation-rules.ts';
import type { Reservation } from '../../server/reservation/reservation.ts';
import { createReservations } from '../../server/reservation/reservations.ts';
import type { Reservations } from '../../server/reservation/reservations.ts';
import type { Utterance } from '../../server/prompt/utterance.ts';
import { systemRandom } from '../../server/runtime/random.ts';
import { SILENT_RECORDER } from '../support/silent-recorder.ts';
import { clipsOf, hearsMusic, mark } from '../support/sim-ear.ts';
import { assertHears, assertHearsOnly, assertNeverHears } from '../support/sim-ear.ts';
import type { SimCall } from '../support/sim-phone.ts';
import { assertEnded, assertNoErrors, book, inWorld } from '../support/sim-scenario.ts';
import { joinAsModerator, joinRoom, press, runUntil } from '../support/sim-scenario.ts';
import { simClips } from '../support/sim-world.ts';
import type { SimWorld } from '../support/sim-world.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const AT_ONCE = { reservations: { earliestStartMinutes: 0 } };
const THE_END = [{ say: 'reservation-ended' }, { say: 'goodbye' }] as const;

interface Meeting {
  readonly world: SimWorld;
  readonly reservation: Reservation;
  readonly moderator: SimCall;
  readonly guest: SimCall;
}

/** A reservation that begins at once, with a moderator and a guest inside and all greetings over. */
function inMeeting(forMinutes: number, work: (meeting: Meeting) => Promise<void>): Promise<void> {
  return inWorld(async (world) => {
    const reservation = book(world, { inMinutes: 0, forMinutes });
    const moderator = await joinAsModerator(world, reservation);
    await world.run(8000);
    const guest = await joinRoom(world, reservation);
    await world.run(5000);
    await work({ world, reservation, moderator, guest });
    assertNoErrors(world);
  }, AT_ONCE);
}

/** Works on the database as the command line does, in a process of its own. */
function inAnotherProcess<T>(world: SimWorld, work: (reservations: Reservations) => T): T {
  const database = openDatabase({ file: world.databaseFile });
  try {
    return work(
      createReservations({
        store: createReservationStore(database),
        rules: reservationRules(world.config),
        random: systemRandom,
        reservedNumbers: () => [],
        recorder: SILENT_RECORDER,
      }),
    );
  } finally {
    database.close();
  }
}

function lengthMs(utterance: Utterance): number {
  const { clips } = simClips();
  return clipsOf([utterance]).reduce((sum, name) => sum + (clips[name]?.lengthSamples ?? 0) / 8, 0);
}

/** Level of what a phone has heard since a moment, in dB against full scale. */
function levelDb(call: SimCall, sinceMs: number): number {
  const samples = call.audio.tape.between(sinceMs);
  const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
  return 10 * Math.log10(power / 32_768 ** 2);
}

/** Asks for the state of the room; returns the moment before. */
async function askStatus(world: SimWorld, call: SimCall): Promise<number> {
  const before = mark(call);
  await press(world, call, '*#');
  await world.run(9000);
  return before;
}

function statusOf(minutesLeft: number) {
  return {
    say: 'room-status',
    people: 2,
    microphone: 'live',
    locked: 'open',
    minutesLeft,
  } as const;
}

test('the moderator is warned 15 minutes before the end, all 10 and 1 minutes before, and then it is over', () =>
  inMeeting(16, async ({ world, reservation, moderator, guest }) => {
    const calls = [moderator, guest];
    const before = calls.map(mark);
    const startedAtMs = world.clock.wallclockMs();
    await runUntil(world, reservation.endAtMs + 8000);

    const end = (minutes: number): number =>
      reservation.endAtMs - startedAtMs - minutes * MINUTE_MS;
    const [moderatorBefore = 0, guestBefore = 0] = before;
    const extendAtMs = assertHears(moderator, moderatorBefore, [
      { say: 'ends-in-minutes-extend', minutes: 15 },
    ]);
    assert.ok(Math.abs(extendAtMs - moderatorBefore - end(15)) <= 100);
    assertHearsOnly(guest, guestBefore, [
      { say: 'ends-in-minutes', minutes: 10 },
      { say: 'ends-in-minutes', minutes: 1 },
      ...THE_END,
    ]);
    for (const [index, call] of calls.entries()) {
      for (const minutes of [10, 1]) {
        const since = before[index] ?? 0;
        const atMs = assertHears(call, since, [{ say: 'ends-in-minutes', minutes }]);
        assert.ok(Math.abs(atMs - since - end(minutes)) <= 100, `${minutes} minutes`);
      }
      const since = before[index] ?? 0;
      assert.ok(Math.abs(assertHears(call, since, THE_END) - since - end(0)) <= 100);
      assertEnded(world, call, 'reservation-ended');
    }
    assert.is(world.app.switchboard.rooms, 0);
  }));

test('who is alone hears the warning, and the music not before it is over', () =>
  inWorld(async (world) => {
    const reservation = book(world, { inMinutes: 0, forMinutes: 2 });
    const call = await joinRoom(world, reservation);
    await runUntil(world, reservation.endAtMs - MINUTE_MS - 100);
    assert.ok(hearsMusic(call));
    const before = mark(call);

    await world.run(100 + lengthMs({ say: 'ends-in-minutes', minutes: 1 }) - 60);
    const { durationMs } = call.audio.tape;

    assert.ok(levelDb(call, before + 600) > -40, 'words are heard');
    assert.ok(levelDb(call, durationMs - 60) < -60, 'in the breath after them there is no music');
    await world.run(2000);
    assert.ok(hearsMusic(call));
  }, AT_ONCE));

for (const [keys, minutes] of [
  ['*051', 15],
  ['*052', 30],
  ['*053', 60],
] as const) {
  test(`${keys} extends the reservation by ${minutes} minutes, and the old end passes`, () =>
    inMeeting(2, async ({ world, reservation, moderator, guest }) => {
      const before = mark(moderator);
      await press(world, moderator, keys);
      await world.run(5000);
      assertHears(moderator, before, [{ say: 'extended', minutes }]);
      const stored = world.app.organising.reservations.byId(reservation.reservationId);
      assert.is(stored?.endAtMs, reservation.endAtMs + minutes * MINUTE_MS);

      await runUntil(world, reservation.endAtMs + 3000);

      assert.ok(guest.isUp && moderator.isUp);
      assertNeverHears(guest, 0, { say: 'reservation-ended' });
    }));
}

test('*05 asks by how much; a participant may not extend; the greatest length is kept', () =>
  inMeeting(14 * 24 * 60, async ({ world, reservation, moderator, guest }) => {
    const asked = mark(moderator);
    await press(world, moderator, '*05');
    await world.run(12_000);
    assertHears(moderator, asked, [{ say: 'ask-extension' }]);
    await press(world, moderator, '1');
    await world.run(4000);
    assertHears(moderator, asked, [{ say: 'extension-refused' }]);

    const before = mark(guest);
    await press(world, guest, '*05');
    await world.run(4000);

    assertHears(guest, before, [{ say: 'moderator-only' }]);
    const inOneGo = mark(guest);
    await press(world, guest, '*051');
    await world.run(4000);
    assertHears(guest, inOneGo, [{ say: 'moderator-only' }]);
    const stored = world.app.organising.reservations.byId(reservation.reservationId);
    assert.is(stored?.endAtMs, reservation.endAtMs);
  }));

test('cancelled by another process: 30 s of warning, then the end; whoever calls later is told that it is over', () =>
  inMeeting(60, async ({ world, reservation, moderator, guest }) => {
    const calls = [moderator, guest];
    const before = calls.map(mark);
    const { number } = reservation;
    const outcome = inAnotherProcess(world, (reservations) =>
      reservations.cancel({ number }, world.clock.wallclockMs()),
    );
    assert.is(outcome.outcome, 'cancelled');
    await world.run(2500);
    const late = await joinRoom(world, reservation);
    await world.run(20_000);
    assert.ok(guest.isUp && moderator.isUp);
    await world.run(14_000);

    for (const [index, call] of calls.entries()) {
      const since = before[index] ?? 0;
      const warnedAtMs = assertHears(call, since, [{ say: 'ends-in-seconds', seconds: 30 }]);
      assert.ok(warnedAtMs - since <= 2200, 'within a moment');
      const endedAtMs = assertHears(call, since, THE_END);
      assert.ok(Math.abs(endedAtMs - warnedAtMs - 30_000) <= 100);
      assertEnded(world, call, 'reservation-deleted');
    }
    assertHears(late, 0, [{ say: 'reservation-over' }, { say: 'goodbye' }]);
  }));

test('booked by another process: it can be called at once', () =>
  inWorld(async (world) => {
    const nowMs = world.clock.wallclockMs();
    const outcome = inAnotherProcess(world, (reservations) =>
      reservations.book({ profileId: 'local', start: nowMs, end: nowMs + HOUR_MS }, nowMs),
    );
    if (outcome.outcome !== 'booked') throw new Error('refused');

    const call = await joinRoom(world, outcome.reservation);
    await world.run(4000);

    assertHears(call, 0, [{ say: 'entered-first' }]);
  }, AT_ONCE));

test('the end moved before now: one minute of warning, then the end', () =>
  inMeeting(60, async ({ world, reservation, moderator, guest }) => {
    await runUntil(world, reservation.startAtMs + 100_000);
    const before = mark(guest);
    const outcome = inAnotherProcess(world, (reservations) =>
      reservations.change(
        reservation.reservationId,
        { end: reservation.startAtMs + MINUTE_MS },
        world.clock.wallclockMs(),
      ),
    );
    assert.is(outcome.outcome, 'changed');
    await world.run(30_000);
    assert.ok(guest.isUp && moderator.isUp);
    await world.run(40_000);

    const warnedAtMs = assertHears(guest, before, [{ say: 'ends-in-minutes', minutes: 1 }]);
    const endedAtMs = assertHears(guest, before, THE_END);
    assert.ok(Math.abs(endedAtMs - warnedAtMs - MINUTE_MS) <= 100);
    assertEnded(world, guest, 'reservation-ended');
    assertEnded(world, moderator, 'reservation-ended');
  }));

test('the end moved on by another process: the room stands beyond the old end', () =>
  inMeeting(2, async ({ world, reservation, guest }) => {
    const outcome = inAnotherProcess(world, (reservations) =>
      reservations.extend(reservation.reservationId, 30, world.clock.wallclockMs()),
    );
    assert.is(outcome.outcome, 'changed');

    await runUntil(world, reservation.endAtMs + 3000);

    assert.ok(guest.isUp);
    assertHears(guest, await askStatus(world, guest), [statusOf(30)]);
  }));

test('the wall clock is set by an hour: the time left follows, and nobody is put out', () =>
  inMeeting(120, async ({ world, guest }) => {
    assertHears(guest, await askStatus(world, guest), [statusOf(120)]);

    world.clock.stepWallclock(HOUR_MS);
    await world.run(3000);
    assertHears(guest, await askStatus(world, guest), [statusOf(60)]);

    world.clock.stepWallclock(-2 * HOUR_MS);
    await world.run(3000);
    assertHears(guest, await askStatus(world, guest), [statusOf(180)]);
    assert.ok(guest.isUp);
  }));

test('the wall clock is set beyond the end: one minute of warning, then the end', () =>
  inMeeting(60, async ({ world, moderator, guest }) => {
    const before = mark(guest);
    world.clock.stepWallclock(3 * HOUR_MS);
    await world.run(4000);
    assert.ok(guest.isUp && moderator.isUp);
    await world.run(66_000);

    assertHearsOnly(guest, before, [{ say: 'ends-in-minutes', minutes: 1 }, ...THE_END]);
    assertEnded(world, guest, 'reservation-ended');
  }));

test.run();
