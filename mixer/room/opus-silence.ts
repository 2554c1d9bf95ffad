import { createEncoder } from '../codec/audio-codec.ts';
import { MAX_OPUS_FRAME_BYTES, OPUS_RATE_HZ } from '../codec/opus-codec.ts';
import { EncodedFrame } from './encoded-frame.ts';
import { frameSamplesAt } from './mix-format.ts';

/** After so many frames of silence an encoder has come to rest: 200 ms. */
const SETTLING_FRAMES = 10;

let encoded: EncodedFrame | null = null;

/** A frame of silence that can be sent over and over. Encoded once in each thread, when a first leg asks for it. */
export function opusSilence(): EncodedFrame {
  return (encoded ??= encodeSilence());
}

function encodeSilence(): EncodedFrame {
  const encoder = createEncoder('opus', {
    bitrate: 16_000,
    complexity: 0,
    inbandFec: 'off',
    expectedLossPercent: 0,
    dtx: 'off',
    maxPlaybackRateHz: OPUS_RATE_HZ,
  });
  const frame = new EncodedFrame(MAX_OPUS_FRAME_BYTES);
  const samples = new Int16Array(frameSamplesAt(OPUS_RATE_HZ));
  for (let i = 0; i < SETTLING_FRAMES; i += 1) {
    frame.length = encoder.encode(samples, 0, samples.length, frame.bytes, 0);
  }
  encoder.free();
  return frame;
}
