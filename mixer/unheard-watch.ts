import type { DurationMs, MonotonicMs } from './protocol/units.ts';
import type { LegArrivals } from './transport/leg-transport.ts';

/** Silence after which somebody is to be told. */
const UNHEARD_MS: DurationMs = 5000;
/** RTCP comes at least so often from a peer that is there, RFC 3550 §6.2: twice the mean interval. */
const REPORTS_MS: DurationMs = 10_000;

/** What silence of the peer means now. */
export type Silence =
  /** It must not send, holds the call, or said that it is silent. */
  | 'in-order'
  /** It may send nothing as long as its reports come. */
  | 'perhaps-wanted'
  /** It is to send. */
  | 'not-in-order';

/** Finds out when a leg is not heard that should be: once when nothing has ever come, once when what came has stopped. */
export class UnheardWatch {
  /** Since when the peer is to send. */
  #sinceMs: MonotonicMs;
  #never: 'not-told' | 'told' = 'not-told';
  #stopped: 'not-told' | 'told' = 'not-told';

  readonly #arrivals: Readonly<LegArrivals>;

  constructor(arrivals: Readonly<LegArrivals>, nowMs: MonotonicMs) {
    this.#arrivals = arrivals;
    this.#sinceMs = nowMs;
  }

  /** Tells what to report now. `ever`: whether RTP came before, perhaps on another worker. Allocates nothing. */
  look(
    silence: Silence,
    ever: 'some' | 'none',
    nowMs: MonotonicMs,
  ): 'never' | 'stopped' | 'nothing' {
    const arrivals = this.#arrivals;
    if (silence === 'in-order') this.#sinceMs = nowMs;
    if (nowMs - Math.max(this.#sinceMs, arrivals.rtpAtMs) < UNHEARD_MS) return 'nothing';
    if (ever === 'none') {
      if (this.#never === 'told') return 'nothing';
      this.#never = 'told';
      return 'never';
    }
    const isAlive = arrivals.reportsIn > 0 && nowMs - arrivals.rtcpAtMs < REPORTS_MS;
    if (this.#stopped === 'told' || (silence === 'perhaps-wanted' && isAlive)) return 'nothing';
    this.#stopped = 'told';
    return 'stopped';
  }
}
