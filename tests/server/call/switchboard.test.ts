import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { assertHears, mark } from '../../support/sim-ear.ts';
import { book, callMenu, inWorld } from '../../support/sim-scenario.ts';
import { joinAsModerator, joinRoom, press, runUntil } from '../../support/sim-scenario.ts';

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

test.run();
