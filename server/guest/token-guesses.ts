import type { DurationMs, MonotonicMs } from '../../mixer/protocol/units.ts';
import { LatestMap } from '../runtime/latest-map.ts';

/** When guessing of links is refused. */
export interface TokenGuessLimits {
  /** Wrong tokens in `windowMs` that cost nothing. */
  readonly limit: number;
  readonly windowMs: DurationMs;
  readonly refuseMs: DurationMs;
  /** Greatest number of places remembered. */
  readonly remembered: number;
}

const DEFAULT_LIMITS: TokenGuessLimits = {
  limit: 20,
  windowMs: 600_000,
  refuseMs: 600_000,
  remembered: 10_000,
};

/**
 * Counts tokens that open nothing, by the place they come from. No token can be guessed; this keeps guessers from
 * costing anything, and from filling a log unseen. Another place is never touched by it.
 */
export interface TokenGuesses {
  /** How long a place has to wait; 0: its token may be looked at. */
  waitMs(place: string, nowMs: MonotonicMs): DurationMs;
  /** A token was wrong. */
  wrong(place: string, nowMs: MonotonicMs): void;
}

interface Tally {
  readonly wrongAtMs: readonly MonotonicMs[];
  readonly refusedUntilMs: MonotonicMs;
}

/** Makes one that has seen nothing. */
export function createTokenGuesses(limits: TokenGuessLimits = DEFAULT_LIMITS): TokenGuesses {
  const tallies = new LatestMap<Tally>(limits.remembered);
  return {
    waitMs: (place, nowMs) => Math.max(0, (tallies.get(place)?.refusedUntilMs ?? 0) - nowMs),
    wrong(place, nowMs) {
      const recent = tallies.get(place)?.wrongAtMs.filter((at) => at > nowMs - limits.windowMs);
      const wrongAtMs = [...(recent ?? []), nowMs];
      const isOver = wrongAtMs.length >= limits.limit;
      tallies.set(place, {
        wrongAtMs: isOver ? [] : wrongAtMs,
        refusedUntilMs: isOver ? nowMs + limits.refuseMs : 0,
      });
    },
  };
}
