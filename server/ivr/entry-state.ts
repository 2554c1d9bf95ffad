import type { MonotonicMs } from '../../mixer/protocol/units.ts';
import type { Role, RoomTerms } from '../reservation/reservation.ts';
import type { DigitEntry } from './digit-collector.ts';
import type { EntryAction, EntryEnd, EntryTime } from './entry-message.ts';
import type { EntryOptions } from './entry-options.ts';

/** A question that waits for keys. `wrong` counts the wrong answers before this try. */
export type Question =
  | { readonly ask: 'menu'; readonly createByPhone: 'allowed' | 'not-allowed' }
  | { readonly ask: 'number'; readonly wrong: number }
  | {
      readonly ask: 'pin';
      readonly number: string;
      readonly lengths: readonly number[];
      readonly wrong: number;
    }
  | { readonly ask: 'new-number'; readonly wrong: number }
  /** `numberWrong`: wrong answers that the number itself took. */
  | {
      readonly ask: 'new-pin';
      readonly number: string;
      readonly numberWrong: number;
      readonly wrong: number;
    }
  /** Too early: wait on music? */
  | {
      readonly ask: 'wait';
      readonly time: TooEarly;
      readonly opensAtMs: MonotonicMs;
      readonly admission: Admission;
    }
  /** The room is full and the caller its moderator: remove the last one who joined? */
  | { readonly ask: 'removal'; readonly admission: Admission };

/** A time before entry begins. */
export type TooEarly = Extract<EntryTime, { readonly time: 'too-early' }>;

/** What a caller may enter, and as what: the fruit of a right PIN or of a room that was made. */
export interface Admission {
  readonly terms: RoomTerms;
  readonly role: Role;
  readonly tie: 'guest' | 'host';
}

/**
 * States of the entry dialogue. Silence, and keys that mean nothing, lead back to the same question a few times.
 *
 *            start             keys             answer
 *   ┌──────┐      ┌────────┐ ───────▶ ┌──────────┐ ──▶ next question ─▶ asking
 *   │ idle │ ───▶ │ asking │          │ checking │ ──▶ delaying (wrong PIN) ─▶ asking
 *   └──────┘      └────────┘ ◀─────── └──────────┘ ──▶ announcing (room made)
 *                  │  │  │   wrong         │               │ heard, or a key
 *        no input, │  │  │                 │ right PIN     ▼
 *        too many  │  │  └──────────────▶──┴─────────▶ ┌──────────┐ entered  ┌───────┐
 *        tries     │  │ 1: remove the last             │ entering │ ───────▶ │ ended │
 *                  │  ▼                         opens  └──────────┘          └───────┘
 *                  │ ┌─────────┐ ───────────────────────▶  │ not entered         ▲
 *                  │ │ waiting │ (music)                   ▼                     │
 *                  │ └─────────┘                 asking (full, moderator)        │ heard
 *                  │                                                             │
 *                  └──▶ ┌─────────┐ ◀── every other refusal                      │
 *                       │ leaving │ ─────────────────────────────────────────────┘
 *                       └─────────┘      hang-up
 */
export type EntryState =
  | { readonly state: 'idle' }
  | {
      readonly state: 'asking';
      readonly question: Question;
      readonly speech: 'speaking' | 'heard';
      /** Its deadline is also the end of a question that is never reported as heard. */
      readonly entry: DigitEntry;
      readonly repeats: number;
      readonly slips: number;
    }
  /** An answer from outside is due. */
  | { readonly state: 'checking'; readonly check: Check }
  /** A wrong PIN costs time. */
  | { readonly state: 'delaying'; readonly question: PinQuestion; readonly untilMs: MonotonicMs }
  | {
      readonly state: 'announcing';
      readonly admission: Admission;
      readonly untilMs: MonotonicMs;
    }
  | { readonly state: 'waiting'; readonly admission: Admission; readonly untilMs: MonotonicMs }
  | {
      readonly state: 'entering';
      readonly admission: Admission;
      readonly whenFull: 'refuse' | 'remove-last';
    }
  | { readonly state: 'leaving'; readonly why: EntryEnd; readonly untilMs: MonotonicMs }
  | { readonly state: 'ended' };

/** What is being found out. */
export type Check =
  | { readonly check: 'number'; readonly question: NumberQuestion; readonly number: string }
  | { readonly check: 'pin'; readonly question: PinQuestion }
  | {
      readonly check: 'new-number';
      readonly question: Extract<Question, { readonly ask: 'new-number' }>;
      readonly number: string;
    }
  | {
      readonly check: 'new-room';
      readonly question: Extract<Question, { readonly ask: 'new-pin' }>;
    };

/** The state in which keys are answers. */
export type AskingState = Extract<EntryState, { readonly state: 'asking' }>;

/** The question for a conference number. */
export type NumberQuestion = Extract<Question, { readonly ask: 'number' }>;

/** The question for a PIN. */
export type PinQuestion = Extract<Question, { readonly ask: 'pin' }>;

/** What every transition may look at. */
export interface EntryContext {
  readonly options: EntryOptions;
  readonly nowMs: MonotonicMs;
}

/** One transition: where it leads, and what is to be done. */
export interface EntryStep {
  readonly state: EntryState;
  readonly actions: readonly EntryAction[];
}
