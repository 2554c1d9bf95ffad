import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { Concealment } from '../../../mixer/codec/concealment.ts';

const RATE_HZ = 8000;
const FRAME_SAMPLES = 160;

type Signal = (sample: number) => number;

function sine(frequencyHz: number, amplitude = 8000): Signal {
  return (i) => amplitude * Math.sin((2 * Math.PI * frequencyHz * i) / RATE_HZ);
}

/** A voice of 120 Hz with falling harmonics and a little breath: periodic, but not smooth. */
function voice(): Signal {
  const breath = noise(300);
  return (i) => {
    let sum = breath(i);
    for (let harmonic = 1; harmonic <= 12; harmonic += 1) {
      sum += sine(120 * harmonic, 5000 / harmonic)(i + harmonic * 3);
    }
    return sum;
  };
}

function noise(amplitude: number): Signal {
  return (i) => {
    const hash = Math.imul(i + 1, 0x9e3779b1) ^ (Math.imul(i + 7, 0x85ebca6b) >>> 13);
    return ((Math.imul(hash ^ (hash >>> 15), 0xc2b2ae35) | 0) / 2 ** 31) * amplitude;
  };
}

/** Plays `frames` frames of a signal through concealment; those in `lost` are made up. */
function play(signal: Signal, frames: number, lost: readonly number[]): Int16Array {
  const concealment = new Concealment(RATE_HZ);
  const out = new Int16Array(frames * FRAME_SAMPLES);
  for (let frame = 0; frame < frames; frame += 1) {
    const offset = frame * FRAME_SAMPLES;
    if (lost.includes(frame)) {
      concealment.conceal(out, offset, FRAME_SAMPLES);
    } else {
      for (let i = 0; i < FRAME_SAMPLES; i += 1) out[offset + i] = Math.round(signal(offset + i));
      concealment.good(out, offset, FRAME_SAMPLES);
    }
  }
  return out;
}

function largestJump(samples: Int16Array): number {
  let largest = 0;
  for (let i = 1; i < samples.length; i += 1) {
    largest = Math.max(largest, Math.abs((samples[i] ?? 0) - (samples[i - 1] ?? 0)));
  }
  return largest;
}

function rms(samples: Int16Array, from: number, to: number): number {
  let sum = 0;
  for (let i = from; i < to; i += 1) sum += (samples[i] ?? 0) ** 2;
  return Math.sqrt(sum / (to - from));
}

test('does not change a stream without gaps', () => {
  const signal = voice();
  const out = play(signal, 20, []);

  assert.ok(out.every((sample, i) => sample === Math.round(signal(i))));
});

for (const { name, signal, allowed } of [
  { name: 'a sine of 100 Hz', signal: sine(100), allowed: 1.3 },
  { name: 'a sine of 400 Hz', signal: sine(400), allowed: 1.3 },
  { name: 'a sine of 1,003 Hz', signal: sine(1003), allowed: 1.3 },
  { name: 'a voice', signal: voice(), allowed: 1.5 },
  { name: 'noise', signal: noise(4000), allowed: 1.3 },
]) {
  for (const lost of [[10], [10, 11], [10, 11, 12, 13, 14, 15], [10, 12, 14]]) {
    test(`does not click in ${name} where frames ${lost.join()} are lost`, () => {
      const whole = play(signal, 24, []);

      const out = play(signal, 24, lost);

      // No step from one sample to the next is much larger than those of the signal itself.
      const jump = largestJump(out);
      const natural = largestJump(whole);
      assert.ok(jump <= natural * allowed, `${String(jump)} against ${String(natural)}`);
    });
  }
}

for (const { name, signal, betterByDb } of [
  { name: 'a sine of 400 Hz', signal: sine(400), betterByDb: 12 },
  { name: 'a voice', signal: voice(), betterByDb: 6 },
]) {
  test(`is at least ${String(betterByDb)} dB nearer to ${name} than silence is`, () => {
    const whole = play(signal, 20, []);

    const out = play(signal, 20, [10]);

    const from = 10 * FRAME_SAMPLES;
    let error = 0;
    for (let i = from; i < from + FRAME_SAMPLES; i += 1) {
      error += ((whole[i] ?? 0) - (out[i] ?? 0)) ** 2;
    }
    const gainDb =
      20 * Math.log10(rms(whole, from, from + FRAME_SAMPLES)) -
      10 * Math.log10(error / FRAME_SAMPLES);
    assert.ok(gainDb >= betterByDb, `${gainDb.toFixed(1)} dB`);
  });
}

test('fades to silence within 60 ms and says so', () => {
  const concealment = new Concealment(RATE_HZ);
  const frame = new Int16Array(FRAME_SAMPLES);
  for (let n = 0; n < 5; n += 1) {
    for (let i = 0; i < FRAME_SAMPLES; i += 1) {
      frame[i] = Math.round(sine(300)(n * FRAME_SAMPLES + i));
    }
    concealment.good(frame, 0, FRAME_SAMPLES);
  }
  const levels: number[] = [];

  for (let n = 0; n < 4; n += 1) {
    assert.is(concealment.faded, n === 3);
    concealment.conceal(frame, 0, FRAME_SAMPLES);
    levels.push(rms(frame, 0, FRAME_SAMPLES));
  }

  assert.ok((levels[0] ?? 0) > 4000);
  assert.ok((levels[1] ?? 0) < (levels[0] ?? 0));
  assert.ok((levels[2] ?? 0) < (levels[1] ?? 0));
  assert.is(levels[3], 0);
});

test('leaves good audio alone from 5 ms after a gap on', () => {
  const signal = voice();
  const whole = play(signal, 20, []);

  const out = play(signal, 20, [10]);

  const from = 11 * FRAME_SAMPLES + 40;
  assert.equal([...out.subarray(from)], [...whole.subarray(from)]);
});

test('makes up silence before anything was heard', () => {
  const concealment = new Concealment(RATE_HZ);
  const frame = new Int16Array(FRAME_SAMPLES).fill(99);

  concealment.conceal(frame, 0, FRAME_SAMPLES);

  assert.ok(frame.every((sample) => sample === 0));
});

test('cross-fades over a jump', () => {
  const concealment = new Concealment(RATE_HZ);
  const out = new Int16Array(12 * FRAME_SAMPLES);
  const signal = sine(200);
  // 90 ° of the sine are left out between frames 5 and 6.
  for (let frame = 0; frame < 12; frame += 1) {
    const offset = frame * FRAME_SAMPLES;
    const skipped = frame > 5 ? 10 : 0;
    for (let i = 0; i < FRAME_SAMPLES; i += 1) {
      out[offset + i] = Math.round(signal(offset + i + skipped));
    }
    if (frame === 6) concealment.jump();
    concealment.good(out, offset, FRAME_SAMPLES);
  }

  assert.ok(largestJump(out) <= 8000 * ((2 * Math.PI * 200) / RATE_HZ) * 1.5);
});

test('takes and makes up frames of any length', () => {
  const concealment = new Concealment(RATE_HZ);
  const samples = new Int16Array(700).map((_, i) => Math.round(sine(250)(i)));
  concealment.good(samples, 0, 700);
  concealment.good(samples, 0, 0);
  const out = new Int16Array(40);

  concealment.conceal(out, 0, 1);
  concealment.conceal(out, 1, 39);
  concealment.good(samples, 0, 3);

  assert.ok(rms(out, 0, 40) > 3000);
});

test('forgets what it heard at a reset', () => {
  const concealment = new Concealment(RATE_HZ);
  const frame = new Int16Array(FRAME_SAMPLES).map((_, i) => Math.round(sine(250)(i)));
  concealment.good(frame, 0, FRAME_SAMPLES);

  concealment.reset();
  concealment.conceal(frame, 0, FRAME_SAMPLES);

  assert.is(rms(frame, 0, FRAME_SAMPLES), 0);
});

test.run();
