import type { DurationMs, WallclockMs } from '../../mixer/protocol/units.ts';
import { LatestMap } from '../runtime/latest-map.ts';

/** How tries under one key are counted and slowed down. */
export interface TallyTerms {
  /** Tries that cost nothing. */
  readonly free: number;
  /** After this time one try is forgotten. */
  readonly forgetMs: DurationMs;
  /** Wait after the first try over `free`; each further one doubles it. */
  readonly firstWaitMs: DurationMs;
  readonly longestWaitMs: DurationMs;
}

/** Tries by key: a bucket that leaks. */
export interface Tallies {
  /** How long until a try may be made; 0: now. */
  waitMs(key: string, nowMs: WallclockMs): DurationMs;
  /** A try is made. It counts until it is taken back. */
  count(key: string, nowMs: WallclockMs): void;
  /** The last try was none of those that are counted. */
  takeBack(key: string, nowMs: WallclockMs): void;
  /** How many tries are remembered, fractional. */
  level(key: string, nowMs: WallclockMs): number;
  forget(key: string): void;
}

interface Tally {
  level: number;
  atMs: WallclockMs;
  nextTryAtMs: WallclockMs;
}

/** Makes empty tallies of at most `remembered` keys; the one that was counted longest ago is forgotten first. */
export function createTallies(terms: TallyTerms, remembered: number): Tallies {
  const tallies = new LatestMap<Tally>(remembered);

  function levelOf(tally: Tally, nowMs: WallclockMs): number {
    // A clock set back must not make tries from nothing.
    return Math.max(0, tally.level - Math.max(0, nowMs - tally.atMs) / terms.forgetMs);
  }

  function change(key: string, nowMs: WallclockMs, by: 1 | -1): void {
    const before = tallies.get(key);
    const level = Math.max(0, (before === undefined ? 0 : levelOf(before, nowMs)) + by);
    const nextTryAtMs = nowMs + waitAt(level);
    tallies.set(key, { level, atMs: nowMs, nextTryAtMs });
  }

  function waitAt(level: number): DurationMs {
    const over = Math.ceil(level - terms.free);
    if (over <= 0) return 0;
    return Math.min(terms.longestWaitMs, terms.firstWaitMs * 2 ** Math.min(over - 1, 40));
  }

  return {
    waitMs(key, nowMs) {
      const nextTryAtMs = tallies.get(key)?.nextTryAtMs ?? 0;
      return Math.min(terms.longestWaitMs, Math.max(0, nextTryAtMs - nowMs));
    },
    count: (key, nowMs) => change(key, nowMs, 1),
    takeBack: (key, nowMs) => change(key, nowMs, -1),
    level(key, nowMs) {
      const tally = tallies.get(key);
      return tally === undefined ? 0 : levelOf(tally, nowMs);
    },
    forget: (key) => tallies.delete(key),
  };
}
