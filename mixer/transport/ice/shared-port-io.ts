import type { LocalCandidate } from '../../protocol/media-security.ts';
import type { SharedPort } from '../../protocol/mixer-command.ts';
import type { MonotonicMs } from '../../protocol/units.ts';

/**
 * Number of a path that is kept: one peer's address and port, seen from one of our ports and transports, or one TCP
 * connection. Numbers are small and are taken again after a path was forgotten.
 */
export type PathIndex = number;

/** Stands for the path of a packet whose source nobody has kept. */
export const NO_PATH: PathIndex = -1;

/** How packets of a path travel. */
export type PathTransport = 'udp' | 'tcp';

/** Where a packet came from. `octets` are 4 or 16 of them, network order. */
export interface PacketSource {
  readonly family: 4 | 6;
  readonly octets: Uint8Array;
  readonly port: number;
}

/**
 * A packet as it came in; without its frame where it came over TCP. One object serves all packets of a `SharedPortIo`,
 * so it holds only during the call that delivers it. `bytes` belongs to the `SharedPortIo` too and may be longer than
 * the packet: what must stay is copied.
 */
export interface SharedPacket {
  /** `NO_PATH` for a stranger. */
  path: PathIndex;
  transport: PathTransport;
  bytes: Uint8Array;
  lengthBytes: number;
  atMs: MonotonicMs;
}

/** Who is told what comes in at the shared ports. */
export interface SharedPortHandler {
  packet(packet: SharedPacket): void;
  /** The TCP connection of a kept path has ended; its number is free from now on. */
  pathClosed(path: PathIndex): void;
}

/**
 * Packet input and output of all legs of a worker that share ports. A network in memory can stand here instead.
 * Only paths that were kept can be sent to; a TCP connection that is not kept within 10 s is closed.
 */
export interface SharedPortIo {
  /** Where everything goes that comes in. Called once, before `open`. */
  receive(handler: SharedPortHandler): void;
  /**
   * Binds what it can of `ports`, UDP and TCP each by itself. `done` gets what was bound and, for the log, what could
   * not be; it may be called before `open` returns.
   */
  open(
    ports: readonly SharedPort[],
    done: (candidates: readonly LocalCandidate[], failures: readonly string[]) => void,
  ): void;
  /** Where the packet came from that is being delivered. Holds only during that delivery. */
  source(): PacketSource;
  /** Keeps the path of the packet that is being delivered. `NO_PATH` when there are too many. */
  keep(): PathIndex;
  /** Frees the path's number. A TCP connection ends when what was sent has gone out. */
  forget(path: PathIndex): void;
  /**
   * Sends all of `packet`. The bytes are the caller's again when the call returns. Failures are not reported; over TCP
   * a packet is dropped when the peer is about 100 ms behind.
   */
  send(path: PathIndex, packet: Uint8Array): void;
  /** Delivers what has come since the last call, and closes connections that are overdue. Once a tick. */
  drain(): void;
  /** Sends what `send` has kept, for implementations that send in batches. */
  flush(): void;
  /** Frees all ports and paths. */
  close(): void;
}
