import { assertNever } from '../../mixer/protocol/coded-error.ts';
import type { MonotonicMs, WallclockMs } from '../../mixer/protocol/units.ts';
import type { EntryInput, EntryPoint, PinVerdict } from '../ivr/entry-message.ts';
import { isTooSimple } from '../reservation/access-data.ts';
import type { GuessEvent, GuessKey, GuessLimiter } from '../reservation/guess-limiter.ts';
import type { RoomTerms } from '../reservation/reservation.ts';
import type { EntryQuestion } from './call-message.ts';
import type { RoomDirectory } from './room-directory.ts';

/** Who asks. Nothing of it is believed: it only tells guessers apart. */
export interface Enquirer {
  readonly caller: string | null;
  readonly address: string;
  readonly entryPoint: EntryPoint;
}

/** Both clocks' present. */
export interface Now {
  readonly wallclockMs: WallclockMs;
  readonly monotonicMs: MonotonicMs;
}

/** What the desk works with. */
export interface FrontDeskOptions {
  readonly directory: RoomDirectory;
  readonly guesses: GuessLimiter;
  /** Somebody guesses: for the log, and for whoever must be told. */
  readonly report: (event: GuessEvent) => void;
}

/** Answers the questions of entry dialogues: numbers, PINs, new rooms. It counts wrong PINs across all calls. */
export class FrontDesk {
  readonly #options: FrontDeskOptions;

  constructor(options: FrontDeskOptions) {
    this.#options = options;
  }

  /** The answer, to be fed to the dialogue at once. */
  answer(question: EntryQuestion, enquirer: Enquirer, now: Now): EntryInput {
    const { directory } = this.#options;
    switch (question.type) {
      case 'check-number': {
        const terms = directory.byNumber(question.number, now.wallclockMs);
        if (terms === null) return { type: 'number-checked', outcome: 'unknown' };
        return { type: 'number-checked', outcome: 'known', pinLengths: pinLengths(terms) };
      }
      case 'check-pin':
        return { type: 'pin-checked', verdict: this.judgePin(question, enquirer, now) };
      case 'check-new-number':
        return { type: 'new-number-checked', outcome: this.#judgeNewNumber(question.number, now) };
      case 'make-room':
        return this.#makeRoom(question, now);
      default:
        return assertNever(question);
    }
  }

  /** Compares a PIN, and counts it when it is wrong. */
  judgePin(
    question: { readonly number: string; readonly pin: string },
    enquirer: Enquirer,
    now: Now,
  ): PinVerdict {
    const { directory, guesses, report } = this.#options;
    const { number, pin } = question;
    const key: GuessKey = { number, caller: enquirer.caller, address: enquirer.address };
    // An empty entry is no guess: rooms without a PIN are entered with it.
    const check = pin === '' ? 'allowed' : guesses.check(key, now.monotonicMs);
    if (check === 'refused') return { verdict: 'refused-for-a-while' };
    const terms = directory.byNumber(number, now.wallclockMs);
    const role = terms === null ? null : roleFor(terms, pin, enquirer.entryPoint);
    if (terms === null || role === null) {
      if (pin !== '') guesses.wrong(key, now.monotonicMs).forEach(report);
      return { verdict: 'wrong', delayMs: check === 'allowed' ? 0 : check.delayMs };
    }
    const time = directory.timeOf(terms, now.wallclockMs);
    return { verdict: 'right', role, terms, time };
  }

  #judgeNewNumber(number: string, now: Now): 'free' | 'taken' | 'too-simple' {
    if (isTooSimple(number)) return 'too-simple';
    return this.#options.directory.isTaken(number, now.wallclockMs) ? 'taken' : 'free';
  }

  #makeRoom(wish: { readonly number: string; readonly pin: string }, now: Now): EntryInput {
    const judged = this.#judgeNewNumber(wish.number, now);
    if (judged !== 'free') return { type: 'room-not-made', why: 'taken' };
    if (isTooSimple(wish.pin)) return { type: 'room-not-made', why: 'pin-too-simple' };
    const terms = this.#options.directory.makeByPhone(wish.number, wish.pin);
    return { type: 'room-made', terms };
  }
}

/** Empty when nobody need be asked. */
function pinLengths(terms: RoomTerms): readonly number[] {
  const lengths = [terms.pin, terms.adminPin].flatMap((pin) => (pin === null ? [] : [pin.length]));
  return [...new Set(lengths)];
}

/** The role that a PIN opens the room in, or null when it does not. */
function roleFor(
  terms: RoomTerms,
  pin: string,
  entryPoint: EntryPoint,
): 'participant' | 'moderator' | null {
  if (pin !== '' && pin === terms.adminPin) return 'moderator';
  if (pin !== '' && pin === terms.pin) return 'participant';
  const leadsHere = entryPoint.type === 'room' && entryPoint.number === terms.number;
  const nonAsked = terms.pin === null || (leadsHere && entryPoint.pin === 'not-asked');
  return nonAsked && pin === '' ? 'participant' : null;
}
