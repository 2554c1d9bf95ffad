import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { assertHears, assertHearsOnly, mark } from '../support/sim-ear.ts';
import { assertNoErrors, inWorld, press, recordOf, ROOM } from '../support/sim-scenario.ts';

test('an access number of a room leads straight to it, with its PIN asked or not', () =>
  inWorld(
    async (world) => {
      const asked = world.call('+48%2022%20350%2009%2010');
      await world.run(6000);
      assertHearsOnly(asked, 0, [{ say: 'welcome' }, { say: 'ask-pin' }]);
      const open = world.call('0048223500911');
      await world.run(6000);
      assertHearsOnly(open, 0, [{ say: 'entered-first' }]);
    },
    {
      permanentRooms: [ROOM],
      accessNumbers: [
        { number: '223500910', room: ROOM.number },
        { number: '223500911', room: ROOM.number, requirePin: false },
      ],
    },
  ));

/** 127.0.2.0/24 is an outside carrier; 127.0.1.0/24, where phones are by themselves, is on-net. */
const TWO_TRUNKS = {
  permanentRooms: [ROOM],
  trunks: [
    { name: 'inside', allowFrom: ['127.0.1.0/24'], onNet: true },
    { name: 'outside', allowFrom: ['127.0.2.0/24'], onNet: false },
  ],
};

test('an unknown number gets 404, and 908 from outside 403, whoever the caller says it is', () =>
  inWorld(async (world) => {
    const unknown = world.call('909');
    const outside = world.call('908', { host: '127.0.2.9', number: '600100200' });
    const allowed = world.call('+48223500908', { host: '127.0.2.9' });
    const inside = world.call('908');
    await world.run(3000);

    assert.is(unknown.status, 404);
    assert.is(outside.status, 403);
    assert.is(allowed.status, 200);
    assert.is(inside.status, 200);
    assert.match(
      outside.answer?.headers.find(([name]) => name === 'reason')?.[1] ?? '',
      /^Q\.850;cause=21;/,
    );
  }, TWO_TRUNKS));

test('callers from outside are offered no room of their own', () =>
  inWorld(async (world) => {
    const call = world.call('223500908', { host: '127.0.2.9' });
    await world.run(6000);
    assertHearsOnly(call, 0, [{ say: 'welcome' }, { say: 'menu-join' }]);

    const before = mark(call);
    await press(world, call, '2');
    await world.run(6000);

    assertHears(call, before, [{ say: 'create-not-allowed' }, { say: 'menu-join' }]);
  }, TWO_TRUNKS));

test('strangers get no answer at all', () =>
  inWorld(async (world) => {
    const stranger = world.call('908', { host: '127.0.9.1' });
    await world.run(40_000);

    assert.equal(stranger.statuses, []);
    assert.is(world.app.switchboard.calls, 0);
    stranger.vanish();
  }, TWO_TRUNKS));

test('without a codec in common the answer is 488', () =>
  inWorld(
    async (world) => {
      const call = world.call('908', { codec: 'PCMU' });
      const other = world.call('908', { codec: 'PCMA' });
      await world.run(1000);

      assert.is(call.status, 488);
      assert.is(other.status, 200);
      assert.is(recordOf(world, call.number)?.cause, 'no-common-codec');
      assert.is(recordOf(world, call.number)?.answerAtMs, null);
    },
    { trunks: [{ name: 'local', allowFrom: ['127.0.0.0/8'], onNet: true, codecs: ['PCMA'] }] },
  ));

test('of 200 calls at once against a limit of 100, exactly 100 get 503, and nobody else notices', () =>
  inWorld(
    async (world) => {
      const calls = Array.from({ length: 200 }, () => world.call());
      await world.run(3000);

      const refused = calls.filter((call) => call.status === 503);
      const taken = calls.filter((call) => call.isUp);
      assert.is(refused.length, 100);
      assert.is(taken.length, 100);
      for (const call of refused) {
        const retryAfter = call.answer?.headers.find(([name]) => name === 'retry-after')?.[1];
        assert.ok(Number(retryAfter) > 0, 'it says when to try again');
      }
      for (const call of taken) {
        assert.is(call.audio.tape.packetsLost, 0);
        assert.is.not(call.audio.tape.packets, 0);
      }
      const [one] = taken;
      if (one === undefined) throw new Error('nobody was taken');
      assertHears(one, 0, [{ say: 'welcome' }]);
      assert.equal(world.call().statuses, []);
      one.hangUp();
      await world.run(100);
      const next = world.call();
      await world.run(100);
      assert.is(next.status, 200, 'a place that is given back is taken again');
      assertNoErrors(world);
    },
    { limits: { maxCalls: 100 } },
  ));

test.run();
