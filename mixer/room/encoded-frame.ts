import { SILENCE_DBOV } from '../dsp/level-meter.ts';

/** One coded frame of 20 ms. Filled anew in each tick and read before the next: whoever encodes owns it. */
export class EncodedFrame {
  readonly bytes: Uint8Array;
  /** Bytes that are used. */
  length = 0;
  /** Level of what was encoded, −127…0. */
  levelDbov = SILENCE_DBOV;

  /** `maxBytes` — what the longest takes; with G.711 there is no other. */
  constructor(maxBytes: number) {
    this.bytes = new Uint8Array(maxBytes);
  }
}
