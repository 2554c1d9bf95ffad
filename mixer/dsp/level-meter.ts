/** Level that stands for silence, RFC 6465 §3. */
export const SILENCE_DBOV = -127;

/**
 * Level of `length` samples from `offset`, in dBov: −127…0, where a full-scale square wave is 0 and a full-scale sine −3.
 * Whole dB, as the RFC has them: a fraction would be boxed on its way to the caller, an object for each frame.
 * Source: RFC 6465 §3.
 */
export function levelDbov(samples: Int16Array, offset: number, length: number): number {
  let sum = 0;
  for (let i = 0; i < length; i += 1) {
    const sample = samples[offset + i] ?? 0;
    sum += sample * sample;
  }
  if (sum === 0 || length <= 0) return SILENCE_DBOV;
  return Math.round(10 * Math.log10(sum / length / FULL_SCALE_SQUARED)) | 0;
}

const FULL_SCALE_SQUARED = 32_768 * 32_768;

/** Level of one leg over time: rises at once to what is heard and falls by some 20 dB in 200 ms. For displays. */
export class LevelMeter {
  /** Level of the last frame, dBov. */
  frameDbov = SILENCE_DBOV;
  /** Level integrated over frames, dBov. */
  integratedDbov = SILENCE_DBOV;

  /** Takes a 20 ms frame of `length` samples from `offset`; returns its own level, dBov. */
  frame(samples: Int16Array, offset: number, length: number): number {
    const level = levelDbov(samples, offset, length);
    this.frameDbov = level;
    const fallen = this.integratedDbov - FALL_DB_PER_FRAME;
    this.integratedDbov = level > fallen ? level : fallen;
    return level;
  }
}

const FALL_DB_PER_FRAME = 2;
