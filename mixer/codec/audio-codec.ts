import type { CodecName } from '../protocol/codec.ts';
import { assertNever } from '../protocol/coded-error.ts';
import { decodePcma, decodePcmu, encodePcma, encodePcmu } from './g711.ts';
import type { OpusDecoder, OpusEncoder, OpusEncoderSettings } from './opus-codec.ts';
import { opusLibrary } from './opus-library.ts';

/**
 * Turns the payloads of one leg into samples. Make one for each leg: some codecs remember. What is optional here is
 * there for Opus and not for G.711.
 */
export interface AudioDecoder {
  /**
   * Decodes `length` bytes of `payload` from `offset` into `out` from `outOffset`; returns the samples written, 0 when
   * the payload is malformed. `out` must have room for `durationSamples` of the payload.
   */
  decode(
    payload: Uint8Array,
    offset: number,
    length: number,
    out: Int16Array,
    outOffset: number,
  ): number;
  /** What a payload holds, in units of the RTP clock; −1 when it cannot be one of this codec. */
  durationSamples(payload: Uint8Array, offset: number, length: number): number;
  /** Makes up lost audio; left out where the codec cannot and `Concealment` has to. See `OpusDecoder`. */
  conceal?(out: Int16Array, outOffset: number, samples: number): number;
  /** Decodes what a payload repeats of the lost frame before it; 0 when it repeats nothing. See `OpusDecoder`. */
  decodeRedundancy?(
    payload: Uint8Array,
    offset: number,
    length: number,
    out: Int16Array,
    outOffset: number,
    samples: number,
  ): number;
  /** Gives memory back at once that would otherwise go with the object. */
  free?(): void;
}

/** Turns samples into payloads. Make one for each stream that is sent. */
export interface AudioEncoder {
  /**
   * Encodes `length` samples from `offset` into `out` from `outOffset`; returns the bytes written: as many as samples
   * with G.711, up to `MAX_OPUS_FRAME_BYTES` with Opus.
   */
  encode(
    samples: Int16Array,
    offset: number,
    length: number,
    out: Uint8Array,
    outOffset: number,
  ): number;
  /** The byte that a payload of digital silence is filled with; null where there is none and silence is encoded. */
  readonly silenceByte: number | null;
  /** Changes settings from the next frame on; left out where there are none. */
  configure?(change: Partial<OpusEncoderSettings>): void;
  /** Gives memory back at once that would otherwise go with the object. */
  free?(): void;
}

type G711Name = Exclude<CodecName, 'opus'>;
type G711Encoder = AudioEncoder & { readonly silenceByte: number };

/** A decoder at the codec's own sample rate. */
export function createDecoder(name: 'opus'): OpusDecoder;
export function createDecoder(name: CodecName): AudioDecoder;
export function createDecoder(name: CodecName): AudioDecoder {
  switch (name) {
    case 'PCMU':
      return PCMU_DECODER;
    case 'PCMA':
      return PCMA_DECODER;
    case 'opus':
      return opusLibrary().createDecoder();
    default:
      return assertNever(name);
  }
}

/** An encoder at the codec's own sample rate. G.711 has no settings. */
export function createEncoder(name: G711Name): G711Encoder;
export function createEncoder(name: 'opus', settings: OpusEncoderSettings): OpusEncoder;
export function createEncoder(name: CodecName, settings: OpusEncoderSettings): AudioEncoder;
export function createEncoder(name: CodecName, settings?: OpusEncoderSettings): AudioEncoder {
  switch (name) {
    case 'PCMU':
      return PCMU_ENCODER;
    case 'PCMA':
      return PCMA_ENCODER;
    case 'opus':
      if (settings === undefined) throw new TypeError('an Opus encoder needs settings');
      return opusLibrary().createEncoder(settings);
    default:
      return assertNever(name);
  }
}

function oneSamplePerByte(_payload: Uint8Array, _offset: number, length: number): number {
  return length === 0 ? -1 : length;
}

/** G.711 remembers nothing, so one object serves every leg. */
const PCMU_DECODER: AudioDecoder = { decode: decodePcmu, durationSamples: oneSamplePerByte };
const PCMA_DECODER: AudioDecoder = { decode: decodePcma, durationSamples: oneSamplePerByte };
const PCMU_ENCODER: G711Encoder = { encode: encodePcmu, silenceByte: 0xff };
const PCMA_ENCODER: G711Encoder = { encode: encodePcma, silenceByte: 0xd5 };
