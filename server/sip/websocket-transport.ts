import { STATUS_CODES } from 'node:http';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import type { WebSocket } from 'ws';
import type { Clock } from '../runtime/clock.ts';
import { networkOf } from '../runtime/network-address.ts';
import { MAX_MESSAGE_BYTES } from './message-parser.ts';
import type { SipAction, SipFlow, SipInput } from './user-agent.ts';
import { runWebSocketConnection } from './websocket-connection.ts';
import type { WebSocketConnection } from './websocket-connection.ts';

/** What the WebSockets of SIP need to know. */
export interface WebSocketTransportOptions {
  readonly receive: (input: SipInput) => void;
  readonly log: (entry: Extract<SipAction, { type: 'log' }>) => void;
  readonly clock: Clock;
  /** Whether pages of this origin may connect; null: no Origin header, a program and no page. */
  readonly isAllowedOrigin: (origin: string | null) => boolean;
  readonly maxConnections: number;
  /** Of one IPv4 address, or one IPv6 network of 64 bits. */
  readonly connectionsPerAddress: number;
  /** Frames of one connection, for long; twice as many in a burst. */
  readonly messagesPerSecond: number;
}

/** A connection that asks to become a WebSocket. Who it is, is as the HTTP server knows it: a proxy may stand before it. */
export interface SipUpgrade {
  readonly request: IncomingMessage;
  readonly socket: Duplex;
  readonly head: Buffer;
  /** Literal address. */
  readonly remoteAddress: string;
  readonly remotePort: number;
  readonly scheme: 'ws' | 'wss';
}

/** SIP over WebSocket, RFC 7118: connections that come from an HTTP server's upgrades. None is ever made. */
export interface WebSocketTransport {
  /**
   * Takes over an HTTP upgrade, or refuses it: 400 without subprotocol `sip`, 403 by origin, 429 when its address has
   * too many, 503 when all have.
   */
  accept(upgrade: SipUpgrade): void;
  /** Whether the flow's connection stands. */
  has(flow: SipFlow): boolean;
  /** Over the flow's connection; what is for one that is gone is dropped. */
  send(action: Extract<SipAction, { type: 'send' }>): void;
  closeFlow(flow: SipFlow): void;
  /** Closes all, when what was sent has left. Nobody is accepted any more. */
  close(): Promise<void>;
  readonly connections: number;
}

/** Longest that closing waits for peers to take what was sent to them. */
const CLOSE_TIMEOUT_MS = 500;
/** One that is unused for so long gives way when there is no room: who comes to call, calls at once. */
const GIVES_WAY_AFTER_MS = 2000;

/** Makes the WebSockets' side of SIP. It listens nowhere itself. */
export function createWebSocketTransport(options: WebSocketTransportOptions): WebSocketTransport {
  return new WebSockets(options);
}

class WebSockets implements WebSocketTransport {
  readonly #options: WebSocketTransportOptions;
  readonly #server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    maxPayload: MAX_MESSAGE_BYTES,
    perMessageDeflate: false,
    handleProtocols: () => 'sip',
  });
  readonly #byFlowId = new Map<string, WebSocketConnection>();
  /** Those on which no INVITE was accepted yet, the oldest first. */
  readonly #unused = new Set<WebSocketConnection>();
  readonly #countByAddress = new Map<string, number>();
  #connectionsSoFar = 0;
  #refusedSoFar = 0;
  #state: 'open' | 'closing' = 'open';
  #emptied: () => void = () => {};

  constructor(options: WebSocketTransportOptions) {
    this.#options = options;
  }

  get connections(): number {
    return this.#byFlowId.size;
  }

  accept(upgrade: SipUpgrade): void {
    const refusal = this.#judge(upgrade);
    if (refusal !== null) {
      this.#refuse(upgrade, refusal);
      return;
    }
    const { request, socket, head } = upgrade;
    this.#server.handleUpgrade(request, socket, head, (webSocket) => {
      this.#run(webSocket, upgrade);
    });
  }

  has(flow: SipFlow): boolean {
    return this.#byFlowId.has(flow.flowId);
  }

  send(action: Extract<SipAction, { type: 'send' }>): void {
    this.#byFlowId.get(action.flow.flowId)?.send(action.bytes);
  }

  closeFlow(flow: SipFlow): void {
    this.#byFlowId.get(flow.flowId)?.close();
  }

  async close(): Promise<void> {
    this.#state = 'closing';
    if (this.#byFlowId.size === 0) return;
    for (const connection of this.#byFlowId.values()) connection.close();
    const { clock } = this.#options;
    const disarm = clock.schedule(clock.monotonicMs() + CLOSE_TIMEOUT_MS, () => {
      for (const connection of this.#byFlowId.values()) connection.destroy();
    });
    await new Promise<void>((resolve) => {
      this.#emptied = resolve;
    });
    disarm();
  }

  /** The status of a refusal, or null. */
  #judge({ request, remoteAddress }: SipUpgrade): number | null {
    const { isAllowedOrigin, connectionsPerAddress, maxConnections } = this.#options;
    if (this.#state === 'closing') return 503;
    const protocols = (request.headers['sec-websocket-protocol'] ?? '').split(',');
    if (!protocols.some((name) => name.trim() === 'sip')) return 400;
    if (!isAllowedOrigin(request.headers.origin ?? null)) return 403;
    const count = this.#countByAddress.get(networkOf(remoteAddress)) ?? 0;
    if (count >= connectionsPerAddress) return 429;
    return this.connections < maxConnections || this.#makeRoom() ? null : 503;
  }

  /** Cuts the oldest connection that came and did not call. */
  #makeRoom(): boolean {
    const [oldest] = this.#unused;
    const nowMs = this.#options.clock.monotonicMs();
    if (oldest === undefined || nowMs - oldest.openedAtMs < GIVES_WAY_AFTER_MS) return false;
    oldest.destroy();
    this.#unused.delete(oldest);
    return true;
  }

  #refuse({ socket, remoteAddress }: SipUpgrade, status: number): void {
    socket.on('error', () => {});
    const head = `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n`;
    socket.end(`${head}Connection: close\r\nContent-Length: 0\r\n\r\n`, () => socket.destroy());
    this.#refusedSoFar += 1;
    // The 1st, 2nd, 4th, 8th… so that a flood of connections is no flood of lines.
    if (Math.log2(this.#refusedSoFar) % 1 !== 0) return;
    this.#options.log({
      type: 'log',
      level: 'warn',
      message: 'sip websocket refused',
      facts: { remoteHost: remoteAddress, status, refusedSoFar: this.#refusedSoFar },
    });
  }

  #run(socket: WebSocket, upgrade: SipUpgrade): void {
    this.#connectionsSoFar += 1;
    const { clock, messagesPerSecond, receive, log } = this.#options;
    const { request, scheme, remoteAddress: remoteHost, remotePort } = upgrade;
    const localPort = request.socket.localPort ?? 0;
    const flowId = `${scheme}#${this.#connectionsSoFar}`;
    const key = networkOf(remoteHost);
    const connection: WebSocketConnection = runWebSocketConnection({
      socket,
      flow: { transport: scheme, flowId, remoteHost, remotePort, localPort },
      clock,
      messagesPerSecond,
      receive,
      log,
      served: () => this.#unused.delete(connection),
      closed: () => this.#closed(connection, key),
    });
    this.#byFlowId.set(flowId, connection);
    this.#unused.add(connection);
    this.#countByAddress.set(key, (this.#countByAddress.get(key) ?? 0) + 1);
  }

  #closed(connection: WebSocketConnection, key: string): void {
    this.#byFlowId.delete(connection.flow.flowId);
    this.#unused.delete(connection);
    const left = (this.#countByAddress.get(key) ?? 1) - 1;
    if (left === 0) this.#countByAddress.delete(key);
    else this.#countByAddress.set(key, left);
    if (this.#byFlowId.size === 0) this.#emptied();
  }
}
