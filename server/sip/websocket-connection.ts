import { isUtf8 } from 'node:buffer';
import type { RawData, WebSocket } from 'ws';
import type { MonotonicMs } from '../../mixer/protocol/units.ts';
import type { Clock } from '../runtime/clock.ts';
import { TokenBucket } from '../runtime/token-bucket.ts';
import { isKeepAlive } from './message-parser.ts';
import type { SipAction, SipFlow, SipInput } from './user-agent.ts';

/** Longest that a connection may stand before an INVITE is accepted on it. */
const UNUSED_TIMEOUT_MS = 30_000;
/** How often a silent peer is asked, and how long it has to answer. Proxies commonly give up after 60 s of silence. */
const PING_INTERVAL_MS = 25_000;
const PONG_TIMEOUT_MS = 10_000;
/** What may wait for a peer that reads slowly. More, and its connection is cut. */
const MAX_UNSENT_BYTES = 256 * 1024;
/** Frames above the steady rate that are taken at once, in seconds of that rate. */
const BURST_SECONDS = 2;

/** RFC 6455 §7.4.1. */
const GOING_AWAY = 1001;
const POLICY_VIOLATION = 1008;

const PING = Buffer.from('\r\n\r\n');
const PONG = Buffer.from('\r\n');

/** One WebSocket that carries SIP. */
export interface WebSocketConnection {
  readonly flow: SipFlow;
  readonly openedAtMs: MonotonicMs;
  /** Never waits. A peer that reads too slowly is cut off. */
  send(bytes: Uint8Array): void;
  /** Says good-bye, and closes when what was sent has left. */
  close(): void;
  /** Closes at once. */
  destroy(): void;
}

/** What a connection needs to know. */
export interface WebSocketConnectionOptions {
  readonly socket: WebSocket;
  readonly flow: SipFlow;
  readonly clock: Clock;
  readonly messagesPerSecond: number;
  readonly receive: (input: SipInput) => void;
  readonly log: (entry: Extract<SipAction, { type: 'log' }>) => void;
  /** An INVITE was accepted on it: it is a guest's now. Called once at most. */
  readonly served: () => void;
  /** The connection is gone. Called once, before the endpoint is told. */
  readonly closed: () => void;
}

/** Runs a connection: one SIP message for each WebSocket message (RFC 7118 §5), pings, and limits. It never waits. */
export function runWebSocketConnection(options: WebSocketConnectionOptions): WebSocketConnection {
  return new RunningConnection(options);
}

class RunningConnection implements WebSocketConnection {
  readonly openedAtMs: MonotonicMs;
  readonly #options: WebSocketConnectionOptions;
  readonly #frames: TokenBucket;
  #life: 'alive' | 'asked' = 'alive';
  #use: 'unused' | 'serving' = 'unused';
  /** The peer speaks in text frames or in binary ones, and is answered likewise (RFC 7118 §5.3). */
  #frameType: 'text' | 'binary' = 'text';
  #disarmUnused: () => void;
  #disarmPing: () => void;

  constructor(options: WebSocketConnectionOptions) {
    const { socket, clock, messagesPerSecond } = options;
    this.#options = options;
    this.openedAtMs = clock.monotonicMs();
    this.#frames = new TokenBucket({
      perSecond: messagesPerSecond,
      capacity: messagesPerSecond * BURST_SECONDS,
      nowMs: this.openedAtMs,
    });
    this.#disarmUnused = clock.schedule(this.openedAtMs + UNUSED_TIMEOUT_MS, () => this.#unused());
    this.#disarmPing = clock.schedule(this.openedAtMs + PING_INTERVAL_MS, () => this.#ping());
    socket.on('message', (data, isBinary) => this.#message(data, isBinary ? 'binary' : 'text'));
    socket.on('ping', () => this.#frame());
    socket.on('pong', () => this.#frame());
    // A frame that breaks the protocol, or is too long: the library has answered it by a close frame.
    socket.on('error', (error) => this.#log('debug', 'sip websocket failed', error.message));
    socket.on('close', () => this.#gone());
  }

  get flow(): SipFlow {
    return this.#options.flow;
  }

  send(bytes: Uint8Array): void {
    const { socket } = this.#options;
    if (socket.readyState !== socket.OPEN) return;
    if (socket.bufferedAmount + bytes.length > MAX_UNSENT_BYTES) {
      this.#log('warn', 'sip websocket cut', 'the peer does not read');
      socket.terminate();
      return;
    }
    // A text frame that is no UTF-8 would make the peer close the connection.
    const isBinary = this.#frameType === 'binary' || !isUtf8(bytes);
    socket.send(bytes, { binary: isBinary });
    if (this.#use === 'unused' && acceptsInvite(bytes)) this.#serve();
  }

  close(): void {
    this.#options.socket.close(GOING_AWAY);
  }

  destroy(): void {
    this.#options.socket.terminate();
  }

  #message(data: RawData, frameType: 'text' | 'binary'): void {
    if (!Buffer.isBuffer(data) || !this.#frame()) return;
    this.#frameType = frameType;
    if (data.equals(PING)) {
      this.send(PONG);
    } else if (!isKeepAlive(data)) {
      this.#options.receive({ type: 'received', flow: this.flow, bytes: data });
    }
  }

  /** A frame of any kind shows life and counts. Whether it may be looked at. */
  #frame(): boolean {
    const { socket, clock } = this.#options;
    this.#life = 'alive';
    if (socket.readyState !== socket.OPEN) return false;
    if (this.#frames.take(clock.monotonicMs())) return true;
    this.#log('warn', 'sip websocket closed', 'too many messages');
    socket.close(POLICY_VIOLATION);
    this.#lastWord();
    return false;
  }

  #serve(): void {
    this.#use = 'serving';
    this.#disarmUnused();
    this.#options.served();
  }

  #unused(): void {
    this.#log('debug', 'sip websocket closed', 'no call in time');
    this.#options.socket.close(POLICY_VIOLATION);
    this.#lastWord();
  }

  #ping(): void {
    const { socket, clock } = this.#options;
    const nowMs = clock.monotonicMs();
    if (this.#life === 'asked') {
      this.#log('debug', 'sip websocket cut', 'no answer to a ping');
      socket.terminate();
      return;
    }
    if (socket.readyState !== socket.OPEN) return;
    this.#life = 'asked';
    socket.ping();
    this.#disarmPing = clock.schedule(nowMs + PONG_TIMEOUT_MS, () => this.#pingAnswered());
  }

  #pingAnswered(): void {
    if (this.#life === 'asked') return this.#ping();
    const { clock } = this.#options;
    const nextMs = clock.monotonicMs() + PING_INTERVAL_MS - PONG_TIMEOUT_MS;
    this.#disarmPing = clock.schedule(nextMs, () => this.#ping());
  }

  /** A peer that does not answer the close frame is not waited for. */
  #lastWord(): void {
    const { socket, clock } = this.#options;
    this.#disarmUnused();
    this.#disarmUnused = clock.schedule(clock.monotonicMs() + PONG_TIMEOUT_MS, () =>
      socket.terminate(),
    );
  }

  #gone(): void {
    this.#disarmUnused();
    this.#disarmPing();
    this.#options.closed();
    this.#options.receive({ type: 'flow-closed', flow: this.flow });
  }

  #log(level: 'debug' | 'warn', message: string, why: string): void {
    const { transport, remoteHost } = this.flow;
    this.#options.log({ type: 'log', level, message, facts: { transport, remoteHost, why } });
  }
}

/** Whether a message of ours is a 2xx to an INVITE. Our writer puts CSeq far before the body. */
function acceptsInvite(bytes: Uint8Array): boolean {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  if (!head.startsWith('SIP/2.0 2')) return false;
  return /\r\nCSeq: *\d+ +INVITE\r\n/i.test(head.slice(0, head.indexOf('\r\n\r\n') + 2));
}
