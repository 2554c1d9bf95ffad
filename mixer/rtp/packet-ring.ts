import type { RtpHeader } from './rtp-packet.ts';

/** Longest payload that is stored where nothing else is asked for: 80 ms of G.711 at 8 kHz. */
const DEFAULT_PAYLOAD_BYTES = 640;

/** Slots; a power of two, so that sequence numbers wrap without a seam. 64 packets are 640 ms at 10 ms each. */
export const RING_SLOTS = 64;

const EMPTY = -1;
/** An odd number of cache lines for each leg: at an even one the legs of a room would push one another out of the cache. */
const CACHE_LINE_BYTES = 64;

/** Fields of a slot, side by side so that a packet touches one cache line of them. */
const FIELDS = 8;
const SEQUENCE_NUMBER = 0;
const RTP_TIMESTAMP = 1;
const DURATION = 2;
const LENGTH = 3;
const PAYLOAD_TYPE = 4;
const MARKER = 5;
const CELL = 6;

/** Added to the sequence number of a slot whose packet has been served: it tells a duplicate from a latecomer. */
const SERVED = 0x10000;

/**
 * Packets by sequence number, in memory that is taken once. Two sequence numbers that are `RING_SLOTS` apart share a
 * slot: the caller keeps what it stores within that distance.
 */
export class PacketRing {
  /** All payloads; that of a slot begins at `offset(slot)`. */
  readonly bytes: Uint8Array;
  /** Longest payload that a slot takes. */
  readonly maxPayloadBytes: number;
  readonly #fields = new Int32Array(RING_SLOTS * FIELDS);
  /** Cells of `bytes` that are free, last in first out: the same few serve a steady stream and stay in the cache. */
  readonly #freeCells = new Uint8Array(RING_SLOTS);
  /** Packets stored and not served. */
  stored = 0;

  constructor(maxPayloadBytes = DEFAULT_PAYLOAD_BYTES) {
    this.maxPayloadBytes = maxPayloadBytes;
    this.bytes = new Uint8Array(RING_SLOTS * maxPayloadBytes + CACHE_LINE_BYTES);
    this.clear();
  }

  /** Time stamp of a slot, as a signed number: for differences modulo 2^32. */
  rtpTimestamp(slot: number): number {
    return this.#fields[slot * FIELDS + RTP_TIMESTAMP] ?? 0;
  }

  durationSamples(slot: number): number {
    return this.#fields[slot * FIELDS + DURATION] ?? 0;
  }

  lengthBytes(slot: number): number {
    return this.#fields[slot * FIELDS + LENGTH] ?? 0;
  }

  payloadType(slot: number): number {
    return this.#fields[slot * FIELDS + PAYLOAD_TYPE] ?? 0;
  }

  /** 1 where the marker bit was set. */
  marker(slot: number): number {
    return this.#fields[slot * FIELDS + MARKER] ?? 0;
  }

  /** Where a slot's payload begins in `bytes`. */
  offset(slot: number): number {
    return (this.#fields[slot * FIELDS + CELL] ?? 0) * this.maxPayloadBytes;
  }

  /** What is known of a sequence number. */
  look(sequenceNumber: number): 'stored' | 'served' | 'unknown' {
    const entry = this.#entry(sequenceNumber);
    if (entry === sequenceNumber) return 'stored';
    return entry === sequenceNumber + SERVED ? 'served' : 'unknown';
  }

  /** Copies a packet in. What the slot held before is gone. */
  store(header: RtpHeader, packet: Uint8Array, durationSamples: number): void {
    const at = slotOf(header.sequenceNumber) * FIELDS;
    const fields = this.#fields;
    const before = fields[at + SEQUENCE_NUMBER] ?? EMPTY;
    if (before === EMPTY || before >= SERVED) {
      this.stored += 1;
      fields[at + CELL] = this.#freeCells[RING_SLOTS - this.stored] ?? 0;
    }
    fields[at + SEQUENCE_NUMBER] = header.sequenceNumber;
    fields[at + RTP_TIMESTAMP] = header.rtpTimestamp;
    fields[at + DURATION] = durationSamples;
    fields[at + LENGTH] = header.payloadLength;
    fields[at + PAYLOAD_TYPE] = header.payloadType;
    fields[at + MARKER] = header.marker ? 1 : 0;
    // A loop, because `set` would need a view of the packet: an object for each.
    const store = this.bytes;
    const target = (fields[at + CELL] ?? 0) * this.maxPayloadBytes;
    const source = header.payloadOffset;
    const length = header.payloadLength;
    for (let i = 0; i < length; i += 1) store[target + i] = packet[source + i] ?? 0;
  }

  /** First sequence number at or after `from` that is stored, or −1. */
  firstFrom(from: number): number {
    if (this.stored === 0) return EMPTY;
    for (let i = 0; i < RING_SLOTS; i += 1) {
      const sequenceNumber = (from + i) & 0xffff;
      if (this.#entry(sequenceNumber) === sequenceNumber) return sequenceNumber;
    }
    return EMPTY;
  }

  /** Marks a stored packet as served. Its payload stays in place until the next `store`. */
  serve(sequenceNumber: number): void {
    const at = slotOf(sequenceNumber) * FIELDS;
    this.#fields[at + SEQUENCE_NUMBER] = sequenceNumber + SERVED;
    this.#freeCells[RING_SLOTS - this.stored] = this.#fields[at + CELL] ?? 0;
    this.stored -= 1;
  }

  /** Forgets all packets. */
  clear(): void {
    for (let slot = 0; slot < RING_SLOTS; slot += 1) {
      this.#fields[slot * FIELDS + SEQUENCE_NUMBER] = EMPTY;
      this.#freeCells[slot] = RING_SLOTS - 1 - slot;
    }
    this.stored = 0;
  }

  #entry(sequenceNumber: number): number {
    return this.#fields[slotOf(sequenceNumber) * FIELDS + SEQUENCE_NUMBER] ?? EMPTY;
  }
}

/** The slot of a sequence number. */
export function slotOf(sequenceNumber: number): number {
  return sequenceNumber & (RING_SLOTS - 1);
}
