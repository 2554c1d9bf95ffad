import type { ClipBank, ClipName } from '../protocol/mixer-command.ts';
import { FRAME_SAMPLES } from './mix-format.ts';

/** Samples of one recording, in memory that all threads share. */
export type Clip = Int16Array;

/** The clips of a bank by name, as views into its memory. Clips that lie outside of it are left out. */
export function clipsOf(bank: ClipBank): ReadonlyMap<ClipName, Clip> {
  const clips = new Map<ClipName, Clip>();
  const samples = new Int16Array(bank.samples);
  for (const [name, { offsetSamples, lengthSamples }] of Object.entries(bank.clips)) {
    const endSamples = offsetSamples + lengthSamples;
    if (offsetSamples >= 0 && lengthSamples >= 0 && endSamples <= samples.length) {
      clips.set(name, samples.subarray(offsetSamples, endSamples));
    }
  }
  return clips;
}

/** Recordings being played one after another without a gap. */
export class ClipSequence {
  readonly #clips: readonly Clip[];
  #index = 0;
  #positionSamples = 0;

  constructor(clips: readonly Clip[]) {
    this.#clips = clips;
  }

  /** Whether every sample has been read. */
  get ended(): boolean {
    return this.#index >= this.#clips.length;
  }

  /** Adds the next frame, times `gain`, to `mix`: fewer samples at the end. */
  addTo(mix: Int32Array, gain: number): void {
    let filled = 0;
    while (filled < FRAME_SAMPLES) {
      const clip = this.#clips[this.#index];
      if (clip === undefined) return;
      const count = Math.min(FRAME_SAMPLES - filled, clip.length - this.#positionSamples);
      for (let i = 0; i < count; i += 1) {
        const sample = (clip[this.#positionSamples + i] ?? 0) * gain;
        mix[filled + i] = (mix[filled + i] ?? 0) + Math.round(sample);
      }
      filled += count;
      this.#positionSamples += count;
      if (this.#positionSamples >= clip.length) {
        this.#index += 1;
        this.#positionSamples = 0;
      }
    }
  }
}
