import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { GainRamp } from '../../../mixer/dsp/gain.ts';
import { LevelMeter } from '../../../mixer/dsp/level-meter.ts';
import { Limiter } from '../../../mixer/dsp/limiter.ts';
import { VoiceActivity } from '../../../mixer/dsp/voice-activity.ts';
import { heapBytesPerCall } from '../rtp/heap-growth.ts';

/** Less than the smallest object for each call. */
const BOUND_BYTES = 8;

test('gain, meter and voice activity leave nothing on the heap', () => {
  const samples = new Int16Array(160);
  const gain = new GainRamp();
  const meter = new LevelMeter();
  const voice = new VoiceActivity();

  const growth = heapBytesPerCall((i) => {
    samples[i % 160] = i;
    gain.setDb((i % 12) - 6);
    if (!gain.isUnity) gain.scaleInt16(samples, 160);
    voice.frame(meter.frame(samples, 0, 160));
  });

  assert.ok(growth < BOUND_BYTES, `${String(growth)} bytes for each call`);
});

test('a limiter leaves nothing on the heap while it works', () => {
  const mix = new Int32Array(160);
  const out = new Int16Array(160);
  const limiter = new Limiter(8000);
  const gain = new GainRamp();

  const growth = heapBytesPerCall((i) => {
    mix.fill(i % 3 === 0 ? 90_000 : 20_000);
    gain.setDb(i % 5);
    gain.scaleInt32(mix, 160);
    limiter.process(mix, out, 160);
  });

  assert.ok(growth < BOUND_BYTES, `${String(growth)} bytes for each call`);
});

test.run();
