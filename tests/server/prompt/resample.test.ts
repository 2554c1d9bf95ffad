import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createResampler } from '../../../server/prompt/resample.ts';

const AMPLITUDE = 20_000;

interface Rates {
  readonly fromHz: number;
  readonly toHz: number;
}

function sine(frequencyHz: number, rateHz: number): Int16Array {
  return Int16Array.from({ length: rateHz }, (_, at) =>
    Math.round(AMPLITUDE * Math.sin((2 * Math.PI * frequencyHz * at) / rateHz)),
  );
}

/** Gain for a tone in dB, of all that comes out, away from the edges. */
function gainDb(frequencyHz: number, { fromHz, toHz }: Rates): number {
  const resampler = createResampler(fromHz, toHz, 'silence');
  const out = new Int16Array(resampler.outSamples(fromHz));
  resampler.resample(sine(frequencyHz, fromHz), out);
  const middle = out.subarray(toHz / 10, (toHz * 9) / 10);
  const power = middle.reduce((sum, sample) => sum + sample ** 2, 0) / middle.length;
  return 10 * Math.log10(Math.max(power, 1e-9) / (AMPLITUDE ** 2 / 2));
}

const RATES: readonly Rates[] = [
  { fromHz: 16_000, toHz: 8000 },
  { fromHz: 44_100, toHz: 8000 },
  { fromHz: 48_000, toHz: 8000 },
  { fromHz: 22_050, toHz: 8000 },
  { fromHz: 11_025, toHz: 8000 },
  { fromHz: 8000, toHz: 16_000 },
  { fromHz: 22_050, toHz: 16_000 },
];

test('passes everything up to 85 % of the lower half rate within 0.1 dB', () => {
  for (const rates of RATES) {
    const edgeHz = 0.85 * (Math.min(rates.fromHz, rates.toHz) / 2);
    for (let step = 1; step <= 17; step += 1) {
      const gain = gainDb((edgeHz * step) / 17, rates);
      assert.ok(Math.abs(gain) < 0.1, `${JSON.stringify(rates)} step ${step}: ${gain} dB`);
    }
  }
});

test('keeps whatever would fold into the pass band 60 dB down', () => {
  for (const rates of RATES.filter(({ fromHz, toHz }) => fromHz > toHz)) {
    const stopHz = 1.15 * (rates.toHz / 2);
    for (let step = 0; step < 20; step += 1) {
      const hz = stopHz + ((rates.fromHz / 2 - stopHz) * step) / 20;
      const gain = gainDb(hz, rates);
      assert.ok(gain < -60, `${JSON.stringify(rates)} at ${hz} Hz: ${gain} dB`);
    }
  }
});

test('lets no image of a tone through when the rate goes up', () => {
  const resampler = createResampler(8000, 16_000, 'silence');
  const out = new Int16Array(16_000);

  resampler.resample(sine(3000, 8000), out);

  // The image of 3,000 Hz lies at 5,000 Hz.
  let real = 0;
  let imaginary = 0;
  for (let at = 1600; at < 14_400; at += 1) {
    real += (out[at] ?? 0) * Math.cos((2 * Math.PI * 5000 * at) / 16_000);
    imaginary += (out[at] ?? 0) * Math.sin((2 * Math.PI * 5000 * at) / 16_000);
  }
  const image = (2 * Math.hypot(real, imaginary)) / 12_800;
  assert.ok(20 * Math.log10(image / AMPLITUDE) < -60);
});

test('keeps time: a tone comes out in phase', () => {
  const resampler = createResampler(44_100, 8000, 'silence');
  const out = new Int16Array(8000);

  resampler.resample(sine(500, 44_100), out);

  const expected = sine(500, 8000);
  for (let at = 400; at < 7600; at += 1) {
    assert.ok(Math.abs((out[at] ?? 0) - (expected[at] ?? 0)) < 20, `sample ${at}`);
  }
});

test('joins a loop without a seam', () => {
  // 50 whole periods: the end joins the beginning.
  const loop = sine(1000, 16_000).subarray(0, 800);
  const closed = new Int16Array(400);
  const open = new Int16Array(400);

  createResampler(16_000, 8000, 'loop').resample(loop, closed);
  createResampler(16_000, 8000, 'silence').resample(loop, open);

  const expected = sine(1000, 8000).subarray(0, 400);
  const worst = (out: Int16Array): number =>
    expected.reduce((most, sample, at) => Math.max(most, Math.abs(sample - (out[at] ?? 0))), 0);
  assert.ok(worst(closed) < 20);
  assert.ok(worst(open) > 200);
});

test('copies at equal rates and takes any length', () => {
  const same = new Int16Array(3);
  createResampler(8000, 8000, 'silence').resample(Int16Array.of(1, -2, 3), same);
  assert.equal(Array.from(same), [1, -2, 3]);

  const half = createResampler(16_000, 8000, 'loop');
  for (const length of [0, 1, 2, 3, 7, 50]) {
    const out = new Int16Array(half.outSamples(length) + 2).fill(77);
    half.resample(new Int16Array(length).fill(1000), out);
    assert.is(half.outSamples(length), Math.ceil(length / 2));
    assert.equal(Array.from(out.subarray(-2)), [77, 77], 'writes no further than it says');
    if (length > 0) assert.is(out[0], 1000);
  }
});

test.run();
