import type { Facts } from '../../mixer/protocol/coded-error.ts';
import type { DtmfKey } from '../../mixer/protocol/dtmf.ts';
import type { DurationMs } from '../../mixer/protocol/units.ts';
import type { ClientRequest, OutgoingCall } from './outgoing-call.ts';
import type { SipResponse } from './message.ts';

/** Our name for a dialog (RFC 3261 §12) and for the INVITE that may become one. Not seen on the wire. */
export type DialogId = string;

/** Transports that SIP runs on here. */
export type SipTransport = 'udp' | 'tcp' | 'tls' | 'ws' | 'wss';

/** Whether a flow is a WebSocket: nobody can be reached there but over it, and its trust was decided at the upgrade. */
export function isWebSocket(flow: SipFlow): boolean {
  return flow.transport === 'ws' || flow.transport === 'wss';
}

/** Where a message came from, and over which connection or socket an answer goes back. */
export interface SipFlow {
  readonly transport: SipTransport;
  /** Names the listening socket (UDP) or the connection (TCP). */
  readonly flowId: string;
  readonly remoteHost: string;
  readonly remotePort: number;
  readonly localPort: number;
  /** Of a connection that we make by TLS ourselves, or shall make. */
  readonly tls?: OutboundTls;
}

/** How the other side of a TLS connection of ours is to be known. */
export interface OutboundTls {
  /** Name for SNI (RFC 6066 §3), which its certificate must bear (RFC 5922). */
  readonly serverName: string;
  /** Name of the trunk whose authorities and certificate count. */
  readonly trunk: string;
}

/** Who is calling whom, taken from an INVITE. Strings are decoded, bounded and free of control characters. */
export interface InboundInvite {
  readonly callIdHeader: string;
  readonly flow: SipFlow;
  /** User part of the Request-URI, unescaped; digits and `+` for `tel:` URIs; empty when there is none. */
  readonly calledUser: string;
  /** User parts of P-Called-Party-ID (RFC 7315 §4.2) and To: whom a call is for that came to our Contact. */
  readonly calledParties: readonly string[];
  readonly fromUser: string;
  readonly fromDisplayName: string;
  /** User part of P-Asserted-Identity (RFC 3325), or null. To be believed only from a trusted trunk. */
  readonly assertedUser: string | null;
  /** `id` or `user` was asked for in Privacy (RFC 3323). */
  readonly privacy: 'none' | 'withheld';
  readonly userAgent: string;
  /** Whom the call was meant for before, the latest first (RFC 5806, RFC 7044). For the log only. */
  readonly diversions: readonly Diversion[];
  /** Token of `Authorization: Bearer` (RFC 8898), read on WebSockets only; null when there is none. A secret: never logged. */
  readonly bearer?: string | null;
  /** The SDP offer, or null for an INVITE without a body. */
  readonly offer: string | null;
}

/** One stop of a call on its way here. Decoded, bounded, free of control characters. */
export interface Diversion {
  /** User part of the URI; empty when withheld or absent. */
  readonly user: string;
  /** `user-busy`, `no-answer`, `unconditional`, …, or empty. */
  readonly reason: string;
}

/** The text of a Reason header, RFC 3326: `Q.850;cause=16;text="..."`. */
export interface ReasonHeader {
  readonly protocol: 'Q.850' | 'SIP';
  readonly cause: number;
  readonly text: string;
}

/** What the stack tells of one dialog. */
export type DialogEvent =
  /** A new call; 100 Trying is out. One of `ring`, `answer`, `reject` is expected. */
  | { readonly type: 'invite'; readonly dialogId: DialogId; readonly invite: InboundInvite }
  /** The caller gave up before an answer; 487 is out. Nothing more is expected. */
  | { readonly type: 'cancelled'; readonly dialogId: DialogId }
  /** The ACK of our 2xx has come. `answer` is its SDP body when our 2xx carried an offer, else null. */
  | { readonly type: 'established'; readonly dialogId: DialogId; readonly answer: string | null }
  /**
   * A re-INVITE, or an UPDATE with an offer; `answer` or `reject` is expected, before the first answer too. Of a call of
   * ours that had no offer also a provisional answer that brings the peer's (RFC 3262 §5).
   * `offer` is null when a re-INVITE came without a body.
   */
  | { readonly type: 'reoffer'; readonly dialogId: DialogId; readonly offer: string | null }
  /** The peer's answer to an offer of ours within the dialog: to `offer`, or to a refresh that the stack made itself. */
  | { readonly type: 'renegotiated'; readonly dialogId: DialogId; readonly answer: string }
  /** The peer refused the offer of the command `offer`; the session goes on as it was. */
  | { readonly type: 'offer-refused'; readonly dialogId: DialogId; readonly status: number }
  /** A key by INFO (application/dtmf-relay or application/dtmf); 200 is out. A PIN may be among them: never logged. */
  | {
      readonly type: 'info-key';
      readonly dialogId: DialogId;
      readonly key: DtmfKey;
      readonly durationMs: DurationMs;
    }
  /** A call of ours goes on: 180, 183 and their like. `answer` is SDP of an early dialog, or null. */
  | {
      readonly type: 'progress';
      readonly dialogId: DialogId;
      readonly status: number;
      readonly answer: string | null;
    }
  /**
   * A call of ours is answered. `description`: the answer to our offer; or the peer's offer, when the call had none:
   * `acknowledge` is then expected, unless that offer was raised and answered before.
   */
  | { readonly type: 'accepted'; readonly dialogId: DialogId; readonly description: string | null }
  /** A call of ours was not answered. Nothing more comes. `status` 0: nobody said anything. */
  | {
      readonly type: 'refused';
      readonly dialogId: DialogId;
      readonly status: number;
      readonly why: 'peer' | 'cancelled' | 'timeout' | 'transport' | 'credentials';
    }
  /**
   * The dialog is over: the peer's BYE, no ACK within 64*T1, our BYE sent, the flow lost, or nobody refreshed the session
   * in time (RFC 4028). Raised exactly once per answered call.
   */
  | {
      readonly type: 'ended';
      readonly dialogId: DialogId;
      readonly by: 'peer' | 'no-ack' | 'us' | 'transport' | 'session-expired';
    };

/** What the stack tells of a request of ours outside of dialogs. */
export type RequestEvent =
  /** The first final answer. */
  | {
      readonly type: 'request-answered';
      readonly requestId: string;
      readonly response: SipResponse;
    }
  | {
      readonly type: 'request-failed';
      readonly requestId: string;
      readonly why: 'timeout' | 'transport';
    };

/** What the stack tells the calls and the trunks. */
export type SipEvent = DialogEvent | RequestEvent;

/** What the calls ask of the stack. A command for a dialog that is gone is ignored. */
export type DialogCommand =
  /** 180, reliably where the peer knows how (RFC 3262). */
  | { readonly type: 'ring'; readonly dialogId: DialogId }
  /** Calls somebody. `dialogId` is the caller's to choose, unique. Answered by `progress`, then `accepted` or `refused`. */
  | { readonly type: 'call'; readonly dialogId: DialogId; readonly call: OutgoingCall }
  /** Our answer to the offer that came with `accepted`. */
  | { readonly type: 'acknowledge'; readonly dialogId: DialogId; readonly sdp: string }
  /** An offer of ours within an answered call, by re-INVITE. Answered by `renegotiated` or `offer-refused`. */
  | { readonly type: 'offer'; readonly dialogId: DialogId; readonly sdp: string }
  /** 200 to the INVITE or re-INVITE that is waiting. `localHost`: the address for Contact. */
  | {
      readonly type: 'answer';
      readonly dialogId: DialogId;
      readonly sdp: string;
      readonly localHost: string;
    }
  /** A final refusal, 3xx–6xx, of the INVITE or re-INVITE that is waiting. */
  | {
      readonly type: 'reject';
      readonly dialogId: DialogId;
      readonly status: number;
      readonly retryAfterS: number | null;
      readonly reason: ReasonHeader | null;
    }
  /** BYE; held back until the ACK where RFC 3261 §15 asks for it. Before an answer: 480, and CANCEL for a call of ours. */
  | { readonly type: 'hang-up'; readonly dialogId: DialogId; readonly reason: ReasonHeader | null };

/** A request outside of dialogs: OPTIONS, REGISTER. */
export interface RequestCommand {
  readonly type: 'request';
  readonly request: ClientRequest;
}

/** What the calls and the trunks ask of the stack. */
export type SipCommand = DialogCommand | RequestCommand;

/** What the sockets feed the stack. Stream transports have been cut into messages already. */
export type SipInput =
  | { readonly type: 'received'; readonly flow: SipFlow; readonly bytes: Uint8Array }
  | { readonly type: 'flow-closed'; readonly flow: SipFlow }
  /**
   * A packet by UDP could not leave at all: too large, or no way there. `bytes` are those of the action `send`, the very
   * same object. That nobody listens at the address is never told: such answers of the network do not reach us.
   */
  | {
      readonly type: 'send-failed';
      readonly flow: SipFlow;
      readonly host: string;
      readonly port: number;
      readonly bytes: Uint8Array;
    }
  | { readonly type: 'command'; readonly command: SipCommand };

/** What the stack wants done. */
export type SipAction =
  /** Over `flow` when it is a connection that stands; else to `host`:`port`, connecting first where the transport needs it. */
  | {
      readonly type: 'send';
      readonly flow: SipFlow;
      readonly host: string;
      readonly port: number;
      readonly bytes: Uint8Array;
      /** Set on what was sent before: a retransmission, for the counters. */
      readonly again?: true;
    }
  | { readonly type: 'close-flow'; readonly flow: SipFlow }
  | { readonly type: 'event'; readonly event: SipEvent }
  | {
      readonly type: 'log';
      readonly level: 'debug' | 'info' | 'warn';
      readonly message: string;
      readonly facts: Facts;
    };
