import { readFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import type { IncomingMessage, RequestListener, Server } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';

import { CodedError } from '../../mixer/protocol/coded-error.ts';
import type { DurationMs } from '../../mixer/protocol/units.ts';
import type { Config } from '../config/config.ts';
import type { Clock } from '../runtime/clock.ts';
import type { Logger } from '../runtime/logger.ts';
import type { UpgradeListener } from './upgrades.ts';

/** What the panel's server listens with. */
export interface HttpServerOptions {
  readonly listen: Config['http']['listen'];
  readonly handler: RequestListener;
  /** Takes connections that ask to speak another protocol; left out: they are closed. */
  readonly onUpgrade?: UpgradeListener;
  readonly clock: Clock;
  readonly log: Logger;
}

/** A listening server. */
export interface HttpServer {
  /** As it is bound. */
  readonly host: string;
  readonly port: number;
  /** `http://127.0.0.1:8080`: how it is reached where nothing else is configured. */
  readonly origin: string;
  /** Ends idle connections at once, and others when they are done, upgraded ones too, at most after 2 s. */
  close(): Promise<void>;
}

/** The panel cannot listen. The sentence names the setting. */
class PanelListenError extends CodedError {
  constructor(sentence: string, cause: unknown) {
    super('PANEL_LISTEN', sentence, {}, cause);
  }
}

/** A proxy in front keeps connections for about a minute: ours must last longer, or it meets closed ones. */
const KEEP_ALIVE_MS: DurationMs = 65_000;
/** A client that sends its headers, or its body, a byte at a time holds nothing for longer. */
const HEADERS_MS: DurationMs = 10_000;
const REQUEST_MS: DurationMs = 30_000;
const CLOSE_MS: DurationMs = 2_000;
const MOST_CONNECTIONS = 10_000;

/**
 * Listens for the panel, by https when a certificate is configured.
 * @throws PanelListenError when the port is taken or the certificate cannot be used.
 */
export async function listenHttp(options: HttpServerOptions): Promise<HttpServer> {
  const { listen, clock, log } = options;
  const server = createServer(options);
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  server.headersTimeout = HEADERS_MS;
  server.requestTimeout = REQUEST_MS;
  server.maxConnections = MOST_CONNECTIONS;
  const upgraded = watchUpgraded(server, options.onUpgrade);
  const unused = watchUnused(server, listen.certFile === null ? 'connection' : 'secureConnection');
  await bind(server, listen);
  server.on('error', (error) => log.error('panel: the server failed', { reason: error.message }));
  const { host, port } = boundAddress(server, listen);
  const scheme = listen.certFile === null ? 'http' : 'https';
  return {
    host,
    port,
    origin: `${scheme}://${reachableHost(host)}:${port}`,
    close: () => closeServer(server, [unused, upgraded], clock),
  };
}

function createServer({ listen, handler }: HttpServerOptions): Server {
  const { certFile, keyFile } = listen;
  if (certFile === null && keyFile === null) return createHttpServer(handler);
  const cert = readPem('certFile', certFile);
  const key = readPem('keyFile', keyFile);
  try {
    return createHttpsServer({ cert, key, minVersion: 'TLSv1.2' }, handler);
  } catch (error) {
    const sentence = `http.listen.certFile: ${certFile} and http.listen.keyFile: ${keyFile} are no certificate and key that fit (${reasonOf(error)})`;
    throw new PanelListenError(sentence, error);
  }
}

function readPem(setting: 'certFile' | 'keyFile', file: string | null): Buffer {
  if (file === null) {
    const sentence = `http.listen.${setting}: missing, https needs both a certificate and its key`;
    throw new PanelListenError(sentence, null);
  }
  try {
    return readFileSync(file);
  } catch (error) {
    const sentence = `http.listen.${setting}: cannot read ${file} (${reasonOf(error)})`;
    throw new PanelListenError(sentence, error);
  }
}

function bind(server: Server, { host, port }: HttpServerOptions['listen']): Promise<void> {
  return new Promise((resolve, reject) => {
    const failed = (error: Error): void => {
      const sentence = `http.listen: cannot listen on ${host}:${port} (${listenReason(error)})`;
      reject(new PanelListenError(sentence, error));
    };
    server.once('error', failed);
    server.listen({ host, port }, () => {
      server.off('error', failed);
      resolve();
    });
  });
}

function listenReason(error: Error): string {
  switch (reasonOf(error)) {
    case 'EADDRINUSE':
      return 'the port is taken';
    case 'EACCES':
      return 'ports below 1024 need a privilege';
    case 'EADDRNOTAVAIL':
      return 'this machine has no such address';
    default:
      return reasonOf(error);
  }
}

function boundAddress(
  server: Server,
  { host, port }: HttpServerOptions['listen'],
): { readonly host: string; readonly port: number } {
  const bound = server.address();
  return bound === null || typeof bound === 'string'
    ? { host, port }
    : { host: bound.address, port: bound.port };
}

/** An address of all interfaces is reached as this machine; IPv6 stands in brackets (RFC 3986 §3.2.2). */
function reachableHost(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
}

/** Connections that browsers open ahead of need: Node does not count them as idle before their first request. */
function watchUnused(
  server: Server,
  opened: 'connection' | 'secureConnection',
): ReadonlySet<Socket> {
  const unused = new Set<Socket>();
  server.on(opened, (socket: Socket) => {
    unused.add(socket);
    socket.once('close', () => unused.delete(socket));
  });
  server.prependListener('request', ({ socket }) => unused.delete(socket));
  server.prependListener('upgrade', ({ socket }) => unused.delete(socket));
  return unused;
}

/** Those that speak another protocol: the server does not know them any more, and would wait for them for ever. */
function watchUpgraded(
  server: Server,
  onUpgrade: UpgradeListener | undefined,
): ReadonlySet<Duplex> {
  const upgraded = new Set<Duplex>();
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    upgraded.add(socket);
    socket.once('close', () => upgraded.delete(socket));
    if (onUpgrade === undefined) socket.destroy();
    else onUpgrade(request, socket, head);
  });
  return upgraded;
}

function closeServer(
  server: Server,
  [unused, upgraded]: readonly [ReadonlySet<Socket>, ReadonlySet<Duplex>],
  clock: Clock,
): Promise<void> {
  return new Promise((resolve) => {
    const cancel = clock.schedule(clock.monotonicMs() + CLOSE_MS, () => {
      server.closeAllConnections();
      for (const socket of upgraded) socket.destroy();
    });
    server.close(() => {
      cancel();
      resolve();
    });
    server.closeIdleConnections();
    for (const socket of unused) socket.destroy();
  });
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return 'code' in error && typeof error.code === 'string' ? error.code : error.message;
}
