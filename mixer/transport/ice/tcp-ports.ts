import { createServer } from 'node:net';
import type { ListenOptions, Server, Socket } from 'node:net';
import type { DurationMs, MonotonicMs } from '../../protocol/units.ts';
import { ADDRESS_BYTES, readAddress } from './address-octets.ts';
import type { PacketSource } from './shared-port-io.ts';
import { TcpConnection } from './tcp-connection.ts';
import type { BindOutcome } from './udp-ports.ts';

/** Connections of a worker, and those of them that no valid check has come over. */
const MAX_CONNECTIONS = 2048;
const MAX_UNPROVEN = 256;
/** Unproven ones of one address; behind it may be a whole office. */
const MAX_UNPROVEN_OF_ADDRESS = 16;
const SWEEP_MS: DurationMs = 1000;

/** A packet of one connection. One object serves all. */
export interface TcpPacket {
  /** −1 while its connection was not kept. */
  path: number;
  bytes: Uint8Array;
  lengthBytes: number;
}

/** Where packets go and who is told of connections that end. */
export interface TcpHandler {
  packet(packet: TcpPacket): void;
  pathClosed(path: number): void;
}

/**
 * Makes the listening socket of an address and returns its descriptor, or a negative errno. A socket that it has made
 * may hold less for slow readers than one of Node's.
 */
export type ListenSocket = (host: string, port: number) => number;

/** The TCP half of shared ports (RFC 6544, passive): Node's listeners, one path for each connection. */
export class TcpPorts {
  readonly #nowMs: () => MonotonicMs;
  readonly #listenSocket: ListenSocket | null;
  readonly #servers: Server[] = [];
  /** Oldest first. */
  readonly #connections = new Set<TcpConnection>();
  readonly #paths: (TcpConnection | undefined)[] = [];
  readonly #pathOf = new Map<TcpConnection, number>();
  readonly #free: number[] = [];
  readonly #octets = new Uint8Array(ADDRESS_BYTES);
  readonly #packet: TcpPacket = { path: -1, bytes: new Uint8Array(0), lengthBytes: 0 };
  #handler: TcpHandler = { packet: () => undefined, pathClosed: () => undefined };
  /** Of the packet that is being delivered. */
  #from: TcpConnection | null = null;
  #sweptAtMs: MonotonicMs = 0;
  #turn = 0;
  /** Those that have sent enough for this turn. */
  readonly #paused: Socket[] = [];

  constructor(nowMs: () => MonotonicMs, listenSocket: ListenSocket | null) {
    this.#nowMs = nowMs;
    this.#listenSocket = listenSocket;
  }

  receive(handler: TcpHandler): void {
    this.#handler = handler;
  }

  open(host: string, port: number, done: (outcome: BindOutcome) => void): void {
    const server = createServer({ noDelay: true }, (socket) => this.#accept(socket));
    const fail = (error: NodeJS.ErrnoException): void => {
      done({ result: 'failed', reason: error.code ?? error.message });
    };
    server.once('error', fail);
    server.listen(this.#listenOptions(host, port), () => {
      server.off('error', fail);
      // Too many open files: the next connection may find one.
      server.on('error', () => {});
      this.#servers.push(server);
      const address = server.address();
      const bound = typeof address === 'object' && address !== null ? address.port : port;
      done({ result: 'bound', port: bound, warning: null });
    });
  }

  source(): PacketSource {
    const family = readAddress(this.#from?.host ?? '', this.#octets) ?? 4;
    return { family, octets: this.#octets, port: this.#from?.port ?? 0 };
  }

  keep(): number {
    const connection = this.#from;
    if (connection === null || connection.state === 'closed') return -1;
    const known = this.#pathOf.get(connection);
    if (known !== undefined) return known;
    const path = this.#free.pop() ?? this.#paths.length;
    this.#paths[path] = connection;
    this.#pathOf.set(connection, path);
    connection.state = 'proven';
    return path;
  }

  forget(path: number): void {
    const connection = this.#paths[path];
    if (connection === undefined) return;
    this.#release(connection, path);
    connection.end();
  }

  send(path: number, packet: Uint8Array): void {
    this.#paths[path]?.send(packet, this.#nowMs());
  }

  /** Begins a turn of the loop: a tick. Ends connections that are overdue. */
  sweep(): void {
    this.#turn += 1;
    for (let i = 0; i < this.#paused.length; i += 1) this.#paused[i]?.resume();
    this.#paused.length = 0;
    const nowMs = this.#nowMs();
    if (nowMs - this.#sweptAtMs < SWEEP_MS) return;
    this.#sweptAtMs = nowMs;
    for (const connection of this.#connections) connection.sweep(nowMs);
  }

  close(): void {
    for (const server of this.#servers.splice(0)) server.close();
    for (const connection of this.#connections) connection.abort();
    this.#connections.clear();
    this.#paused.length = 0;
    this.#pathOf.clear();
    this.#paths.length = 0;
    this.#free.length = 0;
  }

  #listenOptions(host: string, port: number): ListenOptions | { readonly fd: number } {
    const fd = this.#listenSocket?.(host, port) ?? -1;
    // Where that failed Node fails too, and says why.
    return fd >= 0 ? { fd } : { host, port, ipv6Only: host.includes(':'), exclusive: true };
  }

  #accept(socket: Socket): void {
    // Why a connection ended makes no difference.
    socket.on('error', () => {});
    const connection = new TcpConnection(socket, this.#nowMs());
    if (!this.#makeRoomFor(connection)) {
      connection.abort();
      return;
    }
    this.#connections.add(connection);
    socket.on('data', (chunk: Buffer) => {
      const outcome = connection.take(chunk, this.#turn, (bytes, lengthBytes) =>
        this.#deliver(connection, bytes, lengthBytes),
      );
      if (outcome === 'more' || socket.destroyed) return;
      socket.pause();
      this.#paused.push(socket);
    });
    socket.once('end', () => connection.abort());
    socket.once('close', () => this.#closed(connection));
  }

  /** A flood of connections drives out its own oldest ones; those that are proven stay. */
  #makeRoomFor(connection: TcpConnection): boolean {
    if (connection.host === '' || this.#connections.size >= MAX_CONNECTIONS) return false;
    let oldest: TcpConnection | null = null;
    let unproven = 0;
    let ofAddress = 0;
    for (const each of this.#connections) {
      if (each.state !== 'unproven') continue;
      oldest ??= each;
      unproven += 1;
      if (each.host === connection.host) ofAddress += 1;
    }
    if (ofAddress >= MAX_UNPROVEN_OF_ADDRESS) return false;
    if (unproven >= MAX_UNPROVEN) oldest?.abort();
    return true;
  }

  #deliver(connection: TcpConnection, bytes: Uint8Array, lengthBytes: number): void {
    const packet = this.#packet;
    packet.path = this.#pathOf.get(connection) ?? -1;
    packet.bytes = bytes;
    packet.lengthBytes = lengthBytes;
    this.#from = connection;
    this.#handler.packet(packet);
    this.#from = null;
  }

  #closed(connection: TcpConnection): void {
    connection.state = 'closed';
    this.#connections.delete(connection);
    const path = this.#pathOf.get(connection);
    if (path === undefined) return;
    this.#release(connection, path);
    this.#handler.pathClosed(path);
  }

  #release(connection: TcpConnection, path: number): void {
    this.#paths[path] = undefined;
    this.#pathOf.delete(connection);
    this.#free.push(path);
  }
}
