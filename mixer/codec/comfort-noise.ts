/** Level before the first packet has named one, dBov. */
const DEFAULT_LEVEL_DBOV = -70;
/** Noise louder than this is a broken peer, and would drown the others. */
const MAX_LEVEL_DBOV = -40;
/** Root mean square of uniform noise of amplitude 1. */
const UNIFORM_RMS = 1 / Math.sqrt(3);

/**
 * Makes the low noise that a peer describes instead of sending silence: white noise of the level it names. The spectrum
 * that may follow the level (reflection coefficients) is not used.
 *
 * ```
 *  0 1 2 3 4 5 6 7
 * |0|   level     |  level: 0…127 for 0…−127 dBov
 * ```
 * Source: RFC 3389 §3.
 */
export class ComfortNoise {
  #amplitude = amplitudeOf(DEFAULT_LEVEL_DBOV);
  #state: number;

  /** `seed` — legs differ in it, so that their noises do not add up in step. */
  constructor(seed: number) {
    // The generator stands still at 0.
    this.#state = seed | 0 || 1;
  }

  /** Takes the payload of a comfort noise packet: `length` bytes of `payload` from `offset`. An empty one changes nothing. */
  update(payload: Uint8Array, offset: number, length: number): void {
    if (length < 1) return;
    const levelDbov = -((payload[offset] ?? 0x7f) & 0x7f);
    this.#amplitude = amplitudeOf(levelDbov > MAX_LEVEL_DBOV ? MAX_LEVEL_DBOV : levelDbov);
  }

  /** Fills `length` samples of `out` from `offset`. */
  fill(out: Int16Array, offset: number, length: number): void {
    const scale = this.#amplitude / 0x80000000;
    let state = this.#state;
    for (let i = 0; i < length; i += 1) {
      // Marsaglia's xorshift with 13, 17, 5: full period over 32 bits other than 0.
      state ^= state << 13;
      state ^= state >>> 17;
      state ^= state << 5;
      out[offset + i] = Math.round(state * scale);
    }
    this.#state = state;
  }
}

function amplitudeOf(levelDbov: number): number {
  return (32_768 * 10 ** (levelDbov / 20)) / UNIFORM_RMS;
}
