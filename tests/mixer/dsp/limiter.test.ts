import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { LIMITER_THRESHOLD, Limiter } from '../../../mixer/dsp/limiter.ts';

const RATE_HZ = 8000;
const FRAME_SAMPLES = 160;

type Signal = (sample: number) => number;

function sine(frequencyHz: number, amplitude: number): Signal {
  return (i) => amplitude * Math.sin((2 * Math.PI * frequencyHz * i) / RATE_HZ);
}

/** Runs a signal through a limiter frame by frame. */
function limit(signal: Signal, frames: number): { mix: Int32Array; out: Int16Array } {
  const limiter = new Limiter(RATE_HZ);
  const mix = Int32Array.from({ length: frames * FRAME_SAMPLES }, (_, i) => Math.round(signal(i)));
  const out = new Int16Array(mix.length);
  for (let at = 0; at < mix.length; at += FRAME_SAMPLES) {
    limiter.process(mix.subarray(at, at + FRAME_SAMPLES), out.subarray(at), FRAME_SAMPLES);
  }
  return { mix, out };
}

test('passes everything up to its threshold sample by sample', () => {
  const { mix, out } = limit(sine(437, LIMITER_THRESHOLD), 50);

  assert.ok(out.every((sample, i) => sample === mix[i]));
});

test('does not touch thirty talkers of amplitude 1,000', () => {
  const talkers = Array.from({ length: 30 }, (_, k) => sine(200 + 97 * k, 1000));
  const { mix, out } = limit((i) => talkers.reduce((sum, talker) => sum + talker(i), 0), 200);

  assert.ok(Math.max(...mix) > 10_000);
  assert.ok(out.every((sample, i) => sample === mix[i]));
});

for (const amplitude of [30_500, 33_000, 60_000, 240_000, 950_000]) {
  test(`brings a sine of ${String(amplitude)} into int16 and leaves it a sine`, () => {
    const { mix, out } = limit(sine(400, amplitude), 50);

    const from = 10 * FRAME_SAMPLES;
    const gain = Math.max(...out.subarray(from)) / Math.max(...mix.subarray(from));
    assert.ok(Math.max(...out) <= 32_767);
    assert.ok(gain * amplitude > LIMITER_THRESHOLD);
    // Total distortion in the steady state below −50 dB.
    let error = 0;
    let power = 0;
    for (let i = from; i < out.length; i += 1) {
      error += ((out[i] ?? 0) - gain * (mix[i] ?? 0)) ** 2;
      power += (out[i] ?? 0) ** 2;
    }
    assert.ok(10 * Math.log10(error / power) < -50, String(10 * Math.log10(error / power)));
  });
}

test('never inverts a sample nor makes it louder', () => {
  const { mix, out } = limit((i) => {
    const burst = Math.floor(i / 700) % 3;
    return sine(313, [500, 90_000, 29_000][burst] ?? 0)(i) + sine(1777, 9000)(i);
  }, 200);

  out.forEach((sample, i) => {
    const input = mix[i] ?? 0;
    assert.ok(Math.sign(sample) === Math.sign(input) || sample === 0);
    assert.ok(Math.abs(sample) <= Math.abs(input));
  });
});

test('turns down ahead of a peak instead of clipping it, wherever in the frame it is', () => {
  for (let at = 0; at < FRAME_SAMPLES; at += 13) {
    const limiter = new Limiter(RATE_HZ);
    const mix = new Int32Array(FRAME_SAMPLES).fill(10_000);
    mix[at] = 100_000;
    const out = new Int16Array(FRAME_SAMPLES);

    limiter.process(mix, out, FRAME_SAMPLES);

    assert.ok((out[at] ?? 0) <= 32_767 && (out[at] ?? 0) > LIMITER_THRESHOLD);
    // The samples before the peak fall in a straight line.
    for (let i = 2; i < at; i += 1) {
      const bend = (out[i] ?? 0) - 2 * (out[i - 1] ?? 0) + (out[i - 2] ?? 0);
      assert.ok(Math.abs(bend) <= 2);
    }
  }
});

test('lets the gain come back within 200 ms without a step', () => {
  const limiter = new Limiter(RATE_HZ);
  const mix = new Int32Array(FRAME_SAMPLES).fill(300_000);
  const out = new Int16Array(FRAME_SAMPLES);
  limiter.process(mix, out, FRAME_SAMPLES);
  assert.ok(limiter.gain < 0.12);

  mix.fill(10_000);
  let frames = 0;
  let before = Math.round(10_000 * limiter.gain);
  while (limiter.gain < 1 && frames < 50) {
    limiter.process(mix, out, FRAME_SAMPLES);
    for (const sample of out) {
      assert.ok(sample >= before && sample - before <= 8);
      before = sample;
    }
    frames += 1;
  }

  assert.ok(frames >= 5 && frames <= 10, `${String(frames)} frames`);
  limiter.process(mix, out, FRAME_SAMPLES);
  assert.ok(out.every((sample) => sample === 10_000));
});

test('rises with the mix: what is louder before is not quieter after', () => {
  let before = 0;
  for (let peak = 29_000; peak < 1_000_000; peak = Math.round(peak * 1.02)) {
    const { out } = limit(() => peak, 1);
    const last = out.at(-1) ?? 0;
    assert.ok(last >= before && last <= 32_767);
    before = last;
  }
});

test.run();
