import { NEVER } from '../../mixer/protocol/units.ts';
import type { DurationMs, MonotonicMs } from '../../mixer/protocol/units.ts';

/*
 *   off ──one side is not to send──▶ begun ──▶ waiting ──interval──▶ asking ──any answer──▶ waiting
 *    ▲                                │            ▲                   │
 *    │                                │            └── 30 s ── missed ─┤
 *    └────────both send again─────────┴────────────────────────────────┘ 481, missed twice: gone
 */
type State =
  | { readonly state: 'off' }
  /** Its clock starts with the next input. */
  | { readonly state: 'begun' }
  | { readonly state: 'waiting'; readonly untilMs: MonotonicMs }
  | { readonly state: 'asking'; readonly cseq: number };

/** After a probe that came to nothing the next one goes out so soon. */
const AGAIN_MS: DurationMs = 30_000;

/** So many without an answer in a row, and the peer is gone: one may have met a proxy that was starting. */
const MISSES = 2;

/**
 * Finds out that a call on hold is dead when no session timer does (RFC 4028): nobody misses the packets of somebody who
 * is not to send any, so the peer is asked by OPTIONS within the dialog (RFC 3261 §12.2.1.2 says what its answers mean).
 * A call that talks is never asked: its silence is noticed, and there are peers that swallow OPTIONS.
 */
export class HoldProbe {
  readonly #intervalMs: DurationMs;
  #state: State = { state: 'off' };
  #misses = 0;

  constructor(intervalMs: DurationMs) {
    this.#intervalMs = intervalMs;
  }

  /** When the next one goes out. */
  get deadlineMs(): MonotonicMs {
    return this.#state.state === 'waiting' ? this.#state.untilMs : NEVER;
  }

  /** A description of either side that is in force from now on. */
  described(sdp: string): void {
    if (isQuiet(sdp)) {
      if (this.#state.state === 'off') this.#state = { state: 'begun' };
      return;
    }
    this.#state = { state: 'off' };
    // Whoever has agreed on media again is there: a miss of this hold says nothing of the next.
    this.#misses = 0;
  }

  /** Whether one is due. `sessionTimer` — one that runs finds out by itself. */
  due(sessionTimer: 'runs' | 'off', nowMs: MonotonicMs): 'probe' | 'nothing' {
    const state = this.#state;
    if (state.state === 'begun') this.#wait(this.#intervalMs, nowMs);
    if (state.state !== 'waiting' || nowMs < state.untilMs) return 'nothing';
    if (sessionTimer === 'off') return 'probe';
    this.#wait(this.#intervalMs, nowMs);
    return 'nothing';
  }

  sent(cseq: number): void {
    this.#state = { state: 'asking', cseq };
  }

  /** Whether it is what an answer is to. */
  isAsking(cseq: number): boolean {
    return this.#state.state === 'asking' && this.#state.cseq === cseq;
  }

  /** A final answer, or null for none. `there`: whatever it says, somebody has said it. */
  answered(status: number | null, nowMs: MonotonicMs): 'there' | 'missed' | 'gone' {
    if (status === 481) return 'gone';
    const isMissed = status === null || status === 408;
    this.#misses = isMissed ? this.#misses + 1 : 0;
    this.#wait(isMissed ? AGAIN_MS : this.#intervalMs, nowMs);
    if (!isMissed) return 'there';
    return this.#misses < MISSES ? 'missed' : 'gone';
  }

  #wait(durationMs: DurationMs, nowMs: MonotonicMs): void {
    this.#state = { state: 'waiting', untilMs: nowMs + durationMs };
  }
}

/** Where a description says which side sends (RFC 3264 §6.1). */
const DIRECTION = /^a=(sendrecv|sendonly|recvonly|inactive)\s*$/m;

/** A media section that is off (RFC 3264 §6): what stands in it means nothing. */
const REFUSED = /^m=\S+ 0[ /]/;

/** Whether one side is not to send (RFC 3264 §8.4): what a section says itself goes before what is said for all. */
function isQuiet(sdp: string): boolean {
  const [session = '', ...sections] = sdp.split(/^(?=m=)/m);
  const usual = DIRECTION.exec(session)?.[1] ?? 'sendrecv';
  const directions = sections
    .filter((section) => !REFUSED.test(section))
    .map((section) => DIRECTION.exec(section)?.[1] ?? usual);
  return (sections.length === 0 ? [usual] : directions).some((each) => each !== 'sendrecv');
}
