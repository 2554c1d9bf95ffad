import type { DurationMs, WallclockMs } from '../protocol/units.ts';

/** Room enough for any packet written here: SR with one block, SDES with the longest CNAME, BYE. */
export const MAX_RTCP_BYTES = 400;

/** Packet types, RFC 3550 §12.1. */
const SENDER_REPORT = 200;
const RECEIVER_REPORT = 201;
const SOURCE_DESCRIPTION = 202;
const BYE = 203;
const SDES_CNAME = 1;
const REPORT_BLOCK_BYTES = 24;
/** Seconds from 1900, where NTP begins, to 1970. RFC 868. */
const NTP_TO_UNIX_SECONDS = 2_208_988_800;
const MAX_CNAME_BYTES = 255;

/** What a report says; owned and updated by the caller, one for each leg. All numbers are unsigned but one. */
export class RtcpReport {
  /** Our SSRC. */
  ssrc = 0;
  /** Canonical name in UTF-8, cut at 255 bytes; RFC 3550 §6.5.1. */
  readonly cname: Uint8Array;
  /** Packets and octets of payload sent; a sender report is written when `packetsOut` is above 0. */
  packetsOut = 0;
  octetsOut = 0;
  /** Instant of the report, on the wallclock and as our RTP time stamp. */
  wallclockMs: WallclockMs = 0;
  rtpTimestamp = 0;
  /** Whether a report block about the peer goes along. */
  reception: 'none' | 'about-peer' = 'none';
  ssrcIn = 0;
  /** 256ths. */
  fractionLost = 0;
  /** Signed 24 bit. */
  cumulativeLost = 0;
  extendedHighestSequenceNumber = 0;
  /** Time stamp units. */
  jitter = 0;
  /** Middle 32 bits of the peer's last sender report, and how long ago it came in 1/65,536 s; 0 when there was none. */
  lastSenderReport = 0;
  delaySinceLastSenderReport = 0;

  constructor(cname: Uint8Array) {
    this.cname = cname;
  }
}

/** What a compound packet from the peer said; owned by the caller. */
export class RtcpReception {
  /** The SSRC we send with: only report blocks about it are read. Set by the caller. */
  ssrcOut = 0;
  senderReport: 'none' | 'present' = 'none';
  /** SSRC of the peer. */
  ssrcIn = 0;
  /** Middle 32 bits of the NTP time stamp in the sender report. */
  senderReportNtpMiddle = 0;
  senderReportRtpTimestamp = 0;
  reportAboutUs: 'none' | 'present' = 'none';
  /** 256ths. */
  fractionLost = 0;
  /** Signed. */
  cumulativeLost = 0;
  /** Time stamp units. */
  jitter = 0;
  lastSenderReport = 0;
  delaySinceLastSenderReport = 0;
  bye: 'none' | 'present' = 'none';
}

/**
 * Writes SR (or RR, when nothing was sent) and SDES with CNAME as one compound packet to the start of `out`, which has
 * room for `MAX_RTCP_BYTES`; returns its length.
 *
 * ```
 * |V=2|P|   RC    |   PT = 200/201  |  length in words − 1        |
 * |                         SSRC of sender                        |
 * | SR only: NTP seconds, NTP fraction, RTP time stamp, packet count, octet count |
 * | SSRC of source | fraction lost (8), cumulative lost (24) | extended highest seq |
 * | jitter | last SR | delay since last SR |
 * ```
 * Source: RFC 3550 §6.1, §6.4.1, §6.4.2, §6.5.
 */
export function writeRtcpReport(out: Uint8Array, report: RtcpReport): number {
  const blocks = report.reception === 'about-peer' ? 1 : 0;
  const sends = report.packetsOut > 0;
  const length = (sends ? 28 : 8) + blocks * REPORT_BLOCK_BYTES;
  writeUint32(out, 0, head((blocks << 8) | (sends ? SENDER_REPORT : RECEIVER_REPORT), length));
  writeUint32(out, 4, report.ssrc);
  let at = 8;
  if (sends) {
    writeUint32(out, at, ntpSeconds(report.wallclockMs));
    writeUint32(out, at + 4, ntpFraction(report.wallclockMs));
    writeUint32(out, at + 8, report.rtpTimestamp);
    writeUint32(out, at + 12, report.packetsOut);
    writeUint32(out, at + 16, report.octetsOut);
    at += 20;
  }
  if (blocks === 1) at += writeReportBlock(out, at, report);
  return at + writeDescription(out, at, report);
}

/** Writes the same as `writeRtcpReport` with a BYE at the end; returns its length. RFC 3550 §6.6. */
export function writeRtcpBye(out: Uint8Array, report: RtcpReport): number {
  const at = writeRtcpReport(out, report);
  writeUint32(out, at, head((1 << 8) | BYE, 8));
  writeUint32(out, at + 4, report.ssrc);
  return at + 8;
}

/**
 * Reads a compound packet from the first `length` bytes into `out`. False when it is no RTCP at all; a block that
 * contradicts its own length ends the reading, and what came before it stands. Blocks of other types are skipped.
 * Source: RFC 3550 §A.2 (without its demand that a report comes first: RFC 5506 allows other packets alone).
 */
export function parseRtcp(bytes: Uint8Array, length: number, out: RtcpReception): boolean {
  out.senderReport = 'none';
  out.reportAboutUs = 'none';
  out.bye = 'none';
  let at = 0;
  while (at + 4 <= length && length <= bytes.length) {
    const end = endOf(bytes, at);
    const first = bytes[at] ?? 0;
    const packetType = bytes[at + 1] ?? 0;
    if (first >>> 6 !== 2 || packetType < 192 || packetType > 223 || end > length) break;
    if (packetType === SENDER_REPORT || packetType === RECEIVER_REPORT) parseReport(bytes, at, out);
    else if (packetType === BYE && (first & 0x1f) > 0 && at + 8 <= end) out.bye = 'present';
    at = end;
  }
  return at > 0;
}

/** Middle 32 bits of the NTP time stamp of an instant, in 1/65,536 s; what LSR and DLSR count in. RFC 3550 §4. */
export function ntpMiddle(wallclockMs: WallclockMs): number {
  const seconds = ntpSeconds(wallclockMs) % 0x10000;
  return seconds * 0x10000 + Math.floor(ntpFraction(wallclockMs) / 0x10000);
}

/**
 * Round trip from a report about us that arrived at `wallclockMs` (the clock our sender reports were stamped with);
 * −1 when it cannot tell. Source: RFC 3550 §6.4.1, figure 2.
 */
export function roundTripMs(reception: RtcpReception, wallclockMs: WallclockMs): DurationMs {
  if (reception.reportAboutUs === 'none' || reception.lastSenderReport === 0) return -1;
  const sinceReport = (ntpMiddle(wallclockMs) - reception.lastSenderReport) >>> 0;
  const ticks = sinceReport - reception.delaySinceLastSenderReport;
  // Rounding at the peer may make a very short trip seem negative; longer than a minute is garbage.
  if (ticks < -66 || ticks > 60 * 0x10000) return -1;
  return ticks < 0 ? 0 : (ticks * 1000) / 0x10000;
}

/** Reads the sender report or receiver report that begins at `at` and whose length has been checked. */
function parseReport(bytes: Uint8Array, at: number, out: RtcpReception): void {
  const end = endOf(bytes, at);
  const isSenderReport = bytes[at + 1] === SENDER_REPORT;
  const blocksAt = at + (isSenderReport ? 28 : 8);
  if (blocksAt > end) return;
  out.ssrcIn = uint32At(bytes, at + 4);
  if (isSenderReport) {
    out.senderReport = 'present';
    out.senderReportNtpMiddle = uint32At(bytes, at + 10);
    out.senderReportRtpTimestamp = uint32At(bytes, at + 16);
  }
  const count = (bytes[at] ?? 0) & 0x1f;
  for (let i = 0; i < count; i += 1) {
    const blockAt = blocksAt + i * REPORT_BLOCK_BYTES;
    if (blockAt + REPORT_BLOCK_BYTES > end) return;
    if (uint32At(bytes, blockAt) === out.ssrcOut) parseReportBlock(bytes, blockAt, out);
  }
}

function parseReportBlock(bytes: Uint8Array, at: number, out: RtcpReception): void {
  const lost = uint32At(bytes, at + 4);
  out.reportAboutUs = 'present';
  out.fractionLost = lost >>> 24;
  out.cumulativeLost = (lost << 8) >> 8;
  out.jitter = uint32At(bytes, at + 12);
  out.lastSenderReport = uint32At(bytes, at + 16);
  out.delaySinceLastSenderReport = uint32At(bytes, at + 20);
}

/** Where the packet that begins at `at` says that it ends. */
function endOf(bytes: Uint8Array, at: number): number {
  return at + 4 + 4 * (uint32At(bytes, at) & 0xffff);
}

function writeReportBlock(out: Uint8Array, at: number, report: RtcpReport): number {
  writeUint32(out, at, report.ssrcIn);
  writeUint32(out, at + 4, (report.fractionLost << 24) | (report.cumulativeLost & 0xffffff));
  writeUint32(out, at + 8, report.extendedHighestSequenceNumber);
  writeUint32(out, at + 12, report.jitter);
  writeUint32(out, at + 16, report.lastSenderReport);
  writeUint32(out, at + 20, report.delaySinceLastSenderReport);
  return REPORT_BLOCK_BYTES;
}

/** One chunk with one item, ended by at least one zero byte and filled up to whole words. */
function writeDescription(out: Uint8Array, at: number, report: RtcpReport): number {
  const nameBytes = Math.min(report.cname.length, MAX_CNAME_BYTES);
  const length = 8 + ((2 + nameBytes + 4) & ~3);
  writeUint32(out, at, head((1 << 8) | SOURCE_DESCRIPTION, length));
  writeUint32(out, at + 4, report.ssrc);
  out.fill(0, at + 8, at + length);
  out[at + 8] = SDES_CNAME;
  out[at + 9] = nameBytes;
  for (let i = 0; i < nameBytes; i += 1) out[at + 10 + i] = report.cname[i] ?? 0;
  return length;
}

/** First word of a packet. `countAndType` — the count of blocks above, the packet type in the low eight bits. */
function head(countAndType: number, length: number): number {
  return ((0x8000 | countAndType) << 16) | (length / 4 - 1);
}

function ntpSeconds(wallclockMs: WallclockMs): number {
  return Math.floor(wallclockMs / 1000) + NTP_TO_UNIX_SECONDS;
}

function ntpFraction(wallclockMs: WallclockMs): number {
  return Math.floor(((wallclockMs / 1000) % 1) * 0x100000000);
}

function uint32At(bytes: Uint8Array, offset: number): number {
  const high = ((bytes[offset] ?? 0) << 8) | (bytes[offset + 1] ?? 0);
  const low = ((bytes[offset + 2] ?? 0) << 8) | (bytes[offset + 3] ?? 0);
  return ((high << 16) | low) >>> 0;
}

function writeUint32(out: Uint8Array, offset: number, value: number): void {
  out[offset] = value >>> 24;
  out[offset + 1] = value >>> 16;
  out[offset + 2] = value >>> 8;
  out[offset + 3] = value;
}
