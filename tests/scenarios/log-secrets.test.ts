import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { DTMF_KEYS } from '../../mixer/protocol/dtmf.ts';
import { callMenu, inWorld, joinRoom, ROOM } from '../support/sim-scenario.ts';
import type { SimWorld } from '../support/sim-world.ts';

/** All lines of the log, of every level, as one text. */
function logged(world: SimWorld): string {
  return JSON.stringify(world.log);
}

/** The server's name of the latest call, as its log has it. */
function latestDialog(world: SimWorld): string {
  const line = world.log.findLast(({ message }) => message === 'call came in');
  return String(line?.facts['dialogId']);
}

test('writes no PIN into any line of the log, whatever the level and however it is keyed', () =>
  inWorld(async (world) => {
    const byTones = await joinRoom(world, ROOM, { number: '600100200' });
    await world.run(2000);
    const byInfo = await callMenu(world, { number: '600100201' });
    const dialogId = latestDialog(world);
    for (const digit of `1${ROOM.number}${ROOM.pin}#`) {
      const key = DTMF_KEYS.find((each) => each === digit);
      if (key === undefined) continue;
      world.app.switchboard.sipEvent({ type: 'info-key', dialogId, key, durationMs: 160 });
      await world.run(250);
    }
    await world.run(4000);

    assert.is(world.app.switchboard.people, 2, 'both are in the room');
    assert.ok(
      world.log.some(({ level }) => level === 'debug'),
      'every level is looked at',
    );
    for (const secret of [ROOM.pin, ROOM.adminPin, '600100200', '600100201']) {
      assert.not.match(logged(world), secret);
    }
    byTones.hangUp();
    byInfo.hangUp();
    await world.run(500);
  }));

test('writes no token and no credentials into the log', () =>
  inWorld(async (world) => {
    const call = world.call('908', {
      headers: [
        ['Authorization', 'Digest username="u", response="5ec4e7b0c5ec4e7b0c5ec4e7b0c5ec4e"'],
        ['Proxy-Authorization', 'Bearer t0ps3cret'],
      ],
    });
    await world.run(200);

    assert.is(call.status, 200);
    assert.not.match(logged(world), /5ec4e7b0c|t0ps3cret/u);
    call.hangUp();
    await world.run(200);
  }));

test.run();
