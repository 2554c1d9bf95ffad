import { test } from 'uvu';
import * as assert from 'uvu/assert';

import {
  downSinceMs,
  reconnectDeadlineMs,
  stepReconnect,
  type ReconnectAction,
  type ReconnectInput,
  type ReconnectState,
} from '../../../web/room/reconnect.ts';

const GRACE_MS = 60_000;

interface Scene {
  readonly state: () => ReconnectState;
  readonly nowMs: () => number;
  /** Gives an input, at once; answers what is to be done. */
  readonly give: (input: ReconnectInput) => readonly ReconnectAction[];
  /** Lets the pending deadline pass. */
  readonly pass: () => readonly ReconnectAction[];
}

function scene(...inputs: readonly ReconnectInput[]): Scene {
  let state: ReconnectState = { state: 'idle' };
  let nowMs = 1000;
  const give = (input: ReconnectInput): readonly ReconnectAction[] => {
    const step = stepReconnect(state, input, { nowMs, graceMs: GRACE_MS });
    state = step.state;
    return step.actions;
  };
  for (const input of inputs) give(input);
  return {
    state: () => state,
    nowMs: () => nowMs,
    give,
    pass: () => {
      const dueMs = reconnectDeadlineMs(state);
      if (dueMs === null) throw new Error(`nothing is due in ${state.state}`);
      nowMs = dueMs;
      return give({ type: 'timeout' });
    },
  };
}

const START: ReconnectInput = { type: 'start' };
const CONNECTED: ReconnectInput = { type: 'media', media: 'connected' };
const DISCONNECTED: ReconnectInput = { type: 'media', media: 'disconnected' };
const FORBIDDEN: ReconnectInput = { type: 'call-failed', status: 403, fault: 'call' };

test('places a call at the start and is up once the audio has a way', () => {
  const one = scene();

  assert.equal(one.give(START), ['place-call']);
  assert.equal(one.give(CONNECTED), []);
  assert.is(one.state().state, 'up');
  assert.is(reconnectDeadlineMs(one.state()), null);
});

test('waits 2 s when the way is shaky, and does nothing if it comes back by itself', () => {
  const one = scene(START, CONNECTED, DISCONNECTED);

  assert.is(reconnectDeadlineMs(one.state()), one.nowMs() + 2000);
  assert.is(downSinceMs(one.state()), null);
  assert.equal(one.give(CONNECTED), []);
  assert.is(one.state().state, 'up');
});

test('restarts ICE after 2 s of silence, and calls anew when that has not helped for 4 s', () => {
  const one = scene(START, CONNECTED, DISCONNECTED);
  const sinceMs = one.nowMs();

  assert.equal(one.pass(), ['restart-ice']);
  assert.is(downSinceMs(one.state()), sinceMs);
  assert.equal(one.pass(), ['drop-call', 'place-call']);
  assert.is(one.nowMs(), sinceMs + 6000);
  assert.is(downSinceMs(one.state()), sinceMs);
});

test('restarts ICE at once on another network', () => {
  const one = scene(START, CONNECTED);

  assert.equal(one.give({ type: 'network-changed' }), ['restart-ice']);
  assert.equal(one.give({ type: 'network-changed' }), []);
  assert.equal(one.give(CONNECTED), []);
  assert.is(one.state().state, 'up');
});

test('calls anew with the back-off 0.5, 1, 2, 4, 4 s when the WebSocket closes', () => {
  const one = scene(START, CONNECTED);
  const pauses: number[] = [];

  assert.equal(one.give({ type: 'socket-closed' }), ['drop-call']);
  for (let tries = 0; tries < 6; tries += 1) {
    pauses.push((reconnectDeadlineMs(one.state()) ?? 0) - one.nowMs());
    assert.equal(one.pass(), ['place-call']);
    one.give({ type: 'call-failed', status: null, fault: 'socket' });
  }

  assert.equal(pauses, [500, 500, 1000, 2000, 4000, 4000]);
});

test('gives up when the time is over that the server keeps the seat', () => {
  const one = scene(START, CONNECTED, { type: 'socket-closed' });
  const sinceMs = one.nowMs();

  for (let tries = 0; tries < 40 && one.state().state !== 'over'; tries += 1) {
    one.pass();
    one.give({ type: 'call-failed', status: null, fault: 'socket' });
  }

  assert.equal(one.state(), {
    state: 'over',
    end: { by: 'network', fault: 'socket', everUp: 'yes' },
  });
  assert.ok(one.nowMs() - sinceMs <= GRACE_MS);
  assert.ok(one.nowMs() - sinceMs > GRACE_MS - 5000);
});

test('gives up a first call sooner, and says what was in the way', () => {
  const one = scene(START);

  for (let tries = 0; tries < 10 && one.state().state !== 'over'; tries += 1) one.pass();

  assert.equal(one.state(), {
    state: 'over',
    end: { by: 'network', fault: 'media', everUp: 'no' },
  });
});

test('trades its ticket for a new seat once when the credential is refused', () => {
  const one = scene(START, CONNECTED, { type: 'socket-closed' });
  one.pass();

  assert.equal(one.give(FORBIDDEN), ['drop-call', 'renew-seat']);
  assert.equal(one.give({ type: 'seat-renewed' }), ['place-call']);
  assert.equal(one.give(FORBIDDEN), ['hang-up']);
  assert.is(one.state().state, 'over');
});

test('may trade again after the new seat was up', () => {
  const one = scene(START, FORBIDDEN, { type: 'seat-renewed' }, CONNECTED);
  one.give({ type: 'socket-closed' });
  one.pass();

  assert.equal(one.give(FORBIDDEN), ['drop-call', 'renew-seat']);
});

test('ends with the code of the refusal when there is no new seat', () => {
  const one = scene(START, CONNECTED, { type: 'socket-closed' });
  one.pass();
  one.give(FORBIDDEN);

  one.give({ type: 'seat-refused', code: 'seat-locked', retryAfterSeconds: null });

  assert.equal(one.state(), {
    state: 'over',
    end: { by: 'refusal', code: 'seat-locked', retryAfterSeconds: null },
  });
});

test('asks for a new seat later when the server is away', () => {
  const one = scene(START, CONNECTED, { type: 'socket-closed' });
  one.pass();
  one.give(FORBIDDEN);

  assert.equal(one.give({ type: 'seat-refused', code: null, retryAfterSeconds: null }), [
    'drop-call',
  ]);
  assert.equal(one.pass(), ['place-call']);
  assert.equal(one.give(FORBIDDEN), ['drop-call', 'renew-seat']);
});

test('takes busy answers for a reason to try later, not for a refusal', () => {
  for (const status of [408, 480, 500, 503]) {
    const one = scene(START, CONNECTED, { type: 'socket-closed' });
    one.pass();

    assert.equal(
      one.give({ type: 'call-failed', status, fault: 'call' }),
      ['drop-call'],
      `${status}`,
    );
    assert.is(one.state().state, 'waiting', `${status}`);
  }
});

test('tries at once while it waits and another network comes', () => {
  const one = scene(START, CONNECTED, { type: 'socket-closed' });

  assert.equal(one.give({ type: 'network-changed' }), ['place-call']);
});

test('ends as the server says, whatever it does', () => {
  for (const why of ['removed', 'reservation-ended', 'taken-over'] as const) {
    const calling = scene(START);
    const waiting = scene(START, CONNECTED, { type: 'call-ended' });

    assert.equal(calling.give({ type: 'feed-ended', why }), ['hang-up']);
    assert.equal(waiting.give({ type: 'feed-ended', why }), ['hang-up']);
    assert.equal(waiting.state(), { state: 'over', end: { by: 'server', why } });
  }
});

test('gets a new seat when the old one is forgotten, and comes back to a server that restarts', () => {
  const forgotten = scene(START, CONNECTED);
  const stopping = scene(START, CONNECTED);

  assert.equal(forgotten.give({ type: 'feed-ended', why: 'seat-expired' }), [
    'drop-call',
    'renew-seat',
  ]);
  assert.equal(stopping.give({ type: 'feed-ended', why: 'server-stopping' }), ['drop-call']);
  assert.equal(stopping.pass(), ['place-call']);
});

test('does nothing more once it is over', () => {
  const one = scene(START, CONNECTED, { type: 'leave' });

  assert.equal(one.give(CONNECTED), []);
  assert.equal(one.give({ type: 'socket-closed' }), []);
  assert.equal(one.state(), { state: 'over', end: { by: 'server', why: 'left' } });
});

test.run();
