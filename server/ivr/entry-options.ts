import type { DurationMs } from '../../mixer/protocol/units.ts';

/** What the entry dialogue's rules depend on. Every value comes from the config. */
export interface EntryOptions {
  /** Lengths that conference numbers have. An entry is over by itself at the largest. */
  readonly numberLengths: readonly number[];
  /** Lengths that PINs and ADMIN PINs have, for rooms whose own lengths `number-checked` does not tell. */
  readonly pinLengths: readonly number[];
  /** Digits of a number that a caller picks for a new room. */
  readonly newNumberDigits: number;
  /** Digits of a PIN that a caller picks for a new room. */
  readonly newPinDigits: number;
  /** Wrong numbers, and wrong PINs, until goodbye. */
  readonly tries: number;
  /** How often a question is repeated after silence, until goodbye. */
  readonly repeats: number;
  /** Keys that mean nothing, pressed at one question, until goodbye. */
  readonly slips: number;
  /** From the end of a question to its first key. */
  readonly firstKeyTimeoutMs: DurationMs;
  /** From one key to the next. What has been keyed by then is taken as the whole entry. */
  readonly betweenKeysTimeoutMs: DurationMs;
  /** As above, when the entry has one of the known lengths and only a longer one is possible besides. */
  readonly knownLengthTimeoutMs: DurationMs;
  /** A question that is not reported as heard by then counts as heard. */
  readonly speechTimeoutMs: DurationMs;
  /** Last words that are not reported as heard by then count as heard. */
  readonly lastWordsTimeoutMs: DurationMs;
}

/** The values of `product.md`, *Reservations* 6 and *Joining by phone* 3; times of our choice. */
export const DEFAULT_ENTRY_OPTIONS: EntryOptions = {
  numberLengths: [5],
  pinLengths: [5, 7],
  newNumberDigits: 5,
  newPinDigits: 5,
  tries: 3,
  repeats: 2,
  slips: 10,
  firstKeyTimeoutMs: 7_000,
  betweenKeysTimeoutMs: 4_000,
  knownLengthTimeoutMs: 1_500,
  speechTimeoutMs: 60_000,
  lastWordsTimeoutMs: 30_000,
};
