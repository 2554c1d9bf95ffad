import { collectDefaultMetrics, Counter, Gauge, Registry } from 'prom-client';

import { FIGURE_ROWS } from './figure-rows.ts';
import type { FigureRow, Sample } from './figure-rows.ts';
import type { ServerFigures } from './server-figures.ts';
import { createSipCounters } from './sip-counters.ts';
import type { SipCount, SipCounters } from './sip-counters.ts';

/** What counts as a message; those dropped unseen are counted by the guard. */
const AMONG_THEM = ', those sent again included, those that the guard drops left out.';

/** What the figures are made from. */
export interface MetricsOptions {
  /** Looked up at each scrape; what is left out is not shown. */
  readonly figures: () => Partial<ServerFigures>;
  /** Figures of the process itself: memory, event loop, garbage collection. Simulated worlds leave them out. */
  readonly ownProcess: 'shown' | 'left-out';
}

/** The server's figures for Prometheus. No secret, no name or number of a person is among them. */
export interface Metrics {
  readonly sip: SipCounters;
  /** The page of figures. */
  page(): Promise<{ readonly contentType: string; readonly text: string }>;
}

/** Makes the registry. Nothing is counted in it but when somebody scrapes. */
export function createMetrics(options: MetricsOptions): Metrics {
  const registry = new Registry();
  const sip = createSipCounters();
  let figures: Partial<ServerFigures> = {};
  let counts: readonly SipCount[] = [];
  for (const row of sipRows(() => counts, sip)) addRow(registry, row, () => row.read({}));
  for (const row of FIGURE_ROWS) addRow(registry, row, () => row.read(figures));
  if (options.ownProcess === 'shown') collectDefaultMetrics({ register: registry });
  return {
    sip,
    async page() {
      figures = options.figures();
      counts = sip.counts;
      return { contentType: registry.contentType, text: await registry.metrics() };
    },
  };
}

function addRow(registry: Registry, row: FigureRow, samples: () => readonly Sample[]): void {
  const { name, help, labels } = row;
  const settings = { name, help, labelNames: labels, registers: [registry] };
  if (row.kind === 'counter') {
    const counter = new Counter({
      ...settings,
      collect() {
        clear(counter, labels);
        for (const { labels: of, value } of samples()) counter.inc(of, value);
      },
    });
  } else {
    const gauge = new Gauge({
      ...settings,
      collect() {
        clear(gauge, labels);
        for (const { labels: of, value } of samples()) gauge.set(of, value);
      },
    });
  }
}

/** A metric without labels shows 0 after a reset; a figure that is left out is not to look so. */
function clear(metric: Counter | Gauge, labels: readonly string[]): void {
  metric.reset();
  if (labels.length === 0) metric.remove();
}

/** Metrics of the messages themselves. */
function sipRows(counts: () => readonly SipCount[], sip: SipCounters): readonly FigureRow[] {
  const samples = (keep: (count: SipCount) => boolean) => (): readonly Sample[] =>
    counts()
      .filter(keep)
      .map((each) => ({ labels: labelsOf(each), value: each.count }));
  const kind = 'counter';
  return [
    {
      ...{ name: 'konfa_sip_requests_total', help: `SIP requests${AMONG_THEM}` },
      ...{ kind, labels: ['direction', 'method'] },
      read: samples(({ which, status }) => which === 'all' && status === 0),
    },
    {
      ...{ name: 'konfa_sip_responses_total', help: `SIP responses${AMONG_THEM}` },
      ...{ kind, labels: ['direction', 'method', 'status'] },
      read: samples(({ which, status }) => which === 'all' && status !== 0),
    },
    {
      name: 'konfa_sip_retransmissions_sent_total',
      help: 'SIP messages that we sent again; status is empty for requests.',
      ...{ kind, labels: ['method', 'status'] },
      read: () =>
        counts()
          .filter(({ which }) => which === 'again')
          .map(({ method, status, count }) => ({
            labels: { method, status: status === 0 ? '' : String(status) },
            value: count,
          })),
    },
    {
      ...{ name: 'konfa_sip_unreadable_total', help: 'Messages received that begin like no SIP.' },
      ...{ kind, labels: [] },
      read: () => [{ labels: {}, value: sip.neither }],
    },
  ];
}

function labelsOf({ direction, method, status }: SipCount): Readonly<Record<string, string>> {
  return status === 0 ? { direction, method } : { direction, method, status: String(status) };
}
