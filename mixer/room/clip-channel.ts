import { Resampler } from '../dsp/resampler.ts';
import type { Hz } from '../protocol/units.ts';
import { FRAME_SAMPLES, MIX_RATE_HZ } from './mix-format.ts';

/**
 * Brings recordings, which are all at one rate, into a mix of another. At the recordings' own rate there is nothing to
 * do and this is not needed.
 */
export class ClipChannel {
  /** Where recordings are put together in a tick: `FRAME_SAMPLES` int32. */
  readonly clips = new Int32Array(FRAME_SAMPLES);
  readonly #resampler: Resampler;

  constructor(mixRateHz: Hz) {
    this.#resampler = new Resampler(MIX_RATE_HZ, mixRateHz);
  }

  /** Whether something that has been played is still to come out. */
  get isRinging(): boolean {
    return this.#resampler.isRinging;
  }

  /** Adds `clips` to a mix and clears them for the next tick. */
  addTo(mix: Int32Array): void {
    this.#resampler.addTo(this.clips, mix);
    this.clips.fill(0);
  }

  /** Adds the end of what was played, when nothing more is. */
  flushTo(mix: Int32Array): void {
    this.#resampler.flushTo(mix);
  }
}
