import type { HeaderExtensions } from '../protocol/mixer-command.ts';
import { RTP_HEADER_BYTES, RtpHeader, writeRtpHeader } from '../rtp/rtp-packet.ts';
import type { PacketSink } from './packet-sink.ts';
import { PacketTemplate } from './packet-template.ts';

/** Where a sender is in its stream, RFC 3550 §5.1. */
export interface SenderState {
  readonly ssrc: number;
  /** Of the next packet. */
  readonly sequenceNumber: number;
  readonly rtpTimestamp: number;
  readonly packets: number;
  readonly octets: number;
}

/** Longest packet: whatever fits into an Ethernet frame. */
const MAX_PACKET_BYTES = 1500;

/** Scratch for all legs of the thread: each holds only during one call. */
const HEADER = new RtpHeader();
const PACKET = new Uint8Array(MAX_PACKET_BYTES);
/** A view of `PACKET` for each length, made when it is first needed: sending allocates nothing in the long run. */
const VIEWS: (Uint8Array | undefined)[] = Array.from({ length: MAX_PACKET_BYTES + 1 });

/** Numbers one leg's packets, puts their head on and counts them. */
export class PacketSender {
  readonly ssrc: number;
  packets: number;
  octets: number;
  /**
   * What the caller sets of the next packet: `marker`, `payloadType`, `rtpTimestamp`. One object for all legs of the
   * thread. The time stamp may be signed: the engine keeps numbers of 32 bits without an object.
   */
  readonly header = HEADER;
  /** Where payloads begin in a packet. */
  headBytes = RTP_HEADER_BYTES;
  readonly #sink: PacketSink;
  /** Null where no extension was agreed on. */
  #template: PacketTemplate | null = null;
  #sequenceNumber: number;

  constructor(state: SenderState, sink: PacketSink) {
    this.ssrc = state.ssrc;
    this.packets = state.packets;
    this.octets = state.octets;
    this.#sequenceNumber = state.sequenceNumber;
    this.#sink = sink;
  }

  /** Takes what extensions were agreed on. */
  extend(extensions: HeaderExtensions | undefined): void {
    const template = new PacketTemplate(extensions);
    this.#template = template.headBytes === RTP_HEADER_BYTES ? null : template;
    this.headBytes = template.headBytes;
  }

  /** Of the next packet. */
  get sequenceNumber(): number {
    return this.#sequenceNumber;
  }

  /** Sends the first `length` bytes of `payload`, which are copied. `levelDbov` — what its level is declared to be. */
  sendPayload(payload: Uint8Array, length: number, levelDbov: number): void {
    const { headBytes } = this;
    const packetBytes = headBytes + length;
    if (packetBytes > MAX_PACKET_BYTES) return;
    for (let i = 0; i < length; i += 1) PACKET[headBytes + i] = payload[i] ?? 0;
    this.sendPacket((VIEWS[packetBytes] ??= PACKET.subarray(0, packetBytes)), levelDbov);
  }

  /** Sends a packet whose payload is in its place already. */
  sendPacket(packet: Uint8Array, levelDbov: number): void {
    HEADER.ssrc = this.ssrc;
    HEADER.sequenceNumber = this.#sequenceNumber;
    if (this.#template === null) writeRtpHeader(packet, 0, HEADER);
    else this.#template.write(packet, HEADER, levelDbov);
    this.#sink.sendRtp(packet);
    this.#sequenceNumber = (this.#sequenceNumber + 1) & 0xffff;
    this.packets += 1;
    this.octets += packet.length - this.headBytes;
  }
}
