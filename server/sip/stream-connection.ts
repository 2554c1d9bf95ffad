import type { Socket } from 'node:net';
import type { MonotonicMs } from '../../mixer/protocol/units.ts';
import type { Clock } from '../runtime/clock.ts';
import type { SocketLogEntry } from './sip-sockets-options.ts';
import { StreamFramer } from './stream-framer.ts';
import type { SipFlow, SipInput } from './user-agent.ts';

/** Longest that a connection may stand without a message. Peers that keep one open longer keep it awake. */
const IDLE_TIMEOUT_MS = 3_600_000;
/** Longest that a message may take to come whole, and an accepted connection to bring its first. */
const MESSAGE_TIMEOUT_MS = 30_000;
/** RFC 5626 §4.4.1: how long a peer has to answer a ping. */
const PONG_TIMEOUT_MS = 10_000;
/** 64*T1 (RFC 3261 table 4): a request of which nothing has come back by then has failed. */
const REQUEST_TIMEOUT_MS = 32_000;
/** TCP's own probes find peers that are gone without a word. */
const KEEP_ALIVE_MS = 60_000;

/** What may wait for a peer that reads slowly. More, and its connection is closed. */
export const MAX_UNSENT_BYTES = 1024 * 1024;

const PING = Buffer.from('\r\n\r\n', 'latin1');
const PONG = Buffer.from('\r\n', 'latin1');

/** One TCP or TLS connection that carries SIP. */
export interface StreamConnection {
  readonly flow: SipFlow;
  /** Whether anything has come by it yet. */
  readonly heard: 'nothing' | 'something';
  /** Never waits. A peer that reads too slowly is cut off. */
  send(bytes: Uint8Array): void;
  /** Whether it is closed when it has been unused for an hour. */
  stay(how: 'while-used' | 'awake'): void;
  /** Closes when what was sent has left. */
  close(): void;
  /** Closes at once. */
  destroy(): void;
}

/** What a connection needs to know. */
export interface StreamConnectionOptions {
  readonly socket: Socket;
  readonly flow: SipFlow;
  readonly clock: Clock;
  readonly messageBytes: number;
  /** How often the peer is pinged; 0: never. Whoever has made the connection pings (RFC 5626 §3.5.1). */
  readonly pingIntervalMs: number;
  /** `accepted`: the peer has made it, and has to send a message soon. */
  readonly origin: 'accepted' | 'made';
  readonly receive: (input: SipInput) => void;
  readonly log: (entry: SocketLogEntry) => void;
  /** Our pings, or our requests, are not answered any more. The connection is closed next. */
  readonly unanswered: () => void;
  /** The connection is gone. Called once, before the endpoint is told. */
  readonly closed: () => void;
}

/**
 * Runs a connection: cuts it into messages, answers pings, and closes it when the peer sends what is not SIP, leaves a
 * message half sent, is silent too long, or does not read what it is sent. It never waits for the peer.
 *
 * One of ours is pinged. A peer that has answered a ping once must go on doing so, or counts as gone (RFC 5626 §4.4.1);
 * one that has never answered, as many who do not know that, must answer requests: when 64*T1 after one nothing at all has
 * come, it is given up with the next ping, so that what follows goes over a connection that stands. One that is asked
 * nothing is left to TCP's own probes.
 */
export function runStreamConnection(options: StreamConnectionOptions): StreamConnection {
  return new RunningConnection(options);
}

/**
 * Where our pings stand.
 *
 *   untried ──ping──▶ asked ──pong──▶ answering ──ping──▶ awaited ──10 s──▶ closed
 *                       │ 10 s            ▲                  │ pong
 *                       ▼                 └──────────────────┘
 *                     silent ──pong──▶ answering   (silent is pinged on, for translators on the way)
 */
type PingState = 'untried' | 'asked' | 'silent' | 'answering' | 'awaited';

class RunningConnection implements StreamConnection {
  readonly #options: StreamConnectionOptions;
  readonly #framer: StreamFramer;
  #since: 'opened' | 'served';
  #stay: 'while-used' | 'awake' = 'while-used';
  #pings: PingState = 'untried';
  #heard: 'nothing' | 'something' = 'nothing';
  #usedAtMs: MonotonicMs;
  /** Since when a request of ours has waited for whatever may come; null: none does. */
  #askedAtMs: MonotonicMs | null = null;
  #disarmMessage: (() => void) | null = null;
  #disarmPing: () => void = () => {};
  #disarmIdle: () => void = () => {};

  constructor(options: StreamConnectionOptions) {
    const { socket, clock, origin, messageBytes, pingIntervalMs } = options;
    this.#options = options;
    this.#framer = new StreamFramer(messageBytes);
    this.#since = origin === 'made' ? 'served' : 'opened';
    this.#usedAtMs = clock.monotonicMs();
    socket.setNoDelay(true);
    socket.setKeepAlive(true, KEEP_ALIVE_MS);
    socket.on('data', (chunk) => this.#data(chunk));
    // What went wrong is told by `close`, which always follows.
    socket.on('error', () => {});
    socket.on('close', () => this.#gone());
    this.#watchMessage();
    this.#watchIdle();
    if (pingIntervalMs > 0) this.#pingLater(pingIntervalMs);
  }

  get flow(): SipFlow {
    return this.#options.flow;
  }

  get heard(): 'nothing' | 'something' {
    return this.#heard;
  }

  send(bytes: Uint8Array): void {
    this.#usedAtMs = this.#options.clock.monotonicMs();
    if (this.#askedAtMs === null && wantsAnswer(bytes)) this.#askedAtMs = this.#usedAtMs;
    this.#write(bytes);
  }

  stay(how: 'while-used' | 'awake'): void {
    this.#stay = how;
  }

  close(): void {
    this.#options.socket.destroySoon();
  }

  destroy(): void {
    this.#options.socket.destroy();
  }

  #write(bytes: Uint8Array): void {
    const { socket } = this.#options;
    if (socket.destroyed || !socket.writable) return;
    if (socket.writableLength + bytes.length > MAX_UNSENT_BYTES) {
      this.#give('warn', 'the peer does not read');
    } else {
      socket.write(bytes);
    }
  }

  #data(chunk: Buffer): void {
    const { receive, clock, socket } = this.#options;
    this.#heard = 'something';
    this.#askedAtMs = null;
    for (const framed of this.#framer.push(this.#withoutPong(chunk))) {
      if (socket.destroyed) return;
      this.#since = 'served';
      if (framed.type === 'message') {
        this.#usedAtMs = clock.monotonicMs();
        // The time is per message: the next one has its own.
        this.#disarmMessage?.();
        this.#disarmMessage = null;
        receive({ type: 'received', flow: this.flow, bytes: framed.bytes });
      } else if (framed.type === 'ping') {
        this.#write(PONG);
      } else {
        this.#give('warn', framed.why);
        return;
      }
    }
    this.#watchMessage();
  }

  /** Anything that comes shows life; a CRLF between messages answers our ping, two are a ping of the peer's. */
  #withoutPong(chunk: Buffer): Buffer {
    if (this.#pings === 'untried') return chunk;
    const isBetween = this.#framer.pendingBytes === 0;
    if (isBetween && chunk.indexOf(PONG) === 0 && chunk.indexOf(PING) !== 0) {
      this.#pings = 'answering';
      return chunk.subarray(PONG.length);
    }
    if (this.#pings === 'awaited') this.#pings = 'answering';
    return chunk;
  }

  #pingLater(inMs: number): void {
    const { clock } = this.#options;
    this.#disarmPing = clock.schedule(clock.monotonicMs() + inMs, () => this.#ping());
  }

  #ping(): void {
    const { clock } = this.#options;
    const nowMs = clock.monotonicMs();
    if (this.#askedAtMs !== null && nowMs - this.#askedAtMs >= REQUEST_TIMEOUT_MS) {
      this.#options.unanswered();
      return this.#give('warn', 'no answer to a request');
    }
    this.#pings = this.#pings === 'answering' ? 'awaited' : 'asked';
    this.#write(PING);
    this.#disarmPing = clock.schedule(nowMs + PONG_TIMEOUT_MS, () => this.#pinged());
  }

  #pinged(): void {
    if (this.#pings === 'awaited') {
      this.#options.unanswered();
      this.#give('warn', 'no answer to a ping');
      return;
    }
    if (this.#pings === 'asked') this.#pings = 'silent';
    this.#pingLater(Math.max(0, this.#options.pingIntervalMs - PONG_TIMEOUT_MS));
  }

  #watchMessage(): void {
    const isWaiting = this.#framer.pendingBytes > 0 || this.#since === 'opened';
    if (!isWaiting) {
      this.#disarmMessage?.();
      this.#disarmMessage = null;
    } else if (this.#disarmMessage === null && !this.#options.socket.destroyed) {
      const { clock } = this.#options;
      this.#disarmMessage = clock.schedule(clock.monotonicMs() + MESSAGE_TIMEOUT_MS, () =>
        this.#give('warn', 'no whole message in time'),
      );
    }
  }

  #watchIdle(): void {
    const { clock } = this.#options;
    this.#disarmIdle = clock.schedule(this.#usedAtMs + IDLE_TIMEOUT_MS, () => {
      const nowMs = clock.monotonicMs();
      const isIdle = nowMs - this.#usedAtMs >= IDLE_TIMEOUT_MS;
      if (isIdle && this.#stay === 'while-used') this.#give('debug', 'idle');
      else {
        if (isIdle) this.#usedAtMs = nowMs;
        this.#watchIdle();
      }
    });
  }

  #give(level: 'debug' | 'warn', why: string): void {
    const { transport, remoteHost } = this.flow;
    const facts = { transport, remoteHost, why };
    this.#options.log({ type: 'log', level, message: 'sip connection closed', facts });
    this.#options.socket.destroy();
  }

  #gone(): void {
    this.#disarmMessage?.();
    this.#disarmPing();
    this.#disarmIdle();
    this.#options.closed();
    this.#options.receive({ type: 'flow-closed', flow: this.flow });
  }
}

/** Whether a message of ours is a request, and no ACK: `SIP/` begins the others. */
function wantsAnswer(bytes: Uint8Array): boolean {
  const [first, second, third] = bytes;
  const isResponse = first === 0x53 && second === 0x49 && third === 0x50;
  const isAck = first === 0x41 && second === 0x43 && third === 0x4b;
  return !isResponse && !isAck;
}
