import type { SipResponse } from './message.ts';

/** What a transaction wants done. */
export type TransactionAction =
  /** To where the transaction sends: the source of a request, or the target of ours. */
  | {
      readonly type: 'send';
      readonly bytes: Uint8Array;
      /** Set when the same was sent before. */
      readonly again?: true;
    }
  /** A CANCEL of the INVITE is to go out, as a transaction of its own. */
  | { readonly type: 'cancel' }
  /** For the transaction user: a response, once. */
  | { readonly type: 'response'; readonly response: SipResponse }
  /** For the transaction user: no final response within 64*T1, or the connection is gone. */
  | { readonly type: 'failed'; readonly why: 'timeout' | 'transport' }
  /** For the transaction user: our final refusal of an INVITE was never acknowledged. */
  | { readonly type: 'no-ack' }
  /** For the transaction user: the INVITE came again after its 2xx, which the user sends (RFC 6026 §7.1). */
  | { readonly type: 'repeated' }
  /** The transaction is over and can be forgotten. */
  | { readonly type: 'ended' };

/** No actions. Shared, since most inputs ask for nothing. */
export const NO_TRANSACTION_ACTIONS: readonly TransactionAction[] = [];
