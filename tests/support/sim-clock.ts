import type { MonotonicMs, WallclockMs } from '../../mixer/protocol/units.ts';
import type { Clock } from '../../server/runtime/clock.ts';

interface Appointment {
  readonly atMs: MonotonicMs;
  readonly order: number;
  readonly run: () => void;
}

/** A clock that stands still until a test moves it. What is due runs in the order of its time. */
export class SimClock implements Clock {
  #nowMs: MonotonicMs = 10_000;
  #wallclockOffsetMs: number;
  #order = 0;
  readonly #heap: Appointment[] = [];
  readonly #cancelled = new Set<Appointment>();

  constructor(wallclockMs: WallclockMs) {
    this.#wallclockOffsetMs = wallclockMs - this.#nowMs;
  }

  monotonicMs(): MonotonicMs {
    return this.#nowMs;
  }

  wallclockMs(): WallclockMs {
    return this.#nowMs + this.#wallclockOffsetMs;
  }

  /** Somebody sets the wall clock. */
  stepWallclock(byMs: number): void {
    this.#wallclockOffsetMs += byMs;
  }

  /** Appointments that are neither due nor cancelled. */
  get pending(): number {
    return this.#heap.length - this.#cancelled.size;
  }

  schedule(atMs: MonotonicMs, run: () => void): () => void {
    this.#order += 1;
    const appointment = { atMs: Math.max(atMs, this.#nowMs), order: this.#order, run };
    push(this.#heap, appointment);
    return () => {
      if (this.#heap.includes(appointment)) this.#cancelled.add(appointment);
    };
  }

  /** Lets time pass. Promises that were fulfilled meanwhile go on between appointments. */
  async advance(byMs: number): Promise<void> {
    const untilMs = this.#nowMs + byMs;
    for (
      let next = this.#heap[0];
      next !== undefined && next.atMs <= untilMs;
      next = this.#heap[0]
    ) {
      pop(this.#heap);
      this.#nowMs = Math.max(this.#nowMs, next.atMs);
      if (!this.#cancelled.delete(next)) next.run();
      if (next.order % 64 === 0) await Promise.resolve();
    }
    this.#nowMs = untilMs;
    await new Promise<void>((resolve) => {
      setImmediate(resolve);
    });
  }
}

function isBefore(one: Appointment, other: Appointment): boolean {
  return one.atMs < other.atMs || (one.atMs === other.atMs && one.order < other.order);
}

function push(heap: Appointment[], appointment: Appointment): void {
  let at = heap.push(appointment) - 1;
  while (at > 0) {
    const parentAt = (at - 1) >> 1;
    const parent = heap[parentAt];
    if (parent === undefined || !isBefore(appointment, parent)) break;
    heap[at] = parent;
    at = parentAt;
  }
  heap[at] = appointment;
}

function pop(heap: Appointment[]): void {
  const last = heap.pop();
  if (last === undefined || heap.length === 0) return;
  let at = 0;
  for (;;) {
    let childAt = 2 * at + 1;
    const right = heap[childAt + 1];
    const left = heap[childAt];
    if (left === undefined) break;
    if (right !== undefined && isBefore(right, left)) childAt += 1;
    const child = heap[childAt];
    if (child === undefined || !isBefore(child, last)) break;
    heap[at] = child;
    at = childAt;
  }
  heap[at] = last;
}
