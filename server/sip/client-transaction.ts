import { NEVER } from '../../mixer/protocol/units.ts';
import type { DurationMs, MonotonicMs } from '../../mixer/protocol/units.ts';
import type { Core, Timeout } from '../runtime/core.ts';
import type { SipResponse } from './message.ts';
import { transactionTimeoutMs } from './sip-timers.ts';
import type { TransactionSettings } from './sip-timers.ts';
import { NO_TRANSACTION_ACTIONS } from './transaction-action.ts';
import type { TransactionAction } from './transaction-action.ts';

/** What a client transaction is fed. */
export type ClientInput =
  /** Sends the request. The first input. */
  | { readonly type: 'start' }
  | { readonly type: 'response'; readonly response: SipResponse }
  /** The connection is gone. */
  | { readonly type: 'transport-failed' };

/*
 *   start ──▶ trying ──1xx──▶ proceeding
 *               │                 │
 *            200–699           200–699
 *               └──▶ completed ◀──┘ ──K──▶ terminated
 *   F in trying or proceeding ──▶ terminated (failed)
 */
type State =
  | { readonly state: 'idle' }
  | {
      readonly state: 'trying' | 'proceeding';
      /** Timer E. */
      readonly retransmitAtMs: MonotonicMs;
      readonly intervalMs: DurationMs;
      /** Timer F. */
      readonly giveUpAtMs: MonotonicMs;
    }
  /** Timer K: responses that come again are absorbed. */
  | { readonly state: 'completed'; readonly endAtMs: MonotonicMs }
  | { readonly state: 'terminated' };

type Pending = Extract<State, { state: 'trying' | 'proceeding' }>;

/** The client side of every request but INVITE and ACK: RFC 3261 §17.1.2. */
export class ClientTransaction implements Core<ClientInput, TransactionAction> {
  readonly #settings: TransactionSettings;
  readonly #request: Uint8Array;
  #state: State = { state: 'idle' };

  constructor(settings: TransactionSettings, request: Uint8Array) {
    this.#settings = settings;
    this.#request = request;
  }

  get deadlineMs(): MonotonicMs {
    const state = this.#state;
    switch (state.state) {
      case 'trying':
      case 'proceeding':
        return Math.min(state.retransmitAtMs, state.giveUpAtMs);
      case 'completed':
        return state.endAtMs;
      case 'idle':
      case 'terminated':
        return NEVER;
    }
  }

  handle(input: ClientInput | Timeout, nowMs: MonotonicMs): readonly TransactionAction[] {
    const state = this.#state;
    switch (state.state) {
      case 'idle':
        return input.type === 'start' ? this.#start(nowMs) : NO_TRANSACTION_ACTIONS;
      case 'trying':
      case 'proceeding':
        return this.#pending(state, input, nowMs);
      case 'completed':
        if (input.type !== 'timeout' || nowMs < state.endAtMs) return NO_TRANSACTION_ACTIONS;
        return this.#end([]);
      case 'terminated':
        return NO_TRANSACTION_ACTIONS;
    }
  }

  #start(nowMs: MonotonicMs): readonly TransactionAction[] {
    const { t1Ms } = this.#settings.timers;
    this.#state = {
      state: 'trying',
      retransmitAtMs: this.#settings.reliability === 'reliable' ? NEVER : nowMs + t1Ms,
      intervalMs: t1Ms,
      giveUpAtMs: nowMs + transactionTimeoutMs(this.#settings.timers),
    };
    return [{ type: 'send', bytes: this.#request }];
  }

  #pending(
    state: Pending,
    input: ClientInput | Timeout,
    nowMs: MonotonicMs,
  ): readonly TransactionAction[] {
    switch (input.type) {
      case 'start':
        return NO_TRANSACTION_ACTIONS;
      case 'transport-failed':
        return this.#end([{ type: 'failed', why: 'transport' }]);
      case 'response':
        return this.#response(state, input.response, nowMs);
      case 'timeout':
        if (nowMs >= state.giveUpAtMs) return this.#end([{ type: 'failed', why: 'timeout' }]);
        if (nowMs < state.retransmitAtMs) return NO_TRANSACTION_ACTIONS;
        return this.#retransmit(state, nowMs);
    }
  }

  #response(
    state: Pending,
    response: SipResponse,
    nowMs: MonotonicMs,
  ): readonly TransactionAction[] {
    const pass: TransactionAction = { type: 'response', response };
    if (response.status < 200) {
      this.#state = { ...state, state: 'proceeding' };
      return [pass];
    }
    if (this.#settings.reliability === 'reliable') return this.#end([pass]);
    this.#state = { state: 'completed', endAtMs: nowMs + this.#settings.timers.t4Ms };
    return [pass];
  }

  /** After a provisional response the interval is T2 at once (RFC 3261 §17.1.2.2). */
  #retransmit(state: Pending, nowMs: MonotonicMs): readonly TransactionAction[] {
    const { t2Ms } = this.#settings.timers;
    const intervalMs = state.state === 'proceeding' ? t2Ms : Math.min(state.intervalMs * 2, t2Ms);
    this.#state = { ...state, intervalMs, retransmitAtMs: nowMs + intervalMs };
    return [{ type: 'send', bytes: this.#request, again: true }];
  }

  #end(before: readonly TransactionAction[]): readonly TransactionAction[] {
    this.#state = { state: 'terminated' };
    return [...before, { type: 'ended' }];
  }
}
