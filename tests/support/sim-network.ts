import type { MediaAddress } from '../../mixer/protocol/mixer-command.ts';
import type {
  LegIndex,
  OpenRequest,
  PacketHandler,
  PacketIo,
  PacketKind,
  ReceivedPacket,
} from '../../mixer/transport/packet-io.ts';
import type { SimClock } from './sim-clock.ts';

type Receiver = (bytes: Buffer, from: MediaAddress) => void;

/** UDP for audio, in memory: no loss, no delay. Several mixers and any number of phones share it. */
export class SimNetwork {
  readonly #receivers = new Map<string, Receiver>();

  /** Takes an address. False when somebody has it. */
  bind(address: MediaAddress, receiver: Receiver): boolean {
    if (this.#receivers.has(key(address))) return false;
    this.#receivers.set(key(address), receiver);
    return true;
  }

  unbind(address: MediaAddress): void {
    this.#receivers.delete(key(address));
  }

  /** Bound addresses, for finding leaks. */
  get bound(): number {
    return this.#receivers.size;
  }

  send(from: MediaAddress, to: MediaAddress, bytes: Uint8Array): void {
    this.#receivers.get(key(to))?.(Buffer.from(bytes), from);
  }
}

interface OpenLeg {
  readonly rtp: MediaAddress;
  readonly rtcp: MediaAddress;
  readonly destinations: Map<PacketKind, MediaAddress>;
}

/** One mixer's sockets on a `SimNetwork`. */
export class SimPacketIo implements PacketIo {
  readonly #network: SimNetwork;
  readonly #clock: SimClock;
  readonly #legs = new Map<LegIndex, OpenLeg>();
  #handler: PacketHandler = () => undefined;

  constructor(network: SimNetwork, clock: SimClock) {
    this.#network = network;
    this.#clock = clock;
  }

  receive(handler: PacketHandler): void {
    this.#handler = handler;
  }

  open(request: OpenRequest): void {
    const { legIndex, host, port } = request;
    const rtp = { host, port };
    const rtcp = { host, port: port + 1 };
    if (
      !this.#network.bind(rtp, (bytes, from) =>
        this.#deliver({ legIndex, kind: 'rtp' }, bytes, from),
      )
    ) {
      request.done({ result: 'port-taken', reason: 'taken' });
      return;
    }
    this.#network.bind(rtcp, (bytes, from) =>
      this.#deliver({ legIndex, kind: 'rtcp' }, bytes, from),
    );
    this.#legs.set(legIndex, { rtp, rtcp, destinations: new Map() });
    request.done({ result: 'ok' });
  }

  setDestination(legIndex: LegIndex, kind: PacketKind, destination: MediaAddress): void {
    this.#legs.get(legIndex)?.destinations.set(kind, destination);
  }

  setListensTo(): void {
    // Everybody is heard: in memory that costs nothing.
  }

  send(legIndex: LegIndex, kind: PacketKind, packet: Uint8Array): void {
    const leg = this.#legs.get(legIndex);
    const to = leg?.destinations.get(kind);
    if (leg !== undefined && to !== undefined) this.#network.send(leg[kind], to, packet);
  }

  drain(): void {
    // Packets are delivered as they are sent.
  }

  flush(): void {
    // And sent at once.
  }

  park(legIndex: LegIndex): void {
    this.close(legIndex);
  }

  close(legIndex: LegIndex): void {
    const leg = this.#legs.get(legIndex);
    if (leg === undefined) return;
    this.#network.unbind(leg.rtp);
    this.#network.unbind(leg.rtcp);
    this.#legs.delete(legIndex);
  }

  #deliver(to: Pick<ReceivedPacket, 'legIndex' | 'kind'>, bytes: Buffer, from: MediaAddress): void {
    const packet: ReceivedPacket = {
      ...to,
      bytes,
      lengthBytes: bytes.length,
      sourceHost: from.host,
      sourcePort: from.port,
      atMs: this.#clock.monotonicMs(),
    };
    this.#handler(packet);
  }
}

function key(address: MediaAddress): string {
  return `${address.host}:${address.port}`;
}
