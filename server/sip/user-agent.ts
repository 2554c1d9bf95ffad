import type { Facts } from '../../mixer/protocol/coded-error.ts';

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
}

/** Who is calling whom, taken from an INVITE. Strings are decoded, bounded and free of control characters. */
export interface InboundInvite {
  readonly callIdHeader: string;
  readonly flow: SipFlow;
  /** User part of the Request-URI, unescaped; digits and `+` for `tel:` URIs; empty when there is none. */
  readonly calledUser: string;
  readonly fromUser: string;
  readonly fromDisplayName: string;
  /** User part of P-Asserted-Identity (RFC 3325), or null. To be believed only from a trusted trunk. */
  readonly assertedUser: string | null;
  /** `id` or `user` was asked for in Privacy (RFC 3323). */
  readonly privacy: 'none' | 'withheld';
  readonly userAgent: string;
  /** Token of `Authorization: Bearer` (RFC 8898), read on WebSockets only; null when there is none. A secret: never logged. */
  readonly bearer?: string | null;
  /** The SDP offer, or null for an INVITE without a body. */
  readonly offer: string | null;
}

/** The text of a Reason header, RFC 3326: `Q.850;cause=16;text="..."`. */
export interface ReasonHeader {
  readonly protocol: 'Q.850' | 'SIP';
  readonly cause: number;
  readonly text: string;
}

/** What the stack tells the calls. */
export type SipEvent =
  /** A new call; 100 Trying is out. One of `ring`, `answer`, `reject` is expected. */
  | { readonly type: 'invite'; readonly dialogId: DialogId; readonly invite: InboundInvite }
  /** The caller gave up before an answer; 487 is out. Nothing more is expected. */
  | { readonly type: 'cancelled'; readonly dialogId: DialogId }
  /** The ACK of our 2xx has come. `answer` is its SDP body when our 2xx carried an offer, else null. */
  | { readonly type: 'established'; readonly dialogId: DialogId; readonly answer: string | null }
  /** A re-INVITE; `answer` or `reject` is expected. `offer` is null when it came without a body. */
  | { readonly type: 'reoffer'; readonly dialogId: DialogId; readonly offer: string | null }
  /** The dialog is over: the peer's BYE, no ACK within 64*T1, our BYE sent, or the flow lost. Raised exactly once per answered call. */
  | {
      readonly type: 'ended';
      readonly dialogId: DialogId;
      readonly by: 'peer' | 'no-ack' | 'us' | 'transport';
    };

/** What the calls ask of the stack. A command for a dialog that is gone is ignored. */
export type SipCommand =
  | { readonly type: 'ring'; readonly dialogId: DialogId }
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
  /** BYE; held back until the ACK where RFC 3261 §15 asks for it. Before an answer: 480. */
  | { readonly type: 'hang-up'; readonly dialogId: DialogId; readonly reason: ReasonHeader | null };

/** What the sockets feed the stack. Stream transports have been cut into messages already. */
export type SipInput =
  | { readonly type: 'received'; readonly flow: SipFlow; readonly bytes: Uint8Array }
  | { readonly type: 'flow-closed'; readonly flow: SipFlow }
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
    }
  | { readonly type: 'close-flow'; readonly flow: SipFlow }
  | { readonly type: 'event'; readonly event: SipEvent }
  | {
      readonly type: 'log';
      readonly level: 'debug' | 'info' | 'warn';
      readonly message: string;
      readonly facts: Facts;
    };
