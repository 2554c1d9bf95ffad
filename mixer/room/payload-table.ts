import { createDecoder, createEncoder } from '../codec/audio-codec.ts';
import type { AudioDecoder } from '../codec/audio-codec.ts';
import type { CodecName } from '../protocol/codec.ts';
import type { LegMedia } from '../protocol/mixer-command.ts';
import type { Hz } from '../protocol/units.ts';
import { mixRateOf } from './mix-format.ts';

/** What a payload type carries. */
export type Payload = 'none' | 'audio' | 'telephone-event' | 'comfort-noise';

/** Bit of a G.711 code that tells positive from negative. */
export const SIGN = 0x80;

const PAYLOAD_TYPES = 128;
/** No code of G.711 with its sign bit set: nothing is taken for idle. */
const NEVER_IDLE = 0;

/** What the peer may send, by payload type. */
export class PayloadTable {
  readonly #payloads: Payload[] = [];
  readonly #decoders: (AudioDecoder | undefined)[] = [];
  readonly #ratesHz = new Int32Array(PAYLOAD_TYPES);
  /** The codec's byte of silence. G.711 has two, which differ in the sign, bit 7. */
  readonly #idleBytes = new Uint8Array(PAYLOAD_TYPES);
  /** Goes on over offers and answers, as the peer's stream does. */
  #opusDecoder: AudioDecoder | null = null;

  /** Takes what a new offer and answer agreed on. */
  update(media: LegMedia): void {
    this.#payloads.length = 0;
    this.#decoders.length = 0;
    for (let i = 0; i < PAYLOAD_TYPES; i += 1) {
      this.#payloads.push('none');
      this.#decoders.push(undefined);
    }
    for (const { payloadType, codec } of media.payloadTypesIn) this.#set(payloadType & 0x7f, codec);
    if (media.telephoneEventPayloadType !== null) {
      this.#payloads[media.telephoneEventPayloadType & 0x7f] = 'telephone-event';
    }
    if (media.comfortNoisePayloadType !== null) {
      this.#payloads[media.comfortNoisePayloadType & 0x7f] = 'comfort-noise';
    }
  }

  payload(payloadType: number): Payload {
    return this.#payloads[payloadType] ?? 'none';
  }

  /** Undefined where it is no audio, or no longer. */
  decoder(payloadType: number): AudioDecoder | undefined {
    return this.#decoders[payloadType];
  }

  /** Rate of audio and of its RTP clock, which are the same for all codecs so far. */
  rateHz(payloadType: number): Hz {
    return this.#ratesHz[payloadType] ?? 0;
  }

  /** A byte that a packet of silence is filled with, bit 7 set; 0 where there is no such byte. */
  idleByte(payloadType: number): number {
    return this.#idleBytes[payloadType] ?? NEVER_IDLE;
  }

  /** Gives memory back at once. */
  free(): void {
    this.#opusDecoder?.free?.();
  }

  #set(payloadType: number, codec: CodecName): void {
    this.#payloads[payloadType] = 'audio';
    this.#ratesHz[payloadType] = mixRateOf(codec);
    if (codec === 'opus') {
      this.#opusDecoder ??= createDecoder(codec);
      this.#decoders[payloadType] = this.#opusDecoder;
      this.#idleBytes[payloadType] = NEVER_IDLE;
    } else {
      this.#decoders[payloadType] = createDecoder(codec);
      this.#idleBytes[payloadType] = createEncoder(codec).silenceByte | SIGN;
    }
  }
}
