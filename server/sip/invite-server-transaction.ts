import { NEVER } from '../../mixer/protocol/units.ts';
import type { DurationMs, MonotonicMs } from '../../mixer/protocol/units.ts';
import type { Core, Timeout } from '../runtime/core.ts';
import { transactionTimeoutMs } from './sip-timers.ts';
import type { TransactionSettings } from './sip-timers.ts';
import { NO_TRANSACTION_ACTIONS } from './transaction-action.ts';
import type { TransactionAction } from './transaction-action.ts';

/** What an INVITE server transaction is fed. */
export type InviteServerInput =
  /** The INVITE came again. */
  | { readonly type: 'retransmission' }
  | { readonly type: 'respond'; readonly status: number; readonly bytes: Uint8Array }
  /** An ACK with the INVITE's branch. */
  | { readonly type: 'ack' };

/*
 *   INVITE ──▶ proceeding ──2xx──▶ accepted ──L──▶ terminated
 *                  │
 *              300–699
 *                  ▼
 *              completed ──ACK──▶ confirmed ──I──▶ terminated
 *                  └──H──▶ terminated (no-ack)
 */
type State =
  | { readonly state: 'proceeding'; readonly response: Uint8Array | null }
  | {
      readonly state: 'completed';
      readonly response: Uint8Array;
      /** Timer G. */
      readonly retransmitAtMs: MonotonicMs;
      readonly intervalMs: DurationMs;
      /** Timer H. */
      readonly giveUpAtMs: MonotonicMs;
    }
  /** Timer L; the transaction user repeats the 2xx itself. */
  | { readonly state: 'accepted'; readonly endAtMs: MonotonicMs }
  /** Timer I: ACKs that come again are absorbed. */
  | { readonly state: 'confirmed'; readonly endAtMs: MonotonicMs }
  | { readonly state: 'terminated' };

const ENDED: readonly TransactionAction[] = [{ type: 'ended' }];

/** The server side of an INVITE: RFC 3261 §17.2.1 as corrected by RFC 6026 §7.1. */
export class InviteServerTransaction implements Core<InviteServerInput, TransactionAction> {
  readonly #settings: TransactionSettings;
  #state: State = { state: 'proceeding', response: null };

  constructor(settings: TransactionSettings) {
    this.#settings = settings;
  }

  get deadlineMs(): MonotonicMs {
    const state = this.#state;
    switch (state.state) {
      case 'completed':
        return Math.min(state.retransmitAtMs, state.giveUpAtMs);
      case 'accepted':
      case 'confirmed':
        return state.endAtMs;
      case 'proceeding':
      case 'terminated':
        return NEVER;
    }
  }

  handle(input: InviteServerInput | Timeout, nowMs: MonotonicMs): readonly TransactionAction[] {
    const state = this.#state;
    switch (state.state) {
      case 'proceeding':
        return this.#proceeding(state, input, nowMs);
      case 'completed':
        return this.#completed(state, input, nowMs);
      case 'accepted':
        return this.#accepted(state, input, nowMs);
      case 'confirmed':
        return input.type === 'timeout'
          ? this.#terminateAt(state.endAtMs, nowMs)
          : NO_TRANSACTION_ACTIONS;
      case 'terminated':
        return NO_TRANSACTION_ACTIONS;
    }
  }

  #proceeding(
    state: Extract<State, { state: 'proceeding' }>,
    input: InviteServerInput | Timeout,
    nowMs: MonotonicMs,
  ): readonly TransactionAction[] {
    if (input.type === 'retransmission') {
      return state.response === null
        ? NO_TRANSACTION_ACTIONS
        : [{ type: 'send', bytes: state.response, again: true }];
    }
    if (input.type !== 'respond') return NO_TRANSACTION_ACTIONS;
    const endAtMs = nowMs + transactionTimeoutMs(this.#settings.timers);
    if (input.status < 200) {
      this.#state = { state: 'proceeding', response: input.bytes };
    } else if (input.status < 300) {
      this.#state = { state: 'accepted', endAtMs };
    } else {
      const { t1Ms } = this.#settings.timers;
      this.#state = {
        state: 'completed',
        response: input.bytes,
        retransmitAtMs: this.#settings.reliability === 'reliable' ? NEVER : nowMs + t1Ms,
        intervalMs: t1Ms,
        giveUpAtMs: endAtMs,
      };
    }
    return [{ type: 'send', bytes: input.bytes }];
  }

  #completed(
    state: Extract<State, { state: 'completed' }>,
    input: InviteServerInput | Timeout,
    nowMs: MonotonicMs,
  ): readonly TransactionAction[] {
    switch (input.type) {
      case 'retransmission':
        return [{ type: 'send', bytes: state.response, again: true }];
      case 'respond':
        return NO_TRANSACTION_ACTIONS;
      case 'ack':
        if (this.#settings.reliability === 'reliable') return this.#terminateAt(nowMs, nowMs);
        this.#state = { state: 'confirmed', endAtMs: nowMs + this.#settings.timers.t4Ms };
        return NO_TRANSACTION_ACTIONS;
      case 'timeout': {
        if (nowMs >= state.giveUpAtMs) {
          this.#state = { state: 'terminated' };
          return [{ type: 'no-ack' }, { type: 'ended' }];
        }
        if (nowMs < state.retransmitAtMs) return NO_TRANSACTION_ACTIONS;
        const intervalMs = Math.min(state.intervalMs * 2, this.#settings.timers.t2Ms);
        this.#state = { ...state, intervalMs, retransmitAtMs: nowMs + intervalMs };
        return [{ type: 'send', bytes: state.response, again: true }];
      }
    }
  }

  #accepted(
    state: Extract<State, { state: 'accepted' }>,
    input: InviteServerInput | Timeout,
    nowMs: MonotonicMs,
  ): readonly TransactionAction[] {
    if (input.type === 'timeout') return this.#terminateAt(state.endAtMs, nowMs);
    return input.type === 'retransmission' ? [{ type: 'repeated' }] : NO_TRANSACTION_ACTIONS;
  }

  #terminateAt(endAtMs: MonotonicMs, nowMs: MonotonicMs): readonly TransactionAction[] {
    if (nowMs < endAtMs) return NO_TRANSACTION_ACTIONS;
    this.#state = { state: 'terminated' };
    return ENDED;
  }
}
