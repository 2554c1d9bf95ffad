import type { DurationMs, MonotonicMs } from './protocol/units.ts';

/** Time between two ticks of the mixer. */
export const TICK_MS: DurationMs = 20;
/** A tick that begins later than this counts as overdue. */
const OVERDUE_MS: DurationMs = 5;
/** Ticks that are made up for when the loop was late; what exceeds them is left out. */
const MAX_CATCH_UP_TICKS = 3;

/**
 * Deadlines at `t0 + n × 20 ms`, never relative to one another, so that they do not drift.
 *
 * After each `advance(nowMs)`, `dueTicks` are to be run back to back, after time has been moved on by `skippedNow`
 * ticks that will never run.
 */
export class TickSchedule {
  /** When the next tick is due. */
  deadlineMs: MonotonicMs;
  dueTicks = 0;
  skippedNow = 0;
  /** Totals since the last `resetCounters`: ticks run, those run after their successor was due, those left out. */
  ticks = 0;
  lateTicks = 0;
  skippedTicks = 0;
  worstLateMs: DurationMs = 0;
  /** Deadlines met later than 5 ms, of all that were looked at: what a listener's jitter buffer would notice. */
  overdueDeadlines = 0;

  constructor(nowMs: MonotonicMs) {
    this.deadlineMs = nowMs + TICK_MS;
  }

  /** Finds out what is due at `nowMs` and moves the deadline on. */
  advance(nowMs: MonotonicMs): void {
    this.dueTicks = 0;
    this.skippedNow = 0;
    const lateMs = nowMs - this.deadlineMs;
    if (lateMs < 0) return;
    if (lateMs > this.worstLateMs) this.worstLateMs = lateMs;
    if (lateMs > OVERDUE_MS) this.overdueDeadlines += 1;
    const passed = Math.floor(lateMs / TICK_MS) + 1;
    // The tick that is due now runs in any case; up to three that were missed run before it.
    this.dueTicks = Math.min(passed, MAX_CATCH_UP_TICKS + 1);
    this.skippedNow = passed - this.dueTicks;
    this.deadlineMs += passed * TICK_MS;
    this.ticks += this.dueTicks;
    this.lateTicks += this.dueTicks - 1;
    this.skippedTicks += this.skippedNow;
  }

  /** Begins anew after a rest: what would have been due meanwhile is not counted as late. */
  restart(nowMs: MonotonicMs): void {
    this.deadlineMs = nowMs + TICK_MS;
  }

  /** Begins a new period of counting. */
  resetCounters(): void {
    this.ticks = 0;
    this.lateTicks = 0;
    this.skippedTicks = 0;
    this.worstLateMs = 0;
    this.overdueDeadlines = 0;
  }
}
