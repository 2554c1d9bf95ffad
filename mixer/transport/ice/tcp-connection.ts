import type { Socket } from 'node:net';
import type { DurationMs, MonotonicMs } from '../../protocol/units.ts';
import type { FrameHandler } from './stream-framer.ts';
import { framed, StreamFramer } from './stream-framer.ts';

/** A connection that no valid check came over is closed after so long. */
const UNPROVEN_MS: DurationMs = 10_000;
/** Packets that an unproven connection may send; a check takes one. */
const UNPROVEN_PACKETS = 32;
/**
 * So many packets in one turn of the loop, and the rest of the stream waits for the next: audio has one or two. And so
 * many are a flood: what has piled up of honest packets fits into one piece of 64 kB, and the shortest have 40 bytes.
 */
const TURN_PACKETS = 64;
const FLOOD_PACKETS = 2000;
/** First bytes of STUN, RFC 7983 §7: nothing else can prove a connection. */
const STUN_LAST = 3;
/** A peer so far behind is sent nothing until it has caught up: late audio is worse than none. */
const BEHIND_MS: DurationMs = 100;
/** Most that waits for a peer, for bursts within that time. */
const MAX_WAITING_BYTES = 32 * 1024;
/** A peer that has taken nothing for so long is gone. */
const STUCK_MS: DurationMs = 10_000;

/** One peer's connection to an ICE-TCP candidate (RFC 6544): packets in frames, both ways. */
export class TcpConnection {
  readonly socket: Socket;
  /** As Node writes it; the socket forgets it when it closes. */
  readonly host: string;
  readonly port: number;
  readonly openedAtMs: MonotonicMs;
  /** `proven`: its path is kept. */
  state: 'unproven' | 'proven' | 'closed' = 'unproven';
  readonly #framer = new StreamFramer();
  #packets = 0;
  #turn = 0;
  #turnPackets = 0;
  /** Since when the kernel takes no more for this peer; −1 while it does. */
  #behindSinceMs: MonotonicMs = -1;

  constructor(socket: Socket, nowMs: MonotonicMs) {
    this.socket = socket;
    this.host = socket.remoteAddress ?? '';
    this.port = socket.remotePort ?? 0;
    this.openedAtMs = nowMs;
  }

  /**
   * Takes what has come in a turn of the loop, which has a number. Ends the connection when that makes no sense, is no
   * STUN where STUN must be, or a flood. `enough`: no more of this connection is to be taken in this turn.
   */
  take(chunk: Uint8Array, turn: number, deliver: FrameHandler): 'enough' | 'more' {
    if (turn !== this.#turn) this.#turnPackets = 0;
    this.#turn = turn;
    const outcome = this.#framer.push(chunk, (bytes, lengthBytes) => {
      if (this.state === 'closed') return;
      this.#packets += 1;
      this.#turnPackets += 1;
      const isEarly = this.state === 'unproven';
      if (isEarly && ((bytes[0] ?? 0xff) > STUN_LAST || this.#packets > UNPROVEN_PACKETS))
        this.abort();
      else if (this.#turnPackets > FLOOD_PACKETS) this.abort();
      else deliver(bytes, lengthBytes);
    });
    if (outcome === 'broken') this.abort();
    return this.#turnPackets >= TURN_PACKETS ? 'enough' : 'more';
  }

  /** Sends a packet in its frame, or drops it when the peer is too far behind. */
  send(packet: Uint8Array, nowMs: MonotonicMs): void {
    if (this.state === 'closed') return;
    if (this.#behindMs(nowMs) > BEHIND_MS) return;
    if (this.socket.writableLength + packet.length > MAX_WAITING_BYTES) return;
    this.socket.write(framed(packet));
  }

  /** Ends it when it is overdue. */
  sweep(nowMs: MonotonicMs): void {
    const isUnproven = this.state === 'unproven' && nowMs - this.openedAtMs > UNPROVEN_MS;
    if (isUnproven || this.#behindMs(nowMs) > STUCK_MS) this.abort();
  }

  /** Ends it when what was sent has gone out. */
  end(): void {
    this.state = 'closed';
    // Whoever does not take even that is not waited for.
    if (this.socket.writableLength > 0) this.socket.destroy();
    else this.socket.destroySoon();
  }

  /** Ends it at once. */
  abort(): void {
    this.state = 'closed';
    this.socket.destroy();
  }

  #behindMs(nowMs: MonotonicMs): DurationMs {
    if (this.socket.writableLength === 0) this.#behindSinceMs = -1;
    else if (this.#behindSinceMs < 0) this.#behindSinceMs = nowMs;
    return this.#behindSinceMs < 0 ? 0 : nowMs - this.#behindSinceMs;
  }
}
