/**
 * A map of at most `most` entries; the one written longest ago goes first. Reading keeps nothing: where it shall, that is
 * a `RecentMap`. Each step costs the same however many keys come, and what was written over is not kept.
 */
export class LatestMap<Value> {
  readonly #most: number;
  readonly #entries = new Map<string, Value>();
  /** Goes on where it was: one that began anew each time would step over all that was ever deleted in front. */
  #oldestFirst = this.#entries.keys();
  /** Writes since it was begun. */
  #writes = 0;

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
    this.#renew();
    if (this.#entries.size <= this.#most) return;
    const oldest = this.#oldestFirst.next();
    if (oldest.done !== true) this.#entries.delete(oldest.value);
  }

  delete(key: string): void {
    this.#entries.delete(key);
  }

  /**
   * An iterator that stands still holds every table that the map has had since. A new one steps over what was deleted in
   * front, once: so it is made after as many writes as there may be entries.
   */
  #renew(): void {
    this.#writes += 1;
    if (this.#writes <= this.#most) return;
    this.#writes = 0;
    this.#oldestFirst = this.#entries.keys();
  }
}
