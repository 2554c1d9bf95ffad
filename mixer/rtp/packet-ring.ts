import type { RtpHeader } from './rtp-packet.ts';

/** Longest payload that is stored: 40 ms of 16-bit audio at 8 kHz, and any coded one. */
export const MAX_PAYLOAD_BYTES = 640;

/** Slots; a power of two, so that sequence numbers wrap without a seam. 64 packets are 640 ms at 10 ms each. */
export const RING_SLOTS = 64;

const EMPTY = -1;
/** Added to the sequence number of a slot whose packet has been served: it tells a duplicate from a latecomer. */
const SERVED = 0x10000;

/**
 * Packets by sequence number, in memory that is taken once. Two sequence numbers that are `RING_SLOTS` apart share a
 * slot: the caller keeps what it stores within that distance.
 */
export class PacketRing {
  /** All payloads; that of a slot begins at `slot × MAX_PAYLOAD_BYTES`. */
  readonly bytes = new Uint8Array(RING_SLOTS * MAX_PAYLOAD_BYTES);
  readonly rtpTimestamps = new Uint32Array(RING_SLOTS);
  readonly durations = new Int32Array(RING_SLOTS);
  readonly lengths = new Int32Array(RING_SLOTS);
  readonly payloadTypes = new Uint8Array(RING_SLOTS);
  /** 1 where the marker bit was set. */
  readonly markers = new Uint8Array(RING_SLOTS);
  readonly #sequenceNumbers = new Int32Array(RING_SLOTS).fill(EMPTY);
  /** Packets stored and not served. */
  stored = 0;

  /** What is known of a sequence number. */
  look(sequenceNumber: number): 'stored' | 'served' | 'unknown' {
    const entry = this.#sequenceNumbers[slotOf(sequenceNumber)];
    if (entry === sequenceNumber) return 'stored';
    return entry === sequenceNumber + SERVED ? 'served' : 'unknown';
  }

  /** Copies a packet in. What the slot held before is gone. */
  store(header: RtpHeader, packet: Uint8Array, durationSamples: number): void {
    const slot = slotOf(header.sequenceNumber);
    const before = this.#sequenceNumbers[slot] ?? EMPTY;
    if (before === EMPTY || before >= SERVED) this.stored += 1;
    this.#sequenceNumbers[slot] = header.sequenceNumber;
    this.rtpTimestamps[slot] = header.rtpTimestamp;
    this.durations[slot] = durationSamples;
    this.lengths[slot] = header.payloadLength;
    this.payloadTypes[slot] = header.payloadType;
    this.markers[slot] = header.marker ? 1 : 0;
    // A loop, because `set` would need a view of the packet: an object for each.
    const store = this.bytes;
    const target = slot * MAX_PAYLOAD_BYTES;
    const source = header.payloadOffset;
    const length = header.payloadLength;
    for (let i = 0; i < length; i += 1) store[target + i] = packet[source + i] ?? 0;
  }

  /** First sequence number at or after `from` that is stored, or −1. */
  firstFrom(from: number): number {
    if (this.stored === 0) return EMPTY;
    for (let i = 0; i < RING_SLOTS; i += 1) {
      const sequenceNumber = (from + i) & 0xffff;
      if (this.#sequenceNumbers[slotOf(sequenceNumber)] === sequenceNumber) return sequenceNumber;
    }
    return EMPTY;
  }

  /** Marks a stored packet as served. Its payload stays in place until the slot is used again. */
  serve(sequenceNumber: number): void {
    this.#sequenceNumbers[slotOf(sequenceNumber)] = sequenceNumber + SERVED;
    this.stored -= 1;
  }

  /** Forgets all packets. */
  clear(): void {
    this.#sequenceNumbers.fill(EMPTY);
    this.stored = 0;
  }
}

/** The slot of a sequence number. */
export function slotOf(sequenceNumber: number): number {
  return sequenceNumber & (RING_SLOTS - 1);
}
