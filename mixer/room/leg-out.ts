import { createEncoder } from '../codec/audio-codec.ts';
import type { AudioEncoder } from '../codec/audio-codec.ts';
import { MAX_OPUS_FRAME_BYTES } from '../codec/opus-codec.ts';
import { SILENCE_DBOV } from '../dsp/level-meter.ts';
import type { CodecName } from '../protocol/codec.ts';
import type { HeaderExtensions, LegMedia, OpusParameters } from '../protocol/mixer-command.ts';
import type { Hz } from '../protocol/units.ts';
import { TELEPHONE_EVENT_BYTES, TelephoneEventSender } from '../rtp/telephone-event.ts';
import { EncodedFrame } from './encoded-frame.ts';
import { LossAdaptation } from './loss-adaptation.ts';
import type { LossReport } from './loss-adaptation.ts';
import { clockRateOf, FRAME_SAMPLES, frameSamplesAt } from './mix-format.ts';
import { opusSilence } from './opus-silence.ts';
import { OpusStream, SHARED_PARAMETERS } from './opus-stream.ts';
import type { OpusTuning } from './opus-tuning.ts';
import { PacketSender } from './packet-sender.ts';
import type { SenderState } from './packet-sender.ts';
import type { PacketSink } from './packet-sink.ts';

export type { SenderState };

/** What a sender is made from. */
export interface LegOutParts {
  readonly media: LegMedia;
  readonly sender: SenderState;
  readonly sink: PacketSink;
  readonly tuning: OpusTuning;
}

/** Clock of telephone events where nothing else was agreed on. */
const TELEPHONE_EVENT_CLOCK_HZ: Hz = 8000;
/** A stream of its own is kept so long after it was last needed: 400 ms, a pause between two words. */
const OWN_STREAM_TICKS = 20;
/** In a pause a packet of comfort noise goes out this often: 400 ms, as RFC 7587 §3.1.3 has it. */
const COMFORT_TICKS = 20;
/** Bits of an Opus packet's first byte that tell how many frames are in it, RFC 6716 §3.1: none set is one. */
const FRAME_COUNT_BITS = 0x03;

/** Scratch for all legs of the thread: each holds only during one call. */
const OPUS_FRAME = new EncodedFrame(MAX_OPUS_FRAME_BYTES);
const G711_FRAME = new EncodedFrame(FRAME_SAMPLES);
const COMFORT = new Uint8Array(1);
const EVENT = new Uint8Array(TELEPHONE_EVENT_BYTES);

/**
 * The way of one leg's audio from encoded frames of 20 ms to packets. With G.711 one byte is one sample, so packets of
 * the agreed length are cut out of the stream of bytes anywhere; with Opus each frame is a packet, whatever packet time
 * the peer would like.
 *
 * Who only listens is sent the room's stream, who has something of its own to hear a stream of its own. With Opus these
 * come from two encoders, and a peer's decoder takes a change for a small loss; so the own stream is kept for a while:
 *
 * ```
 *                  own voice, prompt or volume
 *   shared ─────────────────────────────────────────▶ own
 *      ▲   400 ms without any, or silence in the room   │
 *      └────────────────────────────────────────────────┘
 * ```
 */
export class LegOut {
  codec: CodecName = 'PCMA';
  readonly #sender: PacketSender;
  readonly #tuning: OpusTuning;
  readonly #adaptation = new LossAdaptation();
  #encoder: AudioEncoder = createEncoder('PCMA');
  /** This leg's own stream of Opus; null with any other codec. */
  #opusStream: OpusStream | null = null;
  #opus: OpusParameters = SHARED_PARAMETERS;
  /** What the RTP clock advances in a tick. */
  #tickSamples = FRAME_SAMPLES;
  /** With G.711, a packet as it is sent; made anew only when its length changes. */
  #packet = new Uint8Array(0);
  #filledBytes = 0;
  #payloadType = 0;
  /** Time stamp of the tick at hand, signed: see `PacketSender.header`. */
  #rtpTimestamp: number;
  /** Time stamp of the first sample in `#packet`, signed too. */
  #packetTimestamp = 0;
  /** Set on the first packet after a pause, RFC 3551 §4.1. */
  #resuming = true;
  #sends = true;
  #ownTicks = 0;
  /** Ticks of silence in a row. */
  #silentTicks = 0;
  /** First byte of the last Opus packet that held a frame, −1 before any: comfort noise looks like it. */
  #configuration = -1;
  #telephoneEventPayloadType: number | null = null;
  #telephoneEventSamples = FRAME_SAMPLES;
  #telephoneEvents = new TelephoneEventSender(FRAME_SAMPLES);
  /** Whether any key has ever been sent: most legs never need to ask. */
  #keys: 'none' | 'some' = 'none';

  constructor({ media, sender, sink, tuning }: LegOutParts) {
    this.#sender = new PacketSender(sender, sink);
    this.#tuning = tuning;
    this.#rtpTimestamp = sender.rtpTimestamp | 0;
    this.update(media);
  }

  /** Takes what a new offer and answer agreed on. SSRC, sequence numbers and time stamps go on. */
  update(media: LegMedia): void {
    const clockRateHz = clockRateOf(media.codec);
    this.codec = media.codec;
    this.#tickSamples = frameSamplesAt(clockRateHz);
    this.#payloadType = media.payloadTypeOut;
    this.#sender.extend(extensionsOf(media));
    if (media.codec === 'opus') this.#updateOpus(media.opus ?? SHARED_PARAMETERS);
    else this.#updateG711(media.codec, media.ptimeOutMs);
    this.#filledBytes = 0;
    this.#telephoneEventPayloadType = media.telephoneEventPayloadType;
    const eventSamples = frameSamplesAt(media.telephoneEventClockHz ?? TELEPHONE_EVENT_CLOCK_HZ);
    if (eventSamples !== this.#telephoneEventSamples) {
      this.#telephoneEventSamples = eventSamples;
      this.#telephoneEvents = new TelephoneEventSender(eventSamples);
    }
    this.#sends = media.direction === 'sendrecv' || media.direction === 'sendonly';
  }

  get ssrc(): number {
    return this.#sender.ssrc;
  }

  get packets(): number {
    return this.#sender.packets;
  }

  get octets(): number {
    return this.#sender.octets;
  }

  /** Whether the peer may be sent audio now. */
  get sends(): boolean {
    return this.#sends;
  }

  get state(): SenderState {
    return {
      ssrc: this.ssrc,
      sequenceNumber: this.#sender.sequenceNumber,
      rtpTimestamp: this.rtpTimestamp,
      packets: this.packets,
      octets: this.octets,
    };
  }

  /** Time stamp of the next tick, unsigned. */
  get rtpTimestamp(): number {
    return this.#rtpTimestamp >>> 0;
  }

  /** `own`: frames for this leg are still to be encoded apart, though it hears what others hear. */
  get stream(): 'shared' | 'own' {
    return this.#ownTicks > 0 ? 'own' : 'shared';
  }

  /** What this leg's losses ask of those who encode for it, too. */
  get adaptation(): Readonly<LossAdaptation> {
    return this.#adaptation;
  }

  /** Takes what the peer reports of its reception. */
  adapt(report: LossReport): void {
    this.#adaptation.report(report);
    const { expectedLossPercent, bitratePercent } = this.#adaptation;
    this.#opusStream?.adapt(expectedLossPercent, bitratePercent);
  }

  /** Queues a key; refused when telephone-event was not agreed on or too many keys wait. */
  press(event: number): 'queued' | 'refused' {
    if (this.#telephoneEventPayloadType === null) return 'refused';
    this.#keys = 'some';
    return this.#telephoneEvents.press(event);
  }

  /** Says that this tick's frame is one that nobody else hears. */
  keepOwnStream(): void {
    if (this.#opusStream !== null) this.#ownTicks = OWN_STREAM_TICKS;
  }

  /** Encodes a frame of int16 for this leg alone and ends the tick. */
  sendFrame(frame: Int16Array): void {
    const stream = this.#opusStream;
    if (stream !== null) {
      if (this.#ownTicks > 0 && !this.#neverShares) this.#ownTicks -= 1;
      stream.encode(frame, OPUS_FRAME);
      this.#sendCoded(OPUS_FRAME);
      return;
    }
    this.#encoder.encode(frame, 0, FRAME_SAMPLES, G711_FRAME.bytes, 0);
    this.#sendCoded(G711_FRAME);
  }

  /** Takes a frame that others hear too, in this leg's codec, and ends the tick. */
  sendShared(frame: EncodedFrame): void {
    this.#opusStream?.rest();
    this.#sendCoded(frame);
  }

  /** Sends silence, or nothing where the peer knows that this means silence, and ends the tick. */
  sendSilence(): void {
    if (this.#opusStream !== null) {
      this.#sendOpusSilence(this.#opusStream);
      return;
    }
    G711_FRAME.bytes.fill(this.#encoder.silenceByte ?? 0);
    this.#sendCoded(G711_FRAME);
  }

  /** Lets `ticks` ticks pass without sending. */
  skip(ticks: number): void {
    this.#rtpTimestamp = (this.#rtpTimestamp + ticks * this.#tickSamples) | 0;
    this.#opusStream?.rest();
    this.#filledBytes = 0;
    this.#resuming = true;
  }

  /** Gives memory back at once. */
  free(): void {
    this.#opusStream?.free();
  }

  get #neverShares(): boolean {
    const { maxAverageBitrate } = this.#opus;
    return maxAverageBitrate !== null && maxAverageBitrate < this.#tuning.settings.bitrate;
  }

  #updateOpus(parameters: OpusParameters): void {
    const { expectedLossPercent, bitratePercent } = this.#adaptation;
    if (this.#opusStream === null || !sameParameters(parameters, this.#opus)) {
      this.#opusStream?.free();
      this.#opusStream = new OpusStream(this.#tuning, parameters);
      this.#opusStream.adapt(expectedLossPercent, bitratePercent);
    }
    this.#opus = parameters;
    if (this.#neverShares) this.#ownTicks = OWN_STREAM_TICKS;
    // Encoded here, as a tick has no time for it.
    if (this.#configuration < 0) this.#configuration = opusSilence().bytes[0] ?? 0;
  }

  #updateG711(codec: Exclude<CodecName, 'opus'>, ptimeOutMs: number): void {
    this.#opusStream?.free();
    this.#opusStream = null;
    this.#ownTicks = 0;
    this.#encoder = createEncoder(codec);
    const packetBytes = this.#sender.headBytes + (FRAME_SAMPLES * ptimeOutMs) / 20;
    if (packetBytes !== this.#packet.length) this.#packet = new Uint8Array(packetBytes);
  }

  #sendOpusSilence(stream: OpusStream): void {
    stream.rest();
    if (!this.#neverShares) this.#ownTicks = 0;
    const pausing = this.#opus.dtx === 'allowed';
    const due = this.#silentTicks % COMFORT_TICKS === 0;
    this.#silentTicks = (this.#silentTicks + 1) % COMFORT_TICKS;
    if (this.#keys === 'none' || !this.#sendEvent()) {
      if (!pausing) this.#packetise(opusSilence());
      else if (due) this.#sendComfort();
      else this.#resuming = true;
    }
    this.#endTick();
  }

  /** A packet whose one frame is empty: "nothing to hear, and nothing was lost". RFC 6716 §3.2.1. */
  #sendComfort(): void {
    COMFORT[0] = this.#configuration & ~FRAME_COUNT_BITS;
    this.#beginPacket(this.#rtpTimestamp);
    this.#sender.sendPayload(COMFORT, 1, SILENCE_DBOV);
    this.#resuming = false;
  }

  #sendCoded(frame: EncodedFrame): void {
    this.#silentTicks = 0;
    if (this.#keys === 'none' || !this.#sendEvent()) this.#packetise(frame);
    this.#endTick();
  }

  #endTick(): void {
    this.#rtpTimestamp = (this.#rtpTimestamp + this.#tickSamples) | 0;
  }

  /** Sends a telephone event in place of audio, if a key is to be sent. */
  #sendEvent(): boolean {
    const payloadType = this.#telephoneEventPayloadType;
    if (payloadType === null) return false;
    const events = this.#telephoneEvents;
    const sender = this.#sender;
    const length = events.tick(this.#rtpTimestamp, EVENT, 0);
    if (length === 0) return false;
    sender.header.marker = events.marker;
    sender.header.payloadType = payloadType;
    sender.header.rtpTimestamp = events.rtpTimestamp;
    sender.sendPayload(EVENT, length, SILENCE_DBOV);
    this.#filledBytes = 0;
    this.#resuming = true;
    return true;
  }

  #packetise(frame: EncodedFrame): void {
    if (this.#opusStream === null) {
      this.#cut(frame.bytes);
      return;
    }
    if (frame.length === 0) return;
    this.#configuration = frame.bytes[0] ?? 0;
    this.#beginPacket(this.#rtpTimestamp);
    this.#sender.sendPayload(frame.bytes, frame.length, frame.levelDbov);
    this.#resuming = false;
  }

  /** Cuts packets out of the stream of bytes, of which a frame has `FRAME_SAMPLES`. */
  #cut(bytes: Uint8Array): void {
    const packet = this.#packet;
    const { headBytes } = this.#sender;
    const payloadBytes = packet.length - headBytes;
    let taken = 0;
    while (taken < FRAME_SAMPLES) {
      if (this.#filledBytes === 0) this.#packetTimestamp = (this.#rtpTimestamp + taken) | 0;
      const count = Math.min(FRAME_SAMPLES - taken, payloadBytes - this.#filledBytes);
      const at = headBytes + this.#filledBytes;
      if (count === FRAME_SAMPLES) packet.set(bytes, at);
      else for (let i = 0; i < count; i += 1) packet[at + i] = bytes[taken + i] ?? 0;
      taken += count;
      this.#filledBytes += count;
      if (this.#filledBytes === payloadBytes) this.#sendCut(packet);
    }
  }

  #sendCut(packet: Uint8Array): void {
    this.#beginPacket(this.#packetTimestamp);
    this.#sender.sendPacket(packet, SILENCE_DBOV);
    this.#resuming = false;
    this.#filledBytes = 0;
  }

  #beginPacket(rtpTimestamp: number): void {
    const { header } = this.#sender;
    header.marker = this.#resuming;
    header.payloadType = this.#payloadType;
    header.rtpTimestamp = rtpTimestamp;
  }
}

function sameParameters(one: OpusParameters, other: OpusParameters): boolean {
  return (
    one.maxPlaybackRateHz === other.maxPlaybackRateHz &&
    one.maxAverageBitrate === other.maxAverageBitrate &&
    one.inbandFec === other.inbandFec &&
    one.dtx === other.dtx
  );
}

/** Levels are measured where Opus is encoded and nowhere else. */
function extensionsOf({ codec, extensions }: LegMedia): HeaderExtensions | undefined {
  if (codec === 'opus' || extensions === undefined) return extensions;
  return { ...extensions, audioLevelId: null };
}
