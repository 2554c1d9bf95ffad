import type { Hz } from '../protocol/units.ts';
import { frameSamplesAt } from './mix-format.ts';

/**
 * Exact sum of what is said in a room during one tick, at one rate. Nothing saturates here: int32 holds 65,536 legs at
 * full scale, so that a leg's own voice can be taken out again without a trace. Only what comes out is limited.
 */
export class MixBus {
  /** The sum so far: read by what carries it to other rates. */
  readonly sum: Int32Array;
  /** Voices in the sum. */
  talkers = 0;
  readonly #samples: number;

  constructor(rateHz: Hz) {
    this.#samples = frameSamplesAt(rateHz);
    this.sum = new Int32Array(this.#samples);
  }

  /** Begins a tick. */
  clear(): void {
    if (this.talkers > 0) this.sum.fill(0);
    this.talkers = 0;
  }

  /** Adds the frame of one leg, in int16. */
  add(frame: Int16Array): void {
    const sum = this.sum;
    const samples = this.#samples;
    for (let i = 0; i < samples; i += 1) sum[i] = (sum[i] ?? 0) + (frame[i] ?? 0);
    this.talkers += 1;
  }

  /** Adds what came from the voices of another rate. */
  addMix(mix: Int32Array): void {
    const sum = this.sum;
    const samples = this.#samples;
    for (let i = 0; i < samples; i += 1) sum[i] = (sum[i] ?? 0) + (mix[i] ?? 0);
    this.talkers += 1;
  }

  /** Writes everybody's voice to `out`. */
  all(out: Int32Array): void {
    out.set(this.sum);
  }

  /** Writes everybody's voice but one to `out`. `own` must have been added in this tick. */
  mixMinus(own: Int16Array, out: Int32Array): void {
    const sum = this.sum;
    const samples = this.#samples;
    for (let i = 0; i < samples; i += 1) out[i] = (sum[i] ?? 0) - (own[i] ?? 0);
  }
}
