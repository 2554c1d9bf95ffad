import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { Resampler } from '../../../mixer/dsp/resampler.ts';

/** Large, so that the steps of whole samples lie 140 dB below it. */
const AMPLITUDE = 1e7;
const FRAMES = 24;
/** Frames at the beginning that are not looked at: the filters fill. */
const SKIPPED = 4;

interface Way {
  readonly fromHz: number;
  readonly toHz: number;
  readonly passHz: number;
}

const WAYS: readonly Way[] = [
  { fromHz: 8000, toHz: 48_000, passHz: 3400 },
  { fromHz: 48_000, toHz: 8000, passHz: 3400 },
  { fromHz: 8000, toHz: 16_000, passHz: 3400 },
  { fromHz: 16_000, toHz: 8000, passHz: 3400 },
  { fromHz: 16_000, toHz: 48_000, passHz: 7000 },
  { fromHz: 48_000, toHz: 16_000, passHz: 7000 },
];

/** What comes out of a resampler for a sine, without its beginning. */
function resampled({ fromHz, toHz }: Way, toneHz: number): Float64Array {
  const resampler = new Resampler(fromHz, toHz);
  const { samplesIn, samplesOut } = resampler;
  const frame = new Int32Array(samplesIn);
  const heard = new Float64Array((FRAMES - SKIPPED) * samplesOut);
  for (let k = 0; k < FRAMES; k += 1) {
    for (let i = 0; i < samplesIn; i += 1) {
      const phase = (2 * Math.PI * toneHz * (k * samplesIn + i)) / fromHz;
      frame[i] = Math.round(AMPLITUDE * Math.sin(phase));
    }
    const out = new Int32Array(samplesOut);
    resampler.addTo(frame, out);
    if (k >= SKIPPED) heard.set(out, (k - SKIPPED) * samplesOut);
  }
  return heard;
}

/** Level of one frequency, in dB relative to what went in. */
function levelDb(heard: Float64Array, toneHz: number, rateHz: number): number {
  let real = 0;
  let imaginary = 0;
  let weights = 0;
  for (const [i, sample] of heard.entries()) {
    // Blackman's window: its side lobes are below what is looked for.
    const x = (2 * Math.PI * i) / heard.length;
    const weight = 0.42 - 0.5 * Math.cos(x) + 0.08 * Math.cos(2 * x);
    real += weight * sample * Math.cos((2 * Math.PI * toneHz * i) / rateHz);
    imaginary += weight * sample * Math.sin((2 * Math.PI * toneHz * i) / rateHz);
    weights += weight;
  }
  return 20 * Math.log10((2 * Math.hypot(real, imaginary)) / weights / AMPLITUDE);
}

for (const way of WAYS) {
  const { fromHz, toHz, passHz } = way;

  test(`passes all up to ${passHz} Hz within 0.1 dB from ${fromHz} to ${toHz}`, () => {
    const levels: number[] = [];
    for (let toneHz = 100; toneHz <= passHz; toneHz += 100) {
      levels.push(levelDb(resampled(way, toneHz), toneHz, toHz));
    }

    assert.ok(Math.max(...levels) - Math.min(...levels) <= 0.1, `${Math.min(...levels)}`);
    assert.ok(Math.max(...levels.map(Math.abs)) <= 0.1, `${Math.max(...levels)}`);
  });
}

for (const way of WAYS.filter(({ fromHz, toHz }) => fromHz > toHz)) {
  const { fromHz, toHz } = way;

  test(`lets nothing fold from ${fromHz} to ${toHz}: 60 dB from ${toHz / 2} Hz on`, () => {
    let worst = -200;
    for (let toneHz = toHz / 2; toneHz < fromHz / 2; toneHz += 100) {
      const heard = resampled(way, toneHz);
      const power = heard.reduce((sum, sample) => sum + sample * sample, 0) / heard.length;
      worst = Math.max(worst, 10 * Math.log10((2 * power) / AMPLITUDE ** 2 + 1e-20));
    }

    assert.ok(worst <= -60, `${worst} dB`);
  });
}

for (const way of WAYS.filter(({ fromHz, toHz }) => fromHz < toHz)) {
  const { fromHz, toHz } = way;

  test(`lets nothing mirror from ${fromHz} to ${toHz}: 60 dB from ${fromHz / 2} Hz on`, () => {
    let worst = -200;
    for (let toneHz = 100; toneHz < fromHz / 2; toneHz += 100) {
      const heard = resampled(way, toneHz);
      for (let mirror = 1; mirror * fromHz - toneHz < toHz / 2; mirror += 1) {
        for (const mirroredHz of [mirror * fromHz - toneHz, mirror * fromHz + toneHz]) {
          if (mirroredHz >= toHz / 2) continue;
          worst = Math.max(worst, levelDb(heard, mirroredHz, toHz));
        }
      }
    }

    assert.ok(worst <= -60, `${worst} dB`);
  });
}

test('is as late as it says, by a few milliseconds', () => {
  for (const way of WAYS) {
    const { fromHz, toHz } = way;
    const resampler = new Resampler(fromHz, toHz);
    const frame = new Int32Array(resampler.samplesIn);
    frame[0] = 1_000_000;
    const out = new Int32Array(resampler.samplesOut);

    resampler.addTo(frame, out);

    const at = out.indexOf(Math.max(...out));
    assert.ok(
      Math.abs((at * 1000) / toHz - resampler.delayMs) <= 500 / Math.min(fromHz, toHz) + 0.1,
    );
    assert.ok(resampler.delayMs < 3.5, `${resampler.delayMs} ms`);
  }
});

test('takes a sound through frames without a seam, and ends it', () => {
  const resampler = new Resampler(8000, 48_000);
  const frame = new Int32Array(160);
  const heard: number[] = [];
  for (let k = 0; k < 10; k += 1) {
    for (let i = 0; i < 160; i += 1) {
      frame[i] = Math.round(10_000 * Math.sin((2 * Math.PI * 300 * (k * 160 + i)) / 8000));
    }
    const out = new Int32Array(960);
    resampler.addTo(frame, out);
    heard.push(...out);
  }

  // 300 Hz at 48 kHz moves by 393 in a sample at most.
  const steps = heard.slice(300).map((sample, i) => Math.abs(sample - (heard[299 + i] ?? 0)));
  assert.ok(Math.max(...steps) < 400, `${Math.max(...steps)}`);

  assert.ok(resampler.isRinging);
  const end = new Int32Array(960);
  resampler.flushTo(end);
  assert.ok(end.subarray(0, 160).some((sample) => sample !== 0));
  assert.ok(end.subarray(400).every((sample) => sample === 0));
  assert.is(resampler.isRinging, false);
  const after = new Int32Array(960);
  resampler.flushTo(after);
  assert.ok(after.every((sample) => sample === 0));
});

test('adds to a mix, beyond int16, and forgets when told to', () => {
  const resampler = new Resampler(48_000, 8000);
  const loud = new Int32Array(960).fill(1_000_000);
  const mix = new Int32Array(160).fill(5);

  resampler.addTo(loud, mix);
  resampler.addTo(loud, mix.fill(5));
  assert.ok(Math.abs((mix[100] ?? 0) - 1_000_005) < 100, `${mix[100]}`);

  resampler.reset();
  resampler.addTo(new Int32Array(960), mix.fill(5));
  assert.ok(mix.every((sample) => sample === 5));
});

test('refuses rates that it knows no way between', () => {
  assert.throws(() => new Resampler(8000, 44_100), RangeError);
});

test('allocates nothing for a frame', () => {
  const up = new Resampler(8000, 48_000);
  const down = new Resampler(48_000, 8000);
  const narrow = new Int32Array(160).fill(1234);
  const wide = new Int32Array(960);

  const run = (calls: number): number => {
    const before = process.memoryUsage().heapUsed;
    for (let i = 0; i < calls; i += 1) {
      up.addTo(narrow, wide.fill(0));
      down.addTo(wide, narrow.fill(0));
    }
    return (process.memoryUsage().heapUsed - before) / calls;
  };

  run(2000);
  const rounds = Array.from({ length: 10 }, () => run(500)).filter((bytes) => bytes >= 0);

  assert.ok(Math.min(...rounds) < 8, `${Math.min(...rounds)} bytes`);
});

test.run();
