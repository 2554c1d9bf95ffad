import type { StatsReading } from './quality.ts';

/** What `getStats` answers, as far as it is read. */
export interface StatsEntries {
  forEach(visit: (entry: unknown) => void): void;
}

/** Reads what a connection has counted so far; null when it says nothing about audio yet. */
export function readStats(report: StatsEntries): StatsReading | null {
  const entries = new Map<unknown, Entry>();
  report.forEach((entry) => {
    if (isEntry(entry) && isUseful(entry)) entries.set(entry['type'], entry);
  });
  const inbound = entries.get('inbound-rtp');
  if (inbound === undefined) return null;
  const remote = entries.get('remote-inbound-rtp');
  const pair = entries.get('candidate-pair');
  return {
    packetsIn: numberOf(inbound['packetsReceived']) ?? 0,
    packetsLostIn: numberOf(inbound['packetsLost']) ?? 0,
    jitterMs: inMs(inbound['jitter']),
    roundTripMs: inMs(pair?.['currentRoundTripTime']) ?? inMs(remote?.['roundTripTime']),
    lossOut: numberOf(remote?.['fractionLost']),
  };
}

type Entry = Readonly<Record<string, unknown>>;

/** Of the pairs of addresses only the one that is used says something. */
function isUseful(entry: Entry): boolean {
  if (entry['type'] !== 'candidate-pair') return true;
  return entry['nominated'] === true && entry['state'] === 'succeeded';
}

function isEntry(value: unknown): value is Entry {
  return typeof value === 'object' && value !== null;
}

function numberOf(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

/** Stats come in seconds. */
function inMs(value: unknown): number | null {
  const seconds = numberOf(value);
  return seconds === null ? null : seconds * 1000;
}
