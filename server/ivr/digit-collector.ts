import type { DtmfKey } from '../../mixer/protocol/dtmf.ts';
import type { DurationMs, MonotonicMs } from '../../mixer/protocol/units.ts';

/** How long an entry may be, and how long it may take. */
export interface DigitRules {
  /** Lengths that the thing asked for has. At the largest the entry is complete without `#`. */
  readonly lengths: readonly number[];
  readonly firstKeyTimeoutMs: DurationMs;
  readonly betweenKeysTimeoutMs: DurationMs;
  /** Instead of `betweenKeysTimeoutMs` at a length that is one of `lengths` but not the largest. */
  readonly knownLengthTimeoutMs: DurationMs;
}

/** An entry that is being keyed. At `deadlineMs` it is complete, or nothing was keyed. */
export interface DigitEntry {
  readonly digits: string;
  readonly deadlineMs: MonotonicMs;
}

/** What a key did to an entry. */
export type DigitResult =
  | { readonly result: 'more'; readonly entry: DigitEntry }
  | { readonly result: 'complete'; readonly digits: string }
  /** `*` threw away what was keyed, or `#` ended an entry before its first digit: ask again. */
  | { readonly result: 'ask-again' };

/** An entry without digits, from the moment on at which the question has been heard or was cut short. */
export function emptyEntry(rules: DigitRules, nowMs: MonotonicMs): DigitEntry {
  return { digits: '', deadlineMs: nowMs + rules.firstKeyTimeoutMs };
}

/**
 * Adds a key: a digit; `#`, which ends the entry; or `*`, which clears it. `#` before any digit asks again, because
 * many people end with `#` an entry that was complete without it. A–D are on no telephone and change nothing.
 */
export function keyDigit(
  entry: DigitEntry,
  key: DtmfKey,
  at: { readonly rules: DigitRules; readonly nowMs: MonotonicMs },
): DigitResult {
  const { rules, nowMs } = at;
  if (key === '*') return { result: 'ask-again' };
  if (key === '#') {
    return entry.digits === ''
      ? { result: 'ask-again' }
      : { result: 'complete', digits: entry.digits };
  }
  if (key < '0' || key > '9') return { result: 'more', entry };
  const digits = entry.digits + key;
  if (digits.length >= Math.max(...rules.lengths)) return { result: 'complete', digits };
  const timeoutMs = rules.lengths.includes(digits.length)
    ? rules.knownLengthTimeoutMs
    : rules.betweenKeysTimeoutMs;
  return { result: 'more', entry: { digits, deadlineMs: nowMs + timeoutMs } };
}
