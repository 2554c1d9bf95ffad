import type { Hz } from '../protocol/units.ts';
import { lowPass } from './low-pass.ts';

/** Length of the frames that a resampler takes. */
const FRAME_MS = 20;
/** What the stop-band is down by in design, of which 60 is promised. */
const STOP_BAND_DB = 63;

/** One step by a whole factor. `passHz` and `stopHz` are what the filter is designed by; `taps` a multiple of the factor. */
interface Step {
  readonly fromHz: Hz;
  readonly toHz: Hz;
  readonly passHz: Hz;
  readonly stopHz: Hz;
  readonly taps: number;
}

/**
 * Steps that are sharp at the lower rate's half: up to 3.4 kHz (7 kHz) all passes within 0.1 dB, from 4 kHz (8 kHz) on
 * nothing does. A window makes both edges equally good, so they lie a little lower than these: less is asked of the pass.
 */
const SHARP_8_16 = { passHz: 3370, stopHz: 3970, taps: 100 };
const SHARP_16_48 = { passHz: 6955, stopHz: 7955, taps: 177 };
/** A step of audio that holds nothing above 4 kHz, or of which only that is wanted: its filter may be wide. */
const WIDE_16_48 = { passHz: 3700, stopHz: 12_000, taps: 24 };

/** The steps from one rate to another: 8 and 48 kHz by way of 16, which takes half the work of a single sharp filter. */
const ROUTES: readonly (readonly Step[])[] = [
  [{ fromHz: 8000, toHz: 16_000, ...SHARP_8_16 }],
  [{ fromHz: 16_000, toHz: 8000, ...SHARP_8_16 }],
  [{ fromHz: 16_000, toHz: 48_000, ...SHARP_16_48 }],
  [{ fromHz: 48_000, toHz: 16_000, ...SHARP_16_48 }],
  [
    { fromHz: 8000, toHz: 16_000, ...SHARP_8_16 },
    { fromHz: 16_000, toHz: 48_000, ...WIDE_16_48 },
  ],
  [
    { fromHz: 48_000, toHz: 16_000, ...WIDE_16_48 },
    { fromHz: 16_000, toHz: 8000, ...SHARP_8_16 },
  ],
];

/**
 * Brings one stream of audio from one of 8, 16 and 48 kHz to another, in frames of 20 ms, without allocating. Linear
 * phase: what goes in comes out `delayMs` later and otherwise the same up to 3.4 kHz (7 kHz between 16 and 48), within
 * 0.1 dB; mirrors and what does not fit the lower rate are down by 60 dB.
 *
 * ```
 *   8 ─▶ 16 ─▶ 48     up: each sample makes `factor` of them, each by its own phase of the filter
 *  48 ─▶ 16 ─▶ 8      down: only the samples that stay are computed
 * ```
 *
 * Sums are taken as they are, int32 and beyond int16: it may stand between two mixes.
 */
export class Resampler {
  /** Samples of a frame that is taken, and of one that is made. */
  readonly samplesIn: number;
  readonly samplesOut: number;
  /** Delay of the filters: 3.3 ms between 8 and 48 kHz, 3.1 between 8 and 16, 1.8 between 16 and 48. */
  readonly delayMs: number;
  readonly #first: UpSampler | DownSampler;
  readonly #second: UpSampler | DownSampler | null;
  /** Whether anything of a frame may still be in the filters. */
  #state: 'at-rest' | 'ringing' = 'at-rest';

  /** @throws {RangeError} Where there is no way between the two rates: a defect. */
  constructor(fromHz: Hz, toHz: Hz) {
    const steps = ROUTES.find(
      (route) => route[0]?.fromHz === fromHz && route.at(-1)?.toHz === toHz,
    );
    const [first, second] = steps ?? [];
    if (steps === undefined || first === undefined) {
      throw new RangeError(`no way from ${fromHz} to ${toHz} Hz`);
    }
    this.samplesIn = (fromHz * FRAME_MS) / 1000;
    this.samplesOut = (toHz * FRAME_MS) / 1000;
    this.delayMs = steps.reduce((sum, step) => sum + delayMsOf(step), 0);
    this.#first = createStep(first);
    this.#second = second === undefined ? null : createStep(second);
  }

  /** Whether `flushTo` has anything to add. */
  get isRinging(): boolean {
    return this.#state === 'ringing';
  }

  /** Takes a frame of `samplesIn` and adds what comes out, `samplesOut`, to `mix`. */
  addTo(frame: Int32Array, mix: Int32Array): void {
    this.#first.load(frame);
    this.#run(mix);
    this.#state = 'ringing';
  }

  /** Adds the end of the sound before, when nothing more comes of it: once, as the filters are shorter than a frame. */
  flushTo(mix: Int32Array): void {
    if (this.#state === 'at-rest') return;
    this.#first.loadSilence();
    this.#run(mix);
    this.reset();
  }

  /** Forgets the sound before: nobody hears its end. */
  reset(): void {
    this.#first.reset();
    this.#second?.reset();
    this.#state = 'at-rest';
  }

  #run(mix: Int32Array): void {
    const second = this.#second;
    if (second === null) {
      this.#first.run();
      add(this.#first.out, mix);
      return;
    }
    this.#first.run();
    second.loadSamples(this.#first.out);
    second.run();
    add(second.out, mix);
  }
}

/** Raises the rate by a whole factor. Doubles throughout: the engine computes in nothing else. */
class UpSampler {
  readonly out: Float64Array;
  readonly #samples: number;
  readonly #factor: number;
  readonly #phaseTaps: number;
  /** One phase after another, each as its products are taken: with the oldest sample first. */
  readonly #taps: Float64Array;
  /** The samples before the frame, and the frame. */
  readonly #line: Float64Array;

  constructor(step: Step) {
    this.#samples = (step.fromHz * FRAME_MS) / 1000;
    this.#factor = step.toHz / step.fromHz;
    this.#phaseTaps = step.taps / this.#factor;
    this.out = new Float64Array(this.#samples * this.#factor);
    this.#line = new Float64Array(this.#phaseTaps - 1 + this.#samples);
    this.#taps = new Float64Array(step.taps);
    const filter = lowPass({ ...step, rateHz: step.toHz, stopBandDb: STOP_BAND_DB });
    for (let phase = 0; phase < this.#factor; phase += 1) {
      for (let k = 0; k < this.#phaseTaps; k += 1) {
        const tap = filter[phase + (this.#phaseTaps - 1 - k) * this.#factor] ?? 0;
        // The samples between are zeros to the filter: what they lack is made up here.
        this.#taps[phase * this.#phaseTaps + k] = tap * this.#factor;
      }
    }
  }

  load(frame: Int32Array): void {
    const line = this.#line;
    const before = this.#phaseTaps - 1;
    for (let i = 0; i < this.#samples; i += 1) line[before + i] = frame[i] ?? 0;
  }

  loadSamples(samples: Float64Array): void {
    this.#line.set(samples, this.#phaseTaps - 1);
  }

  loadSilence(): void {
    this.#line.fill(0, this.#phaseTaps - 1);
  }

  run(): void {
    const line = this.#line;
    const taps = this.#taps;
    const out = this.out;
    const factor = this.#factor;
    const phaseTaps = this.#phaseTaps;
    const samples = this.#samples;
    for (let phase = 0; phase < factor; phase += 1) {
      const tapsAt = phase * phaseTaps;
      for (let at = 0, to = phase; at < samples; at += 4, to += 4 * factor) {
        // Four at a time share each look at filter and samples, and none waits for the sum of another.
        let sum0 = 0;
        let sum1 = 0;
        let sum2 = 0;
        let sum3 = 0;
        let sample0 = line[at] ?? 0;
        let sample1 = line[at + 1] ?? 0;
        let sample2 = line[at + 2] ?? 0;
        for (let k = 0; k < phaseTaps; k += 1) {
          const tap = taps[tapsAt + k] ?? 0;
          const sample3 = line[at + k + 3] ?? 0;
          sum0 += tap * sample0;
          sum1 += tap * sample1;
          sum2 += tap * sample2;
          sum3 += tap * sample3;
          sample0 = sample1;
          sample1 = sample2;
          sample2 = sample3;
        }
        out[to] = sum0;
        out[to + factor] = sum1;
        out[to + 2 * factor] = sum2;
        out[to + 3 * factor] = sum3;
      }
    }
    line.copyWithin(0, this.#samples);
  }

  reset(): void {
    this.#line.fill(0);
  }
}

/** Lowers the rate by a whole factor: only the samples that stay are computed. */
class DownSampler {
  readonly out: Float64Array;
  readonly #samples: number;
  readonly #factor: number;
  readonly #taps: Float64Array;
  /** The samples before the frame, and the frame. */
  readonly #line: Float64Array;

  constructor(step: Step) {
    this.#samples = (step.fromHz * FRAME_MS) / 1000;
    this.#factor = step.fromHz / step.toHz;
    this.out = new Float64Array(this.#samples / this.#factor);
    this.#line = new Float64Array(step.taps - 1 + this.#samples);
    // The filter is its own mirror image, so it matters not which end meets the oldest sample.
    this.#taps = lowPass({ ...step, rateHz: step.fromHz, stopBandDb: STOP_BAND_DB });
  }

  load(frame: Int32Array): void {
    const line = this.#line;
    const before = this.#taps.length - 1;
    for (let i = 0; i < this.#samples; i += 1) line[before + i] = frame[i] ?? 0;
  }

  loadSamples(samples: Float64Array): void {
    this.#line.set(samples, this.#taps.length - 1);
  }

  loadSilence(): void {
    this.#line.fill(0, this.#taps.length - 1);
  }

  run(): void {
    const line = this.#line;
    const taps = this.#taps;
    const out = this.out;
    const factor = this.#factor;
    const count = out.length;
    const tapCount = taps.length;
    for (let i = 0; i < count; i += 4) {
      const at0 = i * factor;
      const at1 = at0 + factor;
      const at2 = at1 + factor;
      const at3 = at2 + factor;
      let sum0 = 0;
      let sum1 = 0;
      let sum2 = 0;
      let sum3 = 0;
      for (let k = 0; k < tapCount; k += 1) {
        const tap = taps[k] ?? 0;
        sum0 += tap * (line[at0 + k] ?? 0);
        sum1 += tap * (line[at1 + k] ?? 0);
        sum2 += tap * (line[at2 + k] ?? 0);
        sum3 += tap * (line[at3 + k] ?? 0);
      }
      out[i] = sum0;
      out[i + 1] = sum1;
      out[i + 2] = sum2;
      out[i + 3] = sum3;
    }
    line.copyWithin(0, this.#samples);
  }

  reset(): void {
    this.#line.fill(0);
  }
}

function createStep(step: Step): UpSampler | DownSampler {
  return step.toHz > step.fromHz ? new UpSampler(step) : new DownSampler(step);
}

/** Half of the filter's length, at the rate that it runs at. */
function delayMsOf(step: Step): number {
  return ((step.taps - 1) / 2 / Math.max(step.fromHz, step.toHz)) * 1000;
}

function add(samples: Float64Array, mix: Int32Array): void {
  for (let i = 0; i < samples.length; i += 1) mix[i] = (mix[i] ?? 0) + Math.round(samples[i] ?? 0);
}
