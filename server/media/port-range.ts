import type { DurationMs, MonotonicMs } from '../../mixer/protocol/units.ts';

/** A port rests before it is given out again, so that late packets of one call do not reach the next. */
const REST_MS: DurationMs = 1000;

interface FreePort {
  readonly port: number;
  readonly restsUntilMs: MonotonicMs;
}

/**
 * RTP ports in turn: even ones, each with the odd one above it for RTCP (RFC 3550 §11). The port that has been free
 * longest comes first, so a port is used again as late as possible.
 */
export class PortRange {
  /** A ring, since a long list is slow to take the first from. Those that are free are `#count` from `#first` on. */
  readonly #ring: FreePort[] = [];
  #first = 0;
  #count: number;

  /** `from` to `to`, both included. `start` — a whole number that chooses where to begin. */
  constructor(range: readonly [number, number], start: number) {
    const [from, to] = range;
    const first = from + (from % 2);
    const count = Math.max(0, Math.floor((to - first + 1) / 2));
    for (let i = 0; i < count; i += 1) {
      this.#ring.push({ port: first + 2 * ((i + start) % count), restsUntilMs: 0 });
    }
    this.#count = count;
  }

  /** A port that is free, or null when all are in use or rest. */
  take(nowMs: MonotonicMs): number | null {
    const next = this.#ring[this.#first];
    if (this.#count === 0 || next === undefined || nowMs < next.restsUntilMs) return null;
    this.#first = (this.#first + 1) % this.#ring.length;
    this.#count -= 1;
    return next.port;
  }

  /** Gives back a port that was taken. */
  release(port: number, nowMs: MonotonicMs): void {
    if (this.#count === this.#ring.length) return;
    const end = (this.#first + this.#count) % this.#ring.length;
    this.#ring[end] = { port, restsUntilMs: nowMs + REST_MS };
    this.#count += 1;
  }
}
