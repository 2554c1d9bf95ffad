import type { Facts } from '../../mixer/protocol/coded-error.ts';
import type { MixerEvent } from '../../mixer/protocol/mixer-event.ts';

/** Where the workers' troubles are told. Messages are constant; what varies is in the facts. */
export interface MediaLog {
  debug(message: string, facts: Facts): void;
  info(message: string, facts: Facts): void;
  warn(message: string, facts: Facts): void;
  error(message: string, facts: Facts): void;
}

/** Writes down how a worker kept its time. */
export function reportFigures(
  log: MediaLog,
  worker: number,
  figures: Extract<MixerEvent, { readonly type: 'worker-statistics' }>,
): void {
  const { ticks, lateTicks, skippedTicks, worstLateMs, overdueDeadlines, legs } = figures;
  const facts = { worker, ticks, lateTicks, skippedTicks, worstLateMs, overdueDeadlines, legs };
  if (skippedTicks > 0) log.warn('a media worker has fallen behind', facts);
  else log.debug('figures of a media worker', facts);
}
