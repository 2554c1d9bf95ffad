import type { MonotonicMs } from '../../mixer/protocol/units.ts';

interface Bucket {
  tokens: number;
  filledAtMs: MonotonicMs;
}

const MINUTE_MS = 60_000;
/** Most addresses that are remembered; when there are more, those whose buckets are full again are forgotten. */
const MAX_REMEMBERED = 10_000;

/** How many calls each address may begin: a bucket of one minute's worth, refilled as time goes. */
export class CallRate {
  readonly #buckets = new Map<string, Bucket>();

  /** Takes one call of an address off its minute. */
  take(address: string, perMinute: number, nowMs: MonotonicMs): 'allowed' | 'too-many' {
    const bucket = this.#bucketOf(address, perMinute, nowMs);
    if (bucket.tokens < 1) return 'too-many';
    bucket.tokens -= 1;
    return 'allowed';
  }

  #bucketOf(address: string, perMinute: number, nowMs: MonotonicMs): Bucket {
    const known = this.#buckets.get(address);
    if (known === undefined) {
      if (this.#buckets.size >= MAX_REMEMBERED) this.#forgetIdle(nowMs);
      const fresh: Bucket = { tokens: perMinute, filledAtMs: nowMs };
      this.#buckets.set(address, fresh);
      return fresh;
    }
    const earned = ((nowMs - known.filledAtMs) / MINUTE_MS) * perMinute;
    known.tokens = Math.min(perMinute, known.tokens + earned);
    known.filledAtMs = nowMs;
    return known;
  }

  /** What has not been used for a minute is as good as new. If all are in use, all begin anew. */
  #forgetIdle(nowMs: MonotonicMs): void {
    for (const [address, { filledAtMs }] of this.#buckets) {
      if (nowMs - filledAtMs >= MINUTE_MS) this.#buckets.delete(address);
    }
    if (this.#buckets.size >= MAX_REMEMBERED) this.#buckets.clear();
  }
}
