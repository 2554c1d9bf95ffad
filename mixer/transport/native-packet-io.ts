import { hasInterface, loadAddOn } from '../add-on/load-add-on.ts';
import { constants } from 'node:os';
import { getSystemErrorName } from 'node:util';
import type { MediaAddress } from '../protocol/mixer-command.ts';
import type { MonotonicMs } from '../protocol/units.ts';
import type {
  LegIndex,
  ListensTo,
  OpenOutcome,
  OpenRequest,
  PacketHandler,
  PacketIo,
  PacketKind,
  ReceivedPacket,
} from './packet-io.ts';

/** What `native/packet-batch.c` exports; what arguments mean stands there. Results below 0 are negative errnos. */
interface PacketBatch {
  readonly interfaceVersion: number;
  open(slot: number, host: string, port: number, receiveBufferBytes: number, parked: 0 | 1): number;
  park(slot: number): number;
  close(slot: number): number;
  direct(slot: number, host: string, port: number): number;
  connect(slot: number, mode: 0 | 1): number;
  receive(
    bytes: Uint8Array,
    words: Int32Array,
    addresses: Uint8Array,
    ages: Float64Array,
    packets: number,
    begin: 0 | 1,
  ): number;
  send(bytes: Uint8Array, words: Int32Array, packets: number): number;
}

/** The same numbers stand in packet-batch.c. */
const INTERFACE_VERSION = 3;
const PACKET_BYTES = 1600;
const IN_WORDS = 4;
const OUT_WORDS = 3;
const ADDRESS_BYTES = 16;
/** Packets that one native call takes in or sends. */
const BATCH_PACKETS = 512;
/** Most calls in one drain, so that a flood cannot hold up a tick. */
const MAX_CALLS = 8;
const RECEIVE_BUFFER_BYTES = 256 * 1024;
const { EINVAL } = constants.errno;
/** The unspecified address, however it is written, stands for hold (RFC 2543); the kernel takes it for this machine. */
const UNSPECIFIED = /^[0.:]+$/;

/** Loads the add-on; null where it was not built. Each thread gets sockets of its own. */
export function loadPacketBatch(): PacketBatch | null {
  return loadAddOn('transport/native/packet_batch', isPacketBatch);
}

function isPacketBatch(loaded: unknown): loaded is PacketBatch {
  return hasInterface(loaded, INTERFACE_VERSION);
}

/**
 * Packet input and output in batches: one native call drains all sockets, one sends what a tick has made. Costs a
 * third of what `node:dgram` does, and tells when the kernel got a packet, not when the thread looked.
 */
export class NativePacketIo implements PacketIo {
  readonly #batch: PacketBatch;
  readonly #nowMs: () => MonotonicMs;
  readonly #in = new Uint8Array(BATCH_PACKETS * PACKET_BYTES);
  readonly #inViews: readonly Uint8Array[];
  readonly #inWords = new Int32Array(BATCH_PACKETS * IN_WORDS);
  readonly #addresses = new Uint8Array(BATCH_PACKETS * ADDRESS_BYTES);
  readonly #ages = new Float64Array(BATCH_PACKETS);
  readonly #out = new Uint8Array(BATCH_PACKETS * PACKET_BYTES);
  readonly #outWords = new Int32Array(BATCH_PACKETS * OUT_WORDS);
  /** Where the packets of each slot came from last, as text. */
  readonly #sources: string[] = [];
  #outPackets = 0;
  #outBytes = 0;
  readonly #packet: ReceivedPacket = {
    legIndex: 0,
    kind: 'rtp',
    bytes: new Uint8Array(0),
    lengthBytes: 0,
    sourceHost: '',
    sourcePort: 0,
    atMs: 0,
  };
  #handler: PacketHandler = () => undefined;

  constructor(batch: PacketBatch, nowMs: () => MonotonicMs) {
    this.#batch = batch;
    this.#nowMs = nowMs;
    this.#inViews = Array.from({ length: BATCH_PACKETS }, (_, at) =>
      this.#in.subarray(at * PACKET_BYTES, (at + 1) * PACKET_BYTES),
    );
  }

  receive(handler: PacketHandler): void {
    this.#handler = handler;
  }

  open(request: OpenRequest): void {
    const { legIndex, port, done } = request;
    // Port 0 would be one of the kernel's choice.
    const rtp = port < 1 ? -EINVAL : this.#open(slotOf(legIndex, 'rtp'), request, port);
    const rtcp = rtp < 0 ? rtp : this.#open(slotOf(legIndex, 'rtcp'), request, port + 1);
    if (rtp >= 0 && rtcp < 0) this.#batch.close(slotOf(legIndex, 'rtp'));
    done(outcomeOf(rtcp));
  }

  setDestination(legIndex: LegIndex, kind: PacketKind, destination: MediaAddress): void {
    // What was made for the old address goes there.
    this.flush();
    const { host, port } = destination;
    if (kind === 'rtp') this.setListensTo(legIndex, 'everybody');
    this.#batch.direct(slotOf(legIndex, kind), host, UNSPECIFIED.test(host) ? 0 : port);
  }

  setListensTo(legIndex: LegIndex, listensTo: ListensTo): void {
    this.#batch.connect(slotOf(legIndex, 'rtp'), listensTo === 'everybody' ? 0 : 1);
  }

  send(legIndex: LegIndex, kind: PacketKind, packet: Uint8Array): void {
    const isFull =
      this.#outPackets === BATCH_PACKETS || this.#outBytes + packet.length > this.#out.length;
    if (isFull) this.flush();
    if (packet.length > PACKET_BYTES) return;
    const at = this.#outPackets * OUT_WORDS;
    const words = this.#outWords;
    words[at] = slotOf(legIndex, kind);
    words[at + 1] = this.#outBytes;
    words[at + 2] = packet.length;
    this.#out.set(packet, this.#outBytes);
    this.#outBytes += packet.length;
    this.#outPackets += 1;
  }

  close(legIndex: LegIndex): void {
    this.flush();
    this.#batch.close(slotOf(legIndex, 'rtp'));
    this.#batch.close(slotOf(legIndex, 'rtcp'));
  }

  park(legIndex: LegIndex): void {
    this.flush();
    this.#batch.park(slotOf(legIndex, 'rtp'));
    this.#batch.park(slotOf(legIndex, 'rtcp'));
  }

  drain(): void {
    for (let call = 0; call < MAX_CALLS; call += 1) {
      const nowMs = this.#nowMs();
      const count = this.#batch.receive(
        this.#in,
        this.#inWords,
        this.#addresses,
        this.#ages,
        BATCH_PACKETS,
        call === 0 ? 1 : 0,
      );
      for (let at = 0; at < count; at += 1) this.#deliver(at, nowMs);
      // A batch that was not filled had everything in it.
      if (count < BATCH_PACKETS) return;
    }
  }

  flush(): void {
    if (this.#outPackets === 0) return;
    this.#batch.send(this.#out, this.#outWords, this.#outPackets);
    this.#outPackets = 0;
    this.#outBytes = 0;
  }

  #open(slot: number, request: OpenRequest, port: number): number {
    const parked = request.sockets === 'parked' ? 1 : 0;
    return this.#batch.open(slot, request.host, port, RECEIVE_BUFFER_BYTES, parked);
  }

  #deliver(at: number, nowMs: MonotonicMs): void {
    const words = this.#inWords;
    const slot = words[at * IN_WORDS] ?? 0;
    const lengthBytes = words[at * IN_WORDS + 1] ?? 0;
    const bytes = this.#inViews[at];
    // Also of a packet that is dropped: the address is told only once, and the next one may be taken in.
    const sourceHost = this.#sourceHost(slot, at);
    if (bytes === undefined || lengthBytes === 0) return;
    const packet = this.#packet;
    packet.legIndex = slot >> 1;
    packet.kind = (slot & 1) === 0 ? 'rtp' : 'rtcp';
    packet.bytes = bytes;
    packet.lengthBytes = lengthBytes;
    packet.sourcePort = words[at * IN_WORDS + 2] ?? 0;
    packet.sourceHost = sourceHost;
    packet.atMs = nowMs - (this.#ages[at] ?? 0);
    this.#handler(packet);
  }

  /** The address is given only when it is another than that of the slot's packet before. */
  #sourceHost(slot: number, at: number): string {
    const family = this.#inWords[at * IN_WORDS + 3];
    if (family === 0) return this.#sources[slot] ?? '';
    const start = at * ADDRESS_BYTES;
    const octets = this.#addresses.subarray(start, start + ADDRESS_BYTES);
    const host = hostText(octets, family === 6 ? 6 : 4);
    this.#sources[slot] = host;
    return host;
  }
}

function slotOf(legIndex: LegIndex, kind: PacketKind): number {
  return legIndex * 2 + (kind === 'rtp' ? 0 : 1);
}

/** The address as Node writes it: dotted, or the short form of RFC 5952. */
function hostText(octets: Uint8Array, family: 4 | 6): string {
  if (family === 4) return octets.subarray(0, 4).join('.');
  const groups = Array.from({ length: 8 }, (_, at) =>
    (((octets[2 * at] ?? 0) << 8) | (octets[2 * at + 1] ?? 0)).toString(16),
  );
  return new URL(`http://[${groups.join(':')}]/`).hostname.slice(1, -1);
}

function outcomeOf(result: number): OpenOutcome {
  if (result >= 0) return { result: 'ok' };
  const reason = getSystemErrorName(result);
  return { result: reason === 'EADDRINUSE' ? 'port-taken' : 'failed', reason };
}
