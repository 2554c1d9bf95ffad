import type { RequestHandler } from 'express';

import type { ServerFigures } from './server-figures.ts';
import type { SipCounters } from './sip-counters.ts';

/** What the figures are made from. */
export interface MetricsOptions {
  /** Looked up at each scrape; what is left out is not shown. */
  readonly figures: () => Partial<ServerFigures>;
  /** Figures of the process itself: memory, event loop, garbage collection. Simulated worlds leave them out. */
  readonly ownProcess: 'shown' | 'left-out';
}

/** The server's figures for Prometheus. */
export interface Metrics {
  readonly sip: SipCounters;
  /** The page of figures, text format 0.0.4. */
  page(): Promise<string>;
}

/** Makes the registry. */
export function createMetrics(options: MetricsOptions): Metrics {
  throw new Error(options.ownProcess);
}

/**
 * `GET /metrics` for those within `allowFrom` (addresses and networks) by the address of the socket; to others, and
 * through proxies, there is no such page (404).
 */
export function metricsHandler(metrics: Metrics, allowFrom: readonly string[]): RequestHandler {
  throw new Error(String(metrics) + allowFrom.length);
}
