import { SILENCE_DBOV } from '../dsp/level-meter.ts';
import type { HeaderExtensions } from '../protocol/mixer-command.ts';
import { RtpHeader } from '../rtp/rtp-packet.ts';
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
  /** Of the next packet: set by the caller. */
  payloadType = 0;
  marker = false;
  levelDbov = SILENCE_DBOV;
  /**
   * Also of the next packet. Signed: the engine keeps numbers of 32 bits without an object, and the bits on the wire are
   * the same.
   */
  rtpTimestamp = 0;
  readonly #sink: PacketSink;
  #template = new PacketTemplate(undefined);
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
    this.#template = new PacketTemplate(extensions);
  }

  /** Where payloads begin in a packet. */
  get headBytes(): number {
    return this.#template.headBytes;
  }

  /** Of the next packet. */
  get sequenceNumber(): number {
    return this.#sequenceNumber;
  }

  /** Sends the first `length` bytes of `payload`, which are copied. */
  sendPayload(payload: Uint8Array, length: number): void {
    const { headBytes } = this;
    const packetBytes = headBytes + length;
    if (packetBytes > MAX_PACKET_BYTES) return;
    for (let i = 0; i < length; i += 1) PACKET[headBytes + i] = payload[i] ?? 0;
    this.sendPacket((VIEWS[packetBytes] ??= PACKET.subarray(0, packetBytes)));
  }

  /** Sends a packet whose payload is in its place already. */
  sendPacket(packet: Uint8Array): void {
    HEADER.marker = this.marker;
    HEADER.payloadType = this.payloadType;
    HEADER.ssrc = this.ssrc;
    HEADER.sequenceNumber = this.#sequenceNumber;
    HEADER.rtpTimestamp = this.rtpTimestamp;
    this.#template.write(packet, HEADER, this.levelDbov);
    this.#sink.sendRtp(packet);
    this.#sequenceNumber = (this.#sequenceNumber + 1) & 0xffff;
    this.packets += 1;
    this.octets += packet.length - this.#template.headBytes;
  }
}
