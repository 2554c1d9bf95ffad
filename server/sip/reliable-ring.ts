import { NEVER } from '../../mixer/protocol/units.ts';
import type { DurationMs, MonotonicMs } from '../../mixer/protocol/units.ts';
import type { SipHeaders } from './message.ts';
import { transactionTimeoutMs } from './sip-timers.ts';
import type { SipTimers } from './sip-timers.ts';

/*
 *   idle ──start──▶ waiting ──PRACK──▶ idle
 *                   │  ▲ └──64*T1──▶ idle (give up)
 *                   └──┘ T1, doubling
 */
type State =
  | { readonly state: 'idle' }
  | {
      readonly state: 'waiting';
      readonly bytes: Uint8Array;
      readonly retransmitAtMs: MonotonicMs;
      readonly intervalMs: DurationMs;
      readonly giveUpAtMs: MonotonicMs;
    };

/** The provisional answers to one INVITE that must arrive (RFC 3262 §3): numbers, repetition, and their PRACKs. */
export class ReliableRing {
  readonly #timers: SipTimers;
  readonly #inviteCseq: number;
  #sequence: number;
  #state: State = { state: 'idle' };

  /** `firstSequence`: RSeq of the first one, 1 to 2^31 − 1, by chance. */
  constructor(timers: SipTimers, inviteCseq: number, firstSequence: number) {
    this.#timers = timers;
    this.#inviteCseq = inviteCseq;
    this.#sequence = firstSequence - 1;
  }

  get deadlineMs(): MonotonicMs {
    const state = this.#state;
    return state.state === 'idle' ? NEVER : Math.min(state.retransmitAtMs, state.giveUpAtMs);
  }

  /** Whether one is not acknowledged yet: another must not go out then. */
  get isWaiting(): boolean {
    return this.#state.state === 'waiting';
  }

  /** RSeq of the next one. */
  get nextSequence(): number {
    return this.#sequence + 1;
  }

  /** The one with `nextSequence` goes out. */
  start(bytes: Uint8Array, nowMs: MonotonicMs): void {
    const { t1Ms } = this.#timers;
    this.#sequence += 1;
    this.#state = {
      state: 'waiting',
      bytes,
      retransmitAtMs: nowMs + t1Ms,
      intervalMs: t1Ms,
      giveUpAtMs: nowMs + transactionTimeoutMs(this.#timers),
    };
  }

  /** What is due: bytes to be sent again, or the end of patience. */
  due(nowMs: MonotonicMs): Uint8Array | 'give-up' | null {
    const state = this.#state;
    if (state.state === 'idle') return null;
    if (nowMs >= state.giveUpAtMs) {
      this.#state = { state: 'idle' };
      return 'give-up';
    }
    if (nowMs < state.retransmitAtMs) return null;
    const intervalMs = state.intervalMs * 2;
    this.#state = { ...state, intervalMs, retransmitAtMs: nowMs + intervalMs };
    return state.bytes;
  }

  /** No more repetition: a final answer is out. A PRACK is taken all the same (RFC 3262 §3). */
  hush(): void {
    if (this.#state.state === 'waiting') {
      this.#state = { ...this.#state, retransmitAtMs: NEVER, giveUpAtMs: NEVER };
    }
  }

  /** Takes a PRACK; `unknown` when its RAck names nothing that waits. */
  acknowledge(prack: SipHeaders): 'taken' | 'unknown' {
    const [sequence, cseq, method] = (prack.first('rack') ?? '').trim().split(/[ \t]+/);
    const isThis =
      this.#state.state === 'waiting' &&
      sequence === String(this.#sequence) &&
      cseq === String(this.#inviteCseq) &&
      method === 'INVITE';
    if (!isThis) return 'unknown';
    this.#state = { state: 'idle' };
    return 'taken';
  }
}
