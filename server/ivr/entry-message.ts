import type { DtmfKey } from '../../mixer/protocol/dtmf.ts';
import type { Utterance } from '../prompt/utterance.ts';
import type { Role, RoomTerms } from '../reservation/reservation.ts';

/** Where a call starts, decided by the number that was called and the trunk it came over. */
export type EntryPoint =
  | { readonly type: 'menu'; readonly createByPhone: 'allowed' | 'not-allowed' }
  /** Straight to a room; with its PIN asked or not. */
  | { readonly type: 'room'; readonly number: string; readonly pin: 'asked' | 'not-asked' };

/** What came of a number and a PIN. Counting of wrong PINs happens where this answer is made. */
export type PinVerdict =
  | {
      readonly verdict: 'right';
      readonly role: Role;
      readonly terms: RoomTerms;
      readonly time: EntryTime;
    }
  | {
      readonly verdict: 'wrong';
      /** How long to wait before the next try is heard. */ readonly delayMs: number;
    }
  /** Too many wrong PINs lately: refused for a while, right or wrong. */
  | { readonly verdict: 'refused-for-a-while' };

/** Where now lies in the reservation's times. */
export type EntryTime =
  | { readonly time: 'open' }
  /** `opensInMs`: until entry begins, for who may wait. */
  | {
      readonly time: 'too-early';
      readonly startAtMs: number;
      readonly zone: string;
      readonly opensInMs: number;
      readonly mayWait: 'may-wait' | 'may-not-wait';
    }
  | { readonly time: 'over' };

/** What the entry dialogue is fed. Questions are answered at once, before any other input. */
export type EntryInput =
  | { readonly type: 'start'; readonly entryPoint: EntryPoint }
  | { readonly type: 'key'; readonly key: DtmfKey }
  /** The last `say` has been heard to its end (not sent after a key cut it short). */
  | { readonly type: 'said' }
  | {
      readonly type: 'number-checked';
      readonly outcome: 'known' | 'unknown';
      /**
       * Lengths of this room's PIN and ADMIN PIN. Empty: none is asked, `check-pin` follows with an empty PIN.
       * Left out: those of the options.
       */
      readonly pinLengths?: readonly number[];
    }
  | { readonly type: 'pin-checked'; readonly verdict: PinVerdict }
  | { readonly type: 'new-number-checked'; readonly outcome: 'free' | 'taken' | 'too-simple' }
  | { readonly type: 'room-made'; readonly terms: RoomTerms }
  | { readonly type: 'room-not-made'; readonly why: 'taken' | 'pin-too-simple' | 'fault' }
  | { readonly type: 'entered' }
  | { readonly type: 'not-entered'; readonly why: 'locked' | 'full' | 'over' };

/** What the entry dialogue wants done. */
export type EntryAction =
  /** Plays these after one another; a new `say` ends the one before. */
  | {
      readonly type: 'say';
      readonly utterances: readonly Utterance[];
      readonly interruptible: 'by-key' | 'not-by-key';
    }
  | { readonly type: 'stop-saying' }
  | { readonly type: 'music'; readonly music: 'on' | 'off' }
  | { readonly type: 'check-number'; readonly number: string }
  | { readonly type: 'check-pin'; readonly number: string; readonly pin: string }
  | { readonly type: 'check-new-number'; readonly number: string }
  | { readonly type: 'make-room'; readonly number: string; readonly pin: string }
  | {
      readonly type: 'enter';
      readonly terms: RoomTerms;
      readonly role: Role;
      readonly whenFull: 'refuse' | 'remove-last';
      readonly tie: 'guest' | 'host';
    }
  /** The last words have been heard: end the call. */
  | { readonly type: 'hang-up'; readonly why: EntryEnd };

/** Why the dialogue gave up on a caller. */
export type EntryEnd =
  | 'no-input'
  | 'too-many-tries'
  | 'refused-for-a-while'
  | 'too-early'
  | 'over'
  | 'locked'
  | 'full'
  | 'fault';
