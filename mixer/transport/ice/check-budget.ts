import type { DurationMs, MonotonicMs } from '../../protocol/units.ts';
import type { LegIndex } from '../packet-io.ts';
import type { PacketSource } from './shared-port-io.ts';

const WINDOW_MS: DurationMs = 1000;
/**
 * For paths that the leg has proven its own, and again for all others. A browser starts a check every 50 ms and repeats
 * some; a restart doubles that for a moment.
 */
const LEG_CHECKS = 100;
/** Checks with a wrong signature that one address may have looked at; behind it may be a whole office. */
const SOURCE_FAILURES = 50;
/** Addresses that are told apart in one second. With more of them only the legs' own limits hold. */
const MAX_SOURCES = 2000;

/**
 * How many checks are worth a look at their signature, each second: those of one leg, and those from one address
 * whose signatures were wrong. What strangers send to a leg takes nothing from its own paths: a flood that could would
 * end the consent of a call that goes on. What names no leg never gets here and costs no hash.
 */
export class CheckBudget {
  #startedAtMs: MonotonicMs = Number.NEGATIVE_INFINITY;
  /** By leg: checks over its own paths, and over others. */
  readonly #own: number[] = [];
  readonly #strange: number[] = [];
  readonly #failures = new Map<string, number>();

  /** Whether one more check of this leg is looked at. `source` is null for a path that the leg has proven its own. */
  allows(legIndex: LegIndex, source: PacketSource | null, nowMs: MonotonicMs): 'yes' | 'no' {
    this.#turn(nowMs);
    if (source !== null && this.#failures.size > 0) {
      if ((this.#failures.get(nameOf(source)) ?? 0) >= SOURCE_FAILURES) return 'no';
    }
    const counts = source === null ? this.#own : this.#strange;
    const checks = (counts[legIndex] ?? 0) + 1;
    if (checks > LEG_CHECKS) return 'no';
    counts[legIndex] = checks;
    return 'yes';
  }

  /** Notes a check with a wrong signature. */
  failed(source: PacketSource): void {
    const name = nameOf(source);
    const failures = this.#failures.get(name);
    if (failures === undefined && this.#failures.size === MAX_SOURCES) return;
    this.#failures.set(name, (failures ?? 0) + 1);
  }

  #turn(nowMs: MonotonicMs): void {
    // Packets bear the time that they came at, so a later one can be a little older.
    if (nowMs - this.#startedAtMs < WINDOW_MS) return;
    this.#startedAtMs = nowMs;
    this.#own.fill(0);
    this.#strange.fill(0);
    if (this.#failures.size > 0) this.#failures.clear();
  }
}

/** Addresses of one IPv6 network (64 bits) are one source: whoever has one of them has all. */
function nameOf(source: PacketSource): string {
  return source.octets.subarray(0, source.family === 4 ? 4 : 8).join('.');
}
