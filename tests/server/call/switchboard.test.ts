import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { assertHears, assertHearsOnly, assertNeverHears, mark } from '../../support/sim-ear.ts';
import { assertEnded, book, callMenu, inWorld } from '../../support/sim-scenario.ts';
import {
  joinAsModerator,
  joinRoom,
  press,
  recordOf,
  ROOM,
  runUntil,
} from '../../support/sim-scenario.ts';

const MINUTE_MS = 60_000;

test('a database that fails costs a caller the call, with words, and nobody else theirs', () =>
  inWorld(async (world) => {
    const { number } = book(world, { inMinutes: 20, forMinutes: 60 });
    const inside = await joinRoom(world);
    const caller = await callMenu(world);
    world.breakDatabase();

    const before = mark(caller);
    await press(world, caller, `1${number}`);
    await world.run(8000);

    assertHears(caller, before, [{ say: 'room-fault' }]);
    assert.is(caller.isUp, false);
    assert.match(caller.endedBecause ?? '', /^Q\.850;cause=41;/);
    assert.ok(inside.isUp);
    const errors = world.log.filter((line) => line.level === 'error').map((line) => line.message);
    assert.equal(errors, ['caller not answered', 'database not readable', 'call record not kept']);
  }));

test('a database that fails refuses an extension and leaves the room as it is', () =>
  inWorld(async (world) => {
    const reservation = book(world, { inMinutes: 20, forMinutes: 60 });
    await runUntil(world, reservation.startAtMs);
    const moderator = await joinAsModerator(world, reservation);
    await world.run(8000);
    world.breakDatabase();

    const before = mark(moderator);
    await press(world, moderator, '*051');
    await world.run(6000);

    assertHears(moderator, before, [{ say: 'extension-refused' }]);
    assert.ok(moderator.isUp);
  }));

test('a reservation that is deleted while somebody waits for its opening does not open', () => {
  const earlyEntryMinutes = 11;
  return inWorld(
    async (world) => {
      const { number, pin, reservationId, startAtMs } = book(world, {
        inMinutes: 12,
        forMinutes: 60,
      });
      const caller = await callMenu(world);
      await press(world, caller, `1${number}${pin}#`);
      await world.run(12_000);
      const before = mark(caller);
      await press(world, caller, '1');
      world.app.organising.reservations.cancel({ reservationId }, world.clock.wallclockMs());

      await runUntil(world, startAtMs - earlyEntryMinutes * MINUTE_MS + 10_000);

      assertHears(caller, before, [{ say: 'waiting-for-start' }, { say: 'reservation-over' }]);
      assertEnded(world, caller, 'reservation-over');
      assert.is(world.app.switchboard.rooms, 0);
    },
    { rooms: { earlyEntryMinutes } },
  );
});

test('a room made by phone ends when its maker hangs up before entering, whoever came first', () =>
  inWorld(async (world) => {
    const room = { number: '24680', pin: '13579' };
    const maker = await callMenu(world);
    await press(world, maker, `2${room.number}${room.pin}`);
    const guest = await joinRoom(world, room);
    assert.is(world.app.switchboard.rooms, 1, 'the maker still hears the number');

    maker.hangUp();
    await world.run(45_000);

    assertEnded(world, guest, 'reservation-deleted');
    assert.is(world.app.switchboard.rooms, 0);
    const late = await callMenu(world);
    await press(world, late, `1${room.number}`);
    await world.run(3000);
    assertHears(late, 0, [{ say: 'number-unknown' }]);
  }));

test('the call log tells why a caller was sent away who hung up at the last words', () =>
  inWorld(async (world) => {
    const caller = await callMenu(world);
    await press(world, caller, '199999#99999#99999#');
    await world.run(1000);
    assert.ok(caller.isUp, 'the last words are being spoken');

    caller.hangUp();
    await world.run(200);

    assert.is(recordOf(world, caller.number)?.cause, 'too-many-tries');
  }));

test('a call that is refused at once has its row in the call log, and no keys that were dialled with it', () =>
  inWorld(async (world) => {
    world.call('12345', { number: '600100200' });
    world.call('908,,1,77777,24680', { number: '600100201' });
    await world.run(500);

    const [unknown, keyed] = ['600100200', '600100201'].map((number) => recordOf(world, number));
    assert.is(unknown?.cause, 'no-such-number');
    assert.is(unknown?.calledNumber, '12345');
    assert.is(unknown?.trunk, 'local');
    assert.is(unknown?.answerAtMs, null);
    assert.is(keyed?.calledNumber, '908');
    const lines = world.log.filter((line) => line.level !== 'debug');
    assert.not.match(JSON.stringify(lines), '24680');
  }));

test('new settings without a permanent room leave the calls in it alone; nobody else enters', () =>
  inWorld(async (world) => {
    const inside = await joinRoom(world);
    await world.run(8000);

    world.app.reload({ ...world.config, permanentRooms: [] });
    await world.run(60_000);
    const late = await callMenu(world);
    await press(world, late, `1${ROOM.number}`);
    await world.run(3000);

    assert.ok(inside.isUp);
    assert.is(world.app.switchboard.rooms, 1);
    assertHears(late, 0, [{ say: 'number-unknown' }]);
    inside.hangUp();
    await world.run(200);
    assert.is(world.app.switchboard.rooms, 0);
  }));

test('a call over a trunk that new settings leave out can still be ended by its caller', () =>
  inWorld(async (world) => {
    const caller = await joinRoom(world);

    world.app.reload({ ...world.config, trunks: [] });
    caller.hangUp();
    await world.run(500);

    assert.is(world.app.switchboard.calls, 0);
    assert.is(recordOf(world, caller.number)?.cause, 'caller-hung-up');
    const refused = world.call();
    await world.run(500);
    assert.is(refused.status, 0, 'a stranger is not answered');
    refused.vanish();
  }));

test('# behind a full number and ADMIN PIN, as the questions ask for it, cuts nothing short', () =>
  inWorld(async (world) => {
    const caller = await callMenu(world);
    await press(world, caller, '1');
    await world.run(5000);

    const before = mark(caller);
    await press(world, caller, '99999#');
    await world.run(7000);
    await press(world, caller, `${ROOM.number}#`);
    await world.run(4000);
    await press(world, caller, `${ROOM.adminPin}#`);
    await world.run(8000);

    assertHearsOnly(caller, before, [
      { say: 'number-unknown' },
      { say: 'ask-number' },
      { say: 'ask-pin' },
      { say: 'entered-first' },
      { say: 'you-are-moderator' },
    ]);
  }));

test('a key in the room still cuts short what the room says', () =>
  inWorld(async (world) => {
    const caller = await joinAsModerator(world);

    await press(world, caller, '*');
    await world.run(3000);

    assertNeverHears(caller, 0, { say: 'entered-first' });
    assertHears(caller, 0, [{ say: 'room-menu' }]);
  }));

test.run();
