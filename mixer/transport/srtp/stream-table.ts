import type { SrtpStreamSnapshot } from '../../protocol/media-security.ts';
import { ReplayWindows } from './replay-windows.ts';

/** SSRCs of one direction that are remembered at once. */
export const MAX_STREAMS = 8;
/** An SRTP index has 48 bits; after the last one there must be new keys (RFC 3711 §9.2). */
const INDEX_END = 2 ** 48;
const SEQUENCE_NUMBERS = 65_536;
const HALF = SEQUENCE_NUMBERS / 2;
const NONE = -1;

/**
 * Roll-over counters and replay windows of the SSRCs of one direction, RFC 3711 §3.2.1. An SSRC is entered when its
 * first packet has proved genuine, so forged ones take no room. All memory is taken at once.
 */
export class StreamTable {
  readonly #whenFull: 'replace-quietest' | 'refuse';
  readonly #ssrcs = new Uint32Array(MAX_STREAMS);
  /** By the RTP index, roll-over counter × 65,536 + sequence number, and by the RTCP index. */
  readonly #rtp = new ReplayWindows(MAX_STREAMS);
  readonly #rtcp = new ReplayWindows(MAX_STREAMS);
  /** When each SSRC was last used, counted in packets. */
  readonly #usedAt = new Float64Array(MAX_STREAMS);
  #uses = 0;
  #count = 0;

  /** `whenFull`: what becomes of a ninth SSRC. It may take the place of the one that has been quiet for longest. */
  constructor(whenFull: 'replace-quietest' | 'refuse') {
    this.#whenFull = whenFull;
  }

  /** The place of an SSRC, −1 when it has none. */
  find(ssrc: number): number {
    for (let at = 0; at < this.#count; at += 1) if (this.#ssrcs[at] === ssrc) return at;
    return NONE;
  }

  /** The index that a sequence number most likely has, −1 when there can be none. RFC 3711 §3.3.1 */
  estimateRtp(at: number, sequenceNumber: number): number {
    const highest = at < 0 ? NONE : this.#rtp.highest(at);
    if (highest < 0) return sequenceNumber;
    const last = highest % SEQUENCE_NUMBERS;
    const start = highest - last;
    let index = start + sequenceNumber;
    if (last < HALF && sequenceNumber - last > HALF) index -= SEQUENCE_NUMBERS;
    else if (last >= HALF && last - HALF > sequenceNumber) index += SEQUENCE_NUMBERS;
    return index < 0 || index >= INDEX_END ? NONE : index;
  }

  /** Whether an SSRC has had an RTP packet, so that its roll-over counter is known. */
  knowsRtp(at: number): boolean {
    return at >= 0 && this.#rtp.highest(at) >= 0;
  }

  /** Whether this RTP index was not seen yet and is not too old to tell. */
  isFreshRtp(at: number, index: number): boolean {
    return at < 0 || this.#rtp.isFresh(at, index);
  }

  /** The same for RTCP. */
  isFreshRtcp(at: number, index: number): boolean {
    return at < 0 || this.#rtcp.isFresh(at, index);
  }

  /** The place of an SSRC, made if need be; −1 when there is no room. */
  claim(ssrc: number): number {
    let at = this.find(ssrc);
    if (at < 0) at = this.#newPlace(ssrc);
    if (at < 0) return at;
    this.#uses += 1;
    this.#usedAt[at] = this.#uses;
    return at;
  }

  /** Remembers that this RTP index was seen. */
  markRtp(at: number, index: number): void {
    this.#rtp.mark(at, index);
  }

  /** The same for RTCP. */
  markRtcp(at: number, index: number): void {
    this.#rtcp.mark(at, index);
  }

  snapshot(): readonly SrtpStreamSnapshot[] {
    return Array.from({ length: this.#count }, (_, at) => {
      const highest = this.#rtp.highest(at);
      return {
        ssrc: this.#ssrcs[at] ?? 0,
        rolloverCounter: highest < 0 ? 0 : Math.floor(highest / SEQUENCE_NUMBERS),
        highestSequenceNumber: highest < 0 ? NONE : highest % SEQUENCE_NUMBERS,
        rtcpIndex: this.#rtcp.highest(at),
      };
    });
  }

  /** All up to the highest indices counts as seen: which were, nobody knows any more. */
  restore(streams: readonly SrtpStreamSnapshot[]): void {
    this.#count = 0;
    for (const stream of streams.slice(0, MAX_STREAMS)) {
      const at = this.claim(stream.ssrc);
      const { highestSequenceNumber: last } = stream;
      this.#rtp.restart(at, last < 0 ? NONE : stream.rolloverCounter * SEQUENCE_NUMBERS + last);
      this.#rtcp.restart(at, stream.rtcpIndex);
    }
  }

  #newPlace(ssrc: number): number {
    if (this.#count === MAX_STREAMS && this.#whenFull === 'refuse') return NONE;
    const at = this.#count < MAX_STREAMS ? this.#count : this.#quietest();
    if (at === this.#count) this.#count += 1;
    this.#ssrcs[at] = ssrc;
    this.#rtp.restart(at, NONE);
    this.#rtcp.restart(at, NONE);
    return at;
  }

  /** Of those that have had RTCP only, while there are any: they have the least to lose. */
  #quietest(): number {
    let quietest = 0;
    for (let at = 1; at < MAX_STREAMS; at += 1) if (this.#yieldsTo(at, quietest)) quietest = at;
    return quietest;
  }

  #yieldsTo(at: number, other: number): boolean {
    if (this.knowsRtp(at) !== this.knowsRtp(other)) return this.knowsRtp(other);
    return (this.#usedAt[at] ?? 0) < (this.#usedAt[other] ?? 0);
  }
}
