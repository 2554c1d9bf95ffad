import { test } from 'uvu';
import * as assert from 'uvu/assert';

import {
  judge,
  sampleBetween,
  withSample,
  type QualitySample,
  type StatsReading,
} from '../../../web/room/quality.ts';
import { readStats } from '../../../web/room/quality-watch.ts';

const CLEAN: QualitySample = { lossIn: 0, lossOut: 0, jitterMs: 3, roundTripMs: 40 };
const READING: StatsReading = {
  packetsIn: 100,
  packetsLostIn: 10,
  jitterMs: 4,
  roundTripMs: 30,
  lossOut: 0.01,
};

test('counts loss between two readings, not since the beginning', () => {
  const sample = sampleBetween(READING, { ...READING, packetsIn: 190, packetsLostIn: 20 });

  assert.is(sample?.lossIn, 0.1);
  assert.is(sample?.lossOut, 0.01);
});

test('takes packets that came late after all for no loss, and a new call for a new beginning', () => {
  assert.is(sampleBetween(READING, { ...READING, packetsIn: 150, packetsLostIn: 8 })?.lossIn, 0);
  assert.is(sampleBetween(READING, { ...READING, packetsIn: 5 }), null);
});

test('is unknown before it was measured, and good when nothing is wrong', () => {
  assert.equal(judge([]), { quality: 'unknown', cause: 'none' });
  assert.equal(judge([CLEAN]), { quality: 'good', cause: 'none' });
});

for (const [what, change, quality, cause] of [
  ['3 % lost on the way here', { lossIn: 0.03 }, 'weak', 'loss'],
  ['10 % lost on the way there', { lossOut: 0.1 }, 'bad', 'loss'],
  ['400 ms for the way there and back', { roundTripMs: 400 }, 'weak', 'delay'],
  ['700 ms for the way there and back', { roundTripMs: 700 }, 'bad', 'delay'],
  ['40 ms of jitter', { jitterMs: 40 }, 'weak', 'jitter'],
  ['bad delay before weak loss', { roundTripMs: 700, lossIn: 0.03 }, 'bad', 'delay'],
] as const) {
  test(`judges ${what} as ${quality}`, () => {
    assert.equal(judge([{ ...CLEAN, ...change }]), { quality, cause });
  });
}

test('forgets a bad second after four good ones', () => {
  let samples = withSample([], { ...CLEAN, lossIn: 0.5 });
  assert.is(judge(samples).quality, 'bad');

  for (let count = 0; count < 4; count += 1) samples = withSample(samples, CLEAN);

  assert.is(judge(samples).quality, 'good');
});

test('reads counters out of a report, and seconds as ms', () => {
  const report = new Map<string, unknown>([
    ['a', { type: 'inbound-rtp', packetsReceived: 50, packetsLost: 2, jitter: 0.004 }],
    ['b', { type: 'remote-inbound-rtp', fractionLost: 0.25, roundTripTime: 0.09 }],
    [
      'c',
      { type: 'candidate-pair', nominated: true, state: 'succeeded', currentRoundTripTime: 0.05 },
    ],
    ['d', { type: 'candidate-pair', nominated: false, state: 'failed', currentRoundTripTime: 9 }],
  ]);

  assert.equal(readStats(report), {
    packetsIn: 50,
    packetsLostIn: 2,
    jitterMs: 4,
    roundTripMs: 50,
    lossOut: 0.25,
  });
  assert.is(readStats(new Map()), null);
});

test.run();
