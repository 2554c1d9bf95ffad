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

/** What an INVITE client transaction is fed. */
export type InviteClientInput =
  | ClientInput
  /** Gives the INVITE up (RFC 3261 §9.1). */
  | { readonly type: 'cancel' };

/*
 *   start ──▶ calling ──1xx──▶ proceeding ──64*T1 after CANCEL──▶ terminated (failed)
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
      /** `wanted`: no CANCEL may go out before a provisional response is here. */
      readonly cancel: 'none' | 'wanted';
    }
  /** Once cancelled, no final response is waited for longer than 64*T1 (RFC 3261 §9.1). */
  | { readonly state: 'proceeding'; readonly giveUpAtMs: MonotonicMs }
  /** Timer M: every 2xx, also those of other forks, goes to the transaction user, which sends the ACK. */
  | { readonly state: 'accepted'; readonly endAtMs: MonotonicMs }
  /** Timer D: a refusal that comes again is acknowledged again. */
  | { readonly state: 'completed'; readonly ack: Uint8Array; readonly endAtMs: MonotonicMs }
  | { readonly state: 'terminated' };

type Calling = Extract<State, { state: 'calling' }>;
type Proceeding = Extract<State, { state: 'proceeding' }>;

/** The client side of an INVITE: RFC 3261 §17.1.1 as corrected by RFC 6026 §7.2. */
export class InviteClientTransaction implements Core<InviteClientInput, TransactionAction> {
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
      case 'proceeding':
        return state.giveUpAtMs;
      case 'accepted':
      case 'completed':
        return state.endAtMs;
      case 'idle':
      case 'terminated':
        return NEVER;
    }
  }

  handle(input: InviteClientInput | Timeout, nowMs: MonotonicMs): readonly TransactionAction[] {
    const state = this.#state;
    switch (state.state) {
      case 'idle':
        return input.type === 'start' ? this.#start(nowMs) : NO_TRANSACTION_ACTIONS;
      case 'calling':
        return this.#calling(state, input, nowMs);
      case 'proceeding':
        if (input.type === 'timeout') return this.#proceedingTimeout(state, nowMs);
        if (input.type === 'cancel') return this.#cancel(state, nowMs);
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
      cancel: 'none',
    };
    return [{ type: 'send', bytes: this.#messages.request }];
  }

  #calling(
    state: Calling,
    input: InviteClientInput | Timeout,
    nowMs: MonotonicMs,
  ): readonly TransactionAction[] {
    if (input.type === 'timeout') return this.#callingTimeout(state, nowMs);
    if (input.type === 'cancel') {
      this.#state = { ...state, cancel: 'wanted' };
      return NO_TRANSACTION_ACTIONS;
    }
    const actions = this.#pending(input, nowMs);
    const next = this.#state;
    if (state.cancel === 'none' || next.state !== 'proceeding') return actions;
    return [...actions, ...this.#cancel(next, nowMs)];
  }

  /** A second CANCEL would say nothing new. */
  #cancel(state: Proceeding, nowMs: MonotonicMs): readonly TransactionAction[] {
    if (state.giveUpAtMs !== NEVER) return NO_TRANSACTION_ACTIONS;
    const giveUpAtMs = nowMs + transactionTimeoutMs(this.#settings.timers);
    this.#state = { state: 'proceeding', giveUpAtMs };
    return [{ type: 'cancel' }];
  }

  #proceedingTimeout(state: Proceeding, nowMs: MonotonicMs): readonly TransactionAction[] {
    if (nowMs < state.giveUpAtMs) return NO_TRANSACTION_ACTIONS;
    return this.#end([{ type: 'failed', why: 'timeout' }]);
  }

  /** Timer A doubles without a bound: T2 is not for INVITEs (RFC 3261 §17.1.1.2). */
  #callingTimeout(state: Calling, nowMs: MonotonicMs): readonly TransactionAction[] {
    if (nowMs >= state.giveUpAtMs) return this.#end([{ type: 'failed', why: 'timeout' }]);
    if (nowMs < state.retransmitAtMs) return NO_TRANSACTION_ACTIONS;
    const intervalMs = state.intervalMs * 2;
    this.#state = { ...state, intervalMs, retransmitAtMs: nowMs + intervalMs };
    return [{ type: 'send', bytes: this.#messages.request, again: true }];
  }

  #pending(input: InviteClientInput | Timeout, nowMs: MonotonicMs): readonly TransactionAction[] {
    if (input.type === 'transport-failed') {
      return this.#end([{ type: 'failed', why: 'transport' }]);
    }
    if (input.type !== 'response') return NO_TRANSACTION_ACTIONS;
    const { response } = input;
    const pass: TransactionAction = { type: 'response', response };
    const endAtMs = nowMs + transactionTimeoutMs(this.#settings.timers);
    if (response.status < 200) {
      this.#state = { state: 'proceeding', giveUpAtMs: this.#cancelGiveUpAtMs() };
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
    input: InviteClientInput | Timeout,
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
    input: InviteClientInput | Timeout,
    nowMs: MonotonicMs,
  ): readonly TransactionAction[] {
    if (input.type === 'timeout')
      return nowMs < state.endAtMs ? NO_TRANSACTION_ACTIONS : this.#end([]);
    if (input.type === 'transport-failed') return this.#end([]);
    if (input.type !== 'response' || input.response.status < 300) return NO_TRANSACTION_ACTIONS;
    return [{ type: 'send', bytes: state.ack, again: true }];
  }

  #cancelGiveUpAtMs(): MonotonicMs {
    return this.#state.state === 'proceeding' ? this.#state.giveUpAtMs : NEVER;
  }

  #end(before: readonly TransactionAction[]): readonly TransactionAction[] {
    this.#state = { state: 'terminated' };
    return [...before, { type: 'ended' }];
  }
}
