import type { LegId, MicrophoneState, MixerCommand } from '../../mixer/protocol/mixer-command.ts';
import type { MonotonicMs } from '../../mixer/protocol/units.ts';
import type { SoundName, Utterance } from '../prompt/utterance.ts';
import type { Role, RoomTerms } from '../reservation/reservation.ts';

/** Names a person in a room, by phone or browser. Unique in the process. */
export type ParticipantId = string;

/** How a participant reaches the room. Who comes by browser has a seat, which stays for a while without a leg. */
export type ParticipantKind = 'phone' | 'browser';

/** Whether somebody asks to speak. */
export type HandState = 'raised' | 'lowered';

/** Whether participants may come in. */
export type LockState = 'locked' | 'open';

/** An action of a participant by its name, however it was said: key, click or API call. */
export type RoomAction =
  | { readonly type: 'toggle-microphone' }
  | { readonly type: 'set-microphone'; readonly microphone: MicrophoneState }
  | { readonly type: 'toggle-hand' }
  | { readonly type: 'set-hand'; readonly hand: HandState }
  | { readonly type: 'toggle-lock' }
  | { readonly type: 'set-lock'; readonly lock: LockState }
  | { readonly type: 'remove-last' }
  | { readonly type: 'remove-person'; readonly personId: ParticipantId }
  | { readonly type: 'mute-person'; readonly personId: ParticipantId }
  /** All but the moderators, who keep order and must be heard doing it. */
  | { readonly type: 'mute-all' }
  | { readonly type: 'lower-hand-of'; readonly personId: ParticipantId }
  | { readonly type: 'listen-quieter' }
  | { readonly type: 'listen-louder' }
  | { readonly type: 'talk-quieter' }
  | { readonly type: 'talk-louder' }
  | { readonly type: 'leave-menu' }
  | { readonly type: 'say-status' }
  | { readonly type: 'say-help' }
  | { readonly type: 'extend'; readonly minutes: 15 | 30 | 60 }
  | { readonly type: 'end-for-all' };

/** How an action was said. A key is confirmed aloud to whoever pressed it, a click by `clicked` with its number. */
export type SaidBy = { readonly by: 'key' } | { readonly by: 'click'; readonly clickId: number };

/** What became of a click. */
export type ClickOutcome = 'done' | 'moderator-only' | 'nobody-there' | 'not-in-the-room';

/** What a live room is fed. */
export type RoomInput =
  /**
   * Somebody comes in. Whoever has a seat inside is back in it with the new leg, as they were: whatever the lock, with no
   * tone and no words; a leg that still stands is let go of first.
   */
  | {
      readonly type: 'join';
      readonly participantId: ParticipantId;
      readonly legId: LegId;
      readonly kind: ParticipantKind;
      /** As the others may see it: a guest's name, a masked number; empty when it is withheld. */
      readonly name: string;
      readonly role: Role;
      /** A moderator's wish to remove the last one who joined when the room is full. */
      readonly whenFull: 'refuse' | 'remove-last';
      /** Hanging up ends the room: the maker of a room made by phone. */
      readonly tie: 'guest' | 'host';
    }
  /** For good. Of a leg that was replaced it means nothing; null: whatever the leg. */
  | {
      readonly type: 'leave';
      readonly participantId: ParticipantId;
      readonly legId: LegId | null;
    }
  /** The leg is gone, its owner may be back: a seat stays for `graceMs`, others leave. */
  | { readonly type: 'away'; readonly participantId: ParticipantId; readonly legId: LegId }
  | {
      readonly type: 'action';
      readonly participantId: ParticipantId;
      readonly action: RoomAction;
      readonly said: SaidBy;
    }
  /** The mixer's room is gone with its worker and every leg in it. Seats stay; the room opens again with the first back. */
  | { readonly type: 'worker-lost' }
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
      readonly legId: LegId;
      readonly others: number;
      readonly role: Role;
    }
  | {
      readonly type: 'refused';
      readonly participantId: ParticipantId;
      readonly legId: LegId;
      readonly why: 'locked' | 'full' | 'over';
    }
  /** Another leg of the same person has the seat now: the call of this one ends. */
  | { readonly type: 'taken-over'; readonly legId: LegId }
  | { readonly type: 'clicked'; readonly clickId: number; readonly outcome: ClickOutcome }
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
