import type { LegId, MixerCommand } from '../../mixer/protocol/mixer-command.ts';
import type { MonotonicMs } from '../../mixer/protocol/units.ts';
import type { SoundName, Utterance } from '../prompt/utterance.ts';
import type { Role, RoomTerms } from '../reservation/reservation.ts';

/** Names a person in a room, by phone or browser. Unique in the process. */
export type ParticipantId = string;

/** An action of a participant by its name, however it was said: key, click or API call. */
export type RoomAction =
  | { readonly type: 'toggle-microphone' }
  | { readonly type: 'toggle-lock' }
  | { readonly type: 'remove-last' }
  | { readonly type: 'listen-quieter' }
  | { readonly type: 'listen-louder' }
  | { readonly type: 'talk-quieter' }
  | { readonly type: 'talk-louder' }
  | { readonly type: 'leave-menu' }
  | { readonly type: 'say-status' }
  | { readonly type: 'say-help' }
  | { readonly type: 'extend'; readonly minutes: 15 | 30 | 60 }
  | { readonly type: 'end-for-all' };

/** What a live room is fed. */
export type RoomInput =
  | {
      readonly type: 'join';
      readonly participantId: ParticipantId;
      readonly legId: LegId;
      readonly role: Role;
      /** A moderator's wish to remove the last one who joined when the room is full. */
      readonly whenFull: 'refuse' | 'remove-last';
      /** Hanging up ends the room: the maker of a room made by phone. */
      readonly tie: 'guest' | 'host';
    }
  | { readonly type: 'leave'; readonly participantId: ParticipantId }
  | { readonly type: 'action'; readonly participantId: ParticipantId; readonly action: RoomAction }
  /** New terms, or the same ones after the wall clock was set. `endsAtMs` on the monotonic clock, `NEVER` for no end. */
  | { readonly type: 'terms'; readonly terms: RoomTerms; readonly endsAtMs: MonotonicMs }
  /** Answer to `request-extension`. A `terms` input follows a grant. */
  | {
      readonly type: 'extension';
      readonly participantId: ParticipantId;
      readonly minutes: number;
      readonly outcome: 'granted' | 'refused';
    }
  /** The reservation was deleted: a spoken warning for 30 s, then the end. */
  | { readonly type: 'deleted' };

/** Why somebody is put out of a room. */
export type ExpelWhy =
  'removed' | 'reservation-ended' | 'ended-by-moderator' | 'host-left' | 'deleted';

/** What a live room wants done. */
export type RoomOutput =
  | { readonly type: 'mixer'; readonly command: MixerCommand }
  /** To one person, in that person's language. Several of them queue up. */
  | { readonly type: 'say'; readonly participantId: ParticipantId; readonly utterance: Utterance }
  /** To everybody, under the speech. */
  | { readonly type: 'say-to-all'; readonly utterance: Utterance }
  | { readonly type: 'sound-to-all'; readonly sound: SoundName; readonly exceptLegId: LegId | null }
  | {
      readonly type: 'joined';
      readonly participantId: ParticipantId;
      readonly others: number;
      readonly role: Role;
    }
  | {
      readonly type: 'refused';
      readonly participantId: ParticipantId;
      readonly why: 'locked' | 'full' | 'over';
    }
  /** The participant is out already; the call tells them why and ends. */
  | { readonly type: 'expel'; readonly participantId: ParticipantId; readonly why: ExpelWhy }
  | {
      readonly type: 'request-extension';
      readonly participantId: ParticipantId;
      readonly minutes: 15 | 30 | 60;
    }
  /** Nobody is inside any more: everything a conference had is reset. `over`: the room is not coming back either. */
  | { readonly type: 'emptied'; readonly outcome: 'reservation-stands' | 'over' }
  /** One line for the log: what a person did or met. */
  | {
      readonly type: 'note';
      readonly message: string;
      readonly participantId: ParticipantId | null;
    };
