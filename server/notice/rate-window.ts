import type { DurationMs, MonotonicMs } from '../../mixer/protocol/units.ts';

/** Lets at most so many through in any stretch of time of one length. */
export interface RateWindow {
  /** How many may go now. */
  left(nowMs: MonotonicMs): number;
  /** Notes that one goes. */
  take(nowMs: MonotonicMs): void;
  /** When the next may go, if none may now. */
  freeAtMs(): MonotonicMs;
}

/** A window that lets `most` through in any `lengthMs`. */
export function createRateWindow(most: number, lengthMs: DurationMs): RateWindow {
  let takenAtMs: MonotonicMs[] = [];
  return {
    left(nowMs) {
      takenAtMs = takenAtMs.filter((atMs) => nowMs - atMs < lengthMs);
      return Math.max(0, most - takenAtMs.length);
    },
    take: (nowMs) => void takenAtMs.push(nowMs),
    freeAtMs: () => (takenAtMs[0] ?? 0) + lengthMs,
  };
}
