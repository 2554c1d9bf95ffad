import { createDecoder, createEncoder } from '../../../mixer/codec/audio-codec.ts';
import type { AudioDecoder, AudioEncoder } from '../../../mixer/codec/audio-codec.ts';
import type { LegMedia } from '../../../mixer/protocol/mixer-command.ts';
import { Leg } from '../../../mixer/room/leg.ts';
import { mixRateOf } from '../../../mixer/room/mix-format.ts';
import { OpusTuning } from '../../../mixer/room/opus-tuning.ts';
import { RoomMixer } from '../../../mixer/room/room-mixer.ts';
import { parseRtpPacket, RtpHeader } from '../../../mixer/rtp/rtp-packet.ts';

/** Media of a plain A-law telephone. */
export const PHONE: LegMedia = {
  codec: 'PCMA',
  payloadTypeOut: 8,
  payloadTypesIn: [{ payloadType: 8, codec: 'PCMA' }],
  telephoneEventPayloadType: 101,
  comfortNoisePayloadType: 13,
  ptimeOutMs: 20,
  remote: { host: '127.0.0.1', port: 20_000 },
  remoteRtcp: null,
  direction: 'sendrecv',
};

/** Media of a browser. */
export const BROWSER: LegMedia = {
  ...PHONE,
  codec: 'opus',
  payloadTypeOut: 111,
  payloadTypesIn: [
    { payloadType: 111, codec: 'opus' },
    { payloadType: 8, codec: 'PCMA' },
  ],
  telephoneEventPayloadType: 110,
  telephoneEventClockHz: 48_000,
  comfortNoisePayloadType: null,
  opus: {
    maxPlaybackRateHz: 48_000,
    maxAverageBitrate: null,
    inbandFec: 'wanted',
    dtx: 'not-asked',
  },
};

/** The peer of a leg: speaks a tone, decodes what it gets. */
export class Peer {
  readonly leg: Leg;
  /** Packets as they came. */
  readonly got: Uint8Array[] = [];
  /** What was heard, decoded. */
  readonly heard: number[] = [];
  readonly header = new RtpHeader();
  /** Of what it sends, and of what it has got last. */
  rateHz: number;
  heardRateHz = 8000;
  toneHz = 0;
  amplitude = 6000;
  sequenceNumber = 65_530;
  rtpTimestamp = 4_294_960_000;
  payloadType: number;
  #samplesSent = 0;
  #encoder: AudioEncoder;
  readonly #decoders = new Map<number, AudioDecoder>();
  readonly #media: LegMedia;
  readonly #header = new RtpHeader();
  readonly #out = new Int16Array(5760);

  constructor(legId: string, media: LegMedia, tuning: OpusTuning) {
    this.#media = media;
    this.rateHz = mixRateOf(media.codec);
    this.payloadType = media.payloadTypeOut;
    this.#encoder = encoderOf(media);
    this.leg = new Leg({
      legId,
      media,
      sender: { ssrc: 1, sequenceNumber: 0, rtpTimestamp: 0, packets: 0, octets: 0 },
      sink: { sendRtp: (packet) => this.#take(packet), sendRtcp: () => {} },
      playEnded: () => {},
      tuning,
    });
  }

  /** Speaks with another codec from now on. */
  speakWith(media: LegMedia): void {
    this.rateHz = mixRateOf(media.codec);
    this.payloadType = media.payloadTypeOut;
    this.#encoder = encoderOf(media);
  }

  /** The next packet of 20 ms (or as many), numbered, not delivered: `change` may still touch its samples. */
  packet(durationMs = 20): Uint8Array {
    const samples = new Int16Array((this.rateHz * durationMs) / 1000);
    for (let i = 0; i < samples.length; i += 1) {
      const phase = (2 * Math.PI * this.toneHz * (this.#samplesSent + i)) / this.rateHz;
      samples[i] = Math.round(this.amplitude * Math.sin(phase));
    }
    this.#samplesSent += samples.length;
    const payload = new Uint8Array(1300);
    const length = this.#encoder.encode(samples, 0, samples.length, payload, 0);
    this.header.payloadType = this.payloadType;
    this.header.ssrc = 7;
    this.header.sequenceNumber = this.sequenceNumber;
    this.header.rtpTimestamp = this.rtpTimestamp;
    this.header.payloadOffset = 0;
    this.header.payloadLength = length;
    this.sequenceNumber = (this.sequenceNumber + 1) & 0xffff;
    this.rtpTimestamp = (this.rtpTimestamp + samples.length) >>> 0;
    return payload;
  }

  /** Sends 20 ms. */
  speak(nowMs: number): void {
    this.leg.in.packet(this.header, this.packet(), nowMs);
  }

  #take(packet: Uint8Array): void {
    const copy = packet.slice();
    this.got.push(copy);
    if (!parseRtpPacket(copy, copy.length, this.#header)) return;
    const { payloadType, payloadOffset, payloadLength } = this.#header;
    if (payloadType === this.#media.telephoneEventPayloadType) return;
    const decoder = this.#decoderOf(payloadType);
    const count = decoder.decode(copy, payloadOffset, payloadLength, this.#out, 0);
    this.heardRateHz = payloadType === 111 ? 48_000 : 8000;
    for (const sample of this.#out.subarray(0, count)) this.heard.push(sample);
  }

  #decoderOf(payloadType: number): AudioDecoder {
    const known = this.#decoders.get(payloadType);
    if (known !== undefined) return known;
    const made = createDecoder(payloadType === 111 ? 'opus' : 'PCMA');
    this.#decoders.set(payloadType, made);
    return made;
  }
}

/** A room with peers of both kinds and a clock that is moved by hand. */
export class OpusRoom {
  readonly tuning = new OpusTuning();
  readonly mixer = new RoomMixer('room', () => {}, this.tuning);
  readonly peers: Peer[] = [];
  nowMs = 1000;

  join(legId: string, media: LegMedia, toneHz = 0): Peer {
    const peer = new Peer(legId, media, this.tuning);
    peer.toneHz = toneHz;
    this.peers.push(peer);
    this.mixer.add(peer.leg);
    return peer;
  }

  leave(peer: Peer): void {
    this.peers.splice(this.peers.indexOf(peer), 1);
    this.mixer.remove(peer.leg);
  }

  /** Runs ticks in which those speak who have a tone. */
  run(ticks: number): void {
    for (let i = 0; i < ticks; i += 1) {
      for (const peer of this.peers) if (peer.toneHz > 0) peer.speak(this.nowMs);
      this.tick();
    }
  }

  tick(): void {
    this.nowMs += 20;
    this.mixer.tick(this.nowMs);
  }
}

function encoderOf(media: LegMedia): AudioEncoder {
  return createEncoder(media.codec, {
    bitrate: 32_000,
    complexity: 5,
    inbandFec: media.opus?.inbandFec === 'unwanted' ? 'off' : 'on',
    expectedLossPercent: 20,
    dtx: 'off',
    maxPlaybackRateHz: 48_000,
  });
}

/** Amplitude of a tone in the last 200 ms of what was heard. */
export function toneIn(heard: readonly number[], toneHz: number, rateHz: number): number {
  const samples = heard.slice(-rateHz / 5);
  let real = 0;
  let imaginary = 0;
  let weights = 0;
  samples.forEach((sample, i) => {
    const weight = 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / samples.length);
    real += weight * sample * Math.cos((2 * Math.PI * toneHz * i) / rateHz);
    imaginary += weight * sample * Math.sin((2 * Math.PI * toneHz * i) / rateHz);
    weights += weight;
  });
  return (2 * Math.hypot(real, imaginary)) / weights;
}

/** The greatest step from sample to sample in the last `count` samples: a click is a large one. */
export function greatestStep(heard: readonly number[], count: number): number {
  const samples = heard.slice(-count);
  let greatest = 0;
  for (let i = 1; i < samples.length; i += 1) {
    greatest = Math.max(greatest, Math.abs((samples[i] ?? 0) - (samples[i - 1] ?? 0)));
  }
  return greatest;
}

/** Level of the last `count` samples, as root of the mean square. */
export function rms(heard: readonly number[], count: number): number {
  const samples = heard.slice(-count);
  return Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length);
}
