import { test } from 'uvu';
import * as assert from 'uvu/assert';

import { NEVER } from '../../../mixer/protocol/units.ts';
import type { MonotonicMs } from '../../../mixer/protocol/units.ts';
import type { Clock } from '../../../server/runtime/clock.ts';
import type { Core } from '../../../server/runtime/core.ts';
import { drive } from '../../../server/runtime/drive.ts';

/** A clock that stands until it is moved; `early` makes its timers fire too soon. */
class HandClock implements Clock {
  nowMs = 1000;
  readonly timers: { atMs: number; run: () => void }[] = [];

  monotonicMs(): MonotonicMs {
    return this.nowMs;
  }

  wallclockMs(): number {
    return 0;
  }

  schedule(atMs: MonotonicMs, run: () => void): () => void {
    const timer = { atMs, run };
    this.timers.push(timer);
    return () => {
      const index = this.timers.indexOf(timer);
      if (index >= 0) this.timers.splice(index, 1);
    };
  }

  /** Fires the next timer at `nowMs`. */
  fire(nowMs: number): void {
    this.nowMs = nowMs;
    this.timers.shift()?.run();
  }
}

type Input = { readonly type: 'set'; readonly deadlineMs: number } | { readonly type: 'poke' };

/** Keeps the deadline that it is told, and reports what it was fed and when. */
function recordingCore(): Core<Input, string> {
  let deadlineMs = NEVER;
  return {
    get deadlineMs() {
      return deadlineMs;
    },
    handle(input, nowMs) {
      if (input.type === 'set') deadlineMs = input.deadlineMs;
      if (input.type === 'timeout') deadlineMs = NEVER;
      return [`${input.type} at ${nowMs}`];
    },
  };
}

test('performs what the core returns, at the time of the clock', () => {
  const clock = new HandClock();
  const done: string[] = [];
  const driven = drive(recordingCore(), clock, (action) => done.push(action));

  driven.feed({ type: 'poke' });
  clock.nowMs = 1234.5;
  driven.feed({ type: 'poke' });

  assert.equal(done, ['poke at 1000', 'poke at 1234.5']);
  assert.is(clock.timers.length, 0);
});

test('keeps a deadline once, and arms no timer for NEVER', () => {
  const clock = new HandClock();
  const done: string[] = [];
  const driven = drive(recordingCore(), clock, (action) => done.push(action));

  driven.feed({ type: 'set', deadlineMs: 1500 });
  assert.equal(
    clock.timers.map(({ atMs }) => atMs),
    [1500],
  );
  clock.fire(1501);

  assert.equal(done, ['set at 1000', 'timeout at 1501']);
  assert.is(clock.timers.length, 0);
});

test('keeps a deadline that the core has from the start', () => {
  const clock = new HandClock();
  const done: string[] = [];
  const core = recordingCore();
  core.handle({ type: 'set', deadlineMs: 1200 }, 0);

  drive(core, clock, (action) => done.push(action));
  clock.fire(1200);

  assert.equal(done, ['timeout at 1200']);
});

test('moves its one timer when the deadline moves, and drops it with the deadline', () => {
  const clock = new HandClock();
  const driven = drive(recordingCore(), clock, () => {});
  const armed = (): readonly number[] => clock.timers.map(({ atMs }) => atMs);

  driven.feed({ type: 'set', deadlineMs: 1500 });
  driven.feed({ type: 'set', deadlineMs: 1300 });
  assert.equal(armed(), [1300]);
  driven.feed({ type: 'poke' });
  assert.equal(armed(), [1300]);
  driven.feed({ type: 'set', deadlineMs: NEVER });

  assert.equal(armed(), []);
});

test('arms again when a timer fires early: the core never sees an early timeout', () => {
  const clock = new HandClock();
  const done: string[] = [];
  const driven = drive(recordingCore(), clock, (action) => done.push(action));
  driven.feed({ type: 'set', deadlineMs: 1500 });

  clock.fire(1499.9);
  assert.equal(done, ['set at 1000']);
  clock.fire(1500);

  assert.equal(done, ['set at 1000', 'timeout at 1500']);
});

test('queues inputs from inside perform: the core is never entered twice', () => {
  const clock = new HandClock();
  const order: string[] = [];
  let depth = 0;
  const core: Core<{ readonly type: 'say'; readonly word: string }, string> = {
    deadlineMs: NEVER,
    handle(input) {
      depth += 1;
      assert.is(depth, 1);
      depth -= 1;
      return input.type === 'say' ? [`${input.word} 1`, `${input.word} 2`] : [];
    },
  };
  const driven = drive(core, clock, (action) => {
    order.push(action);
    if (action === 'a 1') driven.feed({ type: 'say', word: 'b' });
    if (action === 'a 2') driven.feed({ type: 'say', word: 'c' });
  });

  driven.feed({ type: 'say', word: 'a' });

  assert.equal(order, ['a 1', 'a 2', 'b 1', 'b 2', 'c 1', 'c 2']);
});

test('works on after an action failed, deadlines included', () => {
  const clock = new HandClock();
  const done: string[] = [];
  const driven = drive(recordingCore(), clock, (action) => {
    if (action.startsWith('set')) throw new Error('no socket');
    done.push(action);
  });

  assert.throws(() => driven.feed({ type: 'set', deadlineMs: 1100 }), 'no socket');
  driven.feed({ type: 'poke' });
  clock.fire(1100);

  assert.equal(done, ['poke at 1000', 'timeout at 1100']);
});

test('ignores inputs and keeps no deadline after stop', () => {
  const clock = new HandClock();
  const done: string[] = [];
  const driven = drive(recordingCore(), clock, (action) => done.push(action));
  driven.feed({ type: 'set', deadlineMs: 1500 });

  driven.stop();
  driven.feed({ type: 'poke' });

  assert.equal(done, ['set at 1000']);
  assert.is(clock.timers.length, 0);
});

test('drops queued inputs and later deadlines when an action stops it', () => {
  const clock = new HandClock();
  const done: string[] = [];
  const driven = drive(recordingCore(), clock, (action) => {
    done.push(action);
    driven.feed({ type: 'poke' });
    driven.stop();
  });

  driven.feed({ type: 'set', deadlineMs: 1500 });

  assert.equal(done, ['set at 1000']);
  assert.is(clock.timers.length, 0);
});

test.run();
