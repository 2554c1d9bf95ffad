/** Level of silence, and of nothing at all. */
export const SILENCE_DBOV = -127;

/**
 * Level of one tone in a stretch of audio, by Goertzel's algorithm under a Hann window.
 * `samples` are int16; the answer is in dB against a full-scale sine (0 dB).
 */
export function toneLevelDb(samples: Int16Array, toneHz: number, sampleRateHz = 8000): number {
  const omega = (2 * Math.PI * toneHz) / sampleRateHz;
  const coefficient = 2 * Math.cos(omega);
  let last = 0;
  let beforeLast = 0;
  let windowSum = 0;
  samples.forEach((sample, index) => {
    const window = 0.5 - 0.5 * Math.cos((2 * Math.PI * (index + 0.5)) / samples.length);
    windowSum += window;
    const next = sample * window + coefficient * last - beforeLast;
    beforeLast = last;
    last = next;
  });
  const power = last * last + beforeLast * beforeLast - coefficient * last * beforeLast;
  const amplitude = (2 * Math.sqrt(Math.max(0, power))) / Math.max(1, windowSum);
  return amplitude <= 0
    ? SILENCE_DBOV
    : Math.max(SILENCE_DBOV, 20 * Math.log10(amplitude / 32_768));
}

/** Long enough to tell tones 20 Hz apart, short enough that one late packet spoils one piece. */
const PIECE_SAMPLES = 1600;

/** Level of a tone as it is for most of the time: the median over pieces of 200 ms. Otherwise as `toneLevelDb`. */
export function steadyToneLevelDb(samples: Int16Array, toneHz: number): number {
  const pieces = Math.max(1, Math.floor(samples.length / PIECE_SAMPLES));
  const levels = Array.from({ length: pieces }, (_, index) =>
    toneLevelDb(samples.subarray(index * PIECE_SAMPLES, (index + 1) * PIECE_SAMPLES), toneHz),
  ).sort((a, b) => a - b);
  return levels[pieces >> 1] ?? SILENCE_DBOV;
}

/** A sine of `amplitude` (0–32767), `lengthSamples` long. */
export function sine(
  tone: { readonly toneHz: number; readonly amplitude: number },
  lengthSamples: number,
  sampleRateHz = 8000,
): Int16Array {
  const omega = (2 * Math.PI * tone.toneHz) / sampleRateHz;
  return Int16Array.from({ length: lengthSamples }, (_, index) =>
    Math.round(tone.amplitude * Math.sin(omega * index)),
  );
}
