import { createDecoder, createEncoder } from '../mixer/codec/audio-codec.ts';
import type { OpusEncoderSettings } from '../mixer/codec/opus-codec.ts';
import { toneLevelDb } from '../tests/support/tones.ts';

/** Samples of a packet of 20 ms. */
export const FRAME_SAMPLES = 960;
const RATE_HZ = 48_000;
/** Frames of the recording that talkers say over and over: 2 s. */
const LOOP_FRAMES = 100;
/** Once a second a burst, three frames long. */
const MARKER_EVERY_FRAMES = 50;
const MARKER_FRAMES = 3;
/** Talkers are not in step. */
const FRAMES_APART = 17;
/** Highest harmonic of a voice: tones and bursts lie above. */
const VOICE_TOP_HZ = 1200;
const MARKER_AMPLITUDE = 6000;
/** Onsets are looked for in blocks of 2.5 ms. */
const BLOCK_SAMPLES = 120;

/** As Chromium encodes a microphone. */
const MICROPHONE: OpusEncoderSettings = {
  bitrate: 32_000,
  complexity: 5,
  inbandFec: 'on',
  expectedLossPercent: 0,
  dtx: 'off',
  maxPlaybackRateHz: RATE_HZ,
};

/** What one talker says: syllables, a steady tone that is only this one's, and a burst every second. */
export interface TalkerSound {
  readonly packets: readonly Uint8Array[];
  readonly toneHz: number;
  /** Level of that tone as a decoder gives it back, dB. */
  readonly toneDb: number;
  readonly markerHz: number;
}

/** The recording of talker 0, 1, 2 …, encoded once. */
export function talkerSound(talker: number): TalkerSound {
  const toneHz = 1505 + 150 * talker;
  const markerHz = 2700 + 600 * (talker % 5);
  const samples = new Int16Array(LOOP_FRAMES * FRAME_SAMPLES);
  for (let frame = 0; frame < LOOP_FRAMES; frame += 1) {
    const isMarker = isMarkerFrame(talker, frame) !== 'no';
    for (let index = 0; index < FRAME_SAMPLES; index += 1) {
      const at = frame * FRAME_SAMPLES + index;
      const tone = 2500 * sineAt(toneHz, at);
      const rest = isMarker ? MARKER_AMPLITUDE * sineAt(markerHz, at) : voiceAt(talker, at);
      samples[at] = Math.round(tone + rest);
    }
  }
  // Of two rounds the second: it begins where the first ends, as every later one does.
  const packets = encodeAll(samples, 2).slice(LOOP_FRAMES);
  const heard = decodeAll([...packets, ...packets]).subarray(samples.length);
  return { packets, toneHz, toneDb: toneLevelDb(heard, toneHz, RATE_HZ), markerHz };
}

/** Whether a frame of a talker's recording is one of a burst. */
export function isMarkerFrame(talker: number, frame: number): 'first' | 'later' | 'no' {
  const at = (frame + talker * FRAMES_APART) % MARKER_EVERY_FRAMES;
  if (at === 0) return 'first';
  return at < MARKER_FRAMES ? 'later' : 'no';
}

/** A second of a microphone in a quiet room, some −70 dBov, encoded. */
export function quietRoom(): readonly Uint8Array[] {
  const noise = new Int16Array(MARKER_EVERY_FRAMES * FRAME_SAMPLES);
  let seed = 7;
  for (let at = 0; at < noise.length; at += 1) {
    seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
    noise[at] = ((seed >>> 16) % 37) - 18;
  }
  return encodeAll(noise, 2).slice(MARKER_EVERY_FRAMES);
}

/** Offset in samples at which a burst begins in a decoded frame; −1 when there is none. */
export function markerOnset(samples: Int16Array, markerHz: number): number {
  for (let at = 0; at + BLOCK_SAMPLES <= FRAME_SAMPLES; at += BLOCK_SAMPLES) {
    if (amplitudeOf(samples, at, markerHz) > MARKER_AMPLITUDE * 0.4) return at;
  }
  return -1;
}

/** Four syllables a second of a voice with 1/k harmonics. */
function voiceAt(talker: number, at: number): number {
  const pitchHz = 110 + 20 * (talker % 4);
  const seconds = at / RATE_HZ;
  const syllable = Math.max(0, Math.sin(2 * Math.PI * 4 * seconds));
  let sum = 0;
  for (let harmonic = 1; harmonic * pitchHz < VOICE_TOP_HZ; harmonic += 1) {
    sum += sineAt(harmonic * pitchHz, at) / harmonic;
  }
  return 2500 * syllable * sum;
}

function sineAt(toneHz: number, at: number): number {
  return Math.sin((2 * Math.PI * toneHz * at) / RATE_HZ);
}

function encodeAll(samples: Int16Array, rounds: number): readonly Uint8Array[] {
  const encoder = createEncoder('opus', MICROPHONE);
  const out = new Uint8Array(1275);
  const packets: Uint8Array[] = [];
  for (let round = 0; round < rounds; round += 1) {
    for (let at = 0; at < samples.length; at += FRAME_SAMPLES) {
      packets.push(out.slice(0, encoder.encode(samples, at, FRAME_SAMPLES, out, 0)));
    }
  }
  encoder.free();
  return packets;
}

function decodeAll(packets: readonly Uint8Array[]): Int16Array {
  const decoder = createDecoder('opus');
  const samples = new Int16Array(packets.length * FRAME_SAMPLES);
  for (const [index, packet] of packets.entries()) {
    decoder.decode(packet, 0, packet.length, samples, index * FRAME_SAMPLES);
  }
  decoder.free();
  return samples;
}

/** Amplitude of a tone in one block, by Goertzel's algorithm. */
function amplitudeOf(samples: Int16Array, offset: number, toneHz: number): number {
  const coefficient = 2 * Math.cos((2 * Math.PI * toneHz) / RATE_HZ);
  let last = 0;
  let beforeLast = 0;
  for (let index = 0; index < BLOCK_SAMPLES; index += 1) {
    const next = (samples[offset + index] ?? 0) + coefficient * last - beforeLast;
    beforeLast = last;
    last = next;
  }
  const power = last * last + beforeLast * beforeLast - coefficient * last * beforeLast;
  return (2 * Math.sqrt(Math.max(0, power))) / BLOCK_SAMPLES;
}
