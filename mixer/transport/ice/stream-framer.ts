/*
 *  0                   1
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+------------------------+
 * |         length in bytes       |   packet, that long ...  |   RFC 4571 §2
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+------------------------+
 */
const LENGTH_BYTES = 2;

/** Longest packet that is taken in a frame: what fits an Ethernet frame, with room to spare. */
export const MAX_FRAMED_BYTES = 1600;

/** Gets each packet of a stream. `bytes` may be longer and holds only during the call. */
export type FrameHandler = (bytes: Uint8Array, lengthBytes: number) => void;

/** Cuts packets out of a byte stream, RFC 4571. Holds at most one packet, however the stream is cut. */
export class StreamFramer {
  readonly #held = new Uint8Array(LENGTH_BYTES + MAX_FRAMED_BYTES);
  #heldBytes = 0;

  /**
   * Takes the next bytes of the stream and delivers every packet that is whole now. `broken`: a frame is longer than
   * any packet, so the stream makes no sense from here on. Empty frames are skipped.
   */
  push(chunk: Uint8Array, deliver: FrameHandler): 'ok' | 'broken' {
    let at = 0;
    while (at < chunk.length) {
      const wanted = this.#wanted();
      if (wanted > this.#held.length) return 'broken';
      const taken = Math.min(wanted - this.#heldBytes, chunk.length - at);
      this.#held.set(chunk.subarray(at, at + taken), this.#heldBytes);
      this.#heldBytes += taken;
      at += taken;
      this.#deliverWhole(deliver);
    }
    return this.#wanted() > this.#held.length ? 'broken' : 'ok';
  }

  /** How many bytes must be there before anything can be done: the length, then the whole frame. */
  #wanted(): number {
    if (this.#heldBytes < LENGTH_BYTES) return LENGTH_BYTES;
    return LENGTH_BYTES + ((this.#held[0] ?? 0) << 8) + (this.#held[1] ?? 0);
  }

  #deliverWhole(deliver: FrameHandler): void {
    if (this.#heldBytes < LENGTH_BYTES || this.#heldBytes < this.#wanted()) return;
    const lengthBytes = this.#heldBytes - LENGTH_BYTES;
    this.#heldBytes = 0;
    if (lengthBytes > 0) deliver(this.#held.subarray(LENGTH_BYTES), lengthBytes);
  }
}

/** A packet in its frame, in memory of its own; the packet is at most 65535 bytes long. */
export function framed(packet: Uint8Array): Uint8Array {
  const frame = Buffer.allocUnsafe(LENGTH_BYTES + packet.length);
  frame.writeUInt16BE(packet.length, 0);
  frame.set(packet, LENGTH_BYTES);
  return frame;
}
