import type { MonotonicMs } from '../../mixer/protocol/units.ts';

/** Lets through so many things a second for long, and `capacity` at once. */
export class TokenBucket {
  readonly #perMs: number;
  readonly #capacity: number;
  #tokens: number;
  #filledAtMs: MonotonicMs;

  constructor(options: {
    readonly perSecond: number;
    readonly capacity: number;
    readonly nowMs: MonotonicMs;
  }) {
    this.#perMs = options.perSecond / 1000;
    this.#capacity = options.capacity;
    this.#tokens = options.capacity;
    this.#filledAtMs = options.nowMs;
  }

  /** Whether one more may go through. */
  take(nowMs: MonotonicMs): boolean {
    const elapsedMs = Math.max(0, nowMs - this.#filledAtMs);
    this.#tokens = Math.min(this.#capacity, this.#tokens + elapsedMs * this.#perMs);
    this.#filledAtMs = nowMs;
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }
}
