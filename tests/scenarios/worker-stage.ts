import { mediaPortRange } from '../support/free-ports.ts';
import type { MediaEvent, MediaPool } from '../../server/media/media-pool.ts';
import { threadHost } from '../../server/media/thread-host.ts';
import { createMediaPool } from '../../server/media/worker-pool.ts';
import { systemClock } from '../../server/runtime/clock.ts';
import { systemRandom } from '../../server/runtime/random.ts';
import type { WorkerHost } from '../../server/media/media-pool.ts';

/** A pool of real threads, and all that it says. */
export interface WorkerStage {
  readonly pool: MediaPool;
  readonly events: MediaEvent[];
  readonly log: string[];
  /** The first event of this kind that comes, or has come, after the first `after` events. Fails after 5 s. */
  next<Type extends MediaEvent['type']>(
    type: Type,
    suits?: (event: Extract<MediaEvent, { type: Type }>) => boolean,
    after?: number,
  ): Promise<Extract<MediaEvent, { type: Type }>>;
}

/** Starts `workers` media workers. The caller stops the pool. */
export function createWorkerStage(workers: number, host: WorkerHost = threadHost): WorkerStage {
  const events: MediaEvent[] = [];
  const log: string[] = [];
  const waiting = new Set<() => void>();
  const note = (message: string, facts: object): void => {
    log.push(`${message} ${JSON.stringify(facts)}`);
  };
  const pool = createMediaPool({
    host,
    workers,
    portRange: mediaPortRange(),
    rtpTimeoutMs: 60_000,
    dtls: null,
    sharedPorts: () => [],
    opus: { bitrate: 32_000, complexity: 5 },
    clock: systemClock,
    random: systemRandom,
    emit: (event) => {
      events.push(event);
      for (const check of [...waiting]) check();
    },
    log: { debug: () => undefined, info: note, warn: note, error: note },
  });
  return {
    pool,
    events,
    log,
    next: (type, suits = () => true, after = 0) =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          waiting.delete(check);
          reject(new Error(`no ${type} within 5 s; log: ${log.join('\n')}`));
        }, 5000);
        function check(): void {
          for (const event of events.slice(after)) {
            if (event.type !== type) continue;
            const found = event as Extract<MediaEvent, { type: typeof type }>;
            if (!suits(found)) continue;
            clearTimeout(timer);
            waiting.delete(check);
            resolve(found);
            return;
          }
        }
        waiting.add(check);
        check();
      }),
  };
}

/** Lets the real clock run: only what happens on the wire can tell. */
export function wait(durationMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, durationMs));
}
