import type { DurationMs } from '../../mixer/protocol/units.ts';
import type { Random } from '../runtime/random.ts';

/** Longest wait after a single failure, and the longest wait of all (RFC 5626 §4.5, "base-time", "max-time"). */
const BASE_MS = 30_000;
const LONGEST_MS = 1_800_000;

/**
 * How long to wait before the next try after `failures` in a row: from half to the whole of a bound that doubles each
 * time, so that those who failed together do not come back together (RFC 5626 §4.5).
 */
export function backOffMs(failures: number, random: Random): DurationMs {
  const bound = Math.min(LONGEST_MS, BASE_MS * 2 ** Math.min(20, Math.max(0, failures - 1)));
  return jittered(bound, random);
}

/** Room for a transaction that times out (64*T1) twice over, before a binding runs out. */
const MARGIN_MS: DurationMs = 64_000;
/** A binding is not refreshed more often than this. */
const SHORTEST_REFRESH_MS: DurationMs = 1000;

/** When to refresh a binding of that life: early enough for two time-outs before it runs out, and with some jitter. */
export function refreshMs(lifeMs: DurationMs, random: Random): DurationMs {
  const latestMs = Math.max(lifeMs / 2, Math.min(lifeMs * 0.9, lifeMs - MARGIN_MS));
  const jitterMs = random.integer(Math.floor(latestMs / 10) + 1);
  return Math.max(SHORTEST_REFRESH_MS, latestMs - jitterMs);
}

/** From half to the whole of `boundMs`. */
export function jittered(boundMs: DurationMs, random: Random): DurationMs {
  const half = Math.floor(boundMs / 2);
  return boundMs - half + random.integer(half + 1);
}
