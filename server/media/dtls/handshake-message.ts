/** Handshake messages that a server meets, RFC 5246 §7.4. */
export const MESSAGE = {
  clientHello: 1,
  helloVerifyRequest: 3,
  certificate: 11,
  certificateVerify: 15,
  clientKeyExchange: 16,
  finished: 20,
} as const;

/** A whole message. `bytes` is what the transcript counts: a header as if it had not been cut, and the body. */
export interface HandshakeMessage {
  readonly messageType: number;
  readonly messageSequence: number;
  readonly body: Uint8Array;
  readonly bytes: Uint8Array;
}

/** Header of a message or of a piece, RFC 6347 §4.2.2: type, length 24, sequence 16, offset 24, piece's length 24. */
const HEADER_BYTES = 12;
/** Longest message: certificate chains of browsers have a few hundred bytes. */
const MAX_MESSAGE_BYTES = 16_384;
/** How far ahead of the next message pieces are kept: one flight. */
const MAX_AHEAD = 8;

interface Piece {
  readonly messageType: number;
  readonly lengthBytes: number;
  readonly messageSequence: number;
  readonly offset: number;
  readonly body: Uint8Array;
}

/** A message that is not all there. */
interface Partial {
  readonly messageType: number;
  readonly body: Uint8Array;
  /** 1 for each byte that has come. */
  readonly has: Uint8Array;
}

/**
 * Puts the pieces of handshake messages together and the messages in order, whatever the network did to them
 * (RFC 6347 §4.2.3).
 */
export class HandshakeAssembler {
  readonly #partials = new Map<number, Partial>();
  #next: number;

  /** `next`: sequence of the first message. */
  constructor(next: number) {
    this.#next = next;
  }

  /** Sequence of the message that comes next. */
  get next(): number {
    return this.#next;
  }

  /** Takes an unprotected handshake record in; returns the messages that are now whole and due, in order. */
  take(fragment: Uint8Array): readonly HandshakeMessage[] {
    for (const piece of readPieces(fragment)) this.#keep(piece);
    const due: HandshakeMessage[] = [];
    for (let partial = this.#whole(); partial !== null; partial = this.#whole()) {
      due.push(message(partial.messageType, this.#next, partial.body));
      this.#partials.delete(this.#next);
      this.#next += 1;
    }
    return due;
  }

  #whole(): Partial | null {
    const partial = this.#partials.get(this.#next);
    return partial?.has.every((byte) => byte === 1) === true ? partial : null;
  }

  #keep(piece: Piece): void {
    const { messageSequence, messageType, lengthBytes, offset, body } = piece;
    if (messageSequence < this.#next || messageSequence >= this.#next + MAX_AHEAD) return;
    const partial = this.#partials.get(messageSequence) ?? {
      messageType,
      body: new Uint8Array(lengthBytes),
      has: new Uint8Array(lengthBytes),
    };
    // A piece of another message under the same number: the first one counts.
    if (partial.messageType !== messageType || partial.body.length !== lengthBytes) return;
    partial.body.set(body, offset);
    partial.has.fill(1, offset, offset + body.length);
    this.#partials.set(messageSequence, partial);
  }
}

/** Whether a record has the beginning of this message, which has come before: its sender repeats it. */
export function beginsAgain(fragment: Uint8Array, message: HandshakeMessage): boolean {
  return readPieces(fragment).some(
    (piece) =>
      piece.messageSequence === message.messageSequence &&
      piece.messageType === message.messageType &&
      piece.offset === 0,
  );
}

function readPieces(fragment: Uint8Array): readonly Piece[] {
  const view = new DataView(fragment.buffer, fragment.byteOffset, fragment.byteLength);
  const pieces: Piece[] = [];
  let at = 0;
  while (at + HEADER_BYTES <= fragment.length) {
    const lengthBytes = view.getUint32(at) & 0xffffff;
    const offset = view.getUint32(at + 5) & 0xffffff;
    const bodyAt = at + HEADER_BYTES;
    const end = bodyAt + (view.getUint32(at + 8) & 0xffffff);
    const fits = end <= fragment.length && offset + end - bodyAt <= lengthBytes;
    if (!fits || lengthBytes > MAX_MESSAGE_BYTES) break;
    pieces.push({
      messageType: view.getUint8(at),
      lengthBytes,
      messageSequence: view.getUint16(at + 4),
      offset,
      body: fragment.subarray(bodyAt, end),
    });
    at = end;
  }
  return pieces;
}

function message(messageType: number, messageSequence: number, body: Uint8Array): HandshakeMessage {
  const bytes = new Uint8Array(HEADER_BYTES + body.length);
  const view = new DataView(bytes.buffer);
  // Lengths first: they are written as 32 bits, the byte before is then put right.
  view.setUint32(0, body.length);
  view.setUint8(0, messageType);
  view.setUint16(4, messageSequence);
  view.setUint32(8, body.length);
  bytes.set(body, HEADER_BYTES);
  return { messageType, messageSequence, body, bytes };
}
