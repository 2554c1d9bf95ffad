import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { LevelMeter, SILENCE_DBOV, levelDbov } from '../../../mixer/dsp/level-meter.ts';

function sine(amplitude: number): Int16Array {
  return new Int16Array(160).map((_, i) =>
    Math.round(amplitude * Math.sin((2 * Math.PI * i) / 16)),
  );
}

for (const { name, samples, dbov } of [
  { name: 'a full-scale square wave', samples: new Int16Array(160).fill(-32_768), dbov: 0 },
  { name: 'a full-scale sine', samples: sine(32_767), dbov: -3 },
  { name: 'a sine of amplitude 8,000', samples: sine(8000), dbov: -15 },
  { name: 'one step of noise', samples: new Int16Array(160).fill(1), dbov: -90 },
  { name: 'silence', samples: new Int16Array(160), dbov: SILENCE_DBOV },
]) {
  test(`measures ${name} as ${String(dbov)} dBov (RFC 6465 §3)`, () => {
    assert.is(levelDbov(samples, 0, 160), dbov);
  });
}

test('measures only the samples that it is given, and none as silence', () => {
  const samples = new Int16Array(320);
  samples.fill(32_767, 160);

  assert.is(levelDbov(samples, 0, 160), SILENCE_DBOV);
  assert.is(levelDbov(samples, 160, 160), 0);
  assert.is(levelDbov(samples, 0, 0), SILENCE_DBOV);
});

test('shows a peak at once and lets it fall by 20 dB in 200 ms', () => {
  const meter = new LevelMeter();
  const loud = sine(8000);
  const silent = new Int16Array(160);

  meter.frame(loud, 0, 160);
  assert.is(meter.integratedDbov, -15);
  for (let i = 0; i < 10; i += 1) meter.frame(silent, 0, 160);

  assert.is(meter.frameDbov, SILENCE_DBOV);
  assert.is(meter.integratedDbov, -35);
  for (let i = 0; i < 100; i += 1) meter.frame(silent, 0, 160);
  assert.is(meter.integratedDbov, SILENCE_DBOV);
});

test.run();
