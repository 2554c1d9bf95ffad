import type { DurationMs, WallclockMs } from '../protocol/units.ts';

/** Room enough for any packet written here. */
export const MAX_RTCP_BYTES = 400;

/** What a report says; owned and updated by the caller, one for each leg. All numbers are unsigned. */
export class RtcpReport {
  /** Our SSRC. */
  ssrc = 0;
  /** Canonical name, at most 255 bytes of UTF-8; RFC 3550 §6.5.1. */
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
  cumulativeLost = 0;
  /** Time stamp units. */
  jitter = 0;
  lastSenderReport = 0;
  delaySinceLastSenderReport = 0;
  bye: 'none' | 'present' = 'none';
}

/** Writes SR or RR and SDES with CNAME as one compound packet to the start of `out`; its length. RFC 3550 §6.1, §6.4, §6.5. */
export function writeRtcpReport(_out: Uint8Array, _report: RtcpReport): number {
  return 0;
}

/** Writes the same as `writeRtcpReport` with a BYE at the end; its length. RFC 3550 §6.6. */
export function writeRtcpBye(_out: Uint8Array, _report: RtcpReport): number {
  return 0;
}

/**
 * Reads a compound packet from the first `length` bytes. False when it is no RTCP at all; blocks that contradict their
 * own length end the reading, and what came before them stands.
 */
export function parseRtcp(_bytes: Uint8Array, _length: number, _out: RtcpReception): boolean {
  return false;
}

/** Middle 32 bits of the NTP time stamp of an instant, in 1/65,536 s. RFC 3550 §4. */
export function ntpMiddle(_wallclockMs: WallclockMs): number {
  return 0;
}

/** Round trip from a report about us that arrived at `wallclockMs`; −1 when it cannot tell. RFC 3550 §6.4.1. */
export function roundTripMs(_reception: RtcpReception, _wallclockMs: WallclockMs): DurationMs {
  return -1;
}
