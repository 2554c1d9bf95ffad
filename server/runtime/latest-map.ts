/**
 * A map of at most `most` entries; the one written longest ago goes first. Reading keeps nothing: where it shall, that is
 * a `RecentMap`. Each step costs the same however many keys come.
 */
export class LatestMap<Value> {
  readonly #most: number;
  readonly #entries = new Map<string, Value>();
  /** Goes on where it was: one that began anew would step over all that was ever deleted in front. */
  readonly #oldestFirst = this.#entries.keys();

  constructor(most: number) {
    this.#most = most;
  }

  get size(): number {
    return this.#entries.size;
  }

  get(key: string): Value | undefined {
    return this.#entries.get(key);
  }

  set(key: string, value: Value): void {
    this.#entries.delete(key);
    this.#entries.set(key, value);
    if (this.#entries.size <= this.#most) return;
    const oldest = this.#oldestFirst.next();
    if (oldest.done !== true) this.#entries.delete(oldest.value);
  }

  delete(key: string): void {
    this.#entries.delete(key);
  }
}
