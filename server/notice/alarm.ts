import { scheduleJob, type Job } from 'node-schedule';
import type { WallclockMs } from '../../mixer/protocol/units.ts';

/** Rings at a time of the wall clock, and regularly besides. It only wakes: whoever hears it looks at the table. */
export interface Alarm {
  /** The instant of the next ring instead of the one before; null: only the regular ones. */
  set(atMs: WallclockMs | null): void;
  stop(): void;
}

/**
 * How often it rings besides. Timers count elapsed time: a clock that was set forward is noticed by looking. So is
 * what another process has booked.
 */
const REGULARLY = '*/30 * * * * *';

/** Makes an alarm that rings until it is stopped. `ring` must not throw. */
export function createAlarm(ring: () => void): Alarm {
  const regular = scheduleJob(REGULARLY, ring);
  let next: Job | null = null;
  let setForMs: WallclockMs | null = null;

  function set(atMs: WallclockMs | null): void {
    if (atMs === setForMs && next !== null) return;
    next?.cancel();
    setForMs = atMs;
    // Null when it has passed: whoever set it has looked at the table after that.
    next = atMs === null ? null : scheduleJob(new Date(atMs), rung);
  }

  function rung(): void {
    next = null;
    ring();
  }

  return {
    set,
    stop() {
      regular.cancel();
      next?.cancel();
      next = null;
    },
  };
}
