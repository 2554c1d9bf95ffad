import { NEVER } from '../../mixer/protocol/units.ts';
import type { DurationMs, MonotonicMs } from '../../mixer/protocol/units.ts';
import type { Trouble } from './trouble.ts';

/** So many pings without an answer in a row, and a host is down. */
const MISSES_TO_DOWN = 2;
/** So many answers in a row, and it is up again; twice, three times as many when it went down lately. */
const ANSWERS_TO_UP = 2;
const MOST_ANSWERS_TO_UP = 8;
/** How long a host that went down is remembered for being unsteady. */
const UNSTEADY_MS: DurationMs = 600_000;
/** A ping that has no answer by then counts as missed: five packets by UDP, where the transaction would go on to 32 s. */
const PATIENCE_MS: DurationMs = 8000;
/** How soon a host that is in doubt is asked again, and one that is down. */
const DOUBT_MS: DurationMs = 5000;
const DOWN_MS: DurationMs = 30_000;
/** How long a host is down that is never pinged: then it gets another chance. */
const UNASKED_DOWN_MS: DurationMs = 300_000;

const SILENCE: Readonly<Record<'timeout' | 'transport', Trouble>> = {
  timeout: { code: 'no-answer', words: 'no answer' },
  transport: { code: 'unreachable', words: 'it cannot be reached' },
};
const CAME_TO_NOTHING: Trouble = { code: 'came-to-nothing', words: 'a request came to nothing' };

/**
 * Whether one address of a trunk is there, by its answers to OPTIONS, and by what became of registrations and calls there:
 *
 *     unknown ──answer──▶ up ──2 misses──▶ down ──2…8 answers──▶ up
 *        │ ▲                                ▲ │
 *        │ └──── 5 min, when not pinged ────┼─┘
 *        └───────────── 2 misses ───────────┘
 */
export class HostHealth {
  state: 'unknown' | 'up' | 'down' = 'unknown';
  sinceMs: MonotonicMs;
  lastStatus: number | null = null;
  /** What went wrong last; null when nothing did. */
  trouble: Trouble | null = null;
  roundTripMs: DurationMs | null = null;
  /** The ping that is on its way. */
  pending: { readonly requestId: string; readonly sentAtMs: MonotonicMs } | null = null;
  nextPingAtMs: MonotonicMs;
  readonly #pingMs: DurationMs;
  #misses = 0;
  #answers = 0;
  #downs = 0;
  #lastDownAtMs: MonotonicMs = Number.NEGATIVE_INFINITY;

  constructor(options: {
    readonly pingMs: DurationMs;
    readonly nowMs: MonotonicMs;
    readonly firstPingAtMs: MonotonicMs;
  }) {
    this.#pingMs = options.pingMs;
    this.sinceMs = options.nowMs;
    this.nextPingAtMs = options.firstPingAtMs;
  }

  /** When the host is to be pinged next, or its ping is given up. */
  get dueAtMs(): MonotonicMs {
    return this.pending === null ? this.nextPingAtMs : this.pending.sentAtMs + PATIENCE_MS;
  }

  /** A ping was answered: by anything but 408 and 503, the host is there. Returns the new state when it is another. */
  answered(status: number, nowMs: MonotonicMs): 'up' | 'down' | null {
    if (this.pending !== null) this.roundTripMs = nowMs - this.pending.sentAtMs;
    this.lastStatus = status;
    if (isFailure(status)) {
      return this.#missed({ code: 'status', words: `it answers ${status}` }, nowMs);
    }
    const changed = this.#served(nowMs);
    this.#next(nowMs, this.state === 'up' ? this.#pingMs : DOUBT_MS);
    return changed;
  }

  /** A ping was not answered. Returns the new state when it is another. */
  silent(why: 'timeout' | 'transport', nowMs: MonotonicMs): 'up' | 'down' | null {
    this.lastStatus = null;
    this.roundTripMs = null;
    return this.#missed(SILENCE[why], nowMs);
  }

  /**
   * A registration or a call was answered there, or came to nothing. After a failure it is pinged at once, where it is
   * pinged at all. Returns the new state when it is another.
   */
  heard(outcome: 'served' | 'failed', nowMs: MonotonicMs): 'up' | 'down' | null {
    const changed =
      outcome === 'served' ? this.#served(nowMs) : this.#counted(CAME_TO_NOTHING, nowMs);
    if (this.#pingMs === 0) {
      this.nextPingAtMs = this.state === 'down' ? nowMs + UNASKED_DOWN_MS : NEVER;
    } else if (outcome === 'failed') {
      this.nextPingAtMs = Math.min(this.nextPingAtMs, nowMs);
    }
    return changed;
  }

  /** It is never pinged, and was down for long enough. The next failure puts it down again. */
  forgive(nowMs: MonotonicMs): 'unknown' {
    this.#misses = MISSES_TO_DOWN - 1;
    this.nextPingAtMs = NEVER;
    this.#turn('unknown', nowMs);
    return 'unknown';
  }

  #served(nowMs: MonotonicMs): 'up' | null {
    this.trouble = null;
    this.#misses = 0;
    this.#answers += 1;
    const isUp = this.state !== 'down' || this.#answers >= this.#answersWanted(nowMs);
    if (!isUp || this.state === 'up') return null;
    this.#turn('up', nowMs);
    return 'up';
  }

  #missed(trouble: Trouble, nowMs: MonotonicMs): 'down' | null {
    const changed = this.#counted(trouble, nowMs);
    this.#next(nowMs, this.state === 'down' ? DOWN_MS : DOUBT_MS);
    return changed;
  }

  #counted(trouble: Trouble, nowMs: MonotonicMs): 'down' | null {
    this.trouble = trouble;
    this.#answers = 0;
    this.#misses += 1;
    const changed = this.#misses >= MISSES_TO_DOWN && this.state !== 'down' ? 'down' : null;
    if (changed !== null) {
      this.#downs = nowMs - this.#lastDownAtMs < UNSTEADY_MS ? this.#downs + 1 : 1;
      this.#lastDownAtMs = nowMs;
      this.#turn(changed, nowMs);
    }
    return changed;
  }

  #answersWanted(nowMs: MonotonicMs): number {
    if (nowMs - this.#lastDownAtMs >= UNSTEADY_MS) return ANSWERS_TO_UP;
    return Math.min(MOST_ANSWERS_TO_UP, ANSWERS_TO_UP * Math.max(1, this.#downs));
  }

  #turn(state: 'unknown' | 'up' | 'down', nowMs: MonotonicMs): void {
    this.state = state;
    this.sinceMs = nowMs;
  }

  #next(nowMs: MonotonicMs, waitMs: DurationMs): void {
    this.pending = null;
    this.nextPingAtMs = nowMs + Math.min(waitMs, this.#pingMs);
  }
}

/** Answers that say as much as none: the host is there, but serves nobody. */
export function isFailure(status: number): boolean {
  return status === 408 || status === 503;
}
