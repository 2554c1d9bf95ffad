/** Packets that a window looks back; RFC 3711 §3.3.2 asks for 64 and more. */
const WINDOW_PACKETS = 256;
const WORDS = WINDOW_PACKETS / 32;
const NONE = -1;

/** Replay windows of a fixed number of streams, RFC 3711 §3.3.2. All memory is taken at once. */
export class ReplayWindows {
  readonly #highest: Float64Array;
  /** One bit per index, at the index modulo the window. */
  readonly #bits: Uint32Array;

  constructor(streams: number) {
    this.#highest = new Float64Array(streams).fill(NONE);
    this.#bits = new Uint32Array(streams * WORDS);
  }

  /** Highest index seen of a stream; −1: none yet. */
  highest(at: number): number {
    return this.#highest[at] ?? NONE;
  }

  /** Whether this index was not seen yet and is not too old to tell. */
  isFresh(at: number, index: number): boolean {
    const highest = this.highest(at);
    if (index > highest) return true;
    if (highest - index >= WINDOW_PACKETS) return false;
    const bit = index % WINDOW_PACKETS;
    return (((this.#bits[at * WORDS + (bit >>> 5)] ?? 0) >>> (bit & 31)) & 1) === 0;
  }

  /** Remembers an index. Those skipped on the way to a new highest one have not been seen. */
  mark(at: number, index: number): void {
    const bits = this.#bits;
    const highest = this.highest(at);
    if (index - highest >= WINDOW_PACKETS) bits.fill(0, at * WORDS, (at + 1) * WORDS);
    else {
      for (let next = highest + 1; next < index; next += 1) {
        const word = at * WORDS + ((next % WINDOW_PACKETS) >>> 5);
        bits[word] = (bits[word] ?? 0) & ~(1 << (next % 32));
      }
    }
    const word = at * WORDS + ((index % WINDOW_PACKETS) >>> 5);
    bits[word] = (bits[word] ?? 0) | (1 << (index % 32));
    this.#highest[at] = Math.max(highest, index);
  }

  /** Begins a stream at its highest index, −1 for none. All up to it counts as seen: which were, nobody knows. */
  restart(at: number, highest: number): void {
    this.#highest[at] = highest;
    this.#bits.fill(highest < 0 ? 0 : 0xffffffff, at * WORDS, (at + 1) * WORDS);
  }
}
