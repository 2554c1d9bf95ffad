import type { DurationMs, MonotonicMs } from '../../mixer/protocol/units.ts';

/** Whose guess it is, and at which room. */
export interface GuessKey {
  readonly number: string;
  /** The caller's number; null when withheld: all withheld callers of an address at a room then count as one. */
  readonly caller: string | null;
  readonly address: string;
}

/** Settings of *Joining by phone* 10. */
export interface GuessLimits {
  /** Wrong PINs in `windowMs` that cost nothing. */
  readonly limit: number;
  readonly windowMs: DurationMs;
  /** Delay of the first wrong answer over the limit; each further one takes twice as long. */
  readonly firstDelayMs: DurationMs;
  /** Longest delay that a caller's own wrong PINs cause. */
  readonly longestDelayMs: DurationMs;
  /** Longest delay that other callers' wrong PINs, at the same room or from the same address, cause. */
  readonly longestSharedDelayMs: DurationMs;
  /** Delayed tries after which a caller is refused. */
  readonly delayedTries: number;
  readonly refuseMs: DurationMs;
  /** Wrong PINs at one room that are an attack on it: each caller is then refused after two. */
  readonly attackLimit: number;
  /** Greatest number of rooms, callers and addresses remembered, each. */
  readonly remembered: number;
}

/** The numbers of `product.md`. */
export const DEFAULT_GUESS_LIMITS: GuessLimits = {
  limit: 5,
  windowMs: 600_000,
  firstDelayMs: 1_000,
  longestDelayMs: 15_000,
  longestSharedDelayMs: 5_000,
  delayedTries: 4,
  refuseMs: 600_000,
  attackLimit: 50,
  remembered: 10_000,
};

/** Whether a try may be made. `delayMs`: make it, and answer it after this delay if it proves wrong. */
export type GuessCheck = 'allowed' | 'refused' | { readonly delayMs: DurationMs };

/** What is worth telling. `room-guessed` is raised once until nobody guesses any more: the organiser is told. */
export type GuessEvent =
  | { readonly type: 'room-guessed'; readonly number: string; readonly wrongPins: number }
  | { readonly type: 'caller-refused'; readonly key: GuessKey; readonly refusedForMs: DurationMs };

/**
 * Counts wrong PINs across calls: per room, per caller and per source address. Only a caller's own wrong PINs make
 * that caller refused; those of others at the same room or over the same trunk only delay wrong answers, so a right
 * PIN from another caller always works. A right PIN forgives nothing: who knows the PIN could otherwise guess the
 * ADMIN PIN without end by keying the PIN in between.
 */
export interface GuessLimiter {
  /** To be asked before a PIN is compared. */
  check(key: GuessKey, nowMs: MonotonicMs): GuessCheck;
  /** A PIN was compared and was wrong. */
  wrong(key: GuessKey, nowMs: MonotonicMs): readonly GuessEvent[];
}

/** Makes a limiter that has seen nothing yet. It keeps no timer: what is old is forgotten on use. */
export function createGuessLimiter(limits: GuessLimits = DEFAULT_GUESS_LIMITS): GuessLimiter {
  const rooms = createTallies(limits);
  const callers = createTallies(limits);
  const addresses = createTallies(limits);

  function check(key: GuessKey, nowMs: MonotonicMs): GuessCheck {
    const own = callers.find(callerKey(key), nowMs);
    if (own !== null && own.refusedUntilMs > nowMs) return 'refused';
    const ownWrong = own?.wrongAtMs.length ?? 0;
    const roomWrong = rooms.find(key.number, nowMs)?.wrongAtMs.length ?? 0;
    const addressWrong = addresses.find(key.address, nowMs)?.wrongAtMs.length ?? 0;
    // Not by address: all callers over a busy trunk share one, and mistype often enough together.
    if (roomWrong >= attackLimitOf(limits) && ownWrong >= TRIES_UNDER_ATTACK) return 'refused';
    const delayMs = Math.max(
      delayFor(ownWrong, limits, limits.longestDelayMs),
      delayFor(Math.max(roomWrong, addressWrong), limits, limits.longestSharedDelayMs),
    );
    return delayMs === 0 ? 'allowed' : { delayMs };
  }

  function wrong(key: GuessKey, nowMs: MonotonicMs): readonly GuessEvent[] {
    const events: GuessEvent[] = [];
    const room = rooms.count(key.number, nowMs);
    const own = callers.count(callerKey(key), nowMs);
    addresses.count(key.address, nowMs);
    if (room.wrongAtMs.length >= limits.limit && !room.told) {
      room.told = true;
      events.push({ type: 'room-guessed', number: key.number, wrongPins: room.wrongAtMs.length });
    }
    if (own.wrongAtMs.length >= limits.limit + limits.delayedTries) {
      own.refusedUntilMs = nowMs + limits.refuseMs;
      events.push({ type: 'caller-refused', key, refusedForMs: limits.refuseMs });
    }
    return events;
  }

  return { check, wrong };
}

/** A slip is forgiven even while a room is under attack. */
const TRIES_UNDER_ATTACK = 2;

interface Tally {
  /** Ascending; at most as many as any limit asks about. */
  wrongAtMs: readonly MonotonicMs[];
  refusedUntilMs: MonotonicMs;
  told: boolean;
}

interface Tallies {
  find(key: string, nowMs: MonotonicMs): Tally | null;
  count(key: string, nowMs: MonotonicMs): Tally;
}

/** Tallies by key in the order of their last wrong PIN, so that the oldest is always the first. */
function createTallies(limits: GuessLimits): Tallies {
  const tallies = new Map<string, Tally>();
  const kept = attackLimitOf(limits);

  function find(key: string, nowMs: MonotonicMs): Tally | null {
    const tally = tallies.get(key);
    if (tally === undefined) return null;
    tally.wrongAtMs = tally.wrongAtMs.filter((atMs) => atMs > nowMs - limits.windowMs);
    if (tally.wrongAtMs.length > 0 || tally.refusedUntilMs > nowMs) return tally;
    tallies.delete(key);
    return null;
  }

  function count(key: string, nowMs: MonotonicMs): Tally {
    const tally = find(key, nowMs) ?? { wrongAtMs: [], refusedUntilMs: 0, told: false };
    tally.wrongAtMs = [...tally.wrongAtMs, nowMs].slice(-kept);
    tallies.delete(key);
    tallies.set(key, tally);
    forgetOldest(nowMs);
    return tally;
  }

  /** Drops from the front what is stale, and what is too many; stops at the first that stays. */
  function forgetOldest(nowMs: MonotonicMs): void {
    for (const key of tallies.keys()) {
      if (tallies.size > limits.remembered) tallies.delete(key);
      else if (find(key, nowMs) !== null) return;
    }
  }

  return { find, count };
}

/** One caller alone cannot be an attack by many, whatever the settings. */
function attackLimitOf(limits: GuessLimits): number {
  return Math.max(limits.attackLimit, limits.limit + limits.delayedTries);
}

function callerKey(key: GuessKey): string {
  return key.caller === null ? `withheld ${key.address} ${key.number}` : `caller ${key.caller}`;
}

/** No delay below the limit, then `firstDelayMs` doubling with each further wrong PIN. */
function delayFor(wrong: number, limits: GuessLimits, longestMs: DurationMs): DurationMs {
  if (wrong < limits.limit) return 0;
  return Math.min(longestMs, limits.firstDelayMs * 2 ** (wrong - limits.limit));
}
