import { canonicalHeaderName } from './header-name.ts';
import { trimmed } from './header-value.ts';
import { DEFAULT_MESSAGE_LIMITS } from './message-limits.ts';
import { octetsToString } from './octet-string.ts';

/** What a stream holds. */
export type Framed =
  /** One message. `bytes` is the caller's. */
  | { readonly type: 'message'; readonly bytes: Uint8Array }
  /** A keep-alive that wants the answer CRLF (RFC 5626 §3.5.1). */
  | { readonly type: 'ping' }
  /** The stream cannot be cut into messages any more and must be closed. `why` is a sentence of ours. */
  | { readonly type: 'broken'; readonly why: string };

/** What is known of the message at the front of the store. */
type Front =
  | { readonly known: 'nothing' }
  /** The start line looks like SIP. */
  | { readonly known: 'start-line' }
  | { readonly known: 'length'; readonly totalBytes: number };

const CR = 13;
const LF = 10;
const FIRST_CAPACITY_BYTES = 4096;
const CRLF = Buffer.from('\r\n', 'latin1');
const END_OF_HEAD = Buffer.from('\r\n\r\n', 'latin1');
const UNKNOWN: Front = { known: 'nothing' };

/**
 * Cuts the bytes of a connection into messages by Content-Length (RFC 3261 §18.3), whatever pieces they come in.
 * Octets are looked at once, so that a message that comes byte by byte costs no more than one that comes whole.
 */
export class StreamFramer {
  #store: Buffer = Buffer.allocUnsafe(0);
  #start = 0;
  #end = 0;
  /** Where to go on looking for the end of a line or of the head. */
  #searchFrom = 0;
  #front: Front = UNKNOWN;
  #lineEnds = 0;
  #state: 'open' | 'broken' = 'open';
  readonly #maxMessageBytes: number;

  constructor(maxMessageBytes: number = DEFAULT_MESSAGE_LIMITS.messageBytes) {
    this.#maxMessageBytes = maxMessageBytes;
  }

  /** Octets of a message that is not whole yet. */
  get pendingBytes(): number {
    return this.#end - this.#start;
  }

  /** Takes the next octets, which are copied. Nothing comes out any more after `broken`. */
  push(chunk: Uint8Array): readonly Framed[] {
    if (this.#state === 'broken') return [];
    this.#append(chunk);
    const out: Framed[] = [];
    for (let next = this.#next(); next !== null; next = this.#next()) {
      out.push(next);
      if (next.type === 'broken') {
        this.#state = 'broken';
        this.#store = Buffer.allocUnsafe(0);
        this.#start = this.#end = 0;
        break;
      }
    }
    return out;
  }

  #append(chunk: Uint8Array): void {
    const pending = this.pendingBytes;
    if (this.#end + chunk.length > this.#store.length) {
      const needed = pending + chunk.length;
      const roomy = needed > this.#store.length / 2;
      const store = roomy
        ? Buffer.allocUnsafeSlow(Math.max(FIRST_CAPACITY_BYTES, needed * 2))
        : this.#store;
      this.#store.copy(store, 0, this.#start, this.#end);
      this.#store = store;
      this.#searchFrom -= this.#start;
      this.#start = 0;
      this.#end = pending;
    }
    this.#store.set(chunk, this.#end);
    this.#end += chunk.length;
  }

  #next(): Framed | null {
    if (this.#front.known === 'nothing') {
      const ping = this.#skipLineEnds();
      if (ping !== null) return ping;
      const broken = this.#readStartLine();
      if (broken !== null) return broken;
    }
    if (this.#front.known === 'start-line') {
      const broken = this.#readHead();
      if (broken !== null) return broken;
    }
    if (this.#front.known !== 'length') return null;
    const { totalBytes } = this.#front;
    if (this.pendingBytes < totalBytes) return null;
    const bytes = new Uint8Array(this.#store.subarray(this.#start, this.#start + totalBytes));
    this.#start += totalBytes;
    this.#searchFrom = this.#start;
    this.#front = UNKNOWN;
    return { type: 'message', bytes };
  }

  /** Between messages: CRLF CRLF is a ping, a single CRLF is left over or an answer to a ping of ours. */
  #skipLineEnds(): Framed | null {
    while (this.#start < this.#end) {
      const octet = this.#store[this.#start];
      if (octet !== CR && octet !== LF) {
        this.#lineEnds = 0;
        return null;
      }
      this.#start += 1;
      this.#searchFrom = this.#start;
      if (octet === LF) this.#lineEnds += 1;
      if (this.#lineEnds === 2) {
        this.#lineEnds = 0;
        return { type: 'ping' };
      }
    }
    return null;
  }

  #readStartLine(): Framed | null {
    if (this.#start === this.#end) return null;
    const first = this.#store[this.#start] ?? 0;
    // Requests begin with a token, responses with `SIP`: anything else is another protocol.
    if (first <= 32 || first >= 127) return broken('the stream is not SIP');
    const lineEnd = this.#find(CRLF);
    if (lineEnd === -1) return this.#tooLong();
    const line = octetsToString(this.#store, this.#start, lineEnd);
    if (!line.startsWith('SIP/') && !/ SIP\/\d+\.\d+[ \t]*$/.test(line)) {
      return broken('the stream is not SIP');
    }
    this.#searchFrom = lineEnd;
    this.#front = { known: 'start-line' };
    return null;
  }

  #readHead(): Framed | null {
    const headEnd = this.#find(END_OF_HEAD);
    if (headEnd === -1) return this.#tooLong();
    const length = contentLength(octetsToString(this.#store, this.#start, headEnd));
    if (length === null) return broken('a message has no usable Content-Length');
    const totalBytes = headEnd + END_OF_HEAD.length - this.#start + length;
    if (totalBytes > this.#maxMessageBytes) return broken('a message is too large');
    this.#front = { known: 'length', totalBytes };
    return null;
  }

  #tooLong(): Framed | null {
    return this.pendingBytes > this.#maxMessageBytes ? broken('a message is too large') : null;
  }

  /** Position of `mark` in what has come, or −1; what has been searched is not searched again. */
  #find(mark: Buffer): number {
    const at = this.#store.subarray(0, this.#end).indexOf(mark, this.#searchFrom);
    if (at === -1) this.#searchFrom = Math.max(this.#start, this.#end - mark.length + 1);
    return at;
  }
}

function broken(why: string): Framed {
  return { type: 'broken', why };
}

/** The one Content-Length of a head, or null when there is none, more than one, or it is no length. */
function contentLength(head: string): number | null {
  let length: number | null = null;
  for (let at = head.indexOf('\r\n'); at !== -1; at = head.indexOf('\r\n', at + 2)) {
    const first = head.charCodeAt(at + 2) | 0x20;
    // Only names that begin with C or L can be Content-Length.
    if (first !== 99 && first !== 108) continue;
    const lineEnd = head.indexOf('\r\n', at + 2);
    const end = lineEnd === -1 ? head.length : lineEnd;
    const colon = head.indexOf(':', at + 2);
    if (colon === -1 || colon > end) continue;
    if (canonicalHeaderName(trimmed(head, at + 2, colon)) !== 'content-length') continue;
    const text = trimmed(head, colon + 1, end);
    if (length !== null || !/^\d{1,9}$/.test(text)) return null;
    length = Number(text);
  }
  return length;
}
