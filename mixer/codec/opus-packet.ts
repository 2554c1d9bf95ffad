/* eslint-disable @typescript-eslint/max-params -- An object of options for each packet would be garbage. */
import { MAX_OPUS_FRAME_BYTES } from './opus-codec.ts';

/** 120 ms: what a packet holds at most, RFC 6716 §3.4 [R5]. */
export const MAX_OPUS_PACKET_SAMPLES = 5760;

/** 2.5 ms at 48 kHz. Durations below count in it. */
const SHORTEST_FRAME_SAMPLES = 120;
/** Configurations from here on are CELT alone: no redundancy in them. RFC 6716 §3.1, table 2. */
const FIRST_HYBRID_CONFIGURATION = 12;
const FIRST_CELT_CONFIGURATION = 16;
/** The SILK layer has a voice activity flag for each so much, RFC 6716 §4.2.3. */
const SILK_FRAME_SAMPLES = 960;

/**
 * What an Opus packet holds, in samples at 48 kHz; −1 when lengths or count are impossible.
 *
 * ```
 *  0 1 2 3 4 5 6 7
 * | config  |s| c |      c   0: one frame, 1: two equal ones, 2: two, 3: a count and perhaps lengths follow
 * ```
 * Source: RFC 6716 §3.1, §3.2, §3.4.
 */
export function opusDurationSamples(payload: Uint8Array, offset: number, length: number): number {
  if (firstFrameAt(payload, offset, length) < 0) return -1;
  const count = frameCount(payload, offset, length);
  return count * frameSamples(payload[offset] ?? 0);
}

/**
 * Whether a packet repeats the frame before it at a low rate (LBRR). Of the frames of a long packet only the first is
 * looked at, as only it can repeat what was in the packet before. Source: RFC 6716 §4.2.3, §4.2.4.
 */
export function opusRepeats(
  payload: Uint8Array,
  offset: number,
  length: number,
): 'frame-before' | 'nothing' {
  const toc = payload[offset] ?? 0;
  if (toc >>> 3 >= FIRST_CELT_CONFIGURATION) return 'nothing';
  const at = firstFrameAt(payload, offset, length);
  if (at < 0 || at >= offset + length) return 'nothing';
  // The range coder's first bits, all of even odds, lie in the first byte as they are: for each channel the activity of
  // each 20 ms, then whether there is a repetition.
  const flags = payload[at] ?? 0;
  const samples = frameSamples(toc);
  const silkFrames = samples > SILK_FRAME_SAMPLES ? samples / SILK_FRAME_SAMPLES : 1;
  const mid = (flags >>> (7 - silkFrames)) & 1;
  const side = (toc & 4) === 0 ? 0 : (flags >>> (6 - 2 * silkFrames)) & 1;
  if (length - (at - offset) <= 1) return 'nothing';
  return mid === 1 || side === 1 ? 'frame-before' : 'nothing';
}

/** Samples in one frame of a packet with this first byte, RFC 6716 table 2. */
function frameSamples(toc: number): number {
  const configuration = toc >>> 3;
  if (configuration >= FIRST_CELT_CONFIGURATION) {
    return SHORTEST_FRAME_SAMPLES << (configuration & 3);
  }
  if (configuration >= FIRST_HYBRID_CONFIGURATION) return (configuration & 1) === 0 ? 480 : 960;
  const step = configuration & 3;
  return step === 3 ? 2880 : 480 << step;
}

/** Only for packets of at least one byte; two where the code is 3. */
function frameCount(payload: Uint8Array, offset: number, length: number): number {
  const code = (payload[offset] ?? 0) & 3;
  if (code === 0) return 1;
  if (code < 3) return 2;
  return length < 2 ? 0 : (payload[offset + 1] ?? 0) & 0x3f;
}

/** Where the first frame begins, −1 when the packet breaks a rule of RFC 6716 §3.4. */
function firstFrameAt(payload: Uint8Array, offset: number, length: number): number {
  if (length < 1 || offset < 0 || offset + length > payload.length) return -1;
  const end = offset + length;
  switch ((payload[offset] ?? 0) & 3) {
    case 0:
      return length - 1 <= MAX_OPUS_FRAME_BYTES ? offset + 1 : -1;
    case 1:
      return equalFrames(offset + 1, end, 2);
    case 2:
      return framesWithLengths(payload, offset + 1, end, 2);
    default:
      return countedFrames(payload, offset, end);
  }
}

/** Code 3: `|v|p|  count  |`, padding lengths, frame lengths (if v), frames, padding. RFC 6716 §3.2.5. */
function countedFrames(payload: Uint8Array, offset: number, end: number): number {
  if (end - offset < 2) return -1;
  const head = payload[offset + 1] ?? 0;
  const count = head & 0x3f;
  const samples = count * frameSamples(payload[offset] ?? 0);
  if (count === 0 || samples > MAX_OPUS_PACKET_SAMPLES) return -1;
  let at = offset + 2;
  let framesEnd = end;
  if ((head & 0x40) !== 0) {
    let padding = 255;
    while (padding === 255) {
      if (at >= framesEnd) return -1;
      padding = payload[at] ?? 0;
      at += 1;
      framesEnd -= padding === 255 ? 254 : padding;
    }
    if (framesEnd < at) return -1;
  }
  if ((head & 0x80) === 0) return equalFrames(at, framesEnd, count);
  return framesWithLengths(payload, at, framesEnd, count);
}

function equalFrames(at: number, end: number, count: number): number {
  const bytes = end - at;
  return bytes % count === 0 && bytes / count <= MAX_OPUS_FRAME_BYTES ? at : -1;
}

/** Lengths of all frames but the last stand in front of them; from 252 on, a length has a second byte. §3.2.1. */
function framesWithLengths(payload: Uint8Array, from: number, end: number, count: number): number {
  let at = from;
  let total = 0;
  for (let i = 1; i < count; i += 1) {
    if (at >= end) return -1;
    let bytes = payload[at] ?? 0;
    at += 1;
    if (bytes >= 252) {
      if (at >= end) return -1;
      bytes += 4 * (payload[at] ?? 0);
      at += 1;
    }
    total += bytes;
  }
  const last = end - at - total;
  return last < 0 || last > MAX_OPUS_FRAME_BYTES ? -1 : at;
}
