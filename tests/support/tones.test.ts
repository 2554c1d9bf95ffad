import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { SILENCE_DBOV, sine, steadyToneLevelDb, toneLevelDb } from './tones.ts';

test('measures a sine at its level', () => {
  const levelDb = toneLevelDb(sine({ toneHz: 440, amplitude: 8192 }, 8000), 440);

  assert.ok(Math.abs(levelDb - -12.04) < 0.1, String(levelDb));
});

test('measures a sine between two bins of the window', () => {
  const levelDb = toneLevelDb(sine({ toneHz: 441.7, amplitude: 8192 }, 8000), 441.7);

  assert.ok(Math.abs(levelDb - -12.04) < 0.1, String(levelDb));
});

test('does not hear another tone', () => {
  assert.ok(toneLevelDb(sine({ toneHz: 440, amplitude: 8192 }, 8000), 700) < -80);
});

test('takes the level that a tone has most of the time', () => {
  const tone = sine({ toneHz: 440, amplitude: 8192 }, 16_000);
  tone.fill(0, 3000, 6000);

  assert.ok(Math.abs(steadyToneLevelDb(tone, 440) - -12.04) < 0.1);
  assert.is(steadyToneLevelDb(new Int16Array(0), 440), SILENCE_DBOV);
});

test('hears nothing in silence and in no samples', () => {
  assert.is(toneLevelDb(new Int16Array(800), 440), SILENCE_DBOV);
  assert.is(toneLevelDb(new Int16Array(0), 440), SILENCE_DBOV);
});

test.run();
