import type { LegId } from '../protocol/mixer-command.ts';
import type { DurationMs, MonotonicMs } from '../protocol/units.ts';
import type { Leg } from './leg.ts';

/** At most four reports a second. */
const INTERVAL_MS: DurationMs = 250;
/** A change of level that is worth a report. */
const NOTABLE_DB = 6;

/** What is shown of one leg. */
export interface LegLevel {
  readonly legId: LegId;
  readonly levelDbov: number;
  readonly speaking: boolean;
}

/** Decides when the levels of a room are worth telling. */
export class RoomLevels {
  #dueAtMs: MonotonicMs = 0;
  #reported: readonly LegLevel[] = [];

  /** The levels of all legs if they are due and have changed, else null. Allocates only when they are. */
  tick(legs: readonly Leg[], nowMs: MonotonicMs): readonly LegLevel[] | null {
    if (nowMs < this.#dueAtMs || !this.#hasChanged(legs)) return null;
    this.#dueAtMs = nowMs + INTERVAL_MS;
    this.#reported = legs.map((leg) => ({
      legId: leg.legId,
      levelDbov: Math.round(leg.in.levelDbov),
      speaking: leg.in.speaking,
    }));
    return this.#reported;
  }

  #hasChanged(legs: readonly Leg[]): boolean {
    if (legs.length !== this.#reported.length) return true;
    for (let i = 0; i < legs.length; i += 1) {
      const leg = legs[i];
      const reported = this.#reported[i];
      if (leg === undefined || reported === undefined) return true;
      if (leg.legId !== reported.legId || leg.in.speaking !== reported.speaking) return true;
      if (Math.abs(leg.in.levelDbov - reported.levelDbov) >= NOTABLE_DB) return true;
    }
    return false;
  }
}
