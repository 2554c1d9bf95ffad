/** Factor of an amplitude for a gain in dB. */
export function linearFromDb(db: number): number {
  return 10 ** (db / 20);
}

/** A volume control without clicks: a change is spread over the frame that follows it. */
export class GainRamp {
  #current = 1;
  #target = 1;

  /** Sets the gain that the next frame ramps to. */
  setDb(db: number): void {
    this.#target = linearFromDb(db);
  }

  /** Whether the next frame would pass unchanged: then it need not be scaled. */
  get isUnity(): boolean {
    return this.#current === 1 && this.#target === 1;
  }

  /** Scales the first `length` samples in place; what exceeds int16 is clipped. */
  scaleInt16(samples: Int16Array, length: number): void {
    const step = (this.#target - this.#current) / length;
    let gain = this.#current;
    for (let i = 0; i < length; i += 1) {
      gain += step;
      const scaled = Math.round((samples[i] ?? 0) * gain);
      samples[i] = scaled > 32_767 ? 32_767 : scaled < -32_768 ? -32_768 : scaled;
    }
    this.#current = this.#target;
  }

  /** Scales the first `length` samples of a mix in place; int32 is not exceeded by any sum of legs. */
  scaleInt32(samples: Int32Array, length: number): void {
    const step = (this.#target - this.#current) / length;
    let gain = this.#current;
    for (let i = 0; i < length; i += 1) {
      gain += step;
      samples[i] = Math.round((samples[i] ?? 0) * gain);
    }
    this.#current = this.#target;
  }
}
