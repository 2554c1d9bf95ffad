import { test } from 'uvu';
import * as assert from 'uvu/assert';
import {
  MAX_RTCP_BYTES,
  RtcpReception,
  RtcpReport,
  ntpMiddle,
  parseRtcp,
  roundTripMs,
  writeRtcpBye,
  writeRtcpReport,
} from '../../../mixer/rtp/rtcp-packet.ts';

/** 2026-01-01T00:00:00.500Z. */
const WALLCLOCK_MS = 1_767_225_600_500;

function reportOf(cname = 'konfa'): RtcpReport {
  const report = new RtcpReport(new TextEncoder().encode(cname));
  report.ssrc = 0xaabbccdd;
  report.wallclockMs = WALLCLOCK_MS;
  return report;
}

function describePeer(report: RtcpReport): void {
  report.reception = 'about-peer';
  report.ssrcIn = 0x01020304;
  report.fractionLost = 64;
  report.cumulativeLost = -2;
  report.extendedHighestSequenceNumber = 65_536 + 7;
  report.jitter = 12.9;
  report.lastSenderReport = 0xfeedface;
  report.delaySinceLastSenderReport = 0x00018000;
}

function write(report: RtcpReport): number[] {
  const out = new Uint8Array(MAX_RTCP_BYTES).fill(0x55);
  return [...out.subarray(0, writeRtcpReport(out, report))];
}

const BLOCK = [
  [0x01, 0x02, 0x03, 0x04], // SSRC of source
  [64, 0xff, 0xff, 0xfe], // fraction lost, cumulative lost −2
  [0x00, 0x01, 0x00, 0x07], // extended highest sequence number
  [0, 0, 0, 12], // jitter
  [0xfe, 0xed, 0xfa, 0xce], // LSR
  [0x00, 0x01, 0x80, 0x00], // DLSR
].flat();

const SDES = [
  [0x81, 202, 0, 3], // one chunk, 4 words
  [0xaa, 0xbb, 0xcc, 0xdd],
  [1, 5, 0x6b, 0x6f, 0x6e, 0x66, 0x61, 0], // CNAME "konfa" and its end
].flat();

test('writes a receiver report while nothing was sent (RFC 3550 §6.4.2)', () => {
  const report = reportOf();
  assert.equal(write(report), [0x80, 201, 0, 1, 0xaa, 0xbb, 0xcc, 0xdd, ...SDES]);

  describePeer(report);

  assert.equal(write(report), [0x81, 201, 0, 7, 0xaa, 0xbb, 0xcc, 0xdd, ...BLOCK, ...SDES]);
});

test('writes a sender report with NTP and RTP time (RFC 3550 §6.4.1)', () => {
  const report = reportOf();
  describePeer(report);
  report.packetsOut = 258;
  report.octetsOut = 41_280;
  report.rtpTimestamp = 0x80000001;

  const seconds = 1_767_225_600 + 2_208_988_800;
  assert.equal(
    write(report),
    [
      [0x81, 200, 0, 12, 0xaa, 0xbb, 0xcc, 0xdd],
      [seconds >>> 24, (seconds >>> 16) & 255, (seconds >>> 8) & 255, seconds & 255],
      [0x80, 0, 0, 0], // half a second
      [0x80, 0, 0, 1],
      [0, 0, 1, 2],
      [0, 0, 0xa1, 0x40],
      BLOCK,
      SDES,
    ].flat(),
  );
});

test('ends every CNAME with a zero and fills it up to words', () => {
  for (let length = 0; length <= 300; length += 1) {
    const bytes = write(reportOf('x'.repeat(length)));
    assert.is(bytes.length % 4, 0);
    assert.is(bytes[8 + 9], Math.min(length, 255));
    assert.is(bytes.at(-1), 0);
    assert.is(4 + 4 * ((bytes[10] ?? 0) * 256 + (bytes[11] ?? 0)), bytes.length - 8);
  }
});

test('appends a BYE, and the longest packet has room', () => {
  const report = reportOf('x'.repeat(255));
  describePeer(report);
  report.packetsOut = 1;
  const out = new Uint8Array(MAX_RTCP_BYTES);

  const length = writeRtcpBye(out, report);

  assert.ok(length <= MAX_RTCP_BYTES);
  assert.equal([...out.subarray(length - 8, length)], [0x81, 203, 0, 1, 0xaa, 0xbb, 0xcc, 0xdd]);
  const reception = new RtcpReception();
  assert.ok(parseRtcp(out, length, reception));
  assert.is(reception.bye, 'present');
});

test('reads a report about us and leaves out those about others', () => {
  const report = reportOf();
  describePeer(report);
  report.packetsOut = 1;
  report.rtpTimestamp = 4711;
  const out = Uint8Array.from(write(report));
  const reception = new RtcpReception();
  reception.ssrcOut = 0x01020304;

  assert.ok(parseRtcp(out, out.length, reception));

  assert.is(reception.senderReport, 'present');
  assert.is(reception.ssrcIn, 0xaabbccdd);
  assert.is(reception.senderReportRtpTimestamp, 4711);
  assert.is(reception.senderReportNtpMiddle, ntpMiddle(WALLCLOCK_MS));
  assert.is(reception.reportAboutUs, 'present');
  assert.is(reception.fractionLost, 64);
  assert.is(reception.cumulativeLost, -2);
  assert.is(reception.jitter, 12);
  assert.is(reception.lastSenderReport, 0xfeedface);
  assert.is(reception.bye, 'none');

  reception.ssrcOut = 5;
  parseRtcp(out, out.length, reception);
  assert.is(reception.reportAboutUs, 'none');
});

test('keeps what stood before a packet that contradicts its length', () => {
  const report = reportOf();
  describePeer(report);
  const bytes = write(report);
  const reception = new RtcpReception();
  reception.ssrcOut = 0x01020304;

  // The SDES claims to be longer than what came.
  bytes[32 + 3] = 200;

  assert.is(parseRtcp(Uint8Array.from(bytes), bytes.length, reception), true);
  assert.is(reception.reportAboutUs, 'present');
});

for (const { name, bytes } of [
  { name: 'nothing', bytes: [] },
  { name: 'three bytes', bytes: [0x80, 201, 0] },
  { name: 'RTP', bytes: [0x80, 8, 0, 1, 0, 0, 0, 0] },
  { name: 'version 1', bytes: [0x40, 201, 0, 1, 0, 0, 0, 0] },
  { name: 'a length beyond the datagram', bytes: [0x80, 201, 0, 2, 0, 0, 0, 0] },
]) {
  test(`refuses ${name}`, () => {
    assert.is(parseRtcp(Uint8Array.from(bytes), bytes.length, new RtcpReception()), false);
  });
}

test('reads no block that the packet has no room for', () => {
  const reception = new RtcpReception();
  // 31 blocks announced, none there; the SSRC of a block would be ours.
  const bytes = Uint8Array.from([0x9f, 201, 0, 2, 0, 0, 0, 9, 0, 0, 0, 0]);

  assert.is(parseRtcp(bytes, bytes.length, reception), true);
  assert.is(reception.reportAboutUs, 'none');
});

/** What browsers send besides reports: transport-wide feedback, NACK, PLI, REMB, extended reports, APP. */
const FEEDBACK: readonly { readonly name: string; readonly bytes: readonly number[] }[] = [
  // V=2, FMT=15, PT=205, 4 words behind this one; SSRCs of sender and media; base, count, reference, feedback count.
  {
    name: 'transport-wide congestion control',
    bytes: [0x8f, 205, 0, 5, 0, 0, 0, 9, 0, 0, 0, 7, 0, 1, 0, 2, 0, 0, 1, 0, 0x20, 2, 4, 4],
  },
  { name: 'generic NACK', bytes: [0x81, 205, 0, 3, 0, 0, 0, 9, 0, 0, 0, 7, 0, 1, 0, 0] },
  { name: 'PLI', bytes: [0x81, 206, 0, 2, 0, 0, 0, 9, 0, 0, 0, 7] },
  {
    name: 'REMB',
    bytes: [0x8f, 206, 0, 4, 0, 0, 0, 9, 0, 0, 0, 0, 0x52, 0x45, 0x4d, 0x42, 1, 2, 3, 4],
  },
  { name: 'an extended report', bytes: [0x80, 207, 0, 1, 0, 0, 0, 9] },
  { name: "an application's own", bytes: [0x80, 204, 0, 2, 0, 0, 0, 9, 1, 2, 3, 4] },
];

/** A receiver report of 10 % loss about SSRC 7, which we send with. */
const REPORT = [
  ...[0x81, 201, 0, 7, 0, 0, 0, 9],
  ...[0, 0, 0, 7, 26, 0, 0, 5, 0, 0, 1, 0, 0, 0, 0, 96, 0, 0, 0, 0, 0, 0, 0, 0],
];

for (const { name, bytes } of FEEDBACK) {
  test(`passes over ${name}, alone (RFC 5506) and before and behind a report`, () => {
    const reception = new RtcpReception();
    reception.ssrcOut = 7;

    assert.is(parseRtcp(Uint8Array.from(bytes), bytes.length, reception), true);
    assert.is(reception.reportAboutUs, 'none');
    for (const compound of [
      [...bytes, ...REPORT],
      [...REPORT, ...bytes],
    ]) {
      assert.is(parseRtcp(Uint8Array.from(compound), compound.length, reception), true);
      assert.is(reception.reportAboutUs, 'present');
      assert.is(reception.fractionLost, 26);
      assert.is(reception.cumulativeLost, 5);
      assert.is(reception.jitter, 96);
    }
    assert.is(reception.bye, 'none');
  });
}

test('takes the report about us from among those about others', () => {
  const reception = new RtcpReception();
  reception.ssrcOut = 7;
  const block = REPORT.slice(8);
  const other = [0, 0, 0, 6, 200, ...block.slice(5)];
  const bytes = Uint8Array.from([0x83, 201, 0, 19, 0, 0, 0, 9, ...other, ...block, ...other]);

  assert.is(parseRtcp(bytes, bytes.length, reception), true);

  assert.is(reception.fractionLost, 26);
});

test('survives random bytes', () => {
  let state = 4;
  const bytes = new Uint8Array(128);
  const reception = new RtcpReception();
  for (let round = 0; round < 20_000; round += 1) {
    for (let i = 0; i < bytes.length; i += 1) {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
      bytes[i] = state >>> 24;
    }
    bytes[0] = 0x80 | ((bytes[0] ?? 0) & 0x3f);
    bytes[1] = 200 + ((bytes[1] ?? 0) & 7);
    bytes[2] = 0;
    bytes[3] = (bytes[3] ?? 0) & 0x1f;
    parseRtcp(bytes, 128, reception);
  }
});

test('tells the round trip as RFC 3550 figure 2 has it', () => {
  const reception = new RtcpReception();
  assert.is(roundTripMs(reception, WALLCLOCK_MS), -1);

  reception.reportAboutUs = 'present';
  reception.lastSenderReport = ntpMiddle(WALLCLOCK_MS);
  reception.delaySinceLastSenderReport = 2 * 65_536;

  const trip = roundTripMs(reception, WALLCLOCK_MS + 2125);
  assert.ok(Math.abs(trip - 125) < 0.1, String(trip));
});

test('tells no round trip from a peer that had no report of ours or counts wrong', () => {
  const reception = new RtcpReception();
  reception.reportAboutUs = 'present';
  assert.is(roundTripMs(reception, WALLCLOCK_MS), -1);

  reception.lastSenderReport = ntpMiddle(WALLCLOCK_MS);
  reception.delaySinceLastSenderReport = 0x7fffffff;
  assert.is(roundTripMs(reception, WALLCLOCK_MS), -1);

  reception.delaySinceLastSenderReport = 66;
  assert.is(roundTripMs(reception, WALLCLOCK_MS), 0, 'rounding at the peer');
});

test.run();
