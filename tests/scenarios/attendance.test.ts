import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { book, callMenu, inWorld, joinAsModerator } from '../support/sim-scenario.ts';
import { joinRoom, recordOf, ROOM } from '../support/sim-scenario.ts';

const AT_ONCE = { reservations: { earliestStartMinutes: 0 } };

test('the call log tells who was in a reservation’s room, as what, from when until when', () =>
  inWorld(async (world) => {
    const reservation = book(world, { inMinutes: 0, forMinutes: 60 });
    const moderator = await joinAsModerator(world, reservation);
    const guest = await joinRoom(world, reservation);
    const enteredByMs = world.clock.wallclockMs();
    await world.run(60_000);

    moderator.hangUp();
    guest.hangUp();
    await world.run(200);

    const records = [moderator, guest].map(({ number }) => recordOf(world, number));
    assert.equal(
      records.map((record) => [record?.roomId, record?.room, record?.role]),
      [
        [reservation.reservationId, reservation.number, 'moderator'],
        [reservation.reservationId, reservation.number, 'participant'],
      ],
    );
    for (const record of records) {
      const { answerAtMs, enteredAtMs, endAtMs } = record ?? {};
      assert.ok((enteredAtMs ?? 0) > (answerAtMs ?? Infinity), 'entered after the answer');
      assert.ok((enteredAtMs ?? Infinity) <= enteredByMs, 'entered before the minute inside');
      assert.ok((endAtMs ?? 0) - (enteredAtMs ?? 0) >= 60_000, 'left after it');
    }
  }, AT_ONCE));

test('a permanent room has its id in the call log, a call that entered none has nothing', () =>
  inWorld(async (world) => {
    const inside = await joinRoom(world);
    const outside = await callMenu(world);

    inside.hangUp();
    outside.hangUp();
    await world.run(200);

    const visit = recordOf(world, inside.number);
    assert.equal([visit?.roomId, visit?.room], [`permanent-${ROOM.number}`, ROOM.number]);
    const none = recordOf(world, outside.number);
    assert.equal([none?.roomId, none?.enteredAtMs, none?.role], [null, null, null]);
  }));

test.run();
