import { NEVER } from '../../mixer/protocol/units.ts';
import type { MonotonicMs } from '../../mixer/protocol/units.ts';
import type { Core, Timeout } from '../runtime/core.ts';
import { transactionTimeoutMs } from './sip-timers.ts';
import type { TransactionSettings } from './sip-timers.ts';
import { NO_TRANSACTION_ACTIONS } from './transaction-action.ts';
import type { TransactionAction } from './transaction-action.ts';

/** What a non-INVITE server transaction is fed. */
export type ServerInput =
  /** The request came again. */
  | { readonly type: 'retransmission' }
  | { readonly type: 'respond'; readonly status: number; readonly bytes: Uint8Array };

/*
 *   request ──▶ trying ──1xx──▶ proceeding
 *                 │                 │
 *              200–699           200–699
 *                 └──▶ completed ◀──┘ ──J──▶ terminated
 */
type State =
  | { readonly state: 'trying' }
  | { readonly state: 'proceeding'; readonly response: Uint8Array }
  /** Timer J. */
  | { readonly state: 'completed'; readonly response: Uint8Array; readonly endAtMs: MonotonicMs }
  | { readonly state: 'terminated' };

/** The server side of every request but INVITE and ACK: RFC 3261 §17.2.2. */
export class ServerTransaction implements Core<ServerInput, TransactionAction> {
  readonly #settings: TransactionSettings;
  #state: State = { state: 'trying' };

  constructor(settings: TransactionSettings) {
    this.#settings = settings;
  }

  get deadlineMs(): MonotonicMs {
    return this.#state.state === 'completed' ? this.#state.endAtMs : NEVER;
  }

  handle(input: ServerInput | Timeout, nowMs: MonotonicMs): readonly TransactionAction[] {
    const state = this.#state;
    switch (state.state) {
      case 'trying':
        return input.type === 'respond' ? this.#respond(input, nowMs) : NO_TRANSACTION_ACTIONS;
      case 'proceeding':
        if (input.type === 'retransmission')
          return [{ type: 'send', bytes: state.response, again: true }];
        return input.type === 'respond' ? this.#respond(input, nowMs) : NO_TRANSACTION_ACTIONS;
      case 'completed':
        if (input.type === 'retransmission')
          return [{ type: 'send', bytes: state.response, again: true }];
        if (input.type === 'respond' || nowMs < state.endAtMs) return NO_TRANSACTION_ACTIONS;
        this.#state = { state: 'terminated' };
        return [{ type: 'ended' }];
      case 'terminated':
        return NO_TRANSACTION_ACTIONS;
    }
  }

  #respond(
    input: Extract<ServerInput, { type: 'respond' }>,
    nowMs: MonotonicMs,
  ): readonly TransactionAction[] {
    const send: TransactionAction = { type: 'send', bytes: input.bytes };
    if (input.status < 200) {
      this.#state = { state: 'proceeding', response: input.bytes };
      return [send];
    }
    if (this.#settings.reliability === 'reliable') {
      this.#state = { state: 'terminated' };
      return [send, { type: 'ended' }];
    }
    const endAtMs = nowMs + transactionTimeoutMs(this.#settings.timers);
    this.#state = { state: 'completed', response: input.bytes, endAtMs };
    return [send];
  }
}
