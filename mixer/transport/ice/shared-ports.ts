import type { LocalCandidate } from '../../protocol/media-security.ts';
import type { SharedPort } from '../../protocol/mixer-command.ts';
import type { MonotonicMs } from '../../protocol/units.ts';
import { ADDRESS_BYTES, readAddress } from './address-octets.ts';
import { NO_PATH } from './shared-port-io.ts';
import type {
  PacketSource,
  PathIndex,
  PathTransport,
  SharedPacket,
  SharedPortHandler,
  SharedPortIo,
} from './shared-port-io.ts';
import type { TcpPacket, TcpPorts } from './tcp-ports.ts';
import type { BindOutcome, UdpPacket, UdpPorts } from './udp-ports.ts';

/**
 * Shared ports out of a UDP and a TCP half, each of which numbers its own paths: even numbers are UDP's here, odd ones
 * TCP's.
 */
export class SharedPorts implements SharedPortIo {
  readonly #udp: UdpPorts;
  readonly #tcp: TcpPorts;
  readonly #nowMs: () => MonotonicMs;
  readonly #packet: SharedPacket = {
    path: NO_PATH,
    transport: 'udp',
    bytes: new Uint8Array(0),
    lengthBytes: 0,
    atMs: 0,
  };

  constructor(options: {
    readonly udp: UdpPorts;
    readonly tcp: TcpPorts;
    readonly nowMs: () => MonotonicMs;
  }) {
    this.#udp = options.udp;
    this.#tcp = options.tcp;
    this.#nowMs = options.nowMs;
  }

  receive(handler: SharedPortHandler): void {
    this.#udp.receive((packet) => this.#fromUdp(packet, handler));
    this.#tcp.receive({
      packet: (packet) => this.#fromTcp(packet, handler),
      pathClosed: (path) => handler.pathClosed(path * 2 + 1),
    });
  }

  open(
    ports: readonly SharedPort[],
    done: (candidates: readonly LocalCandidate[], failures: readonly string[]) => void,
  ): void {
    const wanted = ports.flatMap(({ host, port, transports }) =>
      transports.map((transport) => ({ host, port, transport })),
    );
    const candidates = new Map<number, LocalCandidate>();
    const failures: string[] = [];
    let open = wanted.length;
    const settle = (order: number, to: LocalCandidate, outcome: BindOutcome): void => {
      const name = `${to.transport} ${to.host} port ${to.port}`;
      if (outcome.result === 'bound') candidates.set(order, { ...to, port: outcome.port });
      else failures.push(`${name}: ${outcome.reason}`);
      if (outcome.result === 'bound' && outcome.warning !== null)
        failures.push(`${name}: ${outcome.warning}`);
      open -= 1;
      if (open > 0) return;
      const inOrder = [...candidates].toSorted(([one], [other]) => one - other);
      done(
        inOrder.map(([, candidate]) => candidate),
        failures,
      );
    };
    if (open === 0) done([], []);
    for (const [order, to] of wanted.entries()) {
      const half = to.transport === 'udp' ? this.#udp : this.#tcp;
      if (readAddress(to.host, new Uint8Array(ADDRESS_BYTES)) !== null)
        half.open(to.host, to.port, (outcome) => settle(order, to, outcome));
      else settle(order, to, { result: 'failed', reason: 'not a literal address' });
    }
  }

  source(): PacketSource {
    return this.#packet.transport === 'udp' ? this.#udp.source() : this.#tcp.source();
  }

  keep(): PathIndex {
    const { transport } = this.#packet;
    const path = transport === 'udp' ? this.#udp.keep() : this.#tcp.keep();
    return numberOf(path, transport);
  }

  forget(path: PathIndex): void {
    if (path % 2 === 0) this.#udp.forget(path / 2);
    else this.#tcp.forget((path - 1) / 2);
  }

  send(path: PathIndex, packet: Uint8Array): void {
    if ((path & 1) === 0) this.#udp.send(path >> 1, packet);
    else this.#tcp.send(path >> 1, packet);
  }

  drain(): void {
    this.#udp.drain();
    this.#tcp.sweep();
  }

  flush(): void {
    this.#udp.flush();
  }

  close(): void {
    this.#udp.close();
    this.#tcp.close();
  }

  #fromUdp(from: UdpPacket, handler: SharedPortHandler): void {
    const packet = this.#packet;
    packet.path = numberOf(from.path, 'udp');
    packet.transport = 'udp';
    packet.bytes = from.bytes;
    packet.lengthBytes = from.lengthBytes;
    packet.atMs = from.atMs;
    handler.packet(packet);
  }

  #fromTcp(from: TcpPacket, handler: SharedPortHandler): void {
    const packet = this.#packet;
    packet.path = numberOf(from.path, 'tcp');
    packet.transport = 'tcp';
    packet.bytes = from.bytes;
    packet.lengthBytes = from.lengthBytes;
    packet.atMs = this.#nowMs();
    handler.packet(packet);
  }
}

function numberOf(path: number, transport: PathTransport): PathIndex {
  if (path < 0) return NO_PATH;
  return transport === 'udp' ? path * 2 : path * 2 + 1;
}
