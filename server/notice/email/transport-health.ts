import type { WallclockMs } from '../../../mixer/protocol/units.ts';
import type { ProviderHealth } from '../notice.ts';

/** Remembers how a way of sending is, and since when. */
export interface HealthRecord {
  good(detail: string, nowMs: WallclockMs): void;
  failing(detail: string, nowMs: WallclockMs): void;
  read(): ProviderHealth;
}

/** A record that begins as `unused`. */
export function createHealthRecord(name: string): HealthRecord {
  let health: ProviderHealth = { name, state: 'unused', detail: '', sinceMs: null };
  const become = (state: 'good' | 'failing', detail: string, nowMs: WallclockMs): void => {
    const sinceMs = health.state === state ? health.sinceMs : nowMs;
    health = { name, state, detail, sinceMs };
  };
  return {
    good: (detail, nowMs) => become('good', detail, nowMs),
    failing: (detail, nowMs) => become('failing', detail, nowMs),
    read: () => health,
  };
}
