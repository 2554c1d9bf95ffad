import { Resampler } from '../dsp/resampler.ts';
import type { Hz } from '../protocol/units.ts';

/** Brings one leg's frames to another rate: for a peer that sends with another codec than it is sent. */
export class RateChange {
  /** The frame at the new rate, valid until the next `tick`. */
  readonly frame: Int16Array;
  readonly #resampler: Resampler;
  readonly #in: Int32Array;
  readonly #out: Int32Array;

  constructor(fromHz: Hz, toHz: Hz) {
    this.#resampler = new Resampler(fromHz, toHz);
    this.#in = new Int32Array(this.#resampler.samplesIn);
    this.#out = new Int32Array(this.#resampler.samplesOut);
    this.frame = new Int16Array(this.#resampler.samplesOut);
  }

  /** Takes a frame, or null for silence; whether what it makes of it is to be heard. */
  tick(frame: Int16Array | null): 'sound' | 'nothing' {
    const resampler = this.#resampler;
    if (frame === null && !resampler.isRinging) return 'nothing';
    const out = this.#out.fill(0);
    if (frame === null) resampler.flushTo(out);
    else {
      this.#in.set(frame);
      resampler.addTo(this.#in, out);
    }
    for (let i = 0; i < out.length; i += 1) {
      const sample = out[i] ?? 0;
      this.frame[i] = sample > 32_767 ? 32_767 : sample < -32_768 ? -32_768 : sample;
    }
    return 'sound';
  }
}
