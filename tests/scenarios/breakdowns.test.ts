import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { openDatabase } from '../../db/open-database.ts';
import type { Reservation } from '../../server/reservation/reservation.ts';
import { assertHears, mark } from '../support/sim-ear.ts';
import type { SimCall } from '../support/sim-phone.ts';
import { assertEnded, assertNoErrors, book, callMenu, inWorld } from '../support/sim-scenario.ts';
import { joinAsModerator, joinRoom, levelAt, press, recordOf } from '../support/sim-scenario.ts';
import { ROOM } from '../support/sim-scenario.ts';
import { SimWorld } from '../support/sim-world.ts';

const AMPLITUDE = 8231;
const SENT_DB = -12;
const OTHER_ROOM = { number: '88888', pin: '13579' } as const;

/** The first error of the log with this message. */
function errorLine(
  world: SimWorld,
  message: string,
): Readonly<Record<string, unknown>> | undefined {
  return world.log.find((line) => line.level === 'error' && line.message === message)?.facts;
}

test('a crashed worker takes only its own rooms, and another worker takes its place', () =>
  inWorld(
    async (world) => {
      const rooms: SimCall[][] = [];
      for (const room of [ROOM, OTHER_ROOM]) {
        rooms.push([await joinRoom(world, room), await joinRoom(world, room)]);
      }
      await world.run(8000);
      for (const [talker] of rooms) talker?.play({ toneHz: 500, amplitude: AMPLITUDE });
      await world.run(1000);

      world.crashWorker(0);
      await world.run(5000);

      const hit = rooms.filter((calls) => calls.every((call) => !call.isUp));
      const spared = rooms.filter((calls) => calls.every((call) => call.isUp));
      assert.is(hit.length, 1, 'each room lives on a worker of its own');
      assert.is(spared.length, 1);
      for (const call of hit.flat()) assertEnded(world, call, 'media-fault');
      for (const call of spared.flat()) assert.is(call.audio.tape.packetsLost, 0);
      const [, listener] = spared.flat();
      if (listener === undefined) throw new Error('nobody is left');
      assert.ok(Math.abs(levelAt(listener, 500) - SENT_DB) <= 1);
      assert.is(errorLine(world, 'a media worker has crashed')?.reason, 'crashed by the test');
      assert.is(world.app.switchboard.rooms, 1);

      const again = rooms[0] === hit[0] ? ROOM : OTHER_ROOM;
      const next = [await joinRoom(world, again), await joinRoom(world, again)];
      await world.run(5000);
      assertHears(next[1] ?? listener, 0, [{ say: 'entered-with', others: 1 }]);
      assert.ok(next.every((call) => call.isUp));
      // Calls that still listen to the menu find both workers at work.
      await Promise.all([callMenu(world), callMenu(world)]);
    },
    { media: { workers: 2 }, permanentRooms: [ROOM, OTHER_ROOM] },
  ));

test('with its only worker crashed the server takes calls again as soon as a new one runs', () =>
  inWorld(async (world) => {
    const call = await callMenu(world);
    world.crashWorker(0);
    const meanwhile = world.call();
    await world.run(10_000);
    assertEnded(world, call, 'media-fault');
    assert.ok([200, 500, 503].includes(meanwhile.status), `${meanwhile.status} meanwhile`);

    const next = await joinRoom(world);
    await world.run(4000);

    assertHears(next, 0, [{ say: 'entered-first' }]);
  }));

/** A moderator of a reservation, and somebody in a permanent room, who both stay while the database fails. */
async function withReservation(
  work: (parts: {
    readonly world: SimWorld;
    readonly reservation: Reservation;
    readonly moderator: SimCall;
    readonly other: SimCall;
  }) => Promise<void>,
): Promise<void> {
  await inWorld(
    async (world) => {
      const reservation = book(world, { inMinutes: 0, forMinutes: 60 });
      const moderator = await joinAsModerator(world, reservation);
      const other = await joinRoom(world);
      await world.run(8000);
      await work({ world, reservation, moderator, other });
      assert.ok(moderator.isUp && other.isUp, 'whoever was inside stays inside');
    },
    { reservations: { earliestStartMinutes: 0 } },
  );
}

/** Another process ruins the table of reservations; the call log is left whole. */
function ruinReservations(world: SimWorld): void {
  const database = openDatabase({ file: world.databaseFile });
  database.exec('ALTER TABLE reservation RENAME TO gone');
  database.close();
}

test('a database that fails costs a caller the call, with words, a cause and a line of log', () =>
  withReservation(async ({ world, reservation, other }) => {
    const atPin = await callMenu(world);
    await press(world, atPin, `1${reservation.number}`);
    const atNumber = await callMenu(world);
    await press(world, atNumber, '1');
    const atNew = await callMenu(world);
    await press(world, atNew, '2');
    ruinReservations(world);
    const calls = [atPin, atNumber, atNew];
    const before = calls.map(mark);
    await press(world, atPin, `${reservation.pin}#`);
    await press(world, atNumber, reservation.number);
    await press(world, atNew, '31415');
    await world.run(8000);

    for (const [index, call] of calls.entries()) {
      assertHears(call, before[index] ?? 0, [{ say: 'room-fault' }]);
      assertEnded(world, call, 'internal-fault');
    }
    const fault = errorLine(world, 'caller not answered');
    assert.match(String(fault?.error), 'the database failed');
    const log = JSON.stringify(world.log);
    assert.not.match(log, reservation.pin);
    assert.not.match(log, reservation.adminPin ?? '-');

    const permanent = await joinRoom(world);
    await world.run(4000);
    assertHears(permanent, 0, [{ say: 'entered-with', others: 1 }]);
    assert.ok(other.isUp);
  }));

test('an extension that the database does not take is refused aloud', () =>
  withReservation(async ({ world, moderator }) => {
    ruinReservations(world);
    await world.run(3000);
    const before = mark(moderator);
    await press(world, moderator, '*051');
    await world.run(4000);

    assertHears(moderator, before, [{ say: 'extension-refused' }]);
    assert.is.not(errorLine(world, 'reservation not extended'), undefined);
    assert.is.not(errorLine(world, 'room not looked up'), undefined);
  }));

test('a full disk loses the record of a call, not the call', () =>
  withReservation(async ({ world, reservation, other }) => {
    world.fillDisk();
    for (let count = 0; count < 60; count += 1) {
      const call = await callMenu(world);
      call.hangUp();
      await world.run(20);
    }

    const lost = errorLine(world, 'call record not kept');
    assert.match(String(lost?.error), 'full');
    const late = await joinRoom(world, reservation);
    await world.run(4000);
    assertHears(late, 0, [{ say: 'entered-with', others: 1 }]);
    assert.ok(other.isUp);
  }));

test('a database that is gone altogether leaves permanent rooms in service', () =>
  withReservation(async ({ world, reservation }) => {
    world.breakDatabase();
    const late = await joinRoom(world, reservation);
    await world.run(8000);
    const permanent = await joinRoom(world);
    await world.run(4000);

    assertHears(late, 0, [{ say: 'room-fault' }]);
    assert.match(late.endedBecause ?? '', /^Q\.850;cause=41;/);
    assertHears(permanent, 0, [{ say: 'entered-with', others: 1 }]);
  }));

test('the server stops: every call in every state gets BYE, within 5 s, a dead peer or not', async () => {
  const world = await SimWorld.open({ permanentRooms: [ROOM] });
  const inRoom = [await joinAsModerator(world), await joinRoom(world), await joinRoom(world)];
  await world.run(8000);
  const [moderator, held, removed] = inRoom;
  held?.hold();
  moderator?.press('*3');
  const atMenu = await callMenu(world);
  const gone = await callMenu(world);
  gone.unplug();
  await world.run(1000);
  const opening = world.call();
  await world.run(1);
  const startedAtMs = world.clock.monotonicMs();
  const up = [moderator, held, removed, atMenu];
  assert.ok(up.every((call) => call?.isUp));

  await world.close();

  assert.ok(world.clock.monotonicMs() - startedAtMs <= 5000);
  assert.is(world.network.bound, 0);
  for (const call of up) {
    const cause = call === removed ? 16 : 41;
    assert.match(call?.endedBecause ?? '', new RegExp(`^Q\\.850;cause=${cause};`));
  }
  assert.ok(opening.status >= 400 || opening.endedBecause !== null, 'the one that was coming in');
  assert.is(world.app.switchboard.calls, 0);
});

function collectGarbage(): number {
  setFlagsFromString('--expose_gc');
  runInNewContext('gc()');
  return process.memoryUsage().heapUsed;
}

/** Calls that do a little of everything, all gone again at the end. */
async function shortCalls(world: SimWorld, count: number): Promise<void> {
  for (let batch = 0; batch < count / 100; batch += 1) {
    const calls = Array.from({ length: 100 }, () => world.call());
    for (const call of calls.slice(0, 20)) call.cancel();
    await world.run(40);
    for (const call of calls.slice(20, 60)) call.press(`1${ROOM.number}${ROOM.pin}#`);
    await world.run(batch % 10 === 0 ? 3000 : 200);
    for (const call of calls.slice(20, 99)) call.hangUp();
    for (const call of calls.slice(99)) call.unplug();
    for (const call of calls) world.forget(call);
    world.log.length = 0;
    world.strays.length = 0;
  }
  // The dead peers: RTP timeout, then BYE until it is given up.
  await world.run(110_000);
  world.log.length = 0;
  world.strays.length = 0;
}

/** What 2,000 calls may add to the heap. One call that is not let go of costs more than 5,000 bytes. */
const LARGEST_GROWTH_BYTES = 2_000_000;

test('after 2,000 short calls timers, ports, calls and memory are where they were', () =>
  inWorld(
    async (world) => {
      await shortCalls(world, 600);
      const pending = world.clock.pending;
      const heapBytes = collectGarbage();
      assert.is(world.app.switchboard.calls, 0);
      assert.is(world.network.bound, 0);

      await shortCalls(world, 2000);

      assert.is(world.clock.pending, pending);
      assert.is(world.network.bound, 0);
      assert.is(world.app.switchboard.calls, 0);
      assert.is(world.app.switchboard.rooms, 0);
      const causes = world.records().map((record) => record.cause);
      // Of the last thousand: 200 cancelled, 790 hung up, and the dead, who key nothing either.
      assert.is(causes.filter((cause) => cause === 'cancelled').length >= 180, true);
      assert.is(causes.filter((cause) => cause === 'caller-hung-up').length >= 780, true);
      assert.is(causes.filter((cause) => cause === 'no-input').length >= 10, true);
      const grownBytes = collectGarbage() - heapBytes;
      assert.ok(grownBytes < LARGEST_GROWTH_BYTES, `the heap has grown by ${grownBytes} bytes`);
      const next = await joinRoom(world);
      await world.run(4000);
      assertHears(next, 0, [{ say: 'entered-first' }]);
      next.hangUp();
      await world.run(100);
      assert.is(recordOf(world, next.number)?.packetsLost, 0);
      assertNoErrors(world);
    },
    {
      trunks: [{ name: 'local', allowFrom: ['127.0.0.0/8'], onNet: true, callsPerSecond: 10_000 }],
      permanentRooms: [{ ...ROOM, maxParticipants: 1000 }],
    },
  ));

test.run();
