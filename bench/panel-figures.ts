/** How a set of times is spread, in ms. */
export interface Spread {
  readonly count: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
  readonly worstMs: number;
}

/** The spread of times in ms. */
export function spreadOf(timesMs: readonly number[]): Spread {
  const sorted = timesMs.toSorted((one, other) => one - other);
  const at = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  return {
    count: sorted.length,
    p50Ms: at(0.5),
    p95Ms: at(0.95),
    p99Ms: at(0.99),
    worstMs: sorted.at(-1) ?? 0,
  };
}

/** `p50 1.2, p95 2.0, p99 3.1, worst 4.0 ms`. */
export function spreadText({ p50Ms, p95Ms, p99Ms, worstMs }: Spread): string {
  const [p50, p95, p99, worst] = [p50Ms, p95Ms, p99Ms, worstMs].map((ms) => ms.toFixed(1));
  return `p50 ${p50}, p95 ${p95}, p99 ${p99}, worst ${worst} ms`;
}
