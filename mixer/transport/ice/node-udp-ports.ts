import { createSocket } from 'node:dgram';
import type { RemoteInfo, Socket } from 'node:dgram';
import { isIP } from 'node:net';
import type { MonotonicMs } from '../../protocol/units.ts';
import { literalOnly } from '../literal-lookup.ts';
import { ADDRESS_BYTES, readAddress } from './address-octets.ts';
import { bufferWarning, RECEIVE_BUFFER_BYTES } from './receive-buffer.ts';
import type { PacketSource } from './shared-port-io.ts';
import type { BindOutcome, UdpPacket, UdpPorts } from './udp-ports.ts';

/** Sixteen paths each for as many legs as a worker has by far. */
const MAX_PATHS = 65_536;

/** One bound socket and the paths that are kept on it: by address, then by port. */
interface Port {
  readonly socket: Socket;
  readonly paths: Map<string, Map<number, number>>;
}

interface Path {
  readonly on: Port;
  readonly host: string;
  readonly port: number;
}

/** Shared UDP ports over `node:dgram`: one socket each, and every packet an event of the loop. */
export class NodeUdpPorts implements UdpPorts {
  readonly #nowMs: () => MonotonicMs;
  readonly #ports: Port[] = [];
  readonly #paths: (Path | undefined)[] = [];
  readonly #free: number[] = [];
  readonly #octets = new Uint8Array(ADDRESS_BYTES);
  readonly #packet: UdpPacket = {
    path: -1,
    bytes: new Uint8Array(0),
    lengthBytes: 0,
    atMs: 0,
  };
  #handler: (packet: UdpPacket) => void = () => undefined;
  /** Of the packet that is being delivered. */
  #from: { readonly on: Port; readonly remote: RemoteInfo } | null = null;

  constructor(nowMs: () => MonotonicMs) {
    this.#nowMs = nowMs;
  }

  receive(handler: (packet: UdpPacket) => void): void {
    this.#handler = handler;
  }

  open(host: string, port: number, done: (outcome: BindOutcome) => void): void {
    const socket = createSocket({
      type: isIP(host) === 6 ? 'udp6' : 'udp4',
      ipv6Only: isIP(host) === 6,
      lookup: literalOnly,
    });
    const fail = (error: NodeJS.ErrnoException): void => {
      socket.close();
      done({ result: 'failed', reason: error.code ?? error.message });
    };
    socket.once('error', fail);
    socket.bind({ address: host, port, exclusive: true }, () => {
      socket.off('error', fail);
      this.#listen({ socket, paths: new Map() });
      done({ result: 'bound', port: socket.address().port, warning: enlarge(socket) });
    });
  }

  source(): PacketSource {
    const remote = this.#from?.remote;
    const family = readAddress(remote?.address ?? '', this.#octets) ?? 4;
    return { family, octets: this.#octets, port: remote?.port ?? 0 };
  }

  keep(): number {
    const from = this.#from;
    if (from === null) return -1;
    const { address, port } = from.remote;
    const ofHost = from.on.paths.get(address) ?? new Map<number, number>();
    const known = ofHost.get(port);
    if (known !== undefined) return known;
    const path = this.#free.pop() ?? this.#paths.length;
    if (path >= MAX_PATHS) return -1;
    this.#paths[path] = { on: from.on, host: address, port };
    ofHost.set(port, path);
    from.on.paths.set(address, ofHost);
    return path;
  }

  forget(path: number): void {
    const kept = this.#paths[path];
    if (kept === undefined) return;
    this.#paths[path] = undefined;
    this.#free.push(path);
    const ofHost = kept.on.paths.get(kept.host);
    ofHost?.delete(kept.port);
    if (ofHost?.size === 0) kept.on.paths.delete(kept.host);
  }

  send(path: number, packet: Uint8Array): void {
    const kept = this.#paths[path];
    kept?.on.socket.send(packet, kept.port, kept.host);
  }

  drain(): void {
    // Node delivers packets as events.
  }

  flush(): void {
    // Every packet was sent at once.
  }

  close(): void {
    for (const port of this.#ports.splice(0)) port.socket.close();
    this.#paths.length = 0;
    this.#free.length = 0;
  }

  #listen(port: Port): void {
    this.#ports.push(port);
    const packet = this.#packet;
    port.socket.on('message', (bytes, remote) => {
      packet.path = port.paths.get(remote.address)?.get(remote.port) ?? -1;
      packet.bytes = bytes;
      packet.lengthBytes = bytes.length;
      packet.atMs = this.#nowMs();
      this.#from = { on: port, remote };
      this.#handler(packet);
      this.#from = null;
    });
    // A peer's closed port comes back as an error of the socket (ICMP). Consent deals with peers that are gone.
    port.socket.on('error', () => {});
  }
}

/** Asks for a large receive buffer and says so when the kernel does not grant it. */
function enlarge(socket: Socket): string | null {
  try {
    socket.setRecvBufferSize(RECEIVE_BUFFER_BYTES);
    return bufferWarning(socket.getRecvBufferSize() / 2);
  } catch (error) {
    return error instanceof Error ? error.message : 'no receive buffer';
  }
}
