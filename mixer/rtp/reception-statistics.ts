import type { ReceptionSnapshot } from '../protocol/leg-handover.ts';
import type { DurationMs, Hz, MonotonicMs } from '../protocol/units.ts';
import type { RtpHeader } from './rtp-packet.ts';

/** Largest step forward that is loss and not a new stream, RFC 3550 §A.1. */
const MAX_DROPOUT = 3000;
/** Largest step backward that is reordering and not a new stream, RFC 3550 §A.1. */
const MAX_MISORDER = 100;
/** A transit time that changes by more than this tells of a new time base, not of the network. */
const MAX_TRANSIT_STEP_SECONDS = 5;

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
  #started = false;
  #ssrcIn = 0;
  #base = 0;
  #extendedHighest = 0;
  /** The sequence number that would confirm a jump, or −1. */
  #confirming = -1;
  #received = 0;
  #expectedPrior = 0;
  #receivedPrior = 0;
  #jitter = 0;
  #transit = 0;
  #transitKnown = false;
  #lastRtpTimestamp = 0;
  /** Totals of streams that ended in a restart. */
  #receivedBefore = 0;
  #lostBefore = 0;

  /**
   * Counts one packet. `arrivalMs` may have the coarseness of a tick. Packets that repeat the time stamp before
   * (telephone events) count, but tell nothing about jitter.
   */
  packet(header: RtpHeader, arrivalMs: MonotonicMs, clockRateHz: Hz): ReceptionVerdict {
    const verdict = this.#count(header);
    if (verdict !== 'ignored') this.#followTransit(header.rtpTimestamp, arrivalMs, clockRateHz);
    return verdict;
  }

  /** False until a first packet has come. */
  get started(): boolean {
    return this.#started;
  }

  /** SSRC of the sender, 0 before the first packet. */
  get ssrcIn(): number {
    return this.#ssrcIn;
  }

  /** Packets received over the life of the leg, whatever SSRC they had. */
  get packetsReceived(): number {
    return this.#receivedBefore + this.#received;
  }

  /** Expected minus received over the life of the leg; never below 0. */
  get packetsLost(): number {
    const lost = this.#expected() - this.#received;
    return this.#lostBefore + (lost > 0 ? lost : 0);
  }

  /** What a report block carries: expected minus received of this SSRC, cut to signed 24 bit. RFC 3550 §6.4.1. */
  get cumulativeLost(): number {
    const lost = this.#expected() - this.#received;
    return lost > 0x7fffff ? 0x7fffff : lost < -0x800000 ? -0x800000 : lost;
  }

  /** Cycles × 65,536 + highest sequence number. */
  get extendedHighestSequenceNumber(): number {
    return this.#extendedHighest;
  }

  /** Interarrival jitter in time stamp units. */
  get jitter(): number {
    return this.#jitter;
  }

  /** Interarrival jitter as time. */
  jitterMs(clockRateHz: Hz): DurationMs {
    return (this.#jitter * 1000) / clockRateHz;
  }

  /** Share of packets lost since the last call, in 256ths; call it once for each report sent. RFC 3550 §A.3. */
  takeFractionLost(): number {
    const expected = this.#expected();
    const expectedInterval = expected - this.#expectedPrior;
    const lostInterval = expectedInterval - (this.#received - this.#receivedPrior);
    this.#expectedPrior = expected;
    this.#receivedPrior = this.#received;
    if (expectedInterval <= 0 || lostInterval <= 0) return 0;
    const fraction = Math.floor((lostInterval * 256) / expectedInterval);
    return fraction > 255 ? 255 : fraction;
  }

  /** State of the present stream as plain data, for a handover. Allocates. */
  snapshot(): ReceptionSnapshot {
    return {
      started: this.#started,
      ssrcIn: this.#ssrcIn,
      baseSequenceNumber: this.#base,
      extendedHighestSequenceNumber: this.#extendedHighest,
      packetsReceived: this.#received,
      expectedPrior: this.#expectedPrior,
      receivedPrior: this.#receivedPrior,
      jitter: this.#jitter,
      transit: this.#transit,
    };
  }

  /** Goes on from a snapshot. Totals of streams that had ended before it are not in it. */
  restore(snapshot: ReceptionSnapshot): void {
    this.#started = snapshot.started;
    this.#ssrcIn = snapshot.ssrcIn;
    this.#base = snapshot.baseSequenceNumber;
    this.#extendedHighest = snapshot.extendedHighestSequenceNumber;
    this.#confirming = -1;
    this.#received = snapshot.packetsReceived;
    this.#expectedPrior = snapshot.expectedPrior;
    this.#receivedPrior = snapshot.receivedPrior;
    this.#jitter = snapshot.jitter;
    this.#transit = snapshot.transit;
    // Clocks of two workers may count from different origins: the next packet only sets the transit time anew.
    this.#transitKnown = false;
    this.#receivedBefore = 0;
    this.#lostBefore = 0;
  }

  #count(header: RtpHeader): ReceptionVerdict {
    const sequenceNumber = header.sequenceNumber;
    if (!this.#started) {
      this.#begin(header);
      return 'counted';
    }
    if (header.ssrc !== this.#ssrcIn) {
      this.#begin(header);
      return 'restarted';
    }
    const step = (sequenceNumber - this.#extendedHighest) & 0xffff;
    if (step < MAX_DROPOUT) {
      this.#extendedHighest += step;
    } else if (step <= 0x10000 - MAX_MISORDER) {
      if (sequenceNumber === this.#confirming) {
        this.#begin(header);
        return 'restarted';
      }
      this.#confirming = (sequenceNumber + 1) & 0xffff;
      return 'ignored';
    }
    this.#confirming = -1;
    this.#received += 1;
    return 'counted';
  }

  #begin(header: RtpHeader): void {
    this.#receivedBefore = this.packetsReceived;
    this.#lostBefore = this.packetsLost;
    this.#started = true;
    this.#ssrcIn = header.ssrc;
    this.#base = header.sequenceNumber;
    this.#extendedHighest = header.sequenceNumber;
    this.#confirming = -1;
    this.#received = 1;
    this.#expectedPrior = 0;
    this.#receivedPrior = 0;
    this.#jitter = 0;
    this.#transitKnown = false;
  }

  #expected(): number {
    return this.#started ? this.#extendedHighest - this.#base + 1 : 0;
  }

  #followTransit(rtpTimestamp: number, arrivalMs: MonotonicMs, clockRateHz: Hz): void {
    if (this.#transitKnown && rtpTimestamp === this.#lastRtpTimestamp) return;
    this.#lastRtpTimestamp = rtpTimestamp;
    const transit = (arrivalMs * clockRateHz) / 1000 - rtpTimestamp;
    let difference = transit - this.#transit;
    // The time stamp wraps at 2^32, and the transit time with it.
    if (difference > 0x80000000) difference -= 0x100000000;
    else if (difference < -0x80000000) difference += 0x100000000;
    if (difference < 0) difference = -difference;
    this.#transit = transit;
    if (this.#transitKnown && difference < MAX_TRANSIT_STEP_SECONDS * clockRateHz) {
      this.#jitter += (difference - this.#jitter) / 16;
    }
    this.#transitKnown = true;
  }
}
