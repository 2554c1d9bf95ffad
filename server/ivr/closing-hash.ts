import type { DtmfKey } from '../../mixer/protocol/dtmf.ts';
import type { MonotonicMs } from '../../mixer/protocol/units.ts';

/**
 * The `#` of people who end with it, as every question asks them to, an entry that was complete without it. It comes
 * right behind the entry and does nothing: it must not cut short what the entry has led to.
 */
export class ClosingHash {
  #untilMs: MonotonicMs = Number.NEGATIVE_INFINITY;

  /** An entry was complete without `#`, which may still come until then. */
  expect(untilMs: MonotonicMs): void {
    this.#untilMs = untilMs;
  }

  /** Whether it may still come. */
  isDue(nowMs: MonotonicMs): boolean {
    return nowMs <= this.#untilMs;
  }

  /** Whether this key is it. It comes once, and not behind any other key. */
  takes(key: DtmfKey, nowMs: MonotonicMs): boolean {
    const isIt = key === '#' && this.isDue(nowMs);
    this.#untilMs = Number.NEGATIVE_INFINITY;
    return isIt;
  }
}
