import type { MonotonicMs, WallclockMs } from '../../mixer/protocol/units.ts';

/** Time for the shells. Tests bring one that they move themselves. */
export interface Clock {
  monotonicMs(): MonotonicMs;
  wallclockMs(): WallclockMs;
  /** Calls `run` once, not before `atMs`. Returns a function that cancels it. */
  schedule(atMs: MonotonicMs, run: () => void): () => void;
}

/** Longest delay that Node's timers take: 2^31 − 1 ms. */
const LONGEST_DELAY_MS = 2_147_483_647;

/** The machine's clocks. */
export const systemClock: Clock = {
  monotonicMs: () => performance.now(),
  wallclockMs: () => Date.now(),
  schedule(atMs, run) {
    const delayMs = Math.min(Math.max(0, Math.ceil(atMs - performance.now())), LONGEST_DELAY_MS);
    const timer = setTimeout(run, delayMs);
    return () => clearTimeout(timer);
  },
};
