import { NEVER } from '../../mixer/protocol/units.ts';
import type { DurationMs, MonotonicMs } from '../../mixer/protocol/units.ts';
import type { Core, Timeout } from '../runtime/core.ts';
import type { ClientInput } from './client-transaction.ts';
import type { SipResponse } from './message.ts';
import { transactionTimeoutMs } from './sip-timers.ts';
import type { TransactionSettings } from './sip-timers.ts';
import { NO_TRANSACTION_ACTIONS } from './transaction-action.ts';
import type { TransactionAction } from './transaction-action.ts';

/** What an INVITE client transaction sends. */
export interface InviteClientMessages {
  readonly request: Uint8Array;
  /** The ACK of a refusal, which belongs to the transaction (RFC 3261 §17.1.1.3). */
  readonly ackOf: (response: SipResponse) => Uint8Array;
}

/*
 *   start ──▶ calling ──1xx──▶ proceeding
 *               │ B: failed        │
 *               ├──2xx──▶ accepted ◀┤ ──M──▶ terminated
 *               └──300–699──▶ completed ◀┘ ──D──▶ terminated
 */
type State =
  | { readonly state: 'idle' }
  | {
      readonly state: 'calling';
      /** Timer A. */
      readonly retransmitAtMs: MonotonicMs;
      readonly intervalMs: DurationMs;
      /** Timer B. */
      readonly giveUpAtMs: MonotonicMs;
    }
  | { readonly state: 'proceeding' }
  /** Timer M: every 2xx, also those of other forks, goes to the transaction user, which sends the ACK. */
  | { readonly state: 'accepted'; readonly endAtMs: MonotonicMs }
  /** Timer D: a refusal that comes again is acknowledged again. */
  | { readonly state: 'completed'; readonly ack: Uint8Array; readonly endAtMs: MonotonicMs }
  | { readonly state: 'terminated' };

/** The client side of an INVITE: RFC 3261 §17.1.1 as corrected by RFC 6026 §7.2. */
export class InviteClientTransaction implements Core<ClientInput, TransactionAction> {
  readonly #settings: TransactionSettings;
  readonly #messages: InviteClientMessages;
  #state: State = { state: 'idle' };

  constructor(settings: TransactionSettings, messages: InviteClientMessages) {
    this.#settings = settings;
    this.#messages = messages;
  }

  get deadlineMs(): MonotonicMs {
    const state = this.#state;
    switch (state.state) {
      case 'calling':
        return Math.min(state.retransmitAtMs, state.giveUpAtMs);
      case 'accepted':
      case 'completed':
        return state.endAtMs;
      case 'idle':
      case 'proceeding':
      case 'terminated':
        return NEVER;
    }
  }

  handle(input: ClientInput | Timeout, nowMs: MonotonicMs): readonly TransactionAction[] {
    const state = this.#state;
    switch (state.state) {
      case 'idle':
        return input.type === 'start' ? this.#start(nowMs) : NO_TRANSACTION_ACTIONS;
      case 'calling':
        if (input.type === 'timeout') return this.#callingTimeout(state, nowMs);
        return this.#pending(input, nowMs);
      case 'proceeding':
        return this.#pending(input, nowMs);
      case 'accepted':
        return this.#accepted(state, input, nowMs);
      case 'completed':
        return this.#completed(state, input, nowMs);
      case 'terminated':
        return NO_TRANSACTION_ACTIONS;
    }
  }

  #start(nowMs: MonotonicMs): readonly TransactionAction[] {
    const { t1Ms } = this.#settings.timers;
    this.#state = {
      state: 'calling',
      retransmitAtMs: this.#settings.reliability === 'reliable' ? NEVER : nowMs + t1Ms,
      intervalMs: t1Ms,
      giveUpAtMs: nowMs + transactionTimeoutMs(this.#settings.timers),
    };
    return [{ type: 'send', bytes: this.#messages.request }];
  }

  /** Timer A doubles without a bound: T2 is not for INVITEs (RFC 3261 §17.1.1.2). */
  #callingTimeout(
    state: Extract<State, { state: 'calling' }>,
    nowMs: MonotonicMs,
  ): readonly TransactionAction[] {
    if (nowMs >= state.giveUpAtMs) return this.#end([{ type: 'failed', why: 'timeout' }]);
    if (nowMs < state.retransmitAtMs) return NO_TRANSACTION_ACTIONS;
    const intervalMs = state.intervalMs * 2;
    this.#state = { ...state, intervalMs, retransmitAtMs: nowMs + intervalMs };
    return [{ type: 'send', bytes: this.#messages.request }];
  }

  #pending(input: ClientInput | Timeout, nowMs: MonotonicMs): readonly TransactionAction[] {
    if (input.type === 'transport-failed') {
      return this.#end([{ type: 'failed', why: 'transport' }]);
    }
    if (input.type !== 'response') return NO_TRANSACTION_ACTIONS;
    const { response } = input;
    const pass: TransactionAction = { type: 'response', response };
    const endAtMs = nowMs + transactionTimeoutMs(this.#settings.timers);
    if (response.status < 200) {
      this.#state = { state: 'proceeding' };
      return [pass];
    }
    if (response.status < 300) {
      this.#state = { state: 'accepted', endAtMs };
      return [pass];
    }
    const ack = this.#messages.ackOf(response);
    const acknowledge: TransactionAction = { type: 'send', bytes: ack };
    if (this.#settings.reliability === 'reliable') return this.#end([acknowledge, pass]);
    this.#state = { state: 'completed', ack, endAtMs };
    return [acknowledge, pass];
  }

  #accepted(
    state: Extract<State, { state: 'accepted' }>,
    input: ClientInput | Timeout,
    nowMs: MonotonicMs,
  ): readonly TransactionAction[] {
    if (input.type === 'timeout')
      return nowMs < state.endAtMs ? NO_TRANSACTION_ACTIONS : this.#end([]);
    if (input.type !== 'response') return NO_TRANSACTION_ACTIONS;
    const isSuccess = input.response.status >= 200 && input.response.status < 300;
    return isSuccess ? [{ type: 'response', response: input.response }] : NO_TRANSACTION_ACTIONS;
  }

  #completed(
    state: Extract<State, { state: 'completed' }>,
    input: ClientInput | Timeout,
    nowMs: MonotonicMs,
  ): readonly TransactionAction[] {
    if (input.type === 'timeout')
      return nowMs < state.endAtMs ? NO_TRANSACTION_ACTIONS : this.#end([]);
    if (input.type === 'transport-failed') return this.#end([]);
    if (input.type !== 'response' || input.response.status < 300) return NO_TRANSACTION_ACTIONS;
    return [{ type: 'send', bytes: state.ack }];
  }

  #end(before: readonly TransactionAction[]): readonly TransactionAction[] {
    this.#state = { state: 'terminated' };
    return [...before, { type: 'ended' }];
  }
}
