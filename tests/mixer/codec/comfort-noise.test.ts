import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ComfortNoise } from '../../../mixer/codec/comfort-noise.ts';

function levelOf(noise: ComfortNoise): number {
  const out = new Int16Array(16_000);
  noise.fill(out, 0, out.length);
  const sum = out.reduce((total, sample) => total + sample * sample, 0);
  return 10 * Math.log10(sum / out.length / 32_768 ** 2);
}

for (const levelDbov of [-40, -50, -60, -70]) {
  test(`makes noise of ${String(levelDbov)} dBov as the packet says`, () => {
    const noise = new ComfortNoise(1);

    noise.update(Uint8Array.of(99, -levelDbov), 1, 1);

    assert.ok(Math.abs(levelOf(noise) - levelDbov) < 1, String(levelOf(noise)));
  });
}

test('makes no noise above −40 dBov, whatever the packet says', () => {
  const noise = new ComfortNoise(1);
  noise.update(Uint8Array.of(0), 0, 1);

  assert.ok(levelOf(noise) < -39);
});

test('is silent at the lowest level and unchanged by an empty packet', () => {
  const noise = new ComfortNoise(1);
  noise.update(Uint8Array.of(127), 0, 1);
  noise.update(Uint8Array.of(40), 0, 0);
  const out = new Int16Array(160).fill(5);

  noise.fill(out, 0, 160);

  assert.ok(out.every((sample) => sample === 0));
});

test('makes other noise for another seed, noise for the seed 0, and no constant level', () => {
  const frames = [0, 1, 2].map((seed) => {
    const noise = new ComfortNoise(seed);
    noise.update(Uint8Array.of(50), 0, 1);
    const out = new Int16Array(800);
    noise.fill(out, 0, 800);
    return out;
  });

  for (const frame of frames) {
    const sum = frame.reduce((total, sample) => total + sample, 0);
    assert.ok(Math.abs(sum / frame.length) < 20);
    assert.ok(new Set(frame).size > 50);
  }
  assert.is.not(frames[1]?.join(), frames[2]?.join());
});

test('fills only the part that it is asked for', () => {
  const noise = new ComfortNoise(3);
  noise.update(Uint8Array.of(40), 0, 1);
  const out = new Int16Array(20);

  noise.fill(out, 5, 10);

  assert.ok(out.subarray(0, 5).every((sample) => sample === 0));
  assert.ok(out.subarray(15).every((sample) => sample === 0));
  assert.ok(out.subarray(5, 15).some((sample) => sample !== 0));
});

test.run();
