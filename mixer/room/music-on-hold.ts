import type { Clip } from './clip-sequence.ts';
import { FRAME_SAMPLES } from './mix-format.ts';

/** Change of gain per sample: all the way in 400 ms. */
const FADE_STEP = 1 / 3200;
/** The same where something else begins to play: 60 ms, so that a tone of 400 ms is heard by itself. */
const GIVE_WAY_STEP = 1 / 480;

/** A recording that is played in a loop to one leg, fades in and out, and gives way to other recordings. */
export class MusicOnHold {
  #clip: Clip | null = null;
  #positionSamples = 0;
  #gain = 0;
  /** Whether it is wanted at all. */
  wanted: 'on' | 'off' = 'off';

  /** Takes the recording to play, or null for none. */
  load(clip: Clip | null): void {
    this.#clip = clip !== null && clip.length > 0 ? clip : null;
    this.#positionSamples = 0;
    if (this.#clip === null) this.#gain = 0;
  }

  /** Whether `addTo` would add anything in this tick. */
  isAudible(now: 'allowed' | 'silenced'): boolean {
    if (this.#clip === null) return false;
    return this.#gain > 0 || (this.wanted === 'on' && now === 'allowed');
  }

  /** Adds the next frame to `mix`; `silenced` stops it fast while something else is played. */
  addTo(mix: Int32Array, now: 'allowed' | 'silenced'): void {
    const clip = this.#clip;
    if (clip === null) return;
    const step = this.#step(now);
    let gain = this.#gain;
    let position = this.#positionSamples;
    for (let i = 0; i < FRAME_SAMPLES; i += 1) {
      gain = Math.min(1, Math.max(0, gain + step));
      mix[i] = (mix[i] ?? 0) + Math.round((clip[position] ?? 0) * gain);
      position = position + 1 === clip.length ? 0 : position + 1;
    }
    this.#gain = gain;
    this.#positionSamples = position;
  }

  #step(now: 'allowed' | 'silenced'): number {
    if (now === 'silenced') return -GIVE_WAY_STEP;
    return this.wanted === 'on' ? FADE_STEP : -FADE_STEP;
  }
}
