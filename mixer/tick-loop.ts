import type { DurationMs, MonotonicMs } from './protocol/units.ts';
import type { TickSchedule } from './tick-schedule.ts';

/** What the loop drives. */
export interface Ticking {
  /** Sockets are about to be read: what they deliver has come by now. */
  drain(nowMs: MonotonicMs): void;
  /** One tick: mix and send. */
  tick(nowMs: MonotonicMs): void;
  /** Time has moved on by ticks that will never run. */
  skip(ticks: number): void;
  /** The work of a turn is done: so many deadlines had passed, and so much time is left until the next. */
  turned(passedTicks: number, spareMs: DurationMs): void;
  /** It is idle from now on: no turn comes until somebody calls `wake`. */
  rest(): void;
  /** Whether ticks would change nothing until somebody calls `wake`. */
  readonly isIdle: boolean;
}

/** A loop that is running. */
export interface TickLoop {
  /** Something has happened that may end the idleness. */
  wake(): void;
  /** The loop ends after the turn in which this is called. */
  stop(): void;
}

/**
 * Runs `ticking` on the deadlines of `schedule`, one turn of the event loop for each tick: block until the deadline,
 * let Node drain sockets and messages, then mix and send. While it blocks packets pile up in the sockets, which
 * halves what it costs to read them; and a deadline is met within a fraction of a millisecond, as no timer does.
 * While `ticking` is idle the loop rests and costs nothing.
 */
export function runTickLoop(
  schedule: TickSchedule,
  ticking: Ticking,
  nowMs: () => MonotonicMs,
): TickLoop {
  // Nobody ever notifies: the wait is a sleep that ends on the deadline.
  const sleeper = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  let state: 'ticking' | 'asleep' | 'stopped' = 'ticking';

  function turn(): void {
    if (state !== 'ticking') return;
    if (ticking.isIdle) {
      state = 'asleep';
      ticking.rest();
      return;
    }
    schedule.advance(nowMs());
    if (schedule.skippedNow > 0) ticking.skip(schedule.skippedNow);
    for (let i = 0; i < schedule.dueTicks; i += 1) ticking.tick(nowMs());
    const waitMs = schedule.deadlineMs - nowMs();
    ticking.turned(schedule.dueTicks + schedule.skippedNow, waitMs);
    if (waitMs > 0) Atomics.wait(sleeper, 0, 0, waitMs);
    ticking.drain(nowMs());
    setImmediate(turn);
  }

  setImmediate(turn);
  return {
    wake() {
      if (state !== 'asleep' || ticking.isIdle) return;
      state = 'ticking';
      schedule.restart(nowMs());
      setImmediate(turn);
    },
    stop() {
      state = 'stopped';
    },
  };
}
