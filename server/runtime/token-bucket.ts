import type { MonotonicMs } from '../../mixer/protocol/units.ts';

/** What a bucket lets through: so many a second for long, and `capacity` at once. */
export interface BucketTerms {
  readonly perSecond: number;
  readonly capacity: number;
}

/** Lets through as many things as its terms say. It begins full. */
export class TokenBucket {
  #terms: BucketTerms;
  #tokens: number;
  #filledAtMs: MonotonicMs;

  constructor({ perSecond, capacity, nowMs }: BucketTerms & { readonly nowMs: MonotonicMs }) {
    this.#terms = { perSecond, capacity };
    this.#tokens = capacity;
    this.#filledAtMs = nowMs;
  }

  /** Other terms from here on. What it holds stays in it, as far as there is room. */
  goBy({ perSecond, capacity }: BucketTerms): void {
    if (this.#terms.perSecond === perSecond && this.#terms.capacity === capacity) return;
    this.#terms = { perSecond, capacity };
    this.#tokens = Math.min(capacity, this.#tokens);
  }

  /** Whether one more may go through. */
  take(nowMs: MonotonicMs): boolean {
    const { perSecond, capacity } = this.#terms;
    const elapsedMs = Math.max(0, nowMs - this.#filledAtMs);
    this.#tokens = Math.min(capacity, this.#tokens + (elapsedMs * perSecond) / 1000);
    this.#filledAtMs = nowMs;
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }
}
