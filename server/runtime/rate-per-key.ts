import type { MonotonicMs } from '../../mixer/protocol/units.ts';
import { RecentMap } from './recent-map.ts';
import { TokenBucket } from './token-bucket.ts';

/**
 * How often each of many may do something: a token bucket of one minute's worth for each key, such as an address. Those
 * that were asked about longest ago are forgotten, and begin anew.
 */
export class RatePerKey {
  readonly #buckets: RecentMap<TokenBucket>;

  /** `remembered` — so many keys at least are remembered, and at most twice as many. */
  constructor(remembered: number) {
    this.#buckets = new RecentMap(remembered);
  }

  /** Whether a key may once more. `perMinute` — what holds now: it may have been changed. */
  take(key: string, perMinute: number, nowMs: MonotonicMs): boolean {
    const terms = { perSecond: perMinute / 60, capacity: perMinute };
    const known = this.#buckets.get(key);
    if (known !== undefined) {
      known.goBy(terms);
      return known.take(nowMs);
    }
    const bucket = new TokenBucket({ ...terms, nowMs });
    this.#buckets.set(key, bucket);
    return bucket.take(nowMs);
  }
}
