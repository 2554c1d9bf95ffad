import type { Clock } from '../../runtime/clock.ts';
import type { ProviderHealth } from '../notice.ts';

/** Remembers how a provider is and since when. */
export interface HealthRecord {
  /** It worked. */
  good(detail: string): void;
  /** It did not; `detail` is a short code. */
  failing(detail: string): void;
  read(): ProviderHealth;
}

/** A record of a provider that nothing is known of yet. */
export function createHealthRecord(name: string, clock: Clock): HealthRecord {
  let health: ProviderHealth = { name, state: 'unused', detail: 'not-used-yet', sinceMs: null };

  function note(state: ProviderHealth['state'], detail: string): void {
    const sinceMs = health.state === state ? health.sinceMs : clock.wallclockMs();
    health = { name, state, detail, sinceMs };
  }

  return {
    good: (detail) => note('good', detail),
    failing: (detail) => note('failing', detail),
    read: () => health,
  };
}
