import type { DurationMs, MonotonicMs } from '../../../mixer/protocol/units.ts';

/** What a worker has told of its last two windows. */
interface Strain {
  readonly usedPercent: number;
  /** Legs that stood when it was told of. */
  readonly legs: number;
  /** Legs that stood in the windows themselves. */
  readonly legsBefore: number;
  readonly atMs: MonotonicMs;
}

/**
 * How much of their time the media workers use, the calls that have come since included: what they cost shows only after
 * two windows, and by then a burst of calls is in. Workers that use less than half of it say nothing.
 */
export class MediaStrain {
  readonly #workers = new Map<number, Strain>();

  /** Takes what a worker used of its last two windows of 100 ms, when it is told. `legs`: those that stand now, on all. */
  told(worker: number, usedPercent: number, now: Pick<Strain, 'legs' | 'atMs'>): void {
    const before = this.#workers.get(worker);
    const isRecent = before !== undefined && now.atMs - before.atMs <= FRESH_MS;
    const legsBefore = isRecent ? before.legs : now.legs;
    this.#workers.set(worker, { usedPercent, legsBefore, ...now });
  }

  /** Share of its time that the busiest worker needs for `legs` legs, 0–100. */
  percent(legs: number, nowMs: MonotonicMs): number {
    let worst = 0;
    for (const [worker, { usedPercent, legsBefore, atMs }] of this.#workers) {
      if (nowMs - atMs > FRESH_MS) this.#workers.delete(worker);
      else worst = Math.max(worst, usedPercent * growth(legsBefore, legs));
    }
    return Math.min(100, worst);
  }
}

/** By how much the work grows with the legs. Of a few legs nothing can be told: most of the work is not theirs. */
function growth(legsBefore: number, legs: number): number {
  return legsBefore < FEWEST_LEGS ? 1 : Math.max(1, legs / legsBefore);
}

/** Whoever is strained says so every 100 ms. Who has missed two of them is not any more. */
const FRESH_MS: DurationMs = 300;
const FEWEST_LEGS = 50;
