const CALLS = 10_000;
const ROUNDS = 20;

/**
 * Heap bytes that a call of `run` leaves behind on average, over 10,000 calls after the compiler has warmed up. The least
 * of several rounds, as a collection or a compilation in the middle of one would blur it; garbage made by every call is
 * in all of them.
 */
export function heapBytesPerCall(run: (index: number) => void): number {
  let index = 0;
  for (let i = 0; i < 4 * CALLS; i += 1) {
    run(index);
    index += 1;
  }
  let least = Number.POSITIVE_INFINITY;
  for (let round = 0; round < ROUNDS; round += 1) {
    const before = process.memoryUsage().heapUsed;
    for (let i = 0; i < CALLS; i += 1) {
      run(index);
      index += 1;
    }
    const growth = process.memoryUsage().heapUsed - before;
    // A round that a collection fell into tells nothing.
    if (growth >= 0 && growth < least) least = growth;
  }
  return least / CALLS;
}
