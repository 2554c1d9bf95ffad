import { NEVER } from '../../mixer/protocol/units.ts';
import type { DurationMs, MonotonicMs } from '../../mixer/protocol/units.ts';
import type { Random } from '../runtime/random.ts';
import type { Dialog } from './dialog.ts';
import type { DigestExchange } from './digest/digest-client.ts';

/** A re-INVITE or UPDATE of ours that is wanted. */
export interface Ask {
  /** `offer`: a call asked for it, and hears what comes of it. `refresh`: the session timer did. */
  readonly why: 'offer' | 'refresh';
  /** What is offered; of a refresh, what was agreed on last, in case that it goes by re-INVITE. */
  readonly sdp: string | null;
}

/** One that is on its way. */
export interface Asking {
  readonly state: 'asking';
  readonly ask: Ask;
  readonly method: 'INVITE' | 'UPDATE';
  readonly cseq: number;
  /** How often it has been sent under another CSeq before. */
  readonly tries: number;
  readonly giveUpAtMs: MonotonicMs;
  readonly digest: DigestExchange | null;
}

/*
 *   idle ──want──▶ queued ──sent──▶ asking ──2xx, refused──▶ idle
 *                    ▲                │
 *                    └─491, 401, 422──┘
 */
type State =
  | { readonly state: 'idle' }
  | {
      readonly state: 'queued';
      readonly ask: Ask;
      readonly tries: number;
      readonly notBeforeMs: MonotonicMs;
      readonly digest: DigestExchange | null;
    }
  | Asking;

/** Most times that one offer goes out; peers that always say 491 do exist. */
const MAX_TRIES = 8;

/** A re-INVITE that rings for as long as timer C (RFC 3261 §16.6) will not be answered any more. */
const MAX_WAIT_MS: DurationMs = 180_000;

/** Offers and refreshes of ours in one dialog, one after the other. Pure: the session writes and sends them. */
export class OwnOffer {
  #state: State = { state: 'idle' };
  /** What goes out when the present one is done. */
  #next: Ask | null = null;

  /** When the next one may go out, or the present one is given up. */
  get deadlineMs(): MonotonicMs {
    const state = this.#state;
    if (state.state === 'idle') return NEVER;
    return state.state === 'asking' ? state.giveUpAtMs : state.notBeforeMs;
  }

  /** The one that is on its way. */
  get asking(): Asking | null {
    return this.#state.state === 'asking' ? this.#state : null;
  }

  /** Wants one sent. An offer is a refresh too; of two offers the later one counts. */
  want(ask: Ask, nowMs: MonotonicMs): void {
    const state = this.#state;
    if (state.state === 'idle') {
      this.#state = { state: 'queued', ask, tries: 0, notBeforeMs: nowMs, digest: null };
    } else if (ask.why === 'refresh') {
      return;
    } else if (state.state === 'queued') {
      this.#state = { ...state, ask };
    } else {
      this.#next = ask;
    }
  }

  /** The one that may go out now. */
  ready(nowMs: MonotonicMs): Extract<State, { state: 'queued' }> | null {
    return this.#state.state === 'queued' && nowMs >= this.#state.notBeforeMs ? this.#state : null;
  }

  /** The one that was ready is out. */
  sent(sending: Pick<Asking, 'method' | 'cseq' | 'digest'>, nowMs: MonotonicMs): void {
    if (this.#state.state !== 'queued') return;
    const { ask, tries } = this.#state;
    this.#state = { state: 'asking', ask, tries, giveUpAtMs: nowMs + MAX_WAIT_MS, ...sending };
  }

  /** It goes out again, under another CSeq and with these challenges answered, not before `delayMs` are over; `spent` when that was tried often enough. */
  again(
    delayMs: DurationMs,
    digest: DigestExchange | null,
    nowMs: MonotonicMs,
  ): 'queued' | 'spent' {
    if (this.#state.state !== 'asking') return 'spent';
    const { ask, tries } = this.#state;
    if (tries + 1 >= MAX_TRIES) return 'spent';
    const notBeforeMs = nowMs + delayMs;
    this.#state = { state: 'queued', ask, tries: tries + 1, notBeforeMs, digest };
    return 'queued';
  }

  /** It has its final answer. */
  done(nowMs: MonotonicMs): void {
    this.#state = { state: 'idle' };
    const next = this.#next;
    this.#next = null;
    if (next !== null) this.want(next, nowMs);
  }

  /** Nothing more goes out. */
  drop(): void {
    this.#state = { state: 'idle' };
    this.#next = null;
  }
}

/** How long both sides wait after a 491, so that they do not meet again (RFC 3261 §14.1). */
export function glareBackoffMs(role: Dialog['role'], random: Random): DurationMs {
  // The owner of the Call-ID waits 2.1 to 4 s, the other 0 to 2 s, in steps of 10 ms.
  return role === 'uac' ? 2100 + 10 * random.integer(191) : 10 * random.integer(201);
}

/** What a final answer to an offer or refresh of ours comes to. */
export type Verdict =
  'accepted' | 'glare' | 'challenged' | 'interval' | 'by-invite' | 'gone' | 'refused';

/** Sorts a final answer. 481 and 408 end the dialog (RFC 3261 §12.2.1.2). */
export function verdictOf(status: number, method: Asking['method']): Verdict {
  if (status < 300) return 'accepted';
  switch (status) {
    case 491:
      return 'glare';
    case 401:
    case 407:
      return 'challenged';
    case 422:
      return 'interval';
    case 405:
    case 501:
      return method === 'UPDATE' ? 'by-invite' : 'refused';
    case 408:
    case 481:
      return 'gone';
    default:
      return 'refused';
  }
}
