/** Counters of a connection at one moment, as `getStats` has them. Null: the browser does not tell. */
export interface StatsReading {
  readonly packetsIn: number;
  readonly packetsLostIn: number;
  readonly jitterMs: number | null;
  readonly roundTripMs: number | null;
  /** Share of what we sent that did not arrive, 0–1. */
  readonly lossOut: number | null;
}

/** What a connection was like between two readings. */
export interface QualitySample {
  readonly lossIn: number;
  readonly lossOut: number;
  readonly jitterMs: number;
  readonly roundTripMs: number;
}

/** In plain words: `good`, `weak` (pieces are missing), `bad` (talking is hard). `unknown`: not yet measured. */
export type Quality = 'unknown' | 'good' | 'weak' | 'bad';

/** What makes it so, for the advice. */
export type QualityCause = 'none' | 'loss' | 'delay' | 'jitter';

/** Samples that are looked at together: one bad second is not a bad connection. */
const WINDOW = 4;
const WEAK = { loss: 0.02, roundTripMs: 300, jitterMs: 30 } as const;
const BAD = { loss: 0.08, roundTripMs: 600, jitterMs: 80 } as const;

/** What happened between two readings; null when counters went back, as after a new call. */
export function sampleBetween(before: StatsReading, now: StatsReading): QualitySample | null {
  const received = now.packetsIn - before.packetsIn;
  const lost = now.packetsLostIn - before.packetsLostIn;
  if (received < 0) return null;
  // Late packets are taken back from the lost ones.
  const missing = Math.max(0, lost);
  return {
    lossIn: received + missing === 0 ? 0 : missing / (received + missing),
    lossOut: now.lossOut ?? 0,
    jitterMs: now.jitterMs ?? 0,
    roundTripMs: now.roundTripMs ?? 0,
  };
}

/** The last few samples with one more. */
export function withSample(
  samples: readonly QualitySample[],
  sample: QualitySample,
): readonly QualitySample[] {
  return [...samples.slice(1 - WINDOW), sample];
}

/** What the last samples come to. */
export function judge(samples: readonly QualitySample[]): {
  readonly quality: Quality;
  readonly cause: QualityCause;
} {
  if (samples.length === 0) return { quality: 'unknown', cause: 'none' };
  const loss = mean(samples.map((sample) => Math.max(sample.lossIn, sample.lossOut)));
  const roundTripMs = mean(samples.map((sample) => sample.roundTripMs));
  const jitterMs = mean(samples.map((sample) => sample.jitterMs));
  const cause = ([BAD, WEAK] as const)
    .map((limit): QualityCause => {
      if (loss > limit.loss) return 'loss';
      if (roundTripMs > limit.roundTripMs) return 'delay';
      return jitterMs > limit.jitterMs ? 'jitter' : 'none';
    })
    .map((one, index) => ({ quality: index === 0 ? 'bad' : 'weak', cause: one }) as const)
    .find((one) => one.cause !== 'none');
  return cause ?? { quality: 'good', cause: 'none' };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}
