import type { DurationMs, MonotonicMs } from '../../../mixer/protocol/units.ts';

/** A window of a worker that used more than half of its time. */
interface Window {
  readonly usedPercent: number;
  /** Legs that stood when it was told of. */
  readonly legs: number;
  readonly atMs: MonotonicMs;
}

/**
 * How much of their time the media workers use, the calls that have come since included: what they cost shows only after
 * two windows, and by then a burst of calls is in. Workers that use less than half of it say nothing.
 */
export class MediaStrain {
  readonly #workers = new Map<number, { readonly before: Window | null; readonly last: Window }>();

  /** Takes a window of 100 ms, when it is told of. `legs`: those that stand now, on all workers. */
  told(worker: number, usedPercent: number, now: Omit<Window, 'usedPercent'>): void {
    const before = this.#workers.get(worker)?.last ?? null;
    this.#workers.set(worker, { before, last: { usedPercent, ...now } });
  }

  /**
   * Share of its time that the busiest worker needs for `legs` legs, 0–100. One window says nothing yet: a collection of
   * garbage fills it. Two in a row count, by the better one.
   */
  percent(legs: number, nowMs: MonotonicMs): number {
    let worst = 0;
    for (const [worker, { before, last }] of this.#workers) {
      if (nowMs - last.atMs > IN_A_ROW_MS) this.#workers.delete(worker);
      else if (before !== null && last.atMs - before.atMs <= IN_A_ROW_MS) {
        const usedPercent = Math.min(before.usedPercent, last.usedPercent);
        worst = Math.max(worst, usedPercent * growth(before.legs, legs));
      }
    }
    return Math.min(100, worst);
  }
}

/** By how much the work grows with the legs. Of a few legs nothing can be told: most of the work is not theirs. */
function growth(legsBefore: number, legs: number): number {
  return legsBefore < FEWEST_LEGS ? 1 : Math.max(1, legs / legsBefore);
}

/** Windows take 100 ms. What is two of them later does not belong to the same strain. */
const IN_A_ROW_MS: DurationMs = 300;
const FEWEST_LEGS = 50;
