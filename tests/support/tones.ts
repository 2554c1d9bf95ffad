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
