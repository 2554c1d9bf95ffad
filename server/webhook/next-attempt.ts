import type { DurationMs, WallclockMs } from '../../mixer/protocol/units.ts';

const SECOND_MS: DurationMs = 1_000;
const MINUTE_MS: DurationMs = 60_000;

/** Wait after the first, second … failure; the last one goes on. */
const WAITS_MS: readonly DurationMs[] = [
  SECOND_MS,
  10 * SECOND_MS,
  MINUTE_MS,
  5 * MINUTE_MS,
  30 * MINUTE_MS,
  120 * MINUTE_MS,
];

/** When a delivery that failed `attempts` times is tried again; null: it is given up. */
export function nextAttemptAtMs(
  attempts: number,
  nowMs: WallclockMs,
  giveUpAtMs: WallclockMs,
): WallclockMs | null {
  const waitMs = WAITS_MS[Math.min(attempts, WAITS_MS.length) - 1] ?? SECOND_MS;
  return nowMs + waitMs < giveUpAtMs ? nowMs + waitMs : null;
}
