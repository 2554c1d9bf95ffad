import type { DtmfKey, DtmfMethod } from './dtmf.ts';
import type { LegHandover } from './leg-handover.ts';
import type { LocalCandidate } from './media-security.ts';
import type { LegId, PlayId, RoomId } from './mixer-command.ts';
import type { DurationMs } from './units.ts';

/** Final figures of a leg, for the call record. */
export interface LegStatistics {
  readonly packetsIn: number;
  readonly packetsOut: number;
  readonly packetsLost: number;
  /** Interarrival jitter, RFC 3550 §6.4.1, as time. */
  readonly jitterMs: DurationMs;
  /** How keys came in, or null when none did. */
  readonly dtmfMethod: DtmfMethod | null;
}

/** What is known of a leg from which no audio comes. Packets are counted since it was opened. */
export interface UnheardReport {
  /** `never`: none has ever come. `stopped`: it came, and came no more. */
  readonly since: 'never' | 'stopped';
  /** RTP that was taken. */
  readonly packetsIn: number;
  /** RTCP that was taken. */
  readonly reportsIn: number;
  /** RTP that came from somebody who is not the peer as far as we can tell, and was refused. */
  readonly fromElsewhere: number;
  /** RTP of payload types that were not agreed on. */
  readonly ofOtherTypes: number;
  /** What could not be opened: with a wrong key, or before there was one. */
  readonly notOpened: number;
  /** What is no RTP at all. */
  readonly notRtp: number;
  /** Whether symmetric RTP knows where the peer is. Always with ICE. */
  readonly source: 'latched' | 'not-latched';
  readonly security: 'plain' | 'keys-missing' | 'keyed';
  readonly ice: 'none' | 'not-connected' | 'connected';
}

/** Everything a media worker tells the main thread. */
export type MixerEvent =
  | { readonly type: 'ready' }
  | { readonly type: 'leg-opened'; readonly legId: LegId }
  /** What could be bound; `failures` says what could not, for the log. */
  | {
      readonly type: 'shared-ports-opened';
      readonly candidates: readonly LocalCandidate[];
      readonly failures: readonly string[];
    }
  /** A DTLS record of this leg's peer (first byte 20–63, RFC 7983), for the DTLS server. */
  | { readonly type: 'dtls-in'; readonly legId: LegId; readonly bytes: Uint8Array }
  /** The first valid connectivity check of a leg, and each time its packets come and go on another path. */
  | { readonly type: 'leg-path'; readonly legId: LegId; readonly path: 'udp' | 'tcp' }
  /** `port-taken`: try another port. `failed`: `reason` says why. */
  | {
      readonly type: 'leg-open-failed';
      readonly legId: LegId;
      readonly error: 'port-taken' | 'failed';
      readonly reason: string;
    }
  | { readonly type: 'leg-closed'; readonly legId: LegId; readonly statistics: LegStatistics }
  | { readonly type: 'leg-detached'; readonly legId: LegId; readonly handover: LegHandover }
  /** A key was pressed: once for each press, however many packets told of it. */
  | {
      readonly type: 'dtmf';
      readonly legId: LegId;
      readonly key: DtmfKey;
      readonly method: DtmfMethod;
    }
  | {
      readonly type: 'play-ended';
      readonly playId: PlayId;
      /** Null for a playback to a room. */
      readonly legId: LegId | null;
      readonly outcome: 'finished' | 'interrupted' | 'stopped';
    }
  /** Neither RTP nor RTCP for `rtpTimeoutMs`. Raised once. */
  | { readonly type: 'leg-silent'; readonly legId: LegId }
  /** No RTP for 5 s though the peer is to send, and not because it said that it is silent. Once for each such silence. */
  | { readonly type: 'leg-unheard'; readonly legId: LegId; readonly report: UnheardReport }
  /** At most 4 per second for each room, only when something changed. Levels in dBov, −127…0. */
  | {
      readonly type: 'levels';
      readonly roomId: RoomId;
      readonly legs: readonly {
        readonly legId: LegId;
        readonly levelDbov: number;
        readonly speaking: boolean;
      }[];
    }
  /** Once every 2 s: figures of this worker since the last such event. */
  | {
      readonly type: 'worker-statistics';
      readonly ticks: number;
      readonly lateTicks: number;
      readonly skippedTicks: number;
      readonly worstLateMs: DurationMs;
      /** Deadlines of ticks that were met later than 5 ms. */
      readonly overdueDeadlines: number;
      readonly legs: number;
      readonly rooms: number;
      readonly packetsIn: number;
      readonly packetsOut: number;
      readonly packetsRefused: number;
    }
  /** Each 100 ms, when in them and in those before this worker used more than half of its time. 100: ticks are late. */
  | { readonly type: 'worker-strained'; readonly usedPercent: number }
  /** A command that makes no sense here (unknown leg, port of a closed room): logged, nothing else. */
  | { readonly type: 'command-refused'; readonly command: string; readonly reason: string }
  | { readonly type: 'stopped' };
