import type { OpusEncoderSettings, OpusLibrary } from '../../../mixer/codec/opus-codec.ts';
import { openNativeOpus } from '../../../mixer/codec/opus-native.ts';
import { openWasmOpus } from '../../../mixer/codec/opus-wasm.ts';

/** Every build of libopus that this machine has: the native one may not have been built. */
export function opusBuilds(): OpusLibrary[] {
  const native = openNativeOpus();
  const wasm = openWasmOpus();
  return native === null ? [wasm] : [native, wasm];
}

export const SPEECH_SETTINGS: OpusEncoderSettings = {
  bitrate: 24_000,
  complexity: 5,
  inbandFec: 'on',
  expectedLossPercent: 20,
  dtx: 'off',
  maxPlaybackRateHz: 48_000,
};

export const FRAME_SAMPLES = 960;

/** Numbers from 0 up to 1, the same ones for each seed. */
export function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    return (state >>> 8) / 2 ** 24;
  };
}

/** Voiced syllables, four a second, on a pitch that glides between 110 and 190 Hz. `seconds` of it at 48 kHz. */
export function speechLike(seconds: number): Int16Array {
  const samples = new Int16Array(seconds * 48_000);
  let phase = 0;
  for (let i = 0; i < samples.length; i += 1) {
    const atSeconds = i / 48_000;
    phase += (2 * Math.PI * (150 + 40 * Math.sin(2 * Math.PI * 0.7 * atSeconds))) / 48_000;
    const syllable = 0.1 + Math.sin(Math.PI * ((4 * atSeconds) % 1)) ** 2;
    let value = 0;
    for (let harmonic = 1; harmonic <= 16; harmonic += 1) {
      value += Math.sin(harmonic * phase) / harmonic;
    }
    samples[i] = Math.round(4000 * syllable * value);
  }
  return samples;
}

/** The packets of a signal, one for each whole frame of 20 ms. */
export function packetsOf(
  library: OpusLibrary,
  samples: Int16Array,
  settings: OpusEncoderSettings = SPEECH_SETTINGS,
): Uint8Array[] {
  const encoder = library.createEncoder(settings);
  const out = new Uint8Array(1300);
  const packets: Uint8Array[] = [];
  for (let at = 0; at + FRAME_SAMPLES <= samples.length; at += FRAME_SAMPLES) {
    packets.push(out.slice(0, encoder.encode(samples, at, FRAME_SAMPLES, out, 0)));
  }
  encoder.free();
  return packets;
}

/** RMS level of a part, in dB below full scale. */
export function levelDb(samples: Int16Array, from: number, to: number): number {
  let energy = 0;
  for (let i = from; i < to; i += 1) energy += (samples[i] ?? 0) ** 2;
  return 10 * Math.log10(energy / (to - from) / 32_768 ** 2);
}
