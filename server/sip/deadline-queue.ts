import { NEVER } from '../../mixer/protocol/units.ts';
import type { MonotonicMs } from '../../mixer/protocol/units.ts';

/** A thing with a deadline: what a queue keeps. Its place in the queue is the queue's business. */
interface Entry<Owner> {
  readonly owner: Owner;
  atMs: MonotonicMs;
  place: number;
}

/**
 * The deadlines of many owners, soonest first: a binary heap in which every owner has one place.
 * Setting and taking cost O(log n), looking at the soonest O(1).
 */
export class DeadlineQueue<Owner> {
  readonly #heap: Entry<Owner>[] = [];
  readonly #entries = new Map<Owner, Entry<Owner>>();

  /** The soonest deadline, or `NEVER`. */
  get nextMs(): MonotonicMs {
    return this.#heap[0]?.atMs ?? NEVER;
  }

  /** Number of owners with a deadline. */
  get size(): number {
    return this.#heap.length;
  }

  /** Sets the deadline of an owner, in place of the one before; `NEVER` takes it out. */
  set(owner: Owner, atMs: MonotonicMs): void {
    const entry = this.#entries.get(owner);
    if (atMs === NEVER) {
      if (entry !== undefined) this.#remove(entry);
    } else if (entry === undefined) {
      const added = { owner, atMs, place: this.#heap.length };
      this.#entries.set(owner, added);
      this.#heap.push(added);
      this.#siftUp(added);
    } else if (entry.atMs !== atMs) {
      entry.atMs = atMs;
      this.#siftUp(entry);
      this.#siftDown(entry);
    }
  }

  /** Takes out one owner whose deadline has come, the soonest first; undefined when there is none. */
  takeDue(nowMs: MonotonicMs): Owner | undefined {
    const first = this.#heap[0];
    if (first === undefined || first.atMs > nowMs) return undefined;
    this.#remove(first);
    return first.owner;
  }

  #remove(entry: Entry<Owner>): void {
    this.#entries.delete(entry.owner);
    const last = this.#heap.pop();
    if (last === undefined || last === entry) return;
    this.#put(last, entry.place);
    this.#siftUp(last);
    this.#siftDown(last);
  }

  #put(entry: Entry<Owner>, place: number): void {
    this.#heap[place] = entry;
    entry.place = place;
  }

  #siftUp(entry: Entry<Owner>): void {
    while (entry.place > 0) {
      const place = entry.place;
      const parent = this.#heap[(place - 1) >> 1];
      if (parent === undefined || parent.atMs <= entry.atMs) return;
      this.#put(entry, parent.place);
      this.#put(parent, place);
    }
  }

  #siftDown(entry: Entry<Owner>): void {
    for (;;) {
      const place = entry.place;
      const left = this.#heap[2 * place + 1];
      const right = this.#heap[2 * place + 2];
      const child =
        right !== undefined && left !== undefined && right.atMs < left.atMs ? right : left;
      if (child === undefined || child.atMs >= entry.atMs) return;
      this.#put(entry, child.place);
      this.#put(child, place);
    }
  }
}
