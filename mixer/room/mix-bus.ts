import { FRAME_SAMPLES } from './mix-format.ts';

/**
 * Exact sum of what is said in a room during one tick. Nothing saturates here: int32 holds 65,536 legs at full scale,
 * so that a leg's own voice can be taken out again without a trace. Only what comes out is limited.
 */
export class MixBus {
  readonly #sum = new Int32Array(FRAME_SAMPLES);
  /** Frames in the sum. */
  talkers = 0;

  /** Begins a tick. */
  clear(): void {
    if (this.talkers > 0) this.#sum.fill(0);
    this.talkers = 0;
  }

  /** Adds the frame of one leg: `FRAME_SAMPLES` int16. */
  add(frame: Int16Array): void {
    const sum = this.#sum;
    for (let i = 0; i < FRAME_SAMPLES; i += 1) sum[i] = (sum[i] ?? 0) + (frame[i] ?? 0);
    this.talkers += 1;
  }

  /** Writes everybody's voice to `out`. */
  all(out: Int32Array): void {
    out.set(this.#sum);
  }

  /** Writes everybody's voice but one to `out`. `own` must have been added in this tick. */
  mixMinus(own: Int16Array, out: Int32Array): void {
    const sum = this.#sum;
    for (let i = 0; i < FRAME_SAMPLES; i += 1) out[i] = (sum[i] ?? 0) - (own[i] ?? 0);
  }
}
