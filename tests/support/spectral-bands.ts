/** A frame every 20 ms at 8000 Hz. */
export const HOP_SAMPLES = 160;
const WINDOW_SAMPLES = 256;
/** Borders of the bands, in bins of 31.25 Hz: 125 Hz to 3500 Hz, narrower where voices have most to tell. */
const BAND_BORDERS = [4, 8, 13, 19, 27, 38, 54, 76, 112];
/** How many numbers make one frame. */
export const BANDS = BAND_BORDERS.length - 1;
/** What counts as nothing, so that the logarithm of silence is no outlier. */
const FLOOR = 1e6;

/**
 * The sound of a stretch of audio in outline: for every 20 ms the logarithm of the energy in each band, less the mean
 * over the bands, so that loudness does not matter. Frame after frame in one array.
 */
export function spectralBands(samples: Int16Array): Float32Array {
  const frames = Math.max(0, Math.floor((samples.length - WINDOW_SAMPLES) / HOP_SAMPLES) + 1);
  const bands = new Float32Array(frames * BANDS);
  const real = new Float64Array(WINDOW_SAMPLES);
  const imaginary = new Float64Array(WINDOW_SAMPLES);
  for (let frame = 0; frame < frames; frame += 1) {
    for (let index = 0; index < WINDOW_SAMPLES; index += 1) {
      real[index] = (samples[frame * HOP_SAMPLES + index] ?? 0) * (WINDOW[index] ?? 0);
      imaginary[index] = 0;
    }
    transform(real, imaginary);
    writeFrame(bands.subarray(frame * BANDS, (frame + 1) * BANDS), real, imaginary);
  }
  return bands;
}

function writeFrame(frame: Float32Array, real: Float64Array, imaginary: Float64Array): void {
  let mean = 0;
  for (let band = 0; band < BANDS; band += 1) {
    let energy = FLOOR;
    for (let bin = BAND_BORDERS[band] ?? 0; bin < (BAND_BORDERS[band + 1] ?? 0); bin += 1) {
      energy += (real[bin] ?? 0) ** 2 + (imaginary[bin] ?? 0) ** 2;
    }
    frame[band] = Math.log(energy);
    mean += Math.log(energy) / BANDS;
  }
  for (let band = 0; band < BANDS; band += 1) frame[band] = (frame[band] ?? 0) - mean;
}

const WINDOW = Float64Array.from(
  { length: WINDOW_SAMPLES },
  (_, index) => 0.5 - 0.5 * Math.cos((2 * Math.PI * (index + 0.5)) / WINDOW_SAMPLES),
);

/** The discrete Fourier transform in place, by Cooley and Tukey's halving. */
function transform(real: Float64Array, imaginary: Float64Array): void {
  reverseBits(real, imaginary);
  for (let half = 1; half < real.length; half *= 2) {
    for (let index = 0; index < half; index += 1) {
      const angle = (-Math.PI * index) / half;
      const cosine = Math.cos(angle);
      const sine = Math.sin(angle);
      for (let even = index; even < real.length; even += 2 * half) {
        const odd = even + half;
        const turnedReal = (real[odd] ?? 0) * cosine - (imaginary[odd] ?? 0) * sine;
        const turnedImaginary = (real[odd] ?? 0) * sine + (imaginary[odd] ?? 0) * cosine;
        real[odd] = (real[even] ?? 0) - turnedReal;
        imaginary[odd] = (imaginary[even] ?? 0) - turnedImaginary;
        real[even] = (real[even] ?? 0) + turnedReal;
        imaginary[even] = (imaginary[even] ?? 0) + turnedImaginary;
      }
    }
  }
}

function reverseBits(real: Float64Array, imaginary: Float64Array): void {
  for (let index = 1, reversed = 0; index < real.length; index += 1) {
    let bit = real.length >> 1;
    for (; (reversed & bit) !== 0; bit >>= 1) reversed ^= bit;
    reversed ^= bit;
    if (index >= reversed) continue;
    [real[index], real[reversed]] = [real[reversed] ?? 0, real[index] ?? 0];
    [imaginary[index], imaginary[reversed]] = [imaginary[reversed] ?? 0, imaginary[index] ?? 0];
  }
}
