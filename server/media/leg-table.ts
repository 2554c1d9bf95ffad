import type { LegId } from '../../mixer/protocol/mixer-command.ts';
import { NO_WORKER } from './pooled-leg.ts';
import type { PooledLeg } from './pooled-leg.ts';

/** What a room counts in the load of a worker, in legs: those who will come. */
const ROOM_WEIGHT = 8;

/** All legs, and how many each worker has: counted as they come and go, since every call asks. */
export class LegTable {
  readonly #legs = new Map<LegId, PooledLeg>();
  readonly #ofWorker = new Map<number, number>();

  get size(): number {
    return this.#legs.size;
  }

  get all(): Iterable<PooledLeg> {
    return this.#legs.values();
  }

  get(legId: LegId): PooledLeg | undefined {
    return this.#legs.get(legId);
  }

  add(leg: PooledLeg): void {
    this.#legs.set(leg.legId, leg);
    this.#count(leg.worker, 1);
  }

  /** From now on the leg weighs on this worker, or on none. */
  place(leg: PooledLeg, worker: number): void {
    const isKnown = this.#legs.get(leg.legId) === leg;
    if (isKnown) this.#count(leg.worker, -1);
    leg.worker = worker;
    if (isKnown) this.#count(worker, 1);
  }

  remove(leg: PooledLeg): void {
    if (this.#legs.get(leg.legId) !== leg) return;
    this.#legs.delete(leg.legId);
    this.#count(leg.worker, -1);
  }

  /**
   * The worker with the least to do, null when none runs. Each home of a room counts as many legs: a leg, for which no
   * homes are given, goes where fewest are now.
   */
  leastLoaded(running: readonly number[], homes: Iterable<number>): number | null {
    const loads = new Map(running.map((worker) => [worker, this.#ofWorker.get(worker) ?? 0]));
    for (const worker of homes) {
      const load = loads.get(worker);
      if (load !== undefined) loads.set(worker, load + ROOM_WEIGHT);
    }
    let best: number | null = null;
    for (const [worker, load] of loads) {
      if (best === null || load < (loads.get(best) ?? 0)) best = worker;
    }
    return best;
  }

  #count(worker: number, change: 1 | -1): void {
    if (worker === NO_WORKER) return;
    this.#ofWorker.set(worker, (this.#ofWorker.get(worker) ?? 0) + change);
  }
}
