import { AudioTape } from './audio-tape.ts';
import { alawToLinear, linearToAlaw, linearToMulaw, mulawToLinear } from './g711.ts';

/** What a test phone speaks. */
export type PhoneCodec = 'PCMA' | 'PCMU';

/** A tone to send: amplitude 0–32767. */
export interface Tone {
  readonly toneHz: number;
  readonly amplitude: number;
}

/** Audio in one packet of a test phone. */
const PACKET_SAMPLES = 160;
const TELEPHONE_EVENT = 101;
const PAYLOAD_TYPES: Readonly<Record<PhoneCodec, number>> = { PCMA: 8, PCMU: 0 };
const KEYS = '0123456789*#ABCD';
/** 100 ms of key, the last packet three times, then 80 ms without. */
const KEY_PACKETS = 5;
const KEY_END_COPIES = 3;
const GAP_PACKETS = 4;

/** All 256 octets decoded: minutes of audio go through here. */
const ALAW = Int16Array.from({ length: 256 }, (_, octet) => alawToLinear(octet));
const MULAW = Int16Array.from({ length: 256 }, (_, octet) => mulawToLinear(octet));
const SILENCE: Readonly<Record<PhoneCodec, Uint8Array>> = {
  PCMA: new Uint8Array(PACKET_SAMPLES).fill(linearToAlaw(0)),
  PCMU: new Uint8Array(PACKET_SAMPLES).fill(linearToMulaw(0)),
};

/** One packet of a key that is being sent, or of the gap after it. */
type KeyStep =
  | { readonly step: 'gap' }
  | {
      readonly step: 'key';
      readonly event: number;
      /** Counted from 1. */
      readonly packet: number;
    };

/** The audio side of a test phone without sockets and time: packets to send every 20 ms, and all that was heard. */
export class PhoneAudio {
  readonly tape = new AudioTape();
  readonly #codec: PhoneCodec;
  readonly #ssrc: number;
  #tone: Tone | null = null;
  #samplesSent = 0;
  #sequenceNumber = 1000;
  #steps: KeyStep[] = [];
  #keyTimestamp = 0;

  constructor(codec: PhoneCodec, ssrc: number) {
    this.#codec = codec;
    this.#ssrc = ssrc;
  }

  /** Sends a tone from now on, or silence for null. */
  play(tone: Tone | null): void {
    this.#tone = tone;
  }

  /** Sends keys one after another as RFC 4733 events. Returns how many 20 ms packets that takes. */
  press(keys: string): number {
    for (const key of keys) {
      const event = KEYS.indexOf(key);
      if (event < 0) throw new Error(`a telephone has no key ${key}`);
      for (let packet = 1; packet <= KEY_PACKETS; packet += 1) {
        this.#steps.push({ step: 'key', event, packet });
      }
      for (let gap = 0; gap < GAP_PACKETS; gap += 1) this.#steps.push({ step: 'gap' });
    }
    return this.#steps.length;
  }

  /** The packets of the next 20 ms. */
  next(): readonly Buffer[] {
    const step = this.#steps.shift();
    const packets =
      step?.step === 'key'
        ? this.#keyPackets(step.event, step.packet)
        : [this.#packet(PAYLOAD_TYPES[this.#codec], this.#samplesSent, this.#audio())];
    this.#samplesSent += PACKET_SAMPLES;
    return packets;
  }

  /** Takes a packet from the network. What is no G.711 audio is ignored. */
  receive(bytes: Buffer): void {
    if (bytes.length < 12 || bytes.readUInt8(0) >> 6 !== 2) return;
    const payloadType = bytes.readUInt8(1) & 0x7f;
    if (payloadType !== 0 && payloadType !== 8) return;
    this.tape.add({
      sequenceNumber: bytes.readUInt16BE(2),
      timestamp: bytes.readUInt32BE(4),
      ssrc: bytes.readUInt32BE(8),
      samples: decode(bytes.subarray(12), payloadType === 8 ? ALAW : MULAW),
    });
  }

  /** RFC 4733 §2.5.1. */
  #keyPackets(event: number, packet: number): readonly Buffer[] {
    const isFirst = packet === 1;
    const isLast = packet === KEY_PACKETS;
    if (isFirst) this.#keyTimestamp = this.#samplesSent;
    const payload = Buffer.alloc(4);
    payload.writeUInt8(event, 0);
    payload.writeUInt8((isLast ? 0x80 : 0) | 10, 1);
    payload.writeUInt16BE(packet * PACKET_SAMPLES, 2);
    const payloadType = TELEPHONE_EVENT | (isFirst ? 0x80 : 0);
    return Array.from({ length: isLast ? KEY_END_COPIES : 1 }, () =>
      this.#packet(payloadType, this.#keyTimestamp, payload),
    );
  }

  #packet(payloadType: number, timestamp: number, payload: Uint8Array): Buffer {
    const header = Buffer.alloc(12);
    header.writeUInt8(0x80, 0);
    header.writeUInt8(payloadType, 1);
    header.writeUInt16BE(this.#sequenceNumber, 2);
    header.writeUInt32BE(timestamp >>> 0, 4);
    header.writeUInt32BE(this.#ssrc, 8);
    this.#sequenceNumber = (this.#sequenceNumber + 1) & 0xffff;
    return Buffer.concat([header, payload]);
  }

  #audio(): Uint8Array {
    const encode = this.#codec === 'PCMA' ? linearToAlaw : linearToMulaw;
    const tone = this.#tone;
    if (tone === null) return SILENCE[this.#codec];
    return Uint8Array.from({ length: PACKET_SAMPLES }, (_, index) =>
      encode(
        Math.round(
          tone.amplitude *
            Math.sin((2 * Math.PI * tone.toneHz * (this.#samplesSent + index)) / 8000),
        ),
      ),
    );
  }
}

function decode(octets: Uint8Array, table: Int16Array): Int16Array {
  const samples = new Int16Array(octets.length);
  for (let index = 0; index < octets.length; index += 1) {
    samples[index] = table[octets[index] ?? 0] ?? 0;
  }
  return samples;
}
