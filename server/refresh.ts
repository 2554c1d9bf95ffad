import { dataVersion } from '../db/open-database.ts';
import type { Connection } from '../db/open-database.ts';
import type { Clock } from './runtime/clock.ts';
import type { Logger } from './runtime/logger.ts';

/** How often bookings made by other processes, and steps of the wall clock, are looked for. */
const REFRESH_MS = 2000;
/** A step of the wall clock against the monotonic one that live rooms are told about. */
const CLOCK_STEP_MS = 1000;

/**
 * Calls `refresh` whenever another process has written to the database or the wall clock was set.
 * A database that fails is told once and looked at again. Returns a function that ends it.
 */
export function refreshRegularly(parts: {
  readonly clock: Clock;
  readonly database: Connection;
  readonly log: Pick<Logger, 'error'>;
  readonly refresh: () => void;
}): () => void {
  const { clock, database, log, refresh } = parts;
  let version = dataVersion(database);
  let health: 'readable' | 'failing' = 'readable';
  let offsetMs = clock.wallclockMs() - clock.monotonicMs();
  let cancel = clock.schedule(clock.monotonicMs() + REFRESH_MS, look);

  function look(): void {
    const versionNow = versionOrLast();
    const offsetNowMs = clock.wallclockMs() - clock.monotonicMs();
    const stepped = Math.abs(offsetNowMs - offsetMs) > CLOCK_STEP_MS;
    if (versionNow !== version || stepped) refresh();
    version = versionNow;
    if (stepped) offsetMs = offsetNowMs;
    cancel = clock.schedule(clock.monotonicMs() + REFRESH_MS, look);
  }

  function versionOrLast(): number {
    try {
      const versionNow = dataVersion(database);
      health = 'readable';
      return versionNow;
    } catch (error) {
      if (health === 'readable') log.error('database not readable', { error: String(error) });
      health = 'failing';
      return version;
    }
  }

  return () => cancel();
}
