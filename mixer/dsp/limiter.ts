import type { Hz } from '../protocol/units.ts';

/** Peak up to which a mix passes unchanged: −0.77 dBFS. */
export const LIMITER_THRESHOLD = 30_000;

/** What lies between the threshold and the end of int16. */
const HEADROOM = 32_767 - LIMITER_THRESHOLD;
/** Time in which the gain would come back from nothing to 1. */
const RELEASE_SECONDS = 0.2;

/**
 * Brings a mix into int16 by turning it down, never by clipping or wrapping. Peaks up to `LIMITER_THRESHOLD` pass sample
 * by sample; above, the gain falls in a straight line ahead of the peak, as slowly as the samples of the frame allow,
 * and comes back at 1 per 200 ms. One for each stream of output.
 *
 * ```
 *  out  32,767 ┤            ____......   peak of the output over peak of the mix:
 *       30,000 ┤       _,-'`             1 : 1 up to the threshold,
 *              │     /                   then an exponential approach to full scale
 *              └─────┴──────────────▶ mix
 *                 30,000
 * ```
 */
export class Limiter {
  readonly #releasePerSample: number;
  #gain = 1;

  constructor(sampleRateHz: Hz) {
    this.#releasePerSample = 1 / (RELEASE_SECONDS * sampleRateHz);
  }

  /** Gain at the end of the last frame; 1 when nothing is turned down. */
  get gain(): number {
    return this.#gain;
  }

  /** Writes the first `length` samples of `mix` to `out`. `mix` is not changed. */
  process(mix: Int32Array, out: Int16Array, length: number): void {
    if (this.#gain === 1 && copyQuiet(mix, out, length) === 'quiet') return;
    const peak = peakOf(mix, length);
    if (this.#gain === 1 && peak <= LIMITER_THRESHOLD) {
      for (let i = 0; i < length; i += 1) out[i] = mix[i] ?? 0;
      return;
    }
    const floor = peak <= LIMITER_THRESHOLD ? 1 : allowedGain(peak);
    const step = this.#steepestStep(mix, length);
    let gain = this.#gain;
    for (let i = 0; i < length; i += 1) {
      gain += step;
      // Falling, the line stops where even the highest peak is within bounds; rising, it stops at 1.
      if (step < 0 ? gain < floor : gain > 1) gain = step < 0 ? floor : 1;
      const scaled = Math.round((mix[i] ?? 0) * gain);
      out[i] = scaled > 32_767 ? 32_767 : scaled < -32_767 ? -32_767 : scaled;
    }
    this.#gain = gain;
  }

  /** Change of gain per sample: that of the release, or less, so that no sample of the frame gets too much. */
  #steepestStep(mix: Int32Array, length: number): number {
    let step = this.#releasePerSample;
    for (let i = 0; i < length; i += 1) {
      const sample = mix[i] ?? 0;
      const magnitude = sample < 0 ? -sample : sample;
      if (magnitude <= LIMITER_THRESHOLD) continue;
      const needed = (allowedGain(magnitude) - this.#gain) / (i + 1);
      if (needed < step) step = needed;
    }
    return step;
  }
}

/** Gain for a magnitude above the threshold. */
function allowedGain(magnitude: number): number {
  const over = (magnitude - LIMITER_THRESHOLD) / HEADROOM;
  return (LIMITER_THRESHOLD + HEADROOM * (1 - Math.exp(-over))) / magnitude;
}

/**
 * Copies a frame and finds out without a branch for each sample whether it was quiet: all magnitudes ored together are
 * at least the greatest of them. A loud frame has been copied in vain.
 */
function copyQuiet(mix: Int32Array, out: Int16Array, length: number): 'quiet' | 'loud' {
  let bits = 0;
  for (let i = 0; i < length; i += 1) {
    const sample = mix[i] ?? 0;
    out[i] = sample;
    bits |= sample ^ (sample >> 31);
  }
  // One's complement: a negative sample counts one less than its magnitude.
  return bits < LIMITER_THRESHOLD ? 'quiet' : 'loud';
}

function peakOf(mix: Int32Array, length: number): number {
  let peak = 0;
  for (let i = 0; i < length; i += 1) {
    const sample = mix[i] ?? 0;
    const magnitude = sample < 0 ? -sample : sample;
    if (magnitude > peak) peak = magnitude;
  }
  return peak;
}
