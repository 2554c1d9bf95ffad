import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Clock } from '../runtime/clock.ts';
import type { SipAction, SipFlow, SipInput } from './user-agent.ts';

/** What the WebSockets of SIP need to know. */
export interface WebSocketTransportOptions {
  readonly receive: (input: SipInput) => void;
  readonly log: (entry: Extract<SipAction, { type: 'log' }>) => void;
  readonly clock: Clock;
  /** Whether pages of this origin may connect; null: no Origin header, a program and no page. */
  readonly isAllowedOrigin: (origin: string | null) => boolean;
  readonly maxConnections: number;
  readonly connectionsPerAddress: number;
  /** Frames of one connection, for long; twice as many in a burst. */
  readonly messagesPerSecond: number;
}

/** Who connects, as the HTTP server knows it: behind a proxy these are not the socket's own. */
export interface WebSocketFacts {
  /** Literal address. */
  readonly remoteHost: string;
  readonly remotePort: number;
  readonly scheme: 'ws' | 'wss';
  /** Port of the HTTP server, for our Via and Contact. */
  readonly localPort: number;
}

/** SIP over WebSocket, RFC 7118: connections that come from an HTTP server's upgrades. None is ever made. */
export interface WebSocketTransport {
  /** Takes over an HTTP upgrade, or refuses it: 400 without subprotocol `sip`, 403 by origin, 503 when too many. */
  accept(request: IncomingMessage, socket: Duplex, head: Buffer, facts: WebSocketFacts): void;
  /** Whether the flow's connection stands. */
  has(flow: SipFlow): boolean;
  /** Over the flow's connection; what is for one that is gone is dropped. */
  send(action: Extract<SipAction, { type: 'send' }>): void;
  closeFlow(flow: SipFlow): void;
  /** Closes all, when what was sent has left. Nobody is accepted any more. */
  close(): Promise<void>;
  readonly connections: number;
}

/** Makes the WebSockets' side of SIP. It listens nowhere itself. */
export function createWebSocketTransport(
  options: WebSocketTransportOptions,
): WebSocketTransport {
  throw new Error(String(options));
}
