import type { MediaAddress } from '../protocol/mixer-command.ts';
import type { MonotonicMs } from '../protocol/units.ts';
import type { ListensTo } from './packet-io.ts';

/** Silence of the latched source after which another one may take the leg over. */
const RELATCH_SILENCE_MS = 500;
/** Packets in a row that a source must send before it is believed. */
const CONSISTENT_PACKETS = 3;
/** Farthest that two packets of one stream in a row may lie apart in sequence number. */
const MAX_SEQUENCE_STEP = 20;
/** Packets in a row from the latched source before the socket listens to it alone. */
const STEADY_PACKETS = 100;
/** Silence after which the socket listens to everybody again. */
const UNSTEADY_SILENCE_MS = 1000;

/** What `judge` looks at. Filled in anew for each packet by the caller who owns it. */
export interface RtpSource {
  host: string;
  port: number;
  ssrc: number;
  sequenceNumber: number;
  atMs: MonotonicMs;
}

/** `latch`: accepted, and `host` and `port` have changed. `refuse`: not from our peer, drop it. */
export type SourceVerdict = 'accept' | 'latch' | 'refuse';

/**
 * Finds out where a leg's peer really is (symmetric RTP, RFC 4961), without letting a stranger steal the leg.
 *
 *   declared ──valid packet from the declared address, or from another port of its host──▶ latched
 *      │                                                                                  │   ▲
 *      └──3 consistent packets from another host (NAT)───────────────────────────────────▶│   │
 *                                                                                         ▼   │
 *                   the declared address speaks, or the latched source is silent for 500 ms: 3 consistent packets
 *
 * `judge` is only given packets that are RTP with a payload type that was agreed on.
 */
export class SymmetricRtp {
  /** Where our packets go: the latched source, before that the address of the peer's SDP. */
  host: string;
  port: number;
  #declaredHost: string;
  #declaredPort: number;
  #latched: boolean;
  #lastAcceptedAtMs: MonotonicMs;
  #acceptedInARow = 0;
  #candidateHost = '';
  #candidatePort = 0;
  #candidateSsrc = 0;
  #candidateSequenceNumber = 0;
  #candidatePackets = 0;

  /** `latched` is what another worker has found out already, or null. */
  constructor(declared: MediaAddress, latched: MediaAddress | null, nowMs: MonotonicMs) {
    this.#declaredHost = declared.host;
    this.#declaredPort = declared.port;
    this.#latched = latched !== null;
    this.host = latched?.host ?? declared.host;
    this.port = latched?.port ?? declared.port;
    this.#lastAcceptedAtMs = nowMs;
  }

  /** The source that packets come from, or null while none is known. */
  get latched(): MediaAddress | null {
    return this.#latched ? { host: this.host, port: this.port } : null;
  }

  /** The peer has told another address: packets go there, and the search starts again. */
  declare(address: MediaAddress): 'changed' | 'unchanged' {
    if (address.host === this.#declaredHost && address.port === this.#declaredPort) {
      return 'unchanged';
    }
    this.#declaredHost = address.host;
    this.#declaredPort = address.port;
    this.#latched = false;
    this.host = address.host;
    this.port = address.port;
    this.#acceptedInARow = 0;
    this.#candidatePackets = 0;
    return 'changed';
  }

  /** Whether a packet is our peer's. Allocates nothing. */
  judge(source: RtpSource): SourceVerdict {
    if (this.#latched && source.host === this.host && source.port === this.port) {
      this.#lastAcceptedAtMs = source.atMs;
      this.#acceptedInARow += 1;
      return 'accept';
    }
    if (!this.#latched && source.host === this.#declaredHost) return this.#latch(source);
    this.#watch(source);
    const believed = this.#candidatePackets >= CONSISTENT_PACKETS && this.#isFree(source);
    return believed ? this.#latch(source) : 'refuse';
  }

  /**
   * Who the socket should listen to. A peer that has been steady is worth a connected socket, which sends about 2 µs
   * cheaper and keeps strangers out in the kernel; once it falls silent everybody must be heard again, or a peer that
   * has moved could not come back.
   */
  listensTo(nowMs: MonotonicMs): ListensTo {
    if (nowMs - this.#lastAcceptedAtMs >= UNSTEADY_SILENCE_MS) this.#acceptedInARow = 0;
    return this.#acceptedInARow >= STEADY_PACKETS ? 'destination-only' : 'everybody';
  }

  /** Whether another source may take the leg: nobody has it, its owner is silent, or its declared owner comes. */
  #isFree(source: RtpSource): boolean {
    if (!this.#latched) return true;
    if (source.host === this.#declaredHost && source.port === this.#declaredPort) return true;
    return source.atMs - this.#lastAcceptedAtMs >= RELATCH_SILENCE_MS;
  }

  /** Counts packets in a row of one stream from one source. */
  #watch(source: RtpSource): void {
    const step = (source.sequenceNumber - this.#candidateSequenceNumber) & 0xffff;
    const consistent =
      source.host === this.#candidateHost &&
      source.port === this.#candidatePort &&
      source.ssrc === this.#candidateSsrc &&
      step > 0 &&
      step <= MAX_SEQUENCE_STEP;
    this.#candidatePackets = consistent ? this.#candidatePackets + 1 : 1;
    this.#candidateHost = source.host;
    this.#candidatePort = source.port;
    this.#candidateSsrc = source.ssrc;
    this.#candidateSequenceNumber = source.sequenceNumber;
  }

  #latch(source: RtpSource): SourceVerdict {
    const moved = source.host !== this.host || source.port !== this.port;
    this.#latched = true;
    this.host = source.host;
    this.port = source.port;
    this.#lastAcceptedAtMs = source.atMs;
    this.#acceptedInARow = 1;
    this.#candidatePackets = 0;
    return moved ? 'latch' : 'accept';
  }
}
