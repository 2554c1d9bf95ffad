import type { Hz } from '../protocol/units.ts';

/** What a filter is to do. */
export interface LowPassWish {
  /** Rate that the filter runs at. */
  readonly rateHz: Hz;
  /** Up to here all passes. */
  readonly passHz: Hz;
  /** From here on nothing does. */
  readonly stopHz: Hz;
  readonly taps: number;
  readonly stopBandDb: number;
}

/**
 * The taps of a low-pass filter with linear phase, by Kaiser's window; their sum is 1, and their middle lies at
 * `(taps − 1) / 2`. Whether `taps` are enough for the wish is for a sweep to tell; Kaiser's estimate is
 * `1 + (stopBandDb − 7.95) / (14.36 × (stopHz − passHz) / rateHz)`.
 */
export function lowPass(wish: LowPassWish): Float64Array {
  const { rateHz, passHz, stopHz, taps, stopBandDb } = wish;
  const cutoff = (passHz + stopHz) / 2 / rateHz;
  // Kaiser's formula for attenuations above 50 dB.
  const beta = 0.1102 * (stopBandDb - 8.7);
  const middle = (taps - 1) / 2;
  const filter = new Float64Array(taps);
  let sum = 0;
  for (let i = 0; i < taps; i += 1) {
    const t = i - middle;
    const sinc = t === 0 ? 2 * cutoff : Math.sin(2 * Math.PI * cutoff * t) / (Math.PI * t);
    const tap = sinc * besselI0(beta * Math.sqrt(Math.max(0, 1 - (t / middle) ** 2)));
    filter[i] = tap;
    sum += tap;
  }
  for (let i = 0; i < taps; i += 1) filter[i] = (filter[i] ?? 0) / sum;
  return filter;
}

/** The modified Bessel function of order 0, by its power series. */
function besselI0(x: number): number {
  let term = 1;
  let sum = 1;
  for (let k = 1; k < 50 && term > sum * 1e-12; k += 1) {
    term *= (x / (2 * k)) ** 2;
    sum += term;
  }
  return sum;
}
