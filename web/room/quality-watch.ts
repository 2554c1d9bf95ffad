import type { StatsReading } from './quality.ts';

/** Reads what a connection has counted so far; null when it says nothing about audio yet. */
export function readStats(report: RTCStatsReport): StatsReading | null {
  let packetsIn: number | null = null;
  let packetsLostIn = 0;
  let jitterMs: number | null = null;
  let roundTripMs: number | null = null;
  let lossOut: number | null = null;
  report.forEach((entry: unknown) => {
    if (!isEntry(entry)) return;
    switch (entry['type']) {
      case 'inbound-rtp':
        packetsIn = numberOf(entry['packetsReceived']) ?? 0;
        packetsLostIn = numberOf(entry['packetsLost']) ?? 0;
        jitterMs = inMs(entry['jitter']);
        return;
      case 'remote-inbound-rtp':
        lossOut = numberOf(entry['fractionLost']);
        roundTripMs ??= inMs(entry['roundTripTime']);
        return;
      case 'candidate-pair':
        if (entry['nominated'] !== true || entry['state'] !== 'succeeded') return;
        roundTripMs = inMs(entry['currentRoundTripTime']) ?? roundTripMs;
    }
  });
  return packetsIn === null ? null : { packetsIn, packetsLostIn, jitterMs, roundTripMs, lossOut };
}

function isEntry(value: unknown): value is Readonly<Record<string, unknown>> {
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
