import { createEncoder } from '../codec/audio-codec.ts';
import type { AudioEncoder } from '../codec/audio-codec.ts';
import type { CodecName } from '../protocol/codec.ts';
import type { LegMedia } from '../protocol/mixer-command.ts';
import { RTP_HEADER_BYTES, RtpHeader, writeRtpHeader } from '../rtp/rtp-packet.ts';
import { TELEPHONE_EVENT_BYTES, TelephoneEventSender } from '../rtp/telephone-event.ts';
import { FRAME_SAMPLES } from './mix-format.ts';
import type { PacketSink } from './packet-sink.ts';

/** Where a sender is in its stream, RFC 3550 §5.1. */
export interface SenderState {
  readonly ssrc: number;
  /** Of the next packet. */
  readonly sequenceNumber: number;
  readonly rtpTimestamp: number;
  readonly packets: number;
  readonly octets: number;
}

/** Scratch for all legs of the thread: each holds only during one call. */
const HEADER = new RtpHeader();
const ENCODED = new Uint8Array(FRAME_SAMPLES);

/**
 * The way of one leg's audio from encoded frames of 20 ms to packets of the agreed length. One byte is one sample in all
 * codecs so far, so packets are cut out of the stream of bytes anywhere.
 */
export class LegOut {
  codec: CodecName;
  packets: number;
  octets: number;
  readonly #sink: PacketSink;
  readonly ssrc: number;
  #encoder: AudioEncoder;
  /** Header and payload as they are sent; made anew only when the packet time changes. */
  #packet = new Uint8Array(0);
  #filledBytes = 0;
  #payloadType = 0;
  #sequenceNumber: number;
  /**
   * Time stamp of the tick at hand, as a signed number: the engine keeps those of 32 bits without an object, and the
   * bits on the wire are the same.
   */
  #rtpTimestamp: number;
  /** Time stamp of the first sample in `#packet`, signed too. */
  #packetTimestamp = 0;
  /** Set on the first packet after a pause, RFC 3551 §4.1. */
  #resuming = true;
  #sends = true;
  #telephoneEventPayloadType: number | null = null;
  readonly #telephoneEvents = new TelephoneEventSender(FRAME_SAMPLES);
  /** Whether any key has ever been sent: most legs never need to ask. */
  #keys: 'none' | 'some' = 'none';
  readonly #eventPacket = new Uint8Array(RTP_HEADER_BYTES + TELEPHONE_EVENT_BYTES);

  constructor(media: LegMedia, state: SenderState, sink: PacketSink) {
    this.codec = media.codec;
    this.packets = state.packets;
    this.octets = state.octets;
    this.#sink = sink;
    this.ssrc = state.ssrc;
    this.#sequenceNumber = state.sequenceNumber;
    this.#rtpTimestamp = state.rtpTimestamp | 0;
    this.#encoder = createEncoder(media.codec);
    this.update(media);
  }

  /** Takes what a new offer and answer agreed on. SSRC, sequence numbers and time stamps go on. */
  update(media: LegMedia): void {
    this.codec = media.codec;
    this.#encoder = createEncoder(media.codec);
    this.#payloadType = media.payloadTypeOut;
    this.#telephoneEventPayloadType = media.telephoneEventPayloadType;
    const packetBytes = RTP_HEADER_BYTES + (FRAME_SAMPLES * media.ptimeOutMs) / 20;
    if (packetBytes !== this.#packet.length) this.#packet = new Uint8Array(packetBytes);
    this.#filledBytes = 0;
    this.#sends = media.direction === 'sendrecv' || media.direction === 'sendonly';
  }

  /** Whether the peer may be sent audio now. */
  get sends(): boolean {
    return this.#sends;
  }

  get state(): SenderState {
    return {
      ssrc: this.ssrc,
      sequenceNumber: this.#sequenceNumber,
      rtpTimestamp: this.rtpTimestamp,
      packets: this.packets,
      octets: this.octets,
    };
  }

  /** Time stamp of the next tick, unsigned. */
  get rtpTimestamp(): number {
    return this.#rtpTimestamp >>> 0;
  }

  /** Queues a key; refused when telephone-event was not agreed on or too many keys wait. */
  press(event: number): 'queued' | 'refused' {
    if (this.#telephoneEventPayloadType === null) return 'refused';
    this.#keys = 'some';
    return this.#telephoneEvents.press(event);
  }

  /** Encodes `FRAME_SAMPLES` int16 and ends the tick. */
  sendFrame(frame: Int16Array): void {
    this.#encoder.encode(frame, 0, FRAME_SAMPLES, ENCODED, 0);
    this.sendEncoded(ENCODED);
  }

  /** Sends silence and ends the tick. */
  sendSilence(): void {
    this.sendEncoded(ENCODED.fill(this.#encoder.silenceByte));
  }

  /** Takes a frame of this leg's codec, one that others hear too perhaps, and ends the tick. */
  sendEncoded(frame: Uint8Array): void {
    if (this.#keys === 'none' || !this.#sendEvent()) this.#packetise(frame);
    this.#rtpTimestamp = (this.#rtpTimestamp + FRAME_SAMPLES) | 0;
  }

  /** Lets `ticks` ticks pass without sending. */
  skip(ticks: number): void {
    this.#rtpTimestamp = (this.#rtpTimestamp + ticks * FRAME_SAMPLES) | 0;
    this.#filledBytes = 0;
    this.#resuming = true;
  }

  /** Sends a telephone event in place of audio, if a key is to be sent. */
  #sendEvent(): boolean {
    const payloadType = this.#telephoneEventPayloadType;
    if (payloadType === null) return false;
    const sender = this.#telephoneEvents;
    if (sender.tick(this.#rtpTimestamp, this.#eventPacket, RTP_HEADER_BYTES) === 0) return false;
    HEADER.marker = sender.marker;
    HEADER.payloadType = payloadType;
    this.#send(this.#eventPacket, sender.rtpTimestamp);
    this.#filledBytes = 0;
    this.#resuming = true;
    return true;
  }

  #packetise(frame: Uint8Array): void {
    const packet = this.#packet;
    const payloadBytes = packet.length - RTP_HEADER_BYTES;
    let taken = 0;
    while (taken < FRAME_SAMPLES) {
      if (this.#filledBytes === 0) this.#packetTimestamp = (this.#rtpTimestamp + taken) | 0;
      const count = Math.min(FRAME_SAMPLES - taken, payloadBytes - this.#filledBytes);
      const at = RTP_HEADER_BYTES + this.#filledBytes;
      if (count === FRAME_SAMPLES) packet.set(frame, at);
      else for (let i = 0; i < count; i += 1) packet[at + i] = frame[taken + i] ?? 0;
      taken += count;
      this.#filledBytes += count;
      if (this.#filledBytes === payloadBytes) this.#sendAudio(packet);
    }
  }

  #sendAudio(packet: Uint8Array): void {
    HEADER.marker = this.#resuming;
    HEADER.payloadType = this.#payloadType;
    this.#send(packet, this.#packetTimestamp);
    this.#resuming = false;
    this.#filledBytes = 0;
  }

  #send(packet: Uint8Array, rtpTimestamp: number): void {
    HEADER.ssrc = this.ssrc;
    HEADER.sequenceNumber = this.#sequenceNumber;
    HEADER.rtpTimestamp = rtpTimestamp;
    writeRtpHeader(packet, 0, HEADER);
    this.#sink.sendRtp(packet);
    this.#sequenceNumber = (this.#sequenceNumber + 1) & 0xffff;
    this.packets += 1;
    this.octets += packet.length - RTP_HEADER_BYTES;
  }
}
