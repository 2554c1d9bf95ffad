import { test } from 'uvu';
import * as assert from 'uvu/assert';
import {
  decodeImaAdpcm,
  encodeImaAdpcm,
  samplesPerBlock,
} from '../../../server/prompt/ima-adpcm.ts';

test('decodes by the algorithm of the IMA, worked out by hand', () => {
  const block = Uint8Array.of(
    // Predictor 1000, step index 0, reserved.
    0xe8,
    0x03,
    0,
    0,
    // Low nibble first: 7 at step 7, 7 at step 16, 15 at step 34, 0 at step 73.
    0x77,
    0x0f,
    0x00,
    0x00,
  );

  const samples = decodeImaAdpcm(block, { blockBytes: 8, channels: 1 });

  // + (0 + 7 + 3 + 1), + (2 + 16 + 8 + 4), − (4 + 34 + 17 + 8), + 9.
  assert.equal(Array.from(samples.subarray(0, 5)), [1000, 1011, 1041, 978, 987]);
  assert.is(samples.length, 9);
});

test('clamps the predictor and the step index', () => {
  const loudest = Uint8Array.of(0xff, 0x7f, 255, 0, 0x77, 0x77, 0xff, 0xff);

  const samples = decodeImaAdpcm(loudest, { blockBytes: 8, channels: 1 });

  assert.is(Math.max(...samples), 32767);
  assert.is(Math.min(...samples), -32768);
});

test('takes stereo in groups of four bytes for each channel in turn', () => {
  const left = [0x77, 0x77, 0x77, 0x77];
  const right = [0xff, 0xff, 0xff, 0xff];
  const block = Uint8Array.of(10, 0, 0, 0, 20, 0, 0, 0, ...left, ...right);

  const samples = decodeImaAdpcm(block, { blockBytes: 16, channels: 2 });

  assert.is(samples.length, 18);
  assert.equal(Array.from(samples.subarray(0, 4)), [10, 20, 21, 9]);
  assert.ok((samples[16] ?? 0) > 1000);
  assert.ok((samples[17] ?? 0) < -1000);
});

test('gives the whole groups of a block that was cut short', () => {
  const block = new Uint8Array(256);
  const frames = (bytes: number): number =>
    decodeImaAdpcm(block.subarray(0, bytes), { blockBytes: 256, channels: 1 }).length;

  assert.is(samplesPerBlock(256, 1), 505);
  assert.is(samplesPerBlock(512, 2), 505);
  assert.is(frames(256), 505);
  assert.is(frames(11), 9);
  assert.is(frames(4), 1);
  assert.is(frames(3), 0);
});

test('keeps speech-like sound at 20 dB above its noise or better', () => {
  const samples = Int16Array.from({ length: 16_000 }, (_, at) => {
    const envelope = 0.5 + 0.5 * Math.sin(at / 900);
    return envelope * (5000 * Math.sin(at / 20) + 2500 * Math.sin(at / 7) + 900 * Math.sin(at / 3));
  });

  const decoded = decodeImaAdpcm(encodeImaAdpcm(samples, 512), { blockBytes: 512, channels: 1 });

  let signal = 0;
  let noise = 0;
  for (const [at, sample] of samples.entries()) {
    signal += sample ** 2;
    noise += (sample - (decoded[at] ?? 0)) ** 2;
  }
  assert.ok(10 * Math.log10(signal / noise) > 20, `${10 * Math.log10(signal / noise)} dB`);
});

test('encodes every length, and starts each block exactly', () => {
  for (const length of [1, 2, 8, 9, 10, 1016, 1017, 1018, 1026, 3000]) {
    const samples = Int16Array.from({ length }, (_, at) => 3000 * Math.sin(at / 11));

    const decoded = decodeImaAdpcm(encodeImaAdpcm(samples, 512), { blockBytes: 512, channels: 1 });

    assert.ok(decoded.length >= length && decoded.length < length + 8, `${length}`);
    for (let at = 0; at < length; at += 1017) assert.is(decoded[at], samples[at]);
  }
  assert.is(encodeImaAdpcm(new Int16Array(0), 512).length, 0);
});

test.run();
