import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ReceptionStatistics } from '../../../mixer/rtp/reception-statistics.ts';
import {
  finishHeaderExtensions,
  headerExtensionLength,
  readHeaderExtension,
  startHeaderExtensions,
  writeHeaderExtension,
} from '../../../mixer/rtp/header-extension.ts';
import {
  JitterBuffer,
  JitterBufferPacket,
  OPUS_PAYLOAD_BYTES,
} from '../../../mixer/rtp/jitter-buffer.ts';
import {
  RtcpReception,
  RtcpReport,
  parseRtcp,
  writeRtcpReport,
} from '../../../mixer/rtp/rtcp-packet.ts';
import { RtpHeader, parseRtpPacket, writeRtpHeader } from '../../../mixer/rtp/rtp-packet.ts';
import {
  TelephoneEventReceiver,
  TelephoneEventSender,
} from '../../../mixer/rtp/telephone-event.ts';
import { heapBytesPerCall } from './heap-growth.ts';

/**
 * What a call may leave behind on average. An object of no fields has 24 bytes and a boxed double 16, so one of either
 * for each call is seen; the rest is room for the compiler's own work.
 */
const BOUND_BYTES = 8;

const header = new RtpHeader();
const bytes = new Uint8Array(200);

test('parsing and writing RTP leaves nothing on the heap', () => {
  const growth = heapBytesPerCall((i) => {
    header.sequenceNumber = i & 0xffff;
    header.rtpTimestamp = (4_000_000_000 + i * 160) >>> 0;
    header.ssrc = 0xdeadbeef;
    writeRtpHeader(bytes, 0, header);
    parseRtpPacket(bytes, 172, header);
  });

  assert.ok(growth < BOUND_BYTES, `${String(growth)} bytes for each call`);
});

test('reception statistics leave nothing on the heap', () => {
  const statistics = new ReceptionStatistics();

  const growth = heapBytesPerCall((i) => {
    header.sequenceNumber = i & 0xffff;
    header.rtpTimestamp = (4_000_000_000 + i * 160) >>> 0;
    statistics.packet(header, 5000.5 + i * 20 + (i % 3), 8000);
    statistics.takeFractionLost();
  });

  assert.ok(growth < BOUND_BYTES, `${String(growth)} bytes for each call`);
});

test('a jitter buffer leaves nothing on the heap, with loss, lateness and drops', () => {
  const buffer = new JitterBuffer({ frameSamples: 160, maxDelaySamples: 1600 });
  const view = new JitterBufferPacket();
  header.payloadOffset = 12;
  header.payloadLength = 160;
  header.ssrc = 1;

  const growth = heapBytesPerCall((i) => {
    const burst = i % 500 === 499 ? 6 : i % 500 > 494 || i % 31 === 0 ? 0 : 1;
    for (let k = 0; k < burst; k += 1) {
      header.sequenceNumber = (i - burst + 1 + k) & 0xffff;
      header.rtpTimestamp = (4_000_000_000 + (i - burst + 1 + k) * 160) >>> 0;
      buffer.put(header, bytes, 160);
    }
    let fifoSamples = 0;
    buffer.startTick(0, 'speech');
    while (fifoSamples < 160) {
      buffer.take(view);
      fifoSamples += view.durationSamples;
    }
  });

  assert.ok(growth < BOUND_BYTES, `${String(growth)} bytes for each call`);
});

test('a jitter buffer at 48 kHz leaves nothing on the heap, with losses that are mended', () => {
  const buffer = new JitterBuffer({
    frameSamples: 960,
    maxDelaySamples: 9600,
    maxPayloadBytes: OPUS_PAYLOAD_BYTES,
    redundancy: 'in-next-packet',
  });
  const view = new JitterBufferPacket();
  header.payloadOffset = 12;
  header.payloadLength = 100;
  header.ssrc = 1;
  let mended = 0;

  const growth = heapBytesPerCall((i) => {
    if (i % 9 !== 0) {
      header.sequenceNumber = i & 0xffff;
      header.rtpTimestamp = (4_000_000_000 + i * 960) >>> 0;
      buffer.put(header, bytes, 960);
    }
    let fifoSamples = 0;
    buffer.startTick(0, 'speech');
    while (fifoSamples < 960) {
      const outcome = buffer.take(view);
      if (outcome === 'lost' && buffer.peekAfterLoss(view) === 'next-packet') mended += 1;
      fifoSamples += view.durationSamples;
    }
  });

  assert.ok(mended > 1000, String(mended));
  assert.ok(growth < BOUND_BYTES, `${String(growth)} bytes for each call`);
});

test('reading and writing header extensions leaves nothing on the heap', () => {
  const level = Uint8Array.of(0x85);
  let read = 0;

  const growth = heapBytesPerCall((i) => {
    header.sequenceNumber = i & 0xffff;
    writeRtpHeader(bytes, 0, header);
    const at = writeHeaderExtension(bytes, startHeaderExtensions(bytes, 0), 1, level);
    parseRtpPacket(bytes, finishHeaderExtensions(bytes, 0, at) + 20, header);
    read += headerExtensionLength(bytes, header, readHeaderExtension(bytes, header, 1));
  });

  assert.ok(read > 10_000, String(read));
  assert.ok(growth < BOUND_BYTES, `${String(growth)} bytes for each call`);
});

test('telephone events leave nothing on the heap', () => {
  const receiver = new TelephoneEventReceiver();
  const sender = new TelephoneEventSender(160);
  header.payloadOffset = 0;
  header.payloadLength = 4;

  const growth = heapBytesPerCall((i) => {
    sender.press(i & 15);
    if (sender.tick((4_000_000_000 + i * 160) >>> 0, bytes, 0) === 0) return;
    header.rtpTimestamp = sender.rtpTimestamp;
    receiver.packet(header, bytes, i * 20.5);
    receiver.isHeld(i * 20.5);
  });

  assert.ok(growth < BOUND_BYTES, `${String(growth)} bytes for each call`);
});

test('RTCP leaves no more than a few boxed numbers on the heap for each report', () => {
  const report = new RtcpReport(Uint8Array.of(1, 2, 3));
  const reception = new RtcpReception();
  report.packetsOut = 5;
  report.reception = 'about-peer';
  const out = new Uint8Array(400);

  const growth = heapBytesPerCall((i) => {
    report.wallclockMs = 1_767_225_600_000.5 + i;
    report.jitter = i / 7;
    parseRtcp(out, writeRtcpReport(out, report), reception);
  });

  // Reports are written every 5 s and are not part of the tick.
  assert.ok(growth < 100, `${String(growth)} bytes for each call`);
});

test('the measure sees one small object for each call', () => {
  const kept: unknown[] = [undefined];

  const growth = heapBytesPerCall((i) => {
    kept[0] = { i };
  });

  assert.ok(growth > BOUND_BYTES, `${String(growth)} bytes for each call`);
});

test.run();
