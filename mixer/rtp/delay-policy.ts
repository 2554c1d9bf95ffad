/** Half of the time (500 ms at 20 ms) over which all packets must have been early before delay is dropped. */
const HALF_WINDOW_TICKS = 25;
/** In a pause so many ticks are enough, down to one packet more than needed. */
const QUIET_WINDOW_TICKS = 15;
/** How long delay is kept when dropping it proved wrong; doubles each time it does. 2 s to 60 s. */
const FIRST_HOLD_TICKS = 100;
const MAX_HOLD_TICKS = 3000;
/** An underrun this soon after a drop is blamed on it, at least. */
const MIN_BLAME_TICKS = 250;

/**
 * Losses are counted in a bucket that each fills by `LOSS` and each tick empties by one: three of them close together
 * reach `OFTEN`, and so does one in each second and a half sooner or later; 7 s after the last, at most, they are rare.
 */
const LOSS = 100;
const OFTEN = 250;
const MAX_LOSSES = 600;

const NO_ARRIVAL = 0x3fffffff;

/**
 * Decides how much delay a stream needs, from how early each packet comes: its *slack*, the time between the tick that
 * first saw it and the tick that plays it. Slack that no packet of the last second needed is *excess* and is dropped. The
 * other way, growth, needs no decision: a packet that comes too late is played late, and all after it with it.
 *
 * Dropping is a probe. If it is followed by an underrun, as with a peer whose packets come right at the edge of the tick,
 * what was dropped becomes a *floor* that is kept for twice as long as the last time. A burst that happened once leaves
 * no floor, and its delay is gone after 1 to 1.5 s; in a pause all but one packet of it after 0.3 s.
 *
 * While losses that the next packet could mend come often, one packet of delay is a floor too: so long it takes for that
 * packet to come.
 * Samples are units of the RTP clock.
 */
export class DelayPolicy {
  #tick = 0;
  #minSlack = NO_ARRIVAL;
  #minSlackBefore = NO_ARRIVAL;
  #windowTicks = 0;
  #floorSamples = 0;
  #floorUntilTick = 0;
  #holdTicks = FIRST_HOLD_TICKS;
  #droppedAtTick = 0;
  #droppedSamples = 0;
  #losses = 0;
  #lostSamples = 0;

  /** Takes the least slack of the packets that came before this tick. */
  arrival(slackSamples: number): void {
    const slack = slackSamples < 0 ? 0 : slackSamples;
    if (slack < this.#minSlack) this.#minSlack = slack;
  }

  /** Counts a tick and returns the excess that may be dropped now, in samples; mostly 0. */
  tick(activity: 'speech' | 'quiet', packetSamples: number): number {
    this.#tick += 1;
    this.#windowTicks += 1;
    if (this.#losses > 0) this.#losses -= 1;
    if (this.#tick >= this.#floorUntilTick) this.#floorSamples = 0;
    const known = this.#minSlack !== NO_ARRIVAL;
    if (this.#windowTicks >= HALF_WINDOW_TICKS && known) {
      const excess = this.excessSamples;
      this.#minSlackBefore = this.#minSlack;
      this.#minSlack = NO_ARRIVAL;
      this.#windowTicks = 0;
      return excess;
    }
    if (activity === 'speech' || !known || this.#windowTicks < QUIET_WINDOW_TICKS) return 0;
    const excess = this.#minSlack - this.#kept - packetSamples;
    return excess > 0 ? excess : 0;
  }

  /** Slack beyond the floor that nothing in the window needed; 0 until a whole window is known. */
  get excessSamples(): number {
    const before = this.#minSlackBefore;
    const min = this.#minSlack < before ? this.#minSlack : before;
    const kept = this.#kept;
    return before === NO_ARRIVAL || min <= kept ? 0 : min - kept;
  }

  /** Says that `samples` of delay were dropped. */
  dropped(samples: number): void {
    this.#shift(-samples);
    const blameTicks = this.#blameTicks();
    if (this.#tick - this.#droppedAtTick > 2 * blameTicks && this.#holdTicks > FIRST_HOLD_TICKS) {
      this.#holdTicks >>= 1;
    }
    this.#droppedAtTick = this.#tick;
    this.#droppedSamples = samples;
  }

  /** Says that a packet came `samples` too late and that delay grew by as much. */
  grew(samples: number): void {
    this.#shift(samples);
    this.arrival(0);
    if (this.#droppedSamples === 0) return;
    if (this.#tick - this.#droppedAtTick <= this.#blameTicks()) {
      const doubled = 2 * this.#holdTicks;
      this.#holdTicks = doubled > MAX_HOLD_TICKS ? MAX_HOLD_TICKS : doubled;
      this.#floorUntilTick = this.#tick + this.#holdTicks;
      const wrong = samples < this.#droppedSamples ? samples : this.#droppedSamples;
      if (wrong > this.#floorSamples) this.#floorSamples = wrong;
    }
    this.#droppedSamples = 0;
  }

  /** Says that something was lost before a packet of `packetSamples` which may repeat it. */
  lost(packetSamples: number): void {
    const losses = this.#losses + LOSS;
    this.#losses = losses > MAX_LOSSES ? MAX_LOSSES : losses;
    this.#lostSamples = packetSamples;
  }

  /** Whether losses are worth a packet of delay. */
  get loss(): 'often' | 'rare' {
    return this.#losses >= OFTEN ? 'often' : 'rare';
  }

  /** Says that delay grew by `samples` because it was wanted. */
  lengthened(samples: number): void {
    this.#shift(samples);
  }

  /** Forgets the window; what was learned about the floor stays, as the peer and its path are the same. */
  restart(): void {
    this.#minSlack = NO_ARRIVAL;
    this.#minSlackBefore = NO_ARRIVAL;
    this.#windowTicks = 0;
  }

  /** Slack that is no excess. */
  get #kept(): number {
    const forLoss = this.#losses >= OFTEN ? this.#lostSamples : 0;
    return forLoss > this.#floorSamples ? forLoss : this.#floorSamples;
  }

  #blameTicks(): number {
    return this.#holdTicks > MIN_BLAME_TICKS ? this.#holdTicks : MIN_BLAME_TICKS;
  }

  #shift(samples: number): void {
    if (this.#minSlack !== NO_ARRIVAL) this.#minSlack = nonNegative(this.#minSlack + samples);
    if (this.#minSlackBefore !== NO_ARRIVAL) {
      this.#minSlackBefore = nonNegative(this.#minSlackBefore + samples);
    }
  }
}

function nonNegative(samples: number): number {
  return samples < 0 ? 0 : samples;
}
