import type { OpusSettings, SharedPort } from '../../mixer/protocol/mixer-command.ts';
import type { MixerEvent } from '../../mixer/protocol/mixer-event.ts';
import type { DurationMs } from '../../mixer/protocol/units.ts';
import type { Clock } from '../runtime/clock.ts';
import type { Random } from '../runtime/random.ts';
import type { DtlsHost } from './dtls-host.ts';
import type { MediaLog } from './media-log.ts';
import type { MediaEvent, WorkerHost } from './media-pool.ts';

/** How a worker kept its time, and what it carries. */
export type WorkerReport = Extract<MixerEvent, { readonly type: 'worker-statistics' }>;

/** What a pool is made from. */
export interface MediaPoolParts {
  readonly host: WorkerHost;
  /** Number of workers, at least 1. */
  readonly workers: number;
  /** UDP ports, both ends included; a leg takes an even one and the next. */
  readonly portRange: readonly [number, number];
  readonly rtpTimeoutMs: DurationMs;
  readonly clock: Clock;
  readonly random: Random;
  readonly emit: (event: MediaEvent) => void;
  readonly log: MediaLog;
  /** Figures of a worker, as they come. */
  readonly onFigures?: (worker: number, figures: WorkerReport) => void;
  /** A worker used so much of its time in the last 100 ms and in those before, which is more than half. */
  readonly onStrain?: (worker: number, usedPercent: number) => void;
  /** Null: nobody shakes hands, so there are neither browsers nor DTLS-SRTP. */
  readonly dtls: DtlsHost | null;
  /** Where each worker's legs with ICE are reached; empty: nobody comes by browser. */
  readonly sharedPorts: (worker: number) => readonly SharedPort[];
  readonly opus: OpusSettings;
}
