import type { Hz } from '../../mixer/protocol/units.ts';
import { decodeImaAdpcm, encodeImaAdpcm, samplesPerBlock } from './ima-adpcm.ts';
import type { WavFormat } from './wav-format.ts';
import { WavError, parseWavFormat } from './wav-format.ts';

/** A recording in memory: mono, int16. */
export interface Recording {
  readonly sampleRateHz: Hz;
  readonly samples: Int16Array;
}

/**
 * Reads a WAV file: PCM of 8, 16, 24 or 32 bit, 32-bit float, A-law, µ-law or IMA ADPCM; stereo is mixed to mono.
 * Sizes that promise more than is there (a file cut short, a stream's 0xFFFFFFFF) are taken for what is there.
 *
 * @throws WavError when the bytes are no such file or hold no sound.
 */
export function readWav(bytes: Uint8Array): Recording {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const chunks = findChunks(view);
  if (chunks.format === null) throw new WavError('there is no fmt chunk');
  const format = parseWavFormat(chunks.format);
  if (chunks.data === null) throw new WavError('there is no data chunk');
  const { byteOffset, byteLength } = chunks.data;
  const data = new Uint8Array(bytes.buffer, byteOffset, byteLength);
  const decoded = mono(decode(data, format), format.channels);
  const samples =
    format.encoding === 'ima-adpcm' && chunks.factSamples !== null
      ? decoded.subarray(0, chunks.factSamples)
      : decoded;
  if (samples.length === 0) throw new WavError('there is no sound in it');
  return { sampleRateHz: format.sampleRateHz, samples };
}

interface Chunks {
  format: DataView | null;
  data: DataView | null;
  factSamples: number | null;
}

/** Walks the chunks of a RIFF file; each starts at an even offset. The first of a kind counts. */
function findChunks(view: DataView): Chunks {
  if (view.byteLength < 12 || tagAt(view, 0) !== 'RIFF' || tagAt(view, 8) !== 'WAVE') {
    throw new WavError('it is not a WAV file');
  }
  const found: Chunks = { format: null, data: null, factSamples: null };
  for (let at = 12; at + 8 <= view.byteLength && found.data === null;) {
    const size = Math.min(view.getUint32(at + 4, true), view.byteLength - at - 8);
    const body = new DataView(view.buffer, view.byteOffset + at + 8, size);
    const tag = tagAt(view, at);
    if (tag === 'fmt ') found.format ??= body;
    else if (tag === 'data') found.data = body;
    else if (tag === 'fact' && size >= 4) found.factSamples = body.getUint32(0, true);
    at += 8 + size + (size % 2);
  }
  return found;
}

function tagAt(view: DataView, at: number): string {
  return String.fromCharCode(...new Uint8Array(view.buffer, view.byteOffset + at, 4));
}

/** Samples of all channels, interleaved. A frame cut short at the end is dropped. */
function decode(data: Uint8Array, format: WavFormat): Int16Array {
  if (format.encoding === 'ima-adpcm') return decodeImaAdpcm(data, format);
  const frames = Math.trunc(data.length / format.blockBytes);
  const out = new Int16Array(frames * format.channels);
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const bytes = format.bitsPerSample / 8;
  const read = sampleReader(view, format);
  for (let index = 0; index < out.length; index += 1) out[index] = read(index * bytes);
  return out;
}

function sampleReader(view: DataView, format: WavFormat): (at: number) => number {
  if (format.encoding === 'a-law') return (at) => decodeALaw(view.getUint8(at));
  if (format.encoding === 'mu-law') return (at) => decodeMuLaw(view.getUint8(at));
  if (format.encoding === 'float') {
    // A value that is no number is silence: Int16Array would make it 0 too, but only by luck.
    return (at) => clampInt16(Math.round((view.getFloat32(at, true) || 0) * 32768));
  }
  if (format.bitsPerSample === 8) return (at) => (view.getUint8(at) - 128) << 8;
  if (format.bitsPerSample === 16) return (at) => view.getInt16(at, true);
  // Of 24 and 32 bit the upper 16 are kept.
  const upper = format.bitsPerSample / 8 - 2;
  return (at) => view.getInt16(at + upper, true);
}

function clampInt16(value: number): number {
  return Math.max(-32768, Math.min(32767, value));
}

function mono(samples: Int16Array, channels: 1 | 2): Int16Array {
  if (channels === 1) return samples;
  const out = new Int16Array(samples.length / 2);
  for (let frame = 0; frame < out.length; frame += 1) {
    out[frame] = ((samples[frame * 2] ?? 0) + (samples[frame * 2 + 1] ?? 0)) >> 1;
  }
  return out;
}

/** A-law to linear, ITU-T G.711 table 1. */
function decodeALaw(code: number): number {
  const value = code ^ 0x55;
  const exponent = (value >> 4) & 7;
  const mantissa = ((value & 15) << 4) + 8;
  const magnitude = exponent === 0 ? mantissa : (mantissa + 256) << (exponent - 1);
  return (value & 128) !== 0 ? magnitude : -magnitude;
}

/** µ-law to linear, ITU-T G.711 table 2. */
function decodeMuLaw(code: number): number {
  const value = ~code & 255;
  const magnitude = ((((value & 15) << 3) + 132) << ((value >> 4) & 7)) - 132;
  return (value & 128) !== 0 ? -magnitude : magnitude;
}

/** Bytes of one ADPCM block in the files that we write: 65 ms at 16 kHz for 4 bytes of header. */
const BLOCK_BYTES = 512;

/** Writes a WAV file of IMA ADPCM, 4 bit a sample, with its true length in the `fact` chunk. */
export function writeImaAdpcmWav(recording: Recording): Uint8Array {
  const data = encodeImaAdpcm(recording.samples, BLOCK_BYTES);
  const out = new Uint8Array(60 + data.length);
  const view = new DataView(out.buffer);
  const tag = (at: number, text: string): void => out.set(new TextEncoder().encode(text), at);
  const blockSamples = samplesPerBlock(BLOCK_BYTES, 1);
  tag(0, 'RIFF');
  view.setUint32(4, out.length - 8, true);
  tag(8, 'WAVEfmt ');
  view.setUint32(16, 20, true);
  view.setUint16(20, 0x11, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, recording.sampleRateHz, true);
  view.setUint32(28, Math.round((recording.sampleRateHz * BLOCK_BYTES) / blockSamples), true);
  view.setUint16(32, BLOCK_BYTES, true);
  view.setUint16(34, 4, true);
  view.setUint16(36, 2, true);
  view.setUint16(38, blockSamples, true);
  tag(40, 'fact');
  view.setUint32(44, 4, true);
  view.setUint32(48, recording.samples.length, true);
  tag(52, 'data');
  view.setUint32(56, data.length, true);
  out.set(data, 60);
  return out;
}
