import type { DtmfMethod } from './dtmf.ts';
import type { SrtpKeying, SrtpSnapshot } from './media-security.ts';
import type { LegMedia, MediaAddress, MicrophoneState } from './mixer-command.ts';
import type { DurationMs, MonotonicMs } from './units.ts';

/** All that a leg takes along from one worker to another, so that the phone notices no change. */
export interface LegHandover {
  readonly host: string;
  readonly port: number;
  readonly media: LegMedia;
  readonly rtpTimeoutMs: DurationMs;
  /** Sender state, RFC 3550 §5.1. */
  readonly ssrcOut: number;
  readonly cname: string;
  readonly sequenceNumberOut: number;
  readonly rtpTimestampOut: number;
  readonly packetsOut: number;
  readonly octetsOut: number;
  /** When the next packet, with `rtpTimestampOut`, was due: the time stamp runs on from there. */
  readonly dueAtMs: MonotonicMs;
  /** Address that symmetric RTP has latched on, or null. */
  readonly latched: MediaAddress | null;
  /** Receiver state, so that counts of loss and jitter go on. */
  readonly reception: ReceptionSnapshot;
  /** The last key by telephone-event, which may still be held and must not count again. Left out: there was none. */
  readonly telephoneEvent?: TelephoneEventSnapshot;
  /** Keys and counters of SRTP. Left out: nothing is protected, or not yet. */
  readonly protection?: ProtectionState;
  readonly dtmfMethod: DtmfMethod | null;
  readonly microphone: MicrophoneState;
  readonly talkGainDb: number;
  readonly listenGainDb: number;
  readonly music: 'on' | 'off';
}

/** A key as its packets tell of it, RFC 4733 §2.3 and §2.5. */
export interface TelephoneEventSnapshot {
  readonly state: 'held' | 'ended';
  readonly event: number;
  readonly rtpTimestamp: number;
  readonly durationSamples: number;
  readonly lastPacketAtMs: MonotonicMs;
}

/** Reception state, RFC 3550 §A.1, §A.3 and §A.8, as plain numbers. */
export interface ReceptionSnapshot {
  /** False until a first packet has come. */
  readonly started: boolean;
  readonly ssrcIn: number;
  readonly baseSequenceNumber: number;
  /** Extended highest sequence number received: cycles × 65,536 + sequence number. */
  readonly extendedHighestSequenceNumber: number;
  readonly packetsReceived: number;
  readonly expectedPrior: number;
  readonly receivedPrior: number;
  /** Interarrival jitter in time stamp units. */
  readonly jitter: number;
  readonly transit: number;
}

/** Keys and counters of a protected leg. */
export interface ProtectionState {
  readonly inbound: SrtpKeying;
  readonly outbound: SrtpKeying;
  readonly snapshot: SrtpSnapshot;
}
