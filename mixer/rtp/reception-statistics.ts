import type { ReceptionSnapshot } from '../protocol/leg-handover.ts';
import type { DurationMs, Hz, MonotonicMs } from '../protocol/units.ts';
import type { RtpHeader } from './rtp-packet.ts';

/**
 * What became of a packet in the count. `restarted`: a new SSRC or two packets in a row far from the rest began a new
 * count. `ignored`: far from the rest and alone so far (it may still be played).
 */
export type ReceptionVerdict = 'counted' | 'restarted' | 'ignored';

/**
 * Counts what one sender sent and what of it arrived. No probation: the first packet counts.
 * Source: RFC 3550 §A.1 (sequence numbers), §A.3 (loss), §A.8 (jitter).
 */
export class ReceptionStatistics {
  /**
   * Counts one packet. `arrivalMs` may have the coarseness of a tick. Packets that repeat the time stamp before
   * (telephone events) count, but tell nothing about jitter.
   */
  packet(_header: RtpHeader, _arrivalMs: MonotonicMs, _clockRateHz: Hz): ReceptionVerdict {
    return 'ignored';
  }

  /** False until a first packet has come. */
  get started(): boolean {
    return false;
  }
  /** SSRC of the sender, 0 before the first packet. */
  get ssrcIn(): number {
    return 0;
  }
  get packetsReceived(): number {
    return 0;
  }
  /** Expected minus received, over the life of the leg; never below 0. */
  get packetsLost(): number {
    return 0;
  }
  /** What a report block carries: expected minus received of this SSRC as signed 24 bit, RFC 3550 §6.4.1. */
  get cumulativeLost(): number {
    return 0;
  }
  /** Cycles × 65,536 + highest sequence number. */
  get extendedHighestSequenceNumber(): number {
    return 0;
  }
  /** Interarrival jitter in time stamp units. */
  get jitter(): number {
    return 0;
  }
  /** Interarrival jitter as time. */
  jitterMs(_clockRateHz: Hz): DurationMs {
    return 0;
  }
  /** Share of packets lost since the last call, in 256ths; call it once for each report sent. */
  takeFractionLost(): number {
    return 0;
  }
  /** State as plain data, for a handover. Allocates. */
  snapshot(): ReceptionSnapshot {
    return {
      started: false,
      ssrcIn: 0,
      baseSequenceNumber: 0,
      extendedHighestSequenceNumber: 0,
      packetsReceived: 0,
      expectedPrior: 0,
      receivedPrior: 0,
      jitter: 0,
      transit: 0,
    };
  }
  /** Goes on from a snapshot. */
  restore(_snapshot: ReceptionSnapshot): void {}
}
