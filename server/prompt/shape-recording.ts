/** How loud speech is made: active level, RMS over the parts that are speech, against full scale (ITU-T P.56). */
export const SPEECH_LEVEL_DBOV = -20;

/** No sample is above this; coding adds up to a decibel. */
const PEAK_DBFS = -4.2;

/** Frames for measuring: 10 ms at 16 kHz. */
const FRAME_SAMPLES = 160;

/** A frame is speech when it is not further than this below the level of the speech, ITU-T P.56 §6.1. */
const ACTIVITY_MARGIN_DB = 15.9;

const FULL_SCALE = 32768;

/**
 * Level of the parts of a recording that are not pauses, in dBov; −Infinity for silence.
 * Found by repetition: the level decides what is a pause, and the pauses decide the level.
 */
export function activeLevelDbov(samples: Int16Array): number {
  const powers = framePowers(samples);
  let level = decibels(mean(powers));
  for (let round = 0; round < 20; round += 1) {
    const floor = 10 ** ((level - ACTIVITY_MARGIN_DB) / 10);
    const next = decibels(mean(powers.filter((power) => power >= floor)));
    if (Math.abs(next - level) < 0.001) break;
    level = next;
  }
  return level;
}

function framePowers(samples: Int16Array): readonly number[] {
  const powers: number[] = [];
  for (let from = 0; from < samples.length; from += FRAME_SAMPLES) {
    const frame = samples.subarray(from, from + FRAME_SAMPLES);
    powers.push(frame.reduce((sum, sample) => sum + (sample / FULL_SCALE) ** 2, 0) / frame.length);
  }
  return powers;
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}

function decibels(power: number): number {
  return power > 0 ? 10 * Math.log10(power) : Number.NEGATIVE_INFINITY;
}

const SAMPLES_PER_MS = 16;

/** A pause inside a recording is not longer than this. */
const LONGEST_PAUSE_MS = 220;
const KEPT_BEFORE_MS = 8;
const KEPT_AFTER_MS = 20;
const FADE_IN_MS = 4;
const FADE_OUT_MS = 15;

/** Speech begins and ends where it is louder than this; well above the silence of a synthesiser. */
const SILENCE_BELOW = 60;

/**
 * Trims silence at both ends, shortens long pauses, fades, and brings speech to `SPEECH_LEVEL_DBOV`.
 * `samples` at 16 kHz; returns a new array, empty if all is silence.
 */
export function shapeSpeech(samples: Int16Array): Int16Array {
  const first = samples.findIndex((sample) => Math.abs(sample) > SILENCE_BELOW);
  const last = samples.findLastIndex((sample) => Math.abs(sample) > SILENCE_BELOW);
  if (first < 0) return new Int16Array(0);
  const from = Math.max(0, first - KEPT_BEFORE_MS * SAMPLES_PER_MS);
  const spoken = shortenPauses(samples.slice(from, last + 1 + KEPT_AFTER_MS * SAMPLES_PER_MS));
  fade(spoken, FADE_IN_MS * SAMPLES_PER_MS, FADE_OUT_MS * SAMPLES_PER_MS);
  return limitPeaks(toLevel(spoken, SPEECH_LEVEL_DBOV));
}

/** Leaves out the middle of every pause that is too long. */
function shortenPauses(samples: Int16Array): Int16Array {
  const longest = LONGEST_PAUSE_MS * SAMPLES_PER_MS;
  const kept = new Int16Array(samples.length);
  let length = 0;
  let quiet = 0;
  for (const sample of samples) {
    quiet = Math.abs(sample) > SILENCE_BELOW ? 0 : quiet + 1;
    if (quiet > longest) continue;
    kept[length] = sample;
    length += 1;
  }
  return kept.subarray(0, length);
}

function fade(samples: Int16Array, fadeInSamples: number, fadeOutSamples: number): void {
  for (let index = 0; index < Math.min(fadeInSamples, samples.length); index += 1) {
    samples[index] = Math.round(((samples[index] ?? 0) * index) / fadeInSamples);
  }
  for (let index = 0; index < Math.min(fadeOutSamples, samples.length); index += 1) {
    const at = samples.length - 1 - index;
    samples[at] = Math.round(((samples[at] ?? 0) * index) / fadeOutSamples);
  }
}

/** Scales to a level; floats, because peaks may lie above full scale for the moment. */
function toLevel(samples: Int16Array, levelDbov: number): Float64Array {
  const gain = 10 ** ((levelDbov - activeLevelDbov(samples)) / 20);
  return Float64Array.from(samples, (sample) => sample * gain);
}

/** 2 ms each side: short enough to be unheard, long enough not to distort. */
const LIMITER_REACH_SAMPLES = 32;

/** Turns peaks down by a smooth curve around them, and leaves everything else alone. */
function limitPeaks(samples: Float64Array): Int16Array {
  const ceiling = FULL_SCALE * 10 ** (PEAK_DBFS / 20);
  const gains = new Float64Array(samples.length).fill(1);
  for (const [index, sample] of samples.entries()) {
    const gain = ceiling / Math.abs(sample);
    if (gain >= 1) continue;
    for (let reach = -LIMITER_REACH_SAMPLES; reach <= LIMITER_REACH_SAMPLES; reach += 1) {
      const at = index + reach;
      const shape = (1 + Math.cos((Math.PI * reach) / LIMITER_REACH_SAMPLES)) / 2;
      if (at >= 0 && at < gains.length) {
        gains[at] = Math.min(gains[at] ?? 1, 1 - (1 - gain) * shape);
      }
    }
  }
  return Int16Array.from(samples, (sample, index) => Math.round(sample * (gains[index] ?? 1)));
}
