/** A peer that begins anew without a new SSRC: so many packets in a row from far before the playout, or from near it. */
const RESTART_AFTER_FAR = 3;
const RESTART_AFTER_NEAR = 25;
/** What is farther behind than this was not reordered by any network, RFC 3550 §A.1. */
const MAX_MISORDER = 100;
/** Two packets that come after their turn was given away, within 2 s at 20 ms, make the delay grow. */
const LATE_MEMORY_TICKS = 100;

/** Remembers the packets of a stream that came too late: how many in a row, and how long ago the last one. */
export class LateMemory {
  #inRow = 0;
  #ticksSince = LATE_MEMORY_TICKS;

  /** Counts a tick. */
  tick(): void {
    if (this.#ticksSince < LATE_MEMORY_TICKS) this.#ticksSince += 1;
  }

  /** A packet came in time. */
  inTime(): void {
    this.#inRow = 0;
  }

  /** Takes a packet whose sequence number lies `step` behind the next: has the peer begun anew, or is it late? */
  behind(step: number): 'restarted' | 'late' {
    this.#inRow += 1;
    const limit = step < -MAX_MISORDER ? RESTART_AFTER_FAR : RESTART_AFTER_NEAR;
    return this.#inRow >= limit ? 'restarted' : 'late';
  }

  /** Notes that a packet's turn was given away; whether that happened a short while ago too. */
  missedTurn(): 'again' | 'first' {
    const outcome = this.#ticksSince < LATE_MEMORY_TICKS ? 'again' : 'first';
    this.#ticksSince = 0;
    return outcome;
  }
}
