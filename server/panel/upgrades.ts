import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';

import { networkOf } from '../runtime/network-address.ts';
import { ownOriginsOf, originVerdict } from './own-origin.ts';
import { createTrustedProxies } from './trusted-proxies.ts';

/** A connection that asks to speak another protocol, before anything was answered. */
export interface Upgrade {
  readonly request: IncomingMessage;
  readonly socket: Duplex;
  readonly head: Buffer;
  /** Where it comes from, proxies that are trusted taken off. */
  readonly remoteAddress: string;
  readonly remotePort: number;
  /** As the browser sees it: `wss` behind a proxy that speaks TLS too. */
  readonly scheme: 'ws' | 'wss';
  /** Whether the page that asks is ours; `none`: it is no page that asks. Foreign ones never come here. */
  readonly origin: 'own' | 'none';
}

/** Takes over the connections of one path. Whoever takes one counts its ends by the socket's `close`. */
export type UpgradeHandler = (upgrade: Upgrade) => void;

/** What the router judges by. */
export interface UpgradeOptions {
  /** `http.trustProxy`. */
  readonly trustProxy: readonly string[];
  /** `http.publicUrl`. */
  readonly publicUrl: string | null;
  /** Most connections taken over, altogether and of one address (of IPv6: one /64). */
  readonly maxConnections: number;
  readonly connectionsPerAddress: number;
}
/** As Node hands over an upgrade: `server.on('upgrade', …)`. */
export type UpgradeListener = (request: IncomingMessage, socket: Duplex, head: Buffer) => void;

/**
 * Leads connections that ask for an upgrade to the handler of their path. What is refused gets its status and is closed:
 * 404 for other paths, 400 for other protocols than WebSocket, 403 for pages that are not ours, 429 for an address that
 * has too many, 503 when there are too many altogether.
 */
export function createUpgradeRouter(
  handlers: Readonly<Record<string, UpgradeHandler>>,
  options: UpgradeOptions,
): UpgradeListener {
  const proxies = createTrustedProxies(options.trustProxy);
  const counts = new Map<string, number>();
  let connections = 0;

  function count(network: string, socket: Duplex): void {
    connections += 1;
    counts.set(network, (counts.get(network) ?? 0) + 1);
    socket.once('close', () => {
      connections -= 1;
      const left = (counts.get(network) ?? 1) - 1;
      if (left > 0) counts.set(network, left);
      else counts.delete(network);
    });
  }

  function statusFor(network: string): number | null {
    if ((counts.get(network) ?? 0) >= options.connectionsPerAddress) return 429;
    return connections >= options.maxConnections ? 503 : null;
  }

  return (request, socket, head) => {
    // Peers that reset what is being refused must not end the process.
    socket.on('error', () => socket.destroy());
    const path = (request.url ?? '').split('?', 1)[0] ?? '';
    const handler = Object.hasOwn(handlers, path) ? handlers[path] : undefined;
    if (handler === undefined) return refuse(socket, 404);
    if (request.headers.upgrade?.toLowerCase() !== 'websocket') return refuse(socket, 400);
    const facts = proxies.factsOf(request);
    const origins = ownOriginsOf(facts.scheme, request.headers.host, options.publicUrl);
    const origin = originVerdict(request.headers.origin ?? null, origins);
    if (origin === 'foreign') return refuse(socket, 403);
    const network = networkOf(facts.remoteAddress);
    const status = statusFor(network);
    if (status !== null) return refuse(socket, status);
    count(network, socket);
    const { remoteAddress, remotePort } = facts;
    const scheme = facts.scheme === 'https' ? 'wss' : 'ws';
    handler({ request, socket, head, remoteAddress, remotePort, scheme, origin });
  };
}

const REASONS: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  403: 'Forbidden',
  404: 'Not Found',
  429: 'Too Many Requests',
  503: 'Service Unavailable',
};

function refuse(socket: Duplex, status: number): void {
  const retry = status === 429 || status === 503 ? 'Retry-After: 10\r\n' : '';
  socket.end(
    `HTTP/1.1 ${status} ${REASONS[status] ?? ''}\r\nConnection: close\r\nContent-Length: 0\r\n${retry}\r\n`,
    () => socket.destroy(),
  );
}
