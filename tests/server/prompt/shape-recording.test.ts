import { test } from 'uvu';
import * as assert from 'uvu/assert';
import {
  SPEECH_LEVEL_DBOV,
  activeLevelDbov,
  shapeSpeech,
} from '../../../server/prompt/shape-recording.ts';

const RATE_HZ = 16_000;

/** Tone and silence by turns, each given as amplitude and milliseconds. */
function bursts(...parts: readonly (readonly [amplitude: number, ms: number])[]): Int16Array {
  return Int16Array.from(
    parts.flatMap(([amplitude, ms]) =>
      Array.from({ length: ms * 16 }, (_, at) => amplitude * Math.sin((at * 2 * Math.PI) / 40)),
    ),
  );
}

test('measures the level of speech without its pauses', () => {
  const loud = bursts([10_000, 1000]);
  const withPauses = bursts([10_000, 300], [0, 2000], [10_000, 700], [20, 1000]);

  // A sine of amplitude 10,000: 20 log10(10,000 / 32,768) − 3.01 dB.
  assert.ok(Math.abs(activeLevelDbov(loud) + 13.32) < 0.05);
  assert.ok(Math.abs(activeLevelDbov(withPauses) + 13.32) < 0.05);
  assert.is(activeLevelDbov(new Int16Array(500)), Number.NEGATIVE_INFINITY);
});

test('brings quiet and loud speech to one level', () => {
  for (const amplitude of [300, 3000, 30_000]) {
    const shaped = shapeSpeech(bursts([amplitude, 400], [0, 100], [amplitude, 400]));

    assert.ok(Math.abs(activeLevelDbov(shaped) - SPEECH_LEVEL_DBOV) < 0.3, `${amplitude}`);
  }
});

test('trims silence at both ends and shortens long pauses', () => {
  const shaped = shapeSpeech(bursts([0, 700], [5000, 300], [0, 900], [5000, 300], [0, 500]));

  // 8 ms before, two bursts, 220 ms between, 20 ms after.
  const lengthMs = (shaped.length * 1000) / RATE_HZ;
  assert.ok(Math.abs(lengthMs - (8 + 300 + 220 + 300 + 20)) < 3, `${lengthMs} ms`);
});

test('turns peaks down below −3 dBFS and leaves the rest alone', () => {
  const spiky = bursts([2000, 900]);
  for (let at = 2000; at < spiky.length; at += 3000) spiky[at] = 32_000;

  const shaped = shapeSpeech(spiky);

  const peak = shaped.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
  assert.ok(20 * Math.log10(peak / 32_768) < -3);
  assert.ok(peak > 15_000);
  assert.ok(Math.abs(activeLevelDbov(shaped) - SPEECH_LEVEL_DBOV) < 1.5);
});

test('begins and ends without a click', () => {
  const shaped = shapeSpeech(bursts([9000, 500]));

  assert.ok(Math.abs(shaped[0] ?? 0) < 100);
  assert.ok(Math.abs(shaped.at(-1) ?? 0) < 100);
});

test('makes nothing of silence', () => {
  assert.is(shapeSpeech(new Int16Array(4000)).length, 0);
});

test.run();
