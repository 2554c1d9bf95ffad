import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { GainRamp, linearFromDb } from '../../../mixer/dsp/gain.ts';

const FRAME_SAMPLES = 160;

test('turns dB into factors of amplitude', () => {
  assert.is(linearFromDb(0), 1);
  assert.ok(Math.abs(linearFromDb(6) - 1.995) < 0.001);
  assert.ok(Math.abs(linearFromDb(-20) - 0.1) < 1e-12);
  assert.is(linearFromDb(Number.NEGATIVE_INFINITY), 0);
});

test('is unity until it is set, and again when it is back', () => {
  const gain = new GainRamp();
  const frame = new Int16Array(FRAME_SAMPLES);
  assert.is(gain.isUnity, true);

  gain.setDb(6);
  assert.is(gain.isUnity, false);
  gain.scaleInt16(frame, FRAME_SAMPLES);
  gain.setDb(0);
  assert.is(gain.isUnity, false, 'the way back is a ramp as well');
  gain.scaleInt16(frame, FRAME_SAMPLES);

  assert.is(gain.isUnity, true);
});

test('spreads a change evenly over one frame and then holds it', () => {
  const gain = new GainRamp();
  gain.setDb(Number.NEGATIVE_INFINITY);
  const frame = new Int16Array(FRAME_SAMPLES).fill(16_000);

  gain.scaleInt16(frame, FRAME_SAMPLES);

  for (let i = 1; i < FRAME_SAMPLES; i += 1) {
    const step = (frame[i - 1] ?? 0) - (frame[i] ?? 0);
    assert.ok(step >= 99 && step <= 101, `step ${String(step)} at ${String(i)}`);
  }
  assert.is(Math.abs(frame.at(-1) ?? 1), 0);
  frame.fill(16_000);
  gain.scaleInt16(frame, FRAME_SAMPLES);
  assert.ok(frame.every((sample) => sample === 0));
});

test('scales to within half a step', () => {
  const gain = new GainRamp();
  gain.setDb(-6);
  const frame = new Int32Array(FRAME_SAMPLES);
  gain.scaleInt32(frame, FRAME_SAMPLES);
  for (let i = 0; i < FRAME_SAMPLES; i += 1) frame[i] = 1000 * (i - 80);

  gain.scaleInt32(frame, FRAME_SAMPLES);

  frame.forEach((sample, i) => {
    assert.ok(Math.abs(sample - 1000 * (i - 80) * linearFromDb(-6)) <= 0.5 + 1e-6);
  });
});

test('clips int16 without wrapping and lets int32 exceed it', () => {
  const gain = new GainRamp();
  gain.setDb(12);
  const samples = Int16Array.of(0, 0, 30_000, -30_000);
  gain.scaleInt16(new Int16Array(4), 4);
  gain.scaleInt16(samples, 4);
  assert.equal([...samples], [0, 0, 32_767, -32_768]);

  const mix = Int32Array.of(100_000);
  gain.scaleInt32(mix, 1);
  assert.is(mix[0], Math.round(100_000 * linearFromDb(12)));
});

test.run();
