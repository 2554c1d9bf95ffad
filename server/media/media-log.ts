import type { Facts } from '../../mixer/protocol/coded-error.ts';
import type { MixerEvent } from '../../mixer/protocol/mixer-event.ts';
import type { MediaPoolParts, WorkerReport } from './media-pool-parts.ts';

/** Where the workers' troubles are told. Messages are constant; what varies is in the facts. */
export interface MediaLog {
  debug(message: string, facts: Facts): void;
  info(message: string, facts: Facts): void;
  warn(message: string, facts: Facts): void;
  error(message: string, facts: Facts): void;
}

/** Writes down how a worker kept its time, and tells whoever wants to know. */
export function reportFigures(
  { log, onFigures }: Pick<MediaPoolParts, 'log' | 'onFigures'>,
  worker: number,
  figures: WorkerReport,
): void {
  const { ticks, lateTicks, skippedTicks, worstLateMs, overdueDeadlines, legs } = figures;
  const facts = { worker, ticks, lateTicks, skippedTicks, worstLateMs, overdueDeadlines, legs };
  if (skippedTicks > 0) log.warn('a media worker has fallen behind', facts);
  else log.debug('figures of a media worker', facts);
  onFigures?.(worker, figures);
}

/** Writes down which way a browser's packets come. */
export function reportPath(
  log: MediaLog,
  worker: number,
  { legId, path }: Extract<MixerEvent, { readonly type: 'leg-path' }>,
): void {
  log.debug('a browser is reached', { worker, legId, path });
}

/** Writes down what is wrong with the shared ports: those that could not be had, and buffers that are too small. */
export function reportPorts(
  log: MediaLog,
  worker: number,
  { failures }: Extract<MixerEvent, { readonly type: 'shared-ports-opened' }>,
): void {
  if (failures.length === 0) return;
  log.warn('ports for browsers are not as they should be', {
    worker,
    failures: failures.join('; '),
  });
}
