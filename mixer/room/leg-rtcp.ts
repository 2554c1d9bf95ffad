import type { DurationMs, MonotonicMs, WallclockMs } from '../protocol/units.ts';
import type { ReceptionStatistics } from '../rtp/reception-statistics.ts';
import {
  MAX_RTCP_BYTES,
  parseRtcp,
  RtcpReception,
  RtcpReport,
  writeRtcpBye,
  writeRtcpReport,
} from '../rtp/rtcp-packet.ts';
import type { LegOut } from './leg-out.ts';
import type { PacketSink } from './packet-sink.ts';

/** Mean time between reports, RFC 3550 §6.2. */
const INTERVAL_MS: DurationMs = 5000;

/** What reports are made from. */
export interface RtcpSources {
  readonly out: LegOut;
  readonly statistics: ReceptionStatistics;
  readonly sink: PacketSink;
  readonly cname: Uint8Array;
  /** A number from 0 up to 1, anew each time. */
  readonly random: () => number;
  /** Wallclock minus monotonic time. */
  readonly wallclockOffsetMs: DurationMs;
}

/** Reports of one leg, sent every 2.5 to 7.5 s, and what the peer reports. RFC 3550 §6. */
export class LegRtcp {
  readonly #sources: RtcpSources;
  readonly #report: RtcpReport;
  readonly #reception = new RtcpReception();
  readonly #packet = new Uint8Array(MAX_RTCP_BYTES);
  #dueAtMs: MonotonicMs;
  #senderReportAtMs: MonotonicMs = 0;

  constructor(sources: RtcpSources, nowMs: MonotonicMs) {
    this.#sources = sources;
    this.#report = new RtcpReport(sources.cname);
    this.#report.ssrc = sources.out.ssrc;
    this.#reception.ssrcOut = sources.out.ssrc;
    this.#dueAtMs = nowMs + this.#interval();
  }

  /** Takes a packet from the peer; `refused` when it is no RTCP. */
  packet(bytes: Uint8Array, length: number, atMs: MonotonicMs): 'accepted' | 'refused' {
    const reception = this.#reception;
    if (!parseRtcp(bytes, length, reception)) return 'refused';
    if (reception.senderReport === 'present') {
      this.#report.lastSenderReport = reception.senderReportNtpMiddle;
      this.#senderReportAtMs = atMs;
    }
    if (reception.reportAboutUs === 'present') {
      this.#sources.out.adapt({ lossPercent: (reception.fractionLost * 100) / 256 });
    }
    return 'accepted';
  }

  /** Sends a report when one is due. */
  tick(nowMs: MonotonicMs): void {
    if (nowMs < this.#dueAtMs) return;
    this.#dueAtMs = nowMs + this.#interval();
    this.#update(nowMs);
    const length = writeRtcpReport(this.#packet, this.#report);
    this.#sources.sink.sendRtcp(this.#packet.subarray(0, length));
  }

  /** Says goodbye: the last packet of the leg. */
  bye(nowMs: MonotonicMs): void {
    this.#update(nowMs);
    const length = writeRtcpBye(this.#packet, this.#report);
    this.#sources.sink.sendRtcp(this.#packet.subarray(0, length));
  }

  #interval(): DurationMs {
    return INTERVAL_MS * (0.5 + this.#sources.random());
  }

  #update(nowMs: MonotonicMs): void {
    const { out, statistics, wallclockOffsetMs } = this.#sources;
    const report = this.#report;
    const wallclockMs: WallclockMs = nowMs + wallclockOffsetMs;
    report.packetsOut = out.packets;
    report.octetsOut = out.octets;
    report.wallclockMs = wallclockMs;
    report.rtpTimestamp = out.rtpTimestamp;
    report.reception = statistics.started ? 'about-peer' : 'none';
    if (!statistics.started) return;
    report.ssrcIn = statistics.ssrcIn;
    report.fractionLost = statistics.takeFractionLost();
    report.cumulativeLost = statistics.cumulativeLost;
    report.extendedHighestSequenceNumber = statistics.extendedHighestSequenceNumber;
    report.jitter = statistics.jitter;
    if (report.lastSenderReport === 0) return;
    report.delaySinceLastSenderReport = Math.round(
      ((nowMs - this.#senderReportAtMs) * 65_536) / 1000,
    );
  }
}
