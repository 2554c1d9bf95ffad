import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ReceptionStatistics } from '../../../mixer/rtp/reception-statistics.ts';
import type { ReceptionVerdict } from '../../../mixer/rtp/reception-statistics.ts';
import { RtpHeader } from '../../../mixer/rtp/rtp-packet.ts';

const CLOCK_HZ = 8000;
const header = new RtpHeader();

/** One packet of 20 ms that arrives when it should, or `lateMs` after. */
function packet(
  statistics: ReceptionStatistics,
  options: { sequence: number; ssrc?: number; lateMs?: number; index?: number },
): ReceptionVerdict {
  const index = options.index ?? options.sequence;
  header.sequenceNumber = options.sequence & 0xffff;
  header.rtpTimestamp = (index * 160) >>> 0;
  header.ssrc = options.ssrc ?? 1;
  return statistics.packet(header, 1000 + index * 20 + (options.lateMs ?? 0), CLOCK_HZ);
}

test('counts from the first packet, without probation', () => {
  const statistics = new ReceptionStatistics();
  assert.is(statistics.started, false);
  assert.is(statistics.takeFractionLost(), 0);

  assert.is(packet(statistics, { sequence: 500, ssrc: 77 }), 'counted');

  assert.is(statistics.started, true);
  assert.is(statistics.ssrcIn, 77);
  assert.is(statistics.packetsReceived, 1);
  assert.is(statistics.packetsLost, 0);
  assert.is(statistics.extendedHighestSequenceNumber, 500);
});

test('counts losses across a wrap of the sequence (RFC 3550 §A.3)', () => {
  const statistics = new ReceptionStatistics();
  for (let i = 65_530; i < 65_546; i += 1) {
    if (i !== 65_534 && i !== 65_540) packet(statistics, { sequence: i });
  }

  assert.is(statistics.extendedHighestSequenceNumber, 65_545);
  assert.is(statistics.packetsReceived, 14);
  assert.is(statistics.packetsLost, 2);
  assert.is(statistics.cumulativeLost, 2);
});

test('does not count reordered packets as lost', () => {
  const statistics = new ReceptionStatistics();
  for (const sequence of [10, 12, 11, 15, 13, 14]) packet(statistics, { sequence });

  assert.is(statistics.packetsLost, 0);
  assert.is(statistics.extendedHighestSequenceNumber, 15);
});

test('tells a negative cumulative loss when the network doubles packets, and none to people', () => {
  const statistics = new ReceptionStatistics();
  for (const sequence of [1, 1, 2, 2, 3]) packet(statistics, { sequence });

  assert.is(statistics.cumulativeLost, -2);
  assert.is(statistics.packetsLost, 0);
  assert.is(statistics.takeFractionLost(), 0);
});

test('tells the fraction lost since the report before in 256ths', () => {
  const statistics = new ReceptionStatistics();
  for (let i = 0; i < 8; i += 1) if (i !== 3 && i !== 5) packet(statistics, { sequence: i });

  assert.is(statistics.takeFractionLost(), 64);
  for (let i = 8; i < 16; i += 1) packet(statistics, { sequence: i });
  assert.is(statistics.takeFractionLost(), 0);
  assert.is(statistics.takeFractionLost(), 0);
  packet(statistics, { sequence: 1000 });
  assert.is(statistics.takeFractionLost(), Math.floor((983 * 256) / 984));
});

test('ignores one packet far away and begins anew at the second in a row (RFC 3550 §A.1)', () => {
  const statistics = new ReceptionStatistics();
  packet(statistics, { sequence: 10 });
  packet(statistics, { sequence: 12 });

  assert.is(packet(statistics, { sequence: 20_000 }), 'ignored');
  assert.is(packet(statistics, { sequence: 13 }), 'counted');
  assert.is(packet(statistics, { sequence: 30_000 }), 'ignored');
  assert.is(packet(statistics, { sequence: 30_001 }), 'restarted');

  assert.is(statistics.extendedHighestSequenceNumber, 30_001);
  assert.is(statistics.cumulativeLost, 0);
  assert.is(statistics.packetsLost, 1, 'the loss before the restart stays in the total');
  assert.is(statistics.packetsReceived, 4);
});

test('begins anew at once with another SSRC and keeps the totals of the leg', () => {
  const statistics = new ReceptionStatistics();
  packet(statistics, { sequence: 1 });
  packet(statistics, { sequence: 4 });

  assert.is(packet(statistics, { sequence: 40_000, ssrc: 2 }), 'restarted');

  assert.is(statistics.ssrcIn, 2);
  assert.is(statistics.packetsLost, 2);
  assert.is(statistics.cumulativeLost, 0);
  assert.is(statistics.packetsReceived, 3);
});

test('measures no jitter on a steady stream, also across the wrap of the time stamp', () => {
  const statistics = new ReceptionStatistics();
  const start = Math.floor(2 ** 32 / 160) - 5;
  for (let i = 0; i < 20; i += 1) packet(statistics, { sequence: i, index: start + i });

  assert.ok(statistics.jitter < 1e-3, String(statistics.jitter));
});

test('measures jitter as RFC 3550 §A.8 has it', () => {
  const statistics = new ReceptionStatistics();
  packet(statistics, { sequence: 0 });
  packet(statistics, { sequence: 1, lateMs: 10 });

  // |D| is 80 units: J = 80 / 16.
  assert.ok(Math.abs(statistics.jitter - 5) < 1e-6);
  packet(statistics, { sequence: 2, lateMs: 0 });
  // J += (80 − 5) / 16.
  assert.ok(Math.abs(statistics.jitter - 9.6875) < 1e-6);
  assert.ok(Math.abs(statistics.jitterMs(CLOCK_HZ) - 1.2109375) < 1e-6);
});

test('learns no jitter from packets that repeat a time stamp, nor from a new time base', () => {
  const statistics = new ReceptionStatistics();
  packet(statistics, { sequence: 0, index: 0 });
  for (let i = 1; i < 10; i += 1) packet(statistics, { sequence: i, index: 0, lateMs: i * 20 });
  packet(statistics, { sequence: 10, index: 10 });
  assert.is(statistics.jitter, 0);

  header.rtpTimestamp = 900_000_000;
  header.sequenceNumber = 11;
  statistics.packet(header, 1220, CLOCK_HZ);

  assert.is(statistics.jitter, 0);
});

test('measures the jitter of a clock of 48 kHz, over the wrap of its time stamp and in pauses', () => {
  const statistics = new ReceptionStatistics();
  let rtpTimestamp = 0xffffffff - 20 * 960;
  let nowMs = 1e9;
  for (let number = 0; number < 400; number += 1) {
    // Every tenth time the peer pauses for 400 ms (DTX): the time stamp goes on, the sequence by one.
    const frames = number % 10 === 0 ? 20 : 1;
    rtpTimestamp = (rtpTimestamp + frames * 960) >>> 0;
    nowMs += frames * 20;
    header.ssrc = 77;
    header.sequenceNumber = number;
    header.rtpTimestamp = rtpTimestamp;
    statistics.packet(header, nowMs + (number % 2) * 2, 48_000);
  }

  assert.is(statistics.packetsLost, 0);
  // Every step differs by 2 ms.
  assert.ok(Math.abs(statistics.jitterMs(48_000) - 2) < 0.05, String(statistics.jitterMs(48_000)));
});

test('goes on from a snapshot on another worker whose clock has another origin', () => {
  const before = new ReceptionStatistics();
  for (let i = 65_500; i < 65_560; i += 1) {
    if (i !== 65_510) packet(before, { sequence: i, lateMs: i % 2 });
  }
  before.takeFractionLost();
  const snapshot = structuredClone(before.snapshot());
  const after = new ReceptionStatistics();

  after.restore(snapshot);

  assert.equal(after.snapshot(), snapshot);
  const jitter = after.jitter;
  assert.is(packet(after, { sequence: 65_562, lateMs: 400_000 }), 'counted');
  assert.is(after.packetsLost, 3);
  assert.is(after.packetsReceived, 60);
  assert.is(after.jitter, jitter);
  assert.is(after.takeFractionLost(), Math.floor((2 * 256) / 3));
});

test.run();
