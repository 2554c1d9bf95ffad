import type { Hz } from '../protocol/units.ts';

/** Pitch of voices: 66–200 Hz, G.711 Appendix I. */
const MIN_PITCH_MS = 5;
const MAX_PITCH_MS = 15;
/** Audio that two candidates of the pitch are compared over. */
const MATCH_MS = 20;
/** Made-up audio stays at full level this long, then falls to silence in a straight line. */
const FULL_LEVEL_MS = 10;
const SILENT_AFTER_MS = 60;
/** Cross-fade back into real audio, and the smoothing of the first made-up samples. */
const RECOVERY_MS = 5;
const SMOOTHING_MS = 2;
/** Below this likeness, in 1/1,000, the audio has no pitch: the longest period is repeated, which buzzes least. */
const MIN_LIKENESS = 400;

/**
 * Covers lost audio of one leg: repeats the last pitch period, fades to silence within 60 ms, and cross-fades back into
 * the audio that follows. In the spirit of ITU-T G.711 Appendix I, without its delay of 3.75 ms: where that blends the
 * audio before the gap, this smooths the first samples in it.
 * Every sample that a leg plays passes through `good` or `conceal`, in order.
 */
export class Concealment {
  readonly #minLag: number;
  readonly #maxLag: number;
  readonly #matchSamples: number;
  readonly #fullLevelSamples: number;
  readonly #silentAfterSamples: number;
  readonly #recoverySamples: number;
  readonly #smoothingSamples: number;
  /** The last samples played, oldest first. */
  readonly #history: Int16Array;
  /** One pitch period whose end runs into its beginning. */
  readonly #period: Float32Array;
  #periodSamples = 0;
  #periodPosition = 0;
  /** Made-up samples since the last good one; 0 outside a gap. */
  #gapSamples = 0;
  /** Distance between the last good sample and where the period would have it, faded out over the smoothing. */
  #offsetAtStart = 0;

  constructor(sampleRateHz: Hz) {
    const perMs = sampleRateHz / 1000;
    this.#minLag = MIN_PITCH_MS * perMs;
    this.#maxLag = MAX_PITCH_MS * perMs;
    this.#matchSamples = MATCH_MS * perMs;
    this.#fullLevelSamples = FULL_LEVEL_MS * perMs;
    this.#silentAfterSamples = SILENT_AFTER_MS * perMs;
    this.#recoverySamples = RECOVERY_MS * perMs;
    this.#smoothingSamples = SMOOTHING_MS * perMs;
    this.#history = new Int16Array(this.#matchSamples + 2 * this.#maxLag);
    this.#period = new Float32Array(this.#maxLag);
  }

  /**
   * Takes `length` decoded samples of `samples` from `offset`. After a gap their first 5 ms are changed in place, or as
   * many of them as there are.
   */
  good(samples: Int16Array, offset: number, length: number): void {
    if (length <= 0) return;
    if (this.#gapSamples > 0) this.#recover(samples, offset, length);
    this.#gapSamples = 0;
    this.#remember(samples, offset, length);
  }

  /** Says that the next good audio does not follow the last (delay was dropped): it will be cross-faded. */
  jump(): void {
    if (this.#gapSamples === 0) {
      this.#enterGap();
      this.#gapSamples = 1;
    }
  }

  /** Makes up `length` samples of `out` from `offset`. */
  conceal(out: Int16Array, offset: number, length: number): void {
    if (length <= 0) return;
    if (this.#gapSamples === 0) this.#enterGap();
    for (let i = 0; i < length; i += 1) out[offset + i] = this.#nextMadeUp();
    this.#remember(out, offset, length);
  }

  /** Whether made-up audio has faded to nothing: what `conceal` writes now is silence. */
  get faded(): boolean {
    return this.#gapSamples >= this.#silentAfterSamples;
  }

  /** Forgets all audio. */
  reset(): void {
    this.#history.fill(0);
    this.#gapSamples = 0;
  }

  #recover(samples: Int16Array, offset: number, length: number): void {
    const count = length < this.#recoverySamples ? length : this.#recoverySamples;
    for (let i = 0; i < count; i += 1) {
      const weight = (i + 1) / (count + 1);
      const madeUp = this.#nextMadeUp();
      const real = samples[offset + i] ?? 0;
      samples[offset + i] = Math.round(madeUp + (real - madeUp) * weight);
    }
  }

  /** A whole number, as a fraction would be boxed on its way out. */
  #nextMadeUp(): number {
    const age = this.#gapSamples;
    this.#gapSamples += 1;
    if (age >= this.#silentAfterSamples) return 0;
    let sample = this.#period[this.#periodPosition] ?? 0;
    this.#periodPosition += 1;
    if (this.#periodPosition >= this.#periodSamples) this.#periodPosition = 0;
    if (age < this.#smoothingSamples) {
      sample += this.#offsetAtStart * (1 - (age + 1) / (this.#smoothingSamples + 1));
    }
    if (age > this.#fullLevelSamples) {
      const fade = this.#silentAfterSamples - this.#fullLevelSamples;
      sample *= (this.#silentAfterSamples - age) / fade;
    }
    const rounded = Math.round(sample) | 0;
    return rounded > 32_767 ? 32_767 : rounded < -32_768 ? -32_768 : rounded;
  }

  /** Finds the pitch and lays one period of it out so that it can be repeated without an edge. */
  #enterGap(): void {
    const history = this.#history;
    const end = history.length;
    const lag = this.#findPitch();
    const blendSamples = lag >> 2;
    for (let i = 0; i < lag; i += 1) this.#period[i] = history[end - lag + i] ?? 0;
    for (let i = 0; i < blendSamples; i += 1) {
      const weight = (i + 1) / blendSamples;
      const at = lag - blendSamples + i;
      const earlier = history[end - lag - blendSamples + i] ?? 0;
      const own = this.#period[at] ?? 0;
      this.#period[at] = own + (earlier - own) * weight;
    }
    this.#periodSamples = lag;
    this.#periodPosition = 0;
    this.#offsetAtStart = (history[end - 1] ?? 0) - (history[end - lag - 1] ?? 0);
  }

  /**
   * The lag at which the last audio is most like itself: every second one first, by a quarter of the samples (many legs
   * may run dry in one tick), then the neighbours of the best.
   */
  #findPitch(): number {
    let best = this.#maxLag;
    let bestLikeness = MIN_LIKENESS;
    for (let lag = this.#minLag; lag <= this.#maxLag; lag += 2) {
      const likeness = this.#perMilleAlike(lag, 4);
      if (likeness > bestLikeness) {
        bestLikeness = likeness;
        best = lag;
      }
    }
    if (bestLikeness === MIN_LIKENESS) return this.#maxLag;
    const coarse = best;
    bestLikeness = -1000;
    for (let lag = coarse - 1; lag <= coarse + 1; lag += 1) {
      if (lag < this.#minLag || lag > this.#maxLag) continue;
      const likeness = this.#perMilleAlike(lag, 1);
      if (likeness > bestLikeness) {
        bestLikeness = likeness;
        best = lag;
      }
    }
    return best;
  }

  /**
   * Normalised correlation of the last audio with that `lag` samples before it, in 1/1,000, looking at every `stride`-th
   * sample. Whole, as a fraction would be boxed on its way out.
   */
  #perMilleAlike(lag: number, stride: number): number {
    const history = this.#history;
    let product = 0;
    let energy = 1;
    let lagged = 1;
    for (let i = history.length - this.#matchSamples; i < history.length; i += stride) {
      const now = history[i] ?? 0;
      const before = history[i - lag] ?? 0;
      product += now * before;
      energy += now * now;
      lagged += before * before;
    }
    return Math.round((1000 * product) / Math.sqrt(energy * lagged)) | 0;
  }

  #remember(samples: Int16Array, offset: number, length: number): void {
    const history = this.#history;
    const count = length < history.length ? length : history.length;
    const kept = history.length - count;
    history.copyWithin(0, count);
    const from = offset + length - count;
    for (let i = 0; i < count; i += 1) history[kept + i] = samples[from + i] ?? 0;
  }
}
