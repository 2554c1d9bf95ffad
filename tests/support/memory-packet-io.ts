import type { MediaAddress } from '../../mixer/protocol/mixer-command.ts';
import type { MonotonicMs } from '../../mixer/protocol/units.ts';
import type {
  LegIndex,
  ListensTo,
  OpenRequest,
  PacketHandler,
  PacketIo,
  PacketKind,
  ReceivedPacket,
} from '../../mixer/transport/packet-io.ts';

/** One of a leg's two ends, as a test sees it. */
export interface MemoryPort {
  readonly port: number;
  destination: MediaAddress | null;
  /** The last packet that was sent, valid in its first `sentBytes`. Kept in place so that sending allocates nothing. */
  readonly sent: Uint8Array;
  sentBytes: number;
  sentCount: number;
}

interface MemoryLeg {
  readonly host: string;
  readonly rtp: MemoryPort;
  readonly rtcp: MemoryPort;
  listensTo: ListensTo;
}

/** Watches what is sent. `packet` holds only during the call. */
export type SentWatcher = (legIndex: LegIndex, kind: PacketKind, packet: Uint8Array) => void;

/**
 * A network in memory. Several of them (one for each in-process worker) may share `portsInUse`, as sockets of one
 * machine do.
 */
export class MemoryPacketIo implements PacketIo {
  readonly legs: (MemoryLeg | undefined)[] = [];
  /** Called for each packet that is sent somewhere. */
  onSent: SentWatcher = () => {};
  readonly #portsInUse: Set<number>;
  readonly #packet: ReceivedPacket = {
    legIndex: 0,
    kind: 'rtp',
    bytes: new Uint8Array(0),
    lengthBytes: 0,
    sourceHost: '',
    sourcePort: 0,
    atMs: 0,
  };
  #handler: PacketHandler = () => {};

  constructor(portsInUse: Set<number> = new Set()) {
    this.#portsInUse = portsInUse;
  }

  receive(handler: PacketHandler): void {
    this.#handler = handler;
  }

  open({ legIndex, host, port, done }: OpenRequest): void {
    if (this.#portsInUse.has(port)) {
      done({ result: 'port-taken', reason: 'EADDRINUSE' });
      return;
    }
    this.#portsInUse.add(port);
    this.legs[legIndex] = {
      host,
      rtp: createPort(port),
      rtcp: createPort(port + 1),
      listensTo: 'everybody',
    };
    done({ result: 'ok' });
  }

  setDestination(legIndex: LegIndex, kind: PacketKind, destination: MediaAddress): void {
    const port = this.legs[legIndex]?.[kind];
    if (port !== undefined) port.destination = destination;
  }

  setListensTo(legIndex: LegIndex, listensTo: ListensTo): void {
    const leg = this.legs[legIndex];
    if (leg !== undefined) leg.listensTo = listensTo;
  }

  send(legIndex: LegIndex, kind: PacketKind, packet: Uint8Array): void {
    const port = this.legs[legIndex]?.[kind];
    if (port === undefined || port.destination === null) return;
    port.sent.set(packet);
    port.sentBytes = packet.length;
    port.sentCount += 1;
    this.onSent(legIndex, kind, packet);
  }

  drain(): void {
    // Tests deliver packets themselves.
  }

  flush(): void {
    // Every packet is kept as it is sent.
  }

  park(legIndex: LegIndex): void {
    this.close(legIndex);
  }

  close(legIndex: LegIndex): void {
    const leg = this.legs[legIndex];
    if (leg !== undefined) this.#portsInUse.delete(leg.rtp.port);
    this.legs[legIndex] = undefined;
  }

  /** The index of the leg that has bound this RTP port, or −1. */
  indexOfPort(port: number): LegIndex {
    return this.legs.findIndex((leg) => leg?.rtp.port === port);
  }

  /** Lets a packet arrive at a leg. A leg that listens to its destination alone does not get a stranger's. */
  deliver(
    to: { readonly legIndex: LegIndex; readonly kind: PacketKind; readonly atMs: MonotonicMs },
    source: MediaAddress,
    bytes: Uint8Array,
  ): void {
    const leg = this.legs[to.legIndex];
    if (leg === undefined) return;
    const { destination } = leg.rtp;
    const isPeer = destination?.host === source.host && destination.port === source.port;
    if (to.kind === 'rtp' && leg.listensTo === 'destination-only' && !isPeer) return;
    const packet = this.#packet;
    packet.legIndex = to.legIndex;
    packet.kind = to.kind;
    packet.bytes = bytes;
    packet.lengthBytes = bytes.length;
    packet.sourceHost = source.host;
    packet.sourcePort = source.port;
    packet.atMs = to.atMs;
    this.#handler(packet);
  }
}

function createPort(port: number): MemoryPort {
  return { port, destination: null, sent: new Uint8Array(2048), sentBytes: 0, sentCount: 0 };
}
