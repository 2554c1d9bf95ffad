import { ADDRESS_BYTES, readAddress } from '../../../../mixer/transport/ice/address-octets.ts';
import { NO_PATH } from '../../../../mixer/transport/ice/shared-port-io.ts';
import type {
  PacketSource,
  PathTransport,
  SharedPortHandler,
  SharedPortIo,
} from '../../../../mixer/transport/ice/shared-port-io.ts';

/** A peer's address as a test names it: `tcp 192.0.2.1 5000`, or without a transport for UDP. */
type PeerName = string;

/** Shared ports without a network: a test hands in packets and looks at what went out. */
export class MemoryPorts implements SharedPortIo {
  nowMs = 1000;
  readonly sent: { readonly to: PeerName; readonly bytes: Buffer }[] = [];
  readonly kept = new Map<PeerName, number>();
  readonly #names: (PeerName | undefined)[] = [];
  #handler: SharedPortHandler = { packet: () => undefined, pathClosed: () => undefined };
  #from: PeerName = '';

  receive(handler: SharedPortHandler): void {
    this.#handler = handler;
  }

  open(_ports: unknown, done: (candidates: readonly never[], failures: readonly string[]) => void) {
    done([], []);
  }

  /** A packet from a peer; returns what went out while it was looked at. */
  from(peer: PeerName, bytes: Uint8Array): readonly Buffer[] {
    const before = this.sent.length;
    this.#from = peer;
    const transport: PathTransport = peer.startsWith('tcp ') ? 'tcp' : 'udp';
    const path = this.kept.get(peer) ?? NO_PATH;
    this.#handler.packet({
      path,
      transport,
      // Longer than the packet, as with real ports.
      bytes: Buffer.concat([bytes, Buffer.alloc(9, 0xee)]),
      lengthBytes: bytes.length,
      atMs: this.nowMs,
    });
    return this.sent.slice(before).map(({ bytes: out }) => out);
  }

  /** A peer's TCP connection ends. */
  disconnect(peer: PeerName): void {
    const path = this.kept.get(peer);
    if (path === undefined) return;
    this.forget(path);
    this.#handler.pathClosed(path);
  }

  source(): PacketSource {
    const [host = '', port = ''] = this.#from.split(' ').slice(-2);
    const octets = new Uint8Array(ADDRESS_BYTES);
    return { family: readAddress(host, octets) ?? 4, octets, port: Number(port) };
  }

  keep(): number {
    const known = this.kept.get(this.#from);
    if (known !== undefined) return known;
    const free = this.#names.indexOf(undefined);
    const path = free < 0 ? this.#names.length : free;
    this.#names[path] = this.#from;
    this.kept.set(this.#from, path);
    return path;
  }

  forget(path: number): void {
    this.kept.delete(this.#names[path] ?? '');
    this.#names[path] = undefined;
  }

  send(path: number, packet: Uint8Array): void {
    this.sent.push({ to: this.#names[path] ?? 'nobody', bytes: Buffer.from(packet) });
  }

  drain(): void {
    // Packets are handed in by `from`.
  }

  flush(): void {
    // Nothing is kept back.
  }

  close(): void {
    this.kept.clear();
  }
}
