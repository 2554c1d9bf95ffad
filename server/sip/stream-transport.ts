import { createServer as createTcpServer, isIPv6 } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import type { Server as TlsServer, TLSSocket } from 'node:tls';
import type { Facts } from '../../mixer/protocol/coded-error.ts';
import type { Clock } from '../runtime/clock.ts';
import { acceptedFlowId, AddressCount } from './connection-table.ts';
import type { ConnectionTable } from './connection-table.ts';
import type { SourceGuard } from './guard/source-guard.ts';
import { plainHost } from '../runtime/literal-address.ts';
import { QuietLines } from './quiet-lines.ts';
import type { SocketCounts } from './socket-counts.ts';
import type { SocketLimits, SocketLogEntry } from './sip-sockets-options.ts';
import { runStreamConnection } from './stream-connection.ts';
import type { StreamConnection } from './stream-connection.ts';
import type { TlsCredentials } from './tls-credentials.ts';
import { codeOf, connectionFailure } from './tls-failure.ts';
import type { SipFlow, SipInput } from './user-agent.ts';

/** A listening TCP or TLS socket and the connections that it has accepted. */
export interface StreamTransport {
  readonly transport: 'tcp' | 'tls';
  readonly host: string;
  readonly port: number;
  close(): Promise<void>;
}

/** What a stream socket needs to know. */
export interface StreamTransportOptions {
  readonly host: string;
  readonly port: number;
  /** Where it stands among the listeners; for TLS, the place of its certificate in the credentials. */
  readonly index: number;
  /** Without them the transport is TCP. */
  readonly credentials: TlsCredentials | null;
  /** Prefix of the names of this socket's flows. */
  readonly name: string;
  readonly isTrusted: (host: string) => boolean;
  readonly guard: Pick<SourceGuard, 'admit' | 'offend'> | null;
  readonly limits: SocketLimits;
  readonly clock: Clock;
  readonly connections: ConnectionTable;
  readonly counts: SocketCounts;
  readonly receive: (input: SipInput) => void;
  readonly log: (entry: SocketLogEntry) => void;
}

/** Longest that a TLS handshake may take. */
const HANDSHAKE_TIMEOUT_MS = 10_000;
/** Longest that closing waits for peers to take what was sent to them. */
const CLOSE_TIMEOUT_MS = 500;

/**
 * Listens for SIP over TCP or TLS. `::` takes IPv6 only, so that it can stand beside `0.0.0.0`.
 * @throws the system's error when it cannot be bound.
 */
export async function openStreamTransport(
  options: StreamTransportOptions,
): Promise<StreamTransport> {
  const server = createServer(options);
  server.maxConnections = options.limits.connections;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    const { host, port } = options;
    server.listen({ host, port, exclusive: true, ipv6Only: isIPv6(host) }, () => resolve());
  });
  server.removeAllListeners('error');
  return new ListeningStreams(server, options);
}

function createServer({ credentials, index }: StreamTransportOptions): Server {
  if (credentials === null) return createTcpServer({ noDelay: true });
  const server: TlsServer = createTlsServer({
    ...credentials.serverOptions(index),
    rejectUnauthorized: true,
    handshakeTimeout: HANDSHAKE_TIMEOUT_MS,
  });
  // Standing connections keep what they have; handshakes from now on get the new certificate.
  credentials.watch(index, (options) => server.setSecureContext(options));
  return server;
}

class ListeningStreams implements StreamTransport {
  readonly transport: 'tcp' | 'tls';
  readonly host: string;
  readonly port: number;
  readonly #server: Server;
  readonly #options: StreamTransportOptions;
  readonly #mine = new Set<StreamConnection>();
  /** Sockets that were taken, those whose TLS handshake is not done among them. */
  readonly #taken = new Set<Socket>();
  readonly #byAddress = new AddressCount();
  readonly #quiet = new QuietLines();
  #connectionsSoFar = 0;

  constructor(server: Server, options: StreamTransportOptions) {
    const { address, port } = boundTo(server);
    this.transport = options.credentials === null ? 'tcp' : 'tls';
    this.host = address;
    this.port = port;
    this.#server = server;
    this.#options = options;
    server.on('error', (error) => this.#warn('sip listener failed', { error: error.message }));
    server.on('drop', () => this.#refused('', 'too many connections'));
    // Strangers are sent away before the TLS handshake costs anything.
    server.on('connection', (socket: Socket) => this.#screen(socket));
    server.on('tlsClientError', (error: Error, socket: TLSSocket) =>
      this.#handshakeFailed(error, socket),
    );
    const event = this.transport === 'tls' ? 'secureConnection' : 'connection';
    server.on(event, (socket: Socket) => this.#accept(socket));
  }

  async close(): Promise<void> {
    const { clock } = this.#options;
    for (const connection of this.#mine) connection.close();
    const disarm = clock.schedule(clock.monotonicMs() + CLOSE_TIMEOUT_MS, () => {
      for (const connection of this.#mine) connection.destroy();
      for (const socket of this.#taken) socket.destroy();
    });
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
    disarm();
  }

  #screen(socket: Socket): void {
    const host = remoteHostOf(socket);
    const refusal = host === null ? 'gone' : this.#judge(host);
    if (host !== null && refusal === null) {
      this.#taken.add(socket);
      const leave = this.#byAddress.add(host);
      socket.once('close', () => {
        this.#taken.delete(socket);
        leave();
      });
      return;
    }
    socket.destroy();
  }

  /** Whether a connection may stay; counts and tells why not. */
  #judge(host: string): 'refused' | null {
    const { isTrusted, guard, clock, limits, counts } = this.#options;
    const nowMs = clock.monotonicMs();
    if (guard?.admit(host, nowMs) === 'drop') {
      counts.dropped += 1;
      return 'refused';
    }
    if (!isTrusted(host)) {
      counts.strangers += 1;
      guard?.offend(host, 'unknown-source', nowMs);
      this.#tell('debug', 'sip connection from a host that is on no trunk', { remoteHost: host });
      return 'refused';
    }
    if (this.#byAddress.of(host) < limits.connectionsPerAddress) return null;
    this.#refused(host, 'too many connections of its address');
    return 'refused';
  }

  #refused(remoteHost: string, why: string): void {
    this.#options.counts.refused += 1;
    this.#warn('sip connection refused', { remoteHost, why });
  }

  #handshakeFailed(error: Error, socket: TLSSocket): void {
    const { counts } = this.#options;
    counts.handshakesFailed += 1;
    // Node knows more of a certificate that it has refused than the error says.
    const refused: unknown = socket.authorizationError;
    const code = typeof refused === 'string' ? refused : (codeOf(refused) ?? codeOf(error));
    const facts = {
      remoteHost: remoteHostOf(socket) ?? 'unknown',
      why: connectionFailure(code, 'server'),
    };
    this.#warn('tls handshake failed', facts);
  }

  #accept(socket: Socket): void {
    const remoteHost = remoteHostOf(socket);
    if (socket.destroyed || remoteHost === null) return;
    this.#connectionsSoFar += 1;
    const { receive, log, clock, limits, connections, name } = this.#options;
    const flow: SipFlow = {
      transport: this.transport,
      flowId: acceptedFlowId(name, this.#connectionsSoFar),
      remoteHost,
      remotePort: socket.remotePort ?? 0,
      localPort: this.port,
    };
    const connection = runStreamConnection({
      ...{ socket, flow, clock, receive, log },
      messageBytes: limits.messageBytes,
      pingIntervalMs: 0,
      origin: 'accepted',
      unanswered: () => {},
      closed: () => {
        this.#mine.delete(connection);
        connections.remove(connection);
      },
    });
    this.#mine.add(connection);
    connections.add(connection, 'accepted');
  }

  /** The same line at most once a minute: whoever floods us with connections does not flood the log. */
  #warn(message: string, facts: Facts): void {
    const line = [message, ...Object.values(facts)].join(' ');
    const unlogged = this.#quiet.take(line, this.#options.clock.monotonicMs());
    if (unlogged !== null) this.#tell('warn', message, { ...facts, unlogged });
  }

  #tell(level: 'debug' | 'warn', message: string, facts: Facts): void {
    const { name } = this.#options;
    this.#options.log({ type: 'log', level, message, facts: { listener: name, ...facts } });
  }
}

function boundTo(server: Server): AddressInfo {
  const address = server.address();
  if (address === null || typeof address === 'string') {
    throw new Error('a listening server has an address and a port');
  }
  return address;
}

function remoteHostOf(socket: Socket): string | null {
  return socket.remoteAddress === undefined ? null : plainHost(socket.remoteAddress);
}
