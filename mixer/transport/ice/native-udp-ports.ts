import { hasInterface, loadAddOn } from '../../add-on/load-add-on.ts';
import { getSystemErrorName } from 'node:util';
import type { MonotonicMs } from '../../protocol/units.ts';
import { ADDRESS_BYTES } from './address-octets.ts';
import { bufferWarning, RECEIVE_BUFFER_BYTES } from './receive-buffer.ts';
import type { PacketSource } from './shared-port-io.ts';
import type { BindOutcome, UdpPacket, UdpPorts } from './udp-ports.ts';

/** What `native/shared-udp.c` exports; what arguments mean stands there. Results below 0 are negative errnos. */
export interface SharedUdp {
  readonly interfaceVersion: number;
  open(host: string, port: number, receiveBufferBytes: number): number;
  info(number: number, what: 0 | 1): number;
  listen(host: string, port: number): number;
  receive(bytes: Uint8Array, words: Int32Array, addresses: Uint8Array, ages: Float64Array): number;
  find(at: number): number;
  keep(at: number): number;
  forget(path: number): number;
  send(bytes: Uint8Array, words: Int32Array, packets: number): number;
  close(): number;
}

/** The same numbers stand in shared-udp.c. */
const INTERFACE_VERSION = 1;
const PACKET_BYTES = 1600;
const BATCH_PACKETS = 512;
const IN_WORDS = 4;
const OUT_WORDS = 3;
/** Most calls in one drain, so that a flood cannot hold up a tick. */
const MAX_CALLS = 8;

/** Loads the add-on; null where it was not built. It keeps one set of ports for each thread. */
export function loadSharedUdp(): SharedUdp | null {
  return loadAddOn('transport/ice/native/shared_udp', isSharedUdp);
}

function isSharedUdp(loaded: unknown): loaded is SharedUdp {
  return hasInterface(loaded, INTERFACE_VERSION);
}

/** Shared UDP ports in batches: one native call drains them, which also knows the paths; one sends a tick's packets. */
export class NativeUdpPorts implements UdpPorts {
  readonly #udp: SharedUdp;
  readonly #nowMs: () => MonotonicMs;
  readonly #in = new Uint8Array(BATCH_PACKETS * PACKET_BYTES);
  readonly #inViews: readonly Uint8Array[];
  readonly #inWords = new Int32Array(BATCH_PACKETS * IN_WORDS);
  readonly #addresses = new Uint8Array(BATCH_PACKETS * ADDRESS_BYTES);
  readonly #ages = new Float64Array(BATCH_PACKETS);
  readonly #out = new Uint8Array(BATCH_PACKETS * PACKET_BYTES);
  readonly #outWords = new Int32Array(BATCH_PACKETS * OUT_WORDS);
  readonly #packet: UdpPacket = { path: -1, bytes: new Uint8Array(0), lengthBytes: 0, atMs: 0 };
  #outPackets = 0;
  #outBytes = 0;
  /** Which packet of the batch is being delivered. */
  #at = 0;
  /** Whether a path was kept since the batch came in: strangers in it may be none any more. */
  #batch: 'as-received' | 'outdated' = 'as-received';
  #handler: (packet: UdpPacket) => void = () => undefined;

  constructor(udp: SharedUdp, nowMs: () => MonotonicMs) {
    this.#udp = udp;
    this.#nowMs = nowMs;
    this.#inViews = Array.from({ length: BATCH_PACKETS }, (_, at) =>
      this.#in.subarray(at * PACKET_BYTES, (at + 1) * PACKET_BYTES),
    );
  }

  receive(handler: (packet: UdpPacket) => void): void {
    this.#handler = handler;
  }

  open(host: string, port: number, done: (outcome: BindOutcome) => void): void {
    const opened = this.#udp.open(host, port, RECEIVE_BUFFER_BYTES);
    if (opened < 0) {
      done({ result: 'failed', reason: getSystemErrorName(opened) });
      return;
    }
    const warning = bufferWarning(this.#udp.info(opened, 1));
    done({ result: 'bound', port: this.#udp.info(opened, 0), warning });
  }

  source(): PacketSource {
    const start = this.#at * ADDRESS_BYTES;
    return {
      family: this.#inWords[this.#at * IN_WORDS + 3] === 6 ? 6 : 4,
      octets: this.#addresses.subarray(start, start + ADDRESS_BYTES),
      port: this.#inWords[this.#at * IN_WORDS + 2] ?? 0,
    };
  }

  keep(): number {
    const path = this.#udp.keep(this.#at);
    this.#batch = 'outdated';
    return path < 0 ? -1 : path;
  }

  forget(path: number): void {
    // What was made for it goes there.
    this.flush();
    this.#udp.forget(path);
  }

  send(path: number, packet: Uint8Array): void {
    const isFull =
      this.#outPackets === BATCH_PACKETS || this.#outBytes + packet.length > this.#out.length;
    if (isFull) this.flush();
    if (packet.length > PACKET_BYTES) return;
    const at = this.#outPackets * OUT_WORDS;
    const words = this.#outWords;
    words[at] = path;
    words[at + 1] = this.#outBytes;
    words[at + 2] = packet.length;
    this.#out.set(packet, this.#outBytes);
    this.#outBytes += packet.length;
    this.#outPackets += 1;
  }

  drain(): void {
    for (let call = 0; call < MAX_CALLS; call += 1) {
      const nowMs = this.#nowMs();
      const count = this.#udp.receive(this.#in, this.#inWords, this.#addresses, this.#ages);
      this.#batch = 'as-received';
      for (let at = 0; at < count; at += 1) this.#deliver(at, nowMs);
      // A batch that was not filled had everything in it.
      if (count < BATCH_PACKETS) return;
    }
  }

  flush(): void {
    if (this.#outPackets === 0) return;
    this.#udp.send(this.#out, this.#outWords, this.#outPackets);
    this.#outPackets = 0;
    this.#outBytes = 0;
  }

  close(): void {
    this.flush();
    this.#udp.close();
  }

  #deliver(at: number, nowMs: MonotonicMs): void {
    const words = this.#inWords;
    const bytes = this.#inViews[at];
    const lengthBytes = words[at * IN_WORDS + 1] ?? 0;
    if (bytes === undefined || lengthBytes === 0) return;
    const path = words[at * IN_WORDS] ?? -1;
    const isStale = path < 0 && this.#batch === 'outdated';
    this.#at = at;
    const packet = this.#packet;
    packet.path = isStale ? this.#udp.find(at) : path;
    packet.bytes = bytes;
    packet.lengthBytes = lengthBytes;
    packet.atMs = nowMs - (this.#ages[at] ?? 0);
    this.#handler(packet);
  }
}
