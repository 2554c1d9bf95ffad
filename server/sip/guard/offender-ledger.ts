import type { DurationMs, MonotonicMs } from '../../../mixer/protocol/units.ts';
import { RecentMap } from '../../runtime/recent-map.ts';
import type { Offence } from './source-guard.ts';

/** What a ledger goes by. */
export interface LedgerSettings {
  readonly offences: number;
  readonly withinSeconds: number;
  readonly banSeconds: number;
  readonly maxBanSeconds: number;
}

/** A ban in a ledger, over or not. */
interface LedgerBan {
  readonly why: Offence;
  readonly sinceMs: MonotonicMs;
  readonly untilMs: MonotonicMs;
  /** How many bans this is, those that are forgiven left out. */
  readonly count: number;
  /** The last that was heard of the source. */
  readonly heardAtMs: MonotonicMs;
}

/** What a failure led to. `not-kept`: a ban was due, and there is no room for more. */
export type Consequence = 'noted' | 'not-kept' | LedgerBan;

/** Sources that failed once, and sources that failed again: held apart, in two generations each. */
const SUSPECTS = 8192;
/** Bans that stand or are remembered. Those that stand are never put out to make room. */
const MAX_BANS = 10_000;
/** A full book of bans is swept of those that are over at most so often. */
const SWEEP_EVERY_MS: DurationMs = 1000;
/** So long without a sign of a source, after its ban, and one ban of it is forgiven. */
const QUIET_MS: DurationMs = 6 * 3_600_000;

/** Failures of a source that is not banned, counted in windows. */
interface Suspect {
  beganAtMs: MonotonicMs;
  count: number;
  /** Of the window before. */
  before: number;
}

/**
 * Failures and bans by source. Its memory is bounded whoever writes whatever addresses into datagrams: a source that
 * fails once can only push out others that failed once; one that fails again, only those that failed twice or more;
 * and nothing pushes out a ban that stands.
 */
export class OffenderLedger {
  readonly #once = new RecentMap<Suspect>(SUSPECTS);
  readonly #again = new RecentMap<Suspect>(SUSPECTS);
  readonly #bans = new Map<string, LedgerBan>();
  #nextSweepAtMs: MonotonicMs = Number.NEGATIVE_INFINITY;

  /** Sources that something is remembered of. */
  get size(): number {
    return this.#once.size + this.#again.size + this.#bans.size;
  }

  /** Whether a ban of this source stands. It is then taken as heard. */
  isBanned(key: string, nowMs: MonotonicMs): boolean {
    const ban = this.#bans.get(key);
    if (ban === undefined || nowMs >= ban.untilMs) return false;
    this.#bans.set(key, { ...ban, heardAtMs: nowMs });
    return true;
  }

  /** Counts a failure of a source that is not banned. */
  note(
    failure: { readonly key: string; readonly offence: Offence; readonly nowMs: MonotonicMs },
    settings: LedgerSettings,
  ): Consequence {
    const { key, nowMs } = failure;
    const suspect = this.#suspect(key, nowMs);
    if (countIn(suspect, settings.withinSeconds * 1000, nowMs) < settings.offences) return 'noted';
    this.#once.delete(key);
    this.#again.delete(key);
    return this.#ban(failure, settings);
  }

  /** The bans that stand. */
  standing(nowMs: MonotonicMs): readonly (readonly [key: string, ban: LedgerBan])[] {
    return [...this.#bans].filter(([, ban]) => nowMs < ban.untilMs);
  }

  /** Forgets all about a source. Says whether a ban stood. */
  forget(key: string, nowMs: MonotonicMs): 'banned' | 'not-banned' {
    const ban = this.#bans.get(key);
    this.#bans.delete(key);
    this.#once.delete(key);
    this.#again.delete(key);
    return ban !== undefined && nowMs < ban.untilMs ? 'banned' : 'not-banned';
  }

  #suspect(key: string, nowMs: MonotonicMs): Suspect {
    const known = this.#again.get(key);
    if (known !== undefined) return known;
    const second = this.#once.get(key);
    if (second !== undefined) {
      this.#once.delete(key);
      this.#again.set(key, second);
      return second;
    }
    const first = { beganAtMs: nowMs, count: 0, before: 0 };
    this.#once.set(key, first);
    return first;
  }

  #ban(
    { key, offence, nowMs }: { key: string; offence: Offence; nowMs: MonotonicMs },
    settings: LedgerSettings,
  ): LedgerBan | 'not-kept' {
    const earlier = this.#bans.get(key);
    if (earlier === undefined && !this.#hasRoom(nowMs)) return 'not-kept';
    const count = (earlier === undefined ? 0 : unforgiven(earlier, nowMs)) + 1;
    // 2^40 times the shortest ban is longer than any.
    const seconds = Math.min(
      settings.banSeconds * 2 ** Math.min(count - 1, 40),
      Math.max(settings.banSeconds, settings.maxBanSeconds),
    );
    const untilMs = nowMs + seconds * 1000;
    const ban = { why: offence, sinceMs: nowMs, untilMs, count, heardAtMs: nowMs };
    this.#bans.set(key, ban);
    return ban;
  }

  #hasRoom(nowMs: MonotonicMs): boolean {
    if (this.#bans.size < MAX_BANS) return true;
    if (nowMs < this.#nextSweepAtMs) return false;
    this.#nextSweepAtMs = nowMs + SWEEP_EVERY_MS;
    for (const [key, ban] of this.#bans) if (nowMs >= ban.untilMs) this.#bans.delete(key);
    return this.#bans.size < MAX_BANS;
  }
}

/** Counts one more, and returns how many there were within the time before `nowMs`: those of the window before by share. */
function countIn(suspect: Suspect, windowMs: DurationMs, nowMs: MonotonicMs): number {
  const passedMs = nowMs - suspect.beganAtMs;
  if (passedMs >= 2 * windowMs) {
    suspect.before = suspect.count = 0;
    suspect.beganAtMs = nowMs;
  } else if (passedMs >= windowMs) {
    suspect.before = suspect.count;
    suspect.count = 0;
    suspect.beganAtMs += windowMs;
  }
  suspect.count += 1;
  const share = 1 - (nowMs - suspect.beganAtMs) / windowMs;
  return suspect.count + Math.floor(suspect.before * share);
}

/** Bans of a source that still count: one is forgiven for every quiet while. */
function unforgiven(ban: LedgerBan, nowMs: MonotonicMs): number {
  const quietMs = nowMs - Math.max(ban.untilMs, ban.heardAtMs);
  return Math.max(0, ban.count - Math.floor(Math.max(0, quietMs) / QUIET_MS));
}
