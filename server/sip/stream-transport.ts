import { connect as connectTcp, createServer as createTcpServer, isIPv6 } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { connect as connectTls, createServer as createTlsServer } from 'node:tls';
import type { Facts } from '../../mixer/protocol/coded-error.ts';
import { runStreamConnection } from './stream-connection.ts';
import type { StreamConnection } from './stream-connection.ts';
import type { SipAction, SipFlow, SipInput } from './user-agent.ts';

/** A listening TCP or TLS socket, its connections, and those that were made to answer over. */
export interface StreamTransport {
  readonly transport: 'tcp' | 'tls';
  readonly host: string;
  readonly port: number;
  /** Whether the connection of the flow stands and is one of this socket's. */
  has(flow: SipFlow): boolean;
  /** Over the flow's connection when it stands, else over one to the address, which is made when there is none. */
  send(action: Extract<SipAction, { type: 'send' }>): void;
  closeFlow(flow: SipFlow): void;
  close(): Promise<void>;
}

/** What a stream socket needs to know. */
export interface StreamTransportOptions {
  readonly host: string;
  readonly port: number;
  /** PEM texts; without them the transport is TCP. */
  readonly tls: { readonly cert: string; readonly key: string } | null;
  /** Prefix of the names of this socket's flows. */
  readonly name: string;
  readonly isTrusted: (host: string) => boolean;
  readonly maxConnections: number;
  readonly receive: (input: SipInput) => void;
  readonly log: (entry: Extract<SipAction, { type: 'log' }>) => void;
}

/** Longest that a TLS handshake, or a connection of ours, may take. */
const CONNECT_TIMEOUT_MS = 10_000;
/** Longest that closing waits for peers to take what was sent to them. */
const CLOSE_TIMEOUT_MS = 500;

/**
 * Listens for SIP over TCP or TLS. `::` takes IPv6 only, so that it can stand beside `0.0.0.0`.
 * @throws the system's error when it cannot be bound, or the certificate cannot be used.
 */
export async function openStreamTransport(
  options: StreamTransportOptions,
): Promise<StreamTransport> {
  const server =
    options.tls === null
      ? createTcpServer({ noDelay: true })
      : createTlsServer({ ...options.tls, handshakeTimeout: CONNECT_TIMEOUT_MS });
  server.maxConnections = options.maxConnections;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    const { host, port } = options;
    server.listen({ host, port, exclusive: true, ipv6Only: isIPv6(host) }, () => resolve());
  });
  server.removeAllListeners('error');
  return new ListeningStreams(server, options);
}

class ListeningStreams implements StreamTransport {
  readonly transport: 'tcp' | 'tls';
  readonly host: string;
  readonly port: number;
  readonly #server: Server;
  readonly #options: StreamTransportOptions;
  readonly #byFlowId = new Map<string, StreamConnection>();
  /** Connections that we made, by address, with the flows they stand in for. */
  readonly #made = new Map<
    string,
    { readonly connection: StreamConnection; readonly insteadOf: Map<string, SipFlow> }
  >();
  /** Sockets that were taken, those whose TLS handshake is not done among them. */
  readonly #accepted = new Set<Socket>();
  #connectionsSoFar = 0;
  #droppedSoFar = 0;

  constructor(server: Server, options: StreamTransportOptions) {
    const { address, port } = boundTo(server);
    this.transport = options.tls === null ? 'tcp' : 'tls';
    this.host = address;
    this.port = port;
    this.#server = server;
    this.#options = options;
    const fail = (message: string) => (error: Error) =>
      this.#log('warn', message, { error: error.message });
    server.on('error', fail('sip listener failed'));
    server.on('drop', () => this.#dropped());
    // Strangers are sent away before the TLS handshake costs anything.
    server.on('connection', (socket: Socket) => this.#screen(socket));
    server.on('tlsClientError', () => this.#log('debug', 'tls handshake failed', {}));
    const event = this.transport === 'tls' ? 'secureConnection' : 'connection';
    server.on(event, (socket: Socket) => this.#accept(socket));
  }

  has(flow: SipFlow): boolean {
    return this.#byFlowId.has(flow.flowId);
  }

  send(action: Extract<SipAction, { type: 'send' }>): void {
    const standing = this.#byFlowId.get(action.flow.flowId);
    if (standing !== undefined) {
      standing.send(action.bytes);
      return;
    }
    const address = `${action.host} ${action.port}`;
    const made = this.#made.get(address) ?? this.#connect(action.host, action.port, address);
    made.insteadOf.set(action.flow.flowId, action.flow);
    made.connection.send(action.bytes);
  }

  closeFlow(flow: SipFlow): void {
    this.#byFlowId.get(flow.flowId)?.close();
  }

  async close(): Promise<void> {
    for (const connection of this.#byFlowId.values()) connection.close();
    const impatience = setTimeout(() => {
      for (const connection of this.#byFlowId.values()) connection.destroy();
      for (const socket of this.#accepted) socket.destroy();
    }, CLOSE_TIMEOUT_MS);
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
    clearTimeout(impatience);
  }

  #screen(socket: Socket): void {
    const host = remoteHostOf(socket);
    if (host !== null && this.#options.isTrusted(host)) {
      this.#accepted.add(socket);
      socket.once('close', () => this.#accepted.delete(socket));
      return;
    }
    this.#log('debug', 'sip connection from a host that is on no trunk', {
      remoteHost: host ?? '',
    });
    socket.destroy();
  }

  /** Tells of the 1st, 2nd, 4th, 8th… refusal, so that a flood of connections is no flood of lines. */
  #dropped(): void {
    this.#droppedSoFar += 1;
    if (Math.log2(this.#droppedSoFar) % 1 !== 0) return;
    this.#log('warn', 'too many sip connections', { refusedSoFar: this.#droppedSoFar });
  }

  #accept(socket: Socket): void {
    const remoteHost = remoteHostOf(socket);
    if (socket.destroyed || remoteHost === null) return;
    const flow = this.#flow(remoteHost, socket.remotePort ?? 0);
    this.#run(socket, flow, () => {});
  }

  #connect(
    host: string,
    port: number,
    address: string,
  ): { readonly connection: StreamConnection; readonly insteadOf: Map<string, SipFlow> } {
    const socket =
      this.transport === 'tls' ? connectTls({ host, port }) : connectTcp({ host, port });
    const giveUp = setTimeout(() => socket.destroy(), CONNECT_TIMEOUT_MS);
    socket.once(this.transport === 'tls' ? 'secureConnect' : 'connect', () => clearTimeout(giveUp));
    const insteadOf = new Map<string, SipFlow>();
    const connection = this.#run(socket, this.#flow(host, port), () => {
      clearTimeout(giveUp);
      this.#made.delete(address);
      for (const flow of insteadOf.values()) this.#options.receive({ type: 'flow-closed', flow });
    });
    const made = { connection, insteadOf };
    this.#made.set(address, made);
    return made;
  }

  #run(socket: Socket, flow: SipFlow, closed: () => void): StreamConnection {
    const { receive, log } = this.#options;
    const connection = runStreamConnection({
      socket,
      flow,
      receive,
      log,
      closed: () => {
        this.#byFlowId.delete(flow.flowId);
        closed();
      },
    });
    this.#byFlowId.set(flow.flowId, connection);
    return connection;
  }

  #flow(remoteHost: string, remotePort: number): SipFlow {
    this.#connectionsSoFar += 1;
    return {
      transport: this.transport,
      flowId: `${this.#options.name}#${this.#connectionsSoFar}`,
      remoteHost,
      remotePort,
      localPort: this.port,
    };
  }

  #log(level: 'debug' | 'warn', message: string, facts: Facts): void {
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
  return socket.remoteAddress ?? null;
}
