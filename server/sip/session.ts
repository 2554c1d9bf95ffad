import type { MonotonicMs } from '../../mixer/protocol/units.ts';
import type { Core } from '../runtime/core.ts';
import type { Random } from '../runtime/random.ts';
import type { Dialog } from './dialog.ts';
import type { HeaderLine } from './message-writer.ts';
import type { SipResponse } from './message.ts';
import type { OutgoingRequest } from './outgoing-request.ts';
import type { ReceivedRequest } from './received-request.ts';
import type { SessionTimerSettings } from './session-timer.ts';
import type { SipTimers } from './sip-timers.ts';
import type { PeerTransaction, ServerEntry } from './transaction-layer.ts';
import type { DialogCommand, DialogId, SipEvent } from './user-agent.ts';

/** What a session is fed: commands of the calls, what the peer sends within the dialog, and answers to our requests. */
export type SessionInput =
  | DialogCommand
  /** Any request of the peer but ACK and CANCEL, in order. A re-INVITE has its 100 already. */
  | { readonly type: 'request'; readonly entry: ServerEntry }
  | { readonly type: 'ack'; readonly request: ReceivedRequest }
  /** The peer's CANCEL of this INVITE, which has its 200 already. */
  | { readonly type: 'cancel'; readonly invite: PeerTransaction }
  /** An INVITE came again after its 2xx. */
  | { readonly type: 'repeated'; readonly invite: PeerTransaction }
  /** The connection that the peer's requests came over is gone. */
  | { readonly type: 'flow-closed' }
  /** To our request with that CSeq: provisional, final, and copies of a 2xx to an INVITE. */
  | { readonly type: 'response'; readonly cseq: number; readonly response: SipResponse }
  | {
      readonly type: 'no-response';
      readonly cseq: number;
      readonly why: 'timeout' | 'transport';
    };

/** What a session wants done. */
export type SessionAction =
  | {
      readonly type: 'respond';
      readonly entry: ServerEntry;
      readonly status: number;
      readonly bytes: Uint8Array;
    }
  /** A 2xx, or a reliable provisional answer, again. */
  | { readonly type: 'repeat'; readonly invite: ServerEntry; readonly bytes: Uint8Array }
  /** A request of ours. What becomes of it comes back under its CSeq. */
  | {
      readonly type: 'request';
      readonly request: Omit<OutgoingRequest, 'owner'>;
      readonly cseq: number;
    }
  /** An ACK of a 2xx, which has no transaction. */
  | {
      readonly type: 'acknowledge';
      readonly ack: Omit<OutgoingRequest, 'owner'>;
      readonly turn: 'first' | 'again';
    }
  /** Our re-INVITE need not be answered any more (CANCEL). */
  | { readonly type: 'give-up' }
  | { readonly type: 'event'; readonly event: SipEvent }
  /** The call is answered: this goes on in place of the session. */
  | { readonly type: 'become'; readonly session: Session };

/** What every session must know. */
export interface SessionSettings {
  readonly dialogId: DialogId;
  readonly random: Random;
  readonly timers: SipTimers;
  readonly sessionTimers: SessionTimerSettings;
  readonly serverHeader: HeaderLine;
  readonly userAgentHeader: HeaderLine;
}

/** A call's signalling: of one that waits for its answer, or of one that is answered. */
export interface Session extends Core<SessionInput, SessionAction> {
  readonly dialogId: DialogId;
  readonly dialog: Dialog;
  readonly isOver: boolean;
  readonly deadlineMs: MonotonicMs;
  /** Notes CSeq and flow of a request that the dialog takes. */
  note(request: ReceivedRequest): void;
}

/** No actions. */
export const NOTHING: readonly SessionAction[] = [];
