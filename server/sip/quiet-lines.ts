import type { MonotonicMs } from '../../mixer/protocol/units.ts';

/** How long the same line is not written again. */
const QUIET_MS = 60_000;
/** Most lines that are remembered; beyond it all are forgotten. */
const MAX_REMEMBERED = 512;

interface Told {
  readonly atMs: MonotonicMs;
  readonly silent: number;
}

/** Keeps a peer that fails again and again from flooding the log: each line once a minute, with what was left out. */
export class QuietLines {
  readonly #told = new Map<string, Told>();

  /** How many of the same were left out since the last line, or null when this one is to be left out too. */
  take(line: string, nowMs: MonotonicMs): number | null {
    const last = this.#told.get(line);
    if (last !== undefined && nowMs - last.atMs < QUIET_MS) {
      this.#told.set(line, { atMs: last.atMs, silent: last.silent + 1 });
      return null;
    }
    if (this.#told.size >= MAX_REMEMBERED) this.#told.clear();
    this.#told.set(line, { atMs: nowMs, silent: 0 });
    return last?.silent ?? 0;
  }
}
