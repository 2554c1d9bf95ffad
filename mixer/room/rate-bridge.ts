import { Resampler } from '../dsp/resampler.ts';
import type { RoomBus } from './room-bus.ts';

/**
 * Brings the voices of one rate to those who listen at another. It carries the sum of them: filters are linear, so the
 * sum of what each voice would become is what their sum becomes, and a room of thirty talkers costs one resampler.
 */
export class RateBridge {
  readonly #from: RoomBus;
  readonly #to: RoomBus;
  readonly #resampler: Resampler;
  readonly #mix: Int32Array;
  #state: 'empty' | 'filled' = 'empty';

  constructor(from: RoomBus, to: RoomBus) {
    this.#from = from;
    this.#to = to;
    this.#resampler = new Resampler(from.rateHz, to.rateHz);
    this.#mix = new Int32Array(this.#resampler.samplesOut);
  }

  /** Takes the voices of the one rate: before any bridge has delivered. */
  take(): void {
    const resampler = this.#resampler;
    if (this.#to.legs === 0) {
      resampler.reset();
      return;
    }
    if (this.#from.voices.talkers > 0) resampler.addTo(this.#from.voices.sum, this.#mix.fill(0));
    else if (resampler.isRinging) resampler.flushTo(this.#mix.fill(0));
    else return;
    this.#state = 'filled';
  }

  /** Adds them to the voices of the other. */
  deliver(): void {
    if (this.#state === 'filled') this.#to.voices.addMix(this.#mix);
    this.#state = 'empty';
  }
}
