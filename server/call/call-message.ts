import type { DtmfKey, DtmfMethod } from '../../mixer/protocol/dtmf.ts';
import type { LocalCandidate } from '../../mixer/protocol/media-security.ts';
import type { LegId, LegMedia, PlayId } from '../../mixer/protocol/mixer-command.ts';
import type { LegStatistics } from '../../mixer/protocol/mixer-event.ts';
import type { MonotonicMs } from '../../mixer/protocol/units.ts';
import type { EntryAction, EntryInput } from '../ivr/entry-message.ts';
import type { PooledCommand } from '../media/media-pool.ts';
import type { Utterance } from '../prompt/utterance.ts';
import type { Role } from '../reservation/reservation.ts';
import type { ExpelWhy, RoomAction } from '../room/room-message.ts';
import type { DialogCommand, DialogEvent } from '../sip/user-agent.ts';
import type { ReleaseCause } from './release-cause.ts';

/** Questions of the entry dialogue that the switchboard answers at once with an `entry` input. */
export type EntryQuestion = Extract<
  EntryAction,
  { readonly type: 'check-number' | 'check-pin' | 'check-new-number' | 'make-room' }
>;

/** The dialogue's wish to enter a room. Answered by `entered` or `not-entered`. */
export type EnterRequest = Extract<EntryAction, { readonly type: 'enter' }>;

/** What the stack tells one call that came in. */
export type CallSipEvent = Exclude<DialogEvent, { readonly type: 'invite' }>;

/** What one call is fed. */
export type CallInput =
  /** The first one: negotiate and open the leg. */
  | { readonly type: 'begin' }
  | { readonly type: 'sip'; readonly event: CallSipEvent }
  /** `candidates`: those that the peer is told, of a leg with ICE; else none. */
  | {
      readonly type: 'leg-opened';
      readonly port: number;
      readonly candidates: readonly LocalCandidate[];
    }
  /** The audio of the leg cannot be secured. */
  | { readonly type: 'leg-insecure' }
  | { readonly type: 'leg-failed'; readonly why: 'no-port' | 'failed' }
  | { readonly type: 'leg-closed'; readonly statistics: LegStatistics }
  | { readonly type: 'leg-lost' }
  | { readonly type: 'leg-silent' }
  /** A room is gone with its worker. This leg, if it was on its way there, is not. */
  | { readonly type: 'room-lost'; readonly roomId: string }
  | { readonly type: 'key'; readonly key: DtmfKey; readonly method: DtmfMethod }
  | {
      readonly type: 'play-ended';
      readonly playId: PlayId;
      readonly outcome: 'finished' | 'interrupted' | 'stopped';
    }
  | { readonly type: 'entry'; readonly input: EntryInput }
  | { readonly type: 'entered' }
  | { readonly type: 'not-entered'; readonly why: 'locked' | 'full' | 'over' }
  | { readonly type: 'room-says'; readonly utterance: Utterance }
  | { readonly type: 'expelled'; readonly why: ExpelWhy }
  | { readonly type: 'release'; readonly cause: ReleaseCause };

/** A room that was entered. */
export interface RoomVisit {
  readonly roomId: string;
  readonly number: string;
  readonly role: Role;
  readonly enteredAtMs: MonotonicMs;
}

/** Facts of a call that is over, for the call log and the counters. */
export interface CallEnd {
  readonly cause: ReleaseCause;
  readonly answered: 'answered' | 'not-answered';
  /** The last room it was in, or null. */
  readonly visit: RoomVisit | null;
  readonly codec: string | null;
  readonly statistics: LegStatistics | null;
}

/** What one call wants done. */
export type CallAction =
  | { readonly type: 'sip'; readonly command: DialogCommand }
  | { readonly type: 'open-leg'; readonly legId: LegId; readonly media: LegMedia }
  | { readonly type: 'media'; readonly command: PooledCommand }
  | { readonly type: 'ask'; readonly question: EntryQuestion }
  | { readonly type: 'enter'; readonly request: EnterRequest }
  | { readonly type: 'room-action'; readonly roomId: string; readonly action: RoomAction }
  /** `lost`: nobody wanted it; a seat stays for a while. */
  | { readonly type: 'leave-room'; readonly roomId: string; readonly how: 'left' | 'lost' }
  | { readonly type: 'answered' }
  | { readonly type: 'finished'; readonly end: CallEnd };
