import type { CodecName } from '../protocol/codec.ts';
import { assertNever } from '../protocol/coded-error.ts';
import { decodePcma, decodePcmu, encodePcma, encodePcmu } from './g711.ts';

/** Turns the payloads of one leg into samples. Make one for each leg: some codecs remember. */
export interface AudioDecoder {
  /**
   * Decodes `length` bytes of `payload` from `offset` into `out` from `outOffset`; returns the samples written.
   * `out` must have room for `durationSamples` of the payload.
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
}

/** Turns samples into payloads. Make one for each stream that is sent. */
export interface AudioEncoder {
  /** Encodes `length` samples from `offset` into `out` from `outOffset`; returns the bytes written. */
  encode(
    samples: Int16Array,
    offset: number,
    length: number,
    out: Uint8Array,
    outOffset: number,
  ): number;
  /** The byte that a payload of digital silence is filled with. */
  readonly silenceByte: number;
}

/** A decoder at the codec's own sample rate. */
export function createDecoder(name: CodecName): AudioDecoder {
  switch (name) {
    case 'PCMU':
      return PCMU_DECODER;
    case 'PCMA':
      return PCMA_DECODER;
    default:
      return assertNever(name);
  }
}

/** An encoder at the codec's own sample rate. */
export function createEncoder(name: CodecName): AudioEncoder {
  switch (name) {
    case 'PCMU':
      return PCMU_ENCODER;
    case 'PCMA':
      return PCMA_ENCODER;
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
const PCMU_ENCODER: AudioEncoder = { encode: encodePcmu, silenceByte: 0xff };
const PCMA_ENCODER: AudioEncoder = { encode: encodePcma, silenceByte: 0xd5 };
