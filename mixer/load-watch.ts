import type { DurationMs } from './protocol/units.ts';
import { TICK_MS } from './tick-schedule.ts';

/** Ticks over which the load is taken: 100 ms. */
const WINDOW_TICKS = 5;
/** A window that leaves more time over than this tells nobody anything. */
const STRAINED_PERCENT = 50;

/**
 * Measures how much of its time the mixer uses, from what is left of it when the work of each turn is done. Time that
 * other programs take from this thread counts as used: it is missing all the same. Allocates nothing.
 */
export class LoadWatch {
  #passedTicks = 0;
  #spareMs: DurationMs = 0;
  #lastPercent = 0;
  /**
   * Share of its time that the mixer used in the last two windows, 0–100, of the better one: a collection of garbage fills
   * one. Above it, ticks are late.
   */
  usedPercent = 0;

  /**
   * Takes a turn of the loop: `passedTicks` deadlines met or missed since the turn before, and the time left until the
   * next one; negative when that has passed. `strained`: a window is over, and it and the one before are to be told of.
   */
  turn(passedTicks: number, spareMs: DurationMs): 'strained' | 'calm' {
    // Woken a moment too early: this time has been counted.
    if (passedTicks === 0) return 'calm';
    this.#passedTicks += passedTicks;
    if (spareMs > 0) this.#spareMs += spareMs;
    if (this.#passedTicks < WINDOW_TICKS) return 'calm';
    const percent = Math.max(0, 100 * (1 - this.#spareMs / (this.#passedTicks * TICK_MS)));
    this.usedPercent = Math.min(this.#lastPercent, percent);
    this.#lastPercent = percent;
    this.#passedTicks = 0;
    this.#spareMs = 0;
    return this.usedPercent > STRAINED_PERCENT ? 'strained' : 'calm';
  }

  /** The mixer rests: what comes when it works again does not go on from here. */
  rest(): void {
    this.#passedTicks = 0;
    this.#spareMs = 0;
    this.#lastPercent = 0;
  }
}
