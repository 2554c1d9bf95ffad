import type { WallclockMs } from '../../mixer/protocol/units.ts';

/** Languages that prompts exist in. */
export type Language = 'pl' | 'en';

/**
 * Everything Konfa can say, as meaning. How it is said in Polish or English, and from which recordings,
 * is data of `server/prompt`.
 */
export type Utterance =
  // The entry menu.
  | { readonly say: 'welcome' }
  | { readonly say: 'menu-join' }
  | { readonly say: 'menu-join-or-create' }
  | { readonly say: 'key-unknown' }
  | { readonly say: 'nothing-keyed' }
  | { readonly say: 'goodbye' }
  // Join.
  | { readonly say: 'ask-number' }
  | { readonly say: 'number-unknown' }
  | { readonly say: 'ask-pin' }
  | { readonly say: 'pin-wrong' }
  | { readonly say: 'too-many-tries' }
  /** Further tries are refused for a while after too many wrong PINs. */
  | { readonly say: 'refused-for-a-while' }
  | { readonly say: 'too-early'; readonly startAtMs: WallclockMs; readonly zone: string }
  /** As above, and 1 waits on music. */
  | { readonly say: 'too-early-may-wait'; readonly startAtMs: WallclockMs; readonly zone: string }
  | { readonly say: 'waiting-for-start' }
  | { readonly say: 'reservation-over' }
  | { readonly say: 'room-locked' }
  | { readonly say: 'room-full' }
  /** 1 removes the last one who joined and enters. */
  | { readonly say: 'room-full-moderator' }
  | { readonly say: 'entered-first' }
  /** `others`: how many people are there already, 1 or more. */
  | { readonly say: 'entered-with'; readonly others: number }
  | { readonly say: 'you-are-moderator' }
  // Create by phone.
  | { readonly say: 'create-not-allowed' }
  /** `digits`: how many it must have; said when given. */
  | { readonly say: 'ask-new-number'; readonly digits?: number }
  | { readonly say: 'new-number-too-short'; readonly digits?: number }
  | { readonly say: 'new-number-too-simple' }
  | { readonly say: 'new-number-taken' }
  | { readonly say: 'ask-new-pin'; readonly digits?: number }
  | { readonly say: 'new-pin-too-short'; readonly digits?: number }
  | { readonly say: 'new-pin-too-simple' }
  | { readonly say: 'room-created'; readonly number: string }
  // In the room, to one person.
  | { readonly say: 'room-menu' }
  | { readonly say: 'menu-left' }
  | { readonly say: 'microphone-off' }
  | { readonly say: 'microphone-on' }
  | { readonly say: 'muted-by-moderator' }
  | { readonly say: 'hand-raised' }
  | { readonly say: 'hand-lowered' }
  | { readonly say: 'lock-on' }
  | { readonly say: 'lock-off' }
  | { readonly say: 'last-removed' }
  | { readonly say: 'nobody-to-remove' }
  | { readonly say: 'listen-volume'; readonly step: number }
  | { readonly say: 'talk-volume'; readonly step: number }
  | { readonly say: 'volume-at-limit' }
  | { readonly say: 'moderator-only' }
  | {
      readonly say: 'room-status';
      readonly people: number;
      readonly microphone: 'live' | 'muted';
      readonly locked: 'locked' | 'open';
      readonly minutesLeft: number | null;
    }
  | { readonly say: 'help-participant' }
  | { readonly say: 'help-moderator' }
  | { readonly say: 'ask-extension' }
  | { readonly say: 'extended'; readonly minutes: number }
  | { readonly say: 'extension-refused' }
  | { readonly say: 'alone-again' }
  // In the room, to all or to those who leave.
  | { readonly say: 'ends-in-minutes'; readonly minutes: number }
  | { readonly say: 'ends-in-minutes-extend'; readonly minutes: number }
  | { readonly say: 'ends-in-seconds'; readonly seconds: number }
  | { readonly say: 'reservation-ended' }
  | { readonly say: 'removed-by-moderator' }
  | { readonly say: 'ended-by-moderator' }
  | { readonly say: 'room-fault' };

/** The key of an utterance in the phrase tables. */
export type UtteranceName = Utterance['say'];

/** Sounds that belong to no language. */
export type SoundName = 'tone-enter' | 'tone-leave' | 'music';
