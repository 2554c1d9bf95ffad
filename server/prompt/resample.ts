import type { Hz } from '../../mixer/protocol/units.ts';

/** Turns a recording from one rate into another, one after the other. Built once for each pair of rates. */
export interface Resampler {
  /** How many samples come out of `inSamples`: the same time, rounded up. */
  outSamples(inSamples: number): number;
  /** Writes `outSamples(samples.length)` samples into `out`, which the caller owns. */
  resample(samples: Int16Array, out: Int16Array): void;
}

/** What lies before and after a recording: nothing, or the recording itself over again. */
export type Edges = 'silence' | 'loop';

/**
 * Edges of the pass and stop band, as parts of the lower rate's half. They lie evenly about 1: what folds over comes to
 * rest above the pass band, and at 2:1 every other weight is zero, which halves the work.
 */
const PASS_BAND = 0.85;
const STOP_BAND = 1.15;

/** Attenuation that the Kaiser window is designed for; ripple in the pass band is of the same size. */
const ATTENUATION_DB = 66;

/** A weight below this changes no int16 sample. */
const NEXT_TO_NOTHING = 1e-9;

/**
 * A windowed-sinc resampler in polyphase form for any two whole rates. The pass band is flat within 0.1 dB up to 85 % of
 * the lower rate's half, and whatever would fold into it is at least 60 dB down.
 */
export function createResampler(fromHz: Hz, toHz: Hz, edges: Edges): Resampler {
  const divisor = greatestCommonDivisor(fromHz, toHz);
  const up = toHz / divisor;
  const down = fromHz / divisor;
  const outSamples = (inSamples: number): number => Math.ceil((inSamples * up) / down);
  if (up === 1 && down === 1) {
    return { outSamples, resample: (samples, out) => out.set(samples) };
  }
  const kernel = designKernel(fromHz, toHz, up);
  return {
    outSamples,
    resample(samples, out) {
      const padded = pad(samples, { half: kernel.half, spare: down }, edges);
      const outLength = outSamples(samples.length);
      if (up === 1) decimate(padded, { kernel, down }, out.subarray(0, outLength));
      else convolve(padded, { kernel, up, down }, out.subarray(0, outLength));
    },
  };
}

/** `phases` rows of `2 × half` weights: row p is for outputs that lie p/phases of a sample after an input. */
interface Kernel {
  readonly half: number;
  readonly weights: Float64Array;
}

/** Kaiser's formulas for length and shape; every row is scaled to pass a constant unchanged. */
function designKernel(fromHz: Hz, toHz: Hz, phases: number): Kernel {
  const lowerHalf = Math.min(fromHz, toHz) / 2;
  const transition = ((STOP_BAND - PASS_BAND) * lowerHalf) / fromHz;
  const half = Math.ceil((ATTENUATION_DB - 8) / (2.285 * 2 * Math.PI * transition) / 2) + 1;
  const cutoff = ((STOP_BAND + PASS_BAND) * lowerHalf) / fromHz;
  const beta = 0.1102 * (ATTENUATION_DB - 8.7);
  const peak = besselI0(beta);
  const weights = new Float64Array(phases * half * 2);
  for (let phase = 0; phase < phases; phase += 1) {
    const row = weights.subarray(phase * half * 2, (phase + 1) * half * 2);
    for (let tap = 0; tap < row.length; tap += 1) {
      const distance = tap - half + 1 - phase / phases;
      const inside = Math.sqrt(Math.max(0, 1 - (distance / half) ** 2));
      row[tap] = (sinc(distance * cutoff) * besselI0(beta * inside)) / peak;
    }
    scaleToUnity(row);
  }
  return { half, weights };
}

function scaleToUnity(row: Float64Array): void {
  let sum = 0;
  for (const weight of row) sum += weight;
  for (let tap = 0; tap < row.length; tap += 1) row[tap] = (row[tap] ?? 0) / sum;
}

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
}

/** Modified Bessel function of order 0 by its power series, which converges quickly for window shapes. */
function besselI0(x: number): number {
  let sum = 1;
  let term = 1;
  for (let k = 1; k < 40 && term > sum * 1e-12; k += 1) {
    term *= (x / (2 * k)) ** 2;
    sum += term;
  }
  return sum;
}

/** A copy with `half` samples before and after, and some to spare: the loops need no bounds. */
function pad(
  samples: Int16Array,
  margin: { readonly half: number; readonly spare: number },
  edges: Edges,
): Float64Array {
  const { half } = margin;
  const padded = new Float64Array(samples.length + half * 2 + 1 + margin.spare);
  padded.set(samples, half);
  if (edges === 'silence' || samples.length === 0) return padded;
  for (let index = 0; index <= half; index += 1) {
    padded[half - 1 - index] = samples[samples.length - 1 - (index % samples.length)] ?? 0;
    padded[half + samples.length + index] = samples[index % samples.length] ?? 0;
  }
  return padded;
}

/**
 * Down by a whole number: the one row is symmetric, so that samples at equal distance share a weight. Two outputs at a
 * time, because all prompts are read at every start and half of the time would be the loop itself.
 */
function decimate(
  padded: Float64Array,
  ratio: { readonly kernel: Kernel; readonly down: number },
  out: Int16Array,
): void {
  const { half, weights } = ratio.kernel;
  const oneSide = weights.slice(half - 1);
  const middle = oneSide[0] ?? 0;
  const stride = evenWeightsVanish(oneSide) ? 2 : 1;
  const { down } = ratio;
  for (let index = 0; index < out.length; index += 2) {
    const centre = index * down + half;
    const next = centre + down;
    let sum = (padded[centre] ?? 0) * middle;
    let nextSum = (padded[next] ?? 0) * middle;
    for (let tap = 1; tap < half; tap += stride) {
      const weight = oneSide[tap] ?? 0;
      sum += ((padded[centre - tap] ?? 0) + (padded[centre + tap] ?? 0)) * weight;
      nextSum += ((padded[next - tap] ?? 0) + (padded[next + tap] ?? 0)) * weight;
    }
    out[index] = toInt16(sum);
    out[index + 1] = toInt16(nextSum);
  }
}

/** True at 2:1, where the cut-off lies at a quarter of the rate. */
function evenWeightsVanish(oneSide: Float64Array): boolean {
  return oneSide.every(
    (weight, tap) => tap === 0 || tap % 2 === 1 || Math.abs(weight) < NEXT_TO_NOTHING,
  );
}

function convolve(
  padded: Float64Array,
  ratio: { readonly kernel: Kernel; readonly up: number; readonly down: number },
  out: Int16Array,
): void {
  const { half, weights } = ratio.kernel;
  const taps = half * 2;
  for (let index = 0; index < out.length; index += 1) {
    const position = index * ratio.down;
    const first = Math.trunc(position / ratio.up) + 1;
    const row = (position % ratio.up) * taps;
    let sum = 0;
    for (let tap = 0; tap < taps; tap += 1) {
      sum += (padded[first + tap] ?? 0) * (weights[row + tap] ?? 0);
    }
    out[index] = toInt16(sum);
  }
}

function toInt16(value: number): number {
  const rounded = Math.round(value);
  return rounded > 32767 ? 32767 : rounded < -32768 ? -32768 : rounded;
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
