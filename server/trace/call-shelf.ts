import type { TracedCall } from './traced-call.ts';

/** A number of traced calls; the one that was idle for the longest gives way to a new one. */
export class CallShelf {
  /** The one that was idle for the longest first. */
  readonly #calls = new Map<string, TracedCall>();
  readonly #most: number;
  readonly #forgotten: (call: TracedCall) => void;

  /** `forgotten` — told of each call that gives way. */
  constructor(most: number, forgotten: (call: TracedCall) => void) {
    this.#most = most;
    this.#forgotten = forgotten;
  }

  get size(): number {
    return this.#calls.size;
  }

  get(callId: string): TracedCall | undefined {
    return this.#calls.get(callId);
  }

  /** Puts a call where the busiest are. */
  touch(call: TracedCall): void {
    this.#calls.delete(call.callId);
    this.#calls.set(call.callId, call);
    if (this.#calls.size > this.#most) this.dropOldest();
  }

  /** Takes a call off without telling. */
  take(callId: string): void {
    this.#calls.delete(callId);
  }

  /** Forgets the call that was idle for the longest. */
  dropOldest(): void {
    for (const call of this.#calls.values()) {
      this.#calls.delete(call.callId);
      this.#forgotten(call);
      return;
    }
  }

  /** All, the one that was idle for the longest first. */
  values(): IterableIterator<TracedCall> {
    return this.#calls.values();
  }
}
