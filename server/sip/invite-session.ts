import { NEVER } from '../../mixer/protocol/units.ts';
import type { DurationMs, MonotonicMs } from '../../mixer/protocol/units.ts';
import type { Core, Timeout } from '../runtime/core.ts';
import type { Random } from '../runtime/random.ts';
import { createUasDialog, needsFlow, noteRequest, refreshTarget } from './dialog.ts';
import { writeDialogRequest } from './dialog.ts';
import type { Dialog, DialogRequest } from './dialog.ts';
import { sdpOf } from './inbound-invite.ts';
import { contactLine, localHostPort, provisionalContact, reasonLines } from './invite-response.ts';
import { recordRoutes, rejectionLines } from './invite-response.ts';
import { writeResponse } from './message-writer.ts';
import type { HeaderLine } from './message-writer.ts';
import type { ReceivedRequest } from './received-request.ts';
import { ALLOW, SUPPORTED } from './request-check.ts';
import { transactionTimeoutMs } from './sip-timers.ts';
import type { SipTimers } from './sip-timers.ts';
import type { OutgoingRequest, ServerEntry } from './transaction-layer.ts';
import type { DialogId, ReasonHeader, SipCommand, SipEvent } from './user-agent.ts';
import { MAGIC_COOKIE } from './via.ts';

/** What a session is fed: commands of the calls, and what the peer sends within the dialog. */
export type SessionInput =
  | SipCommand
  | { readonly type: 'reinvite'; readonly invite: ServerEntry }
  | { readonly type: 'ack'; readonly request: ReceivedRequest }
  /** The peer's BYE, which has its 200 already. */
  | { readonly type: 'bye' }
  /** The peer's CANCEL of this INVITE, which has its 200 already. */
  | { readonly type: 'cancel'; readonly invite: ServerEntry }
  /** An INVITE came again after its 2xx. */
  | { readonly type: 'repeated'; readonly invite: ServerEntry }
  /** The connection that the peer's requests came over is gone. */
  | { readonly type: 'flow-closed' }
  /** Our BYE is answered, or never will be. */
  | { readonly type: 'bye-done' };

/** What a session wants done. */
export type SessionAction =
  | {
      readonly type: 'respond';
      readonly invite: ServerEntry;
      readonly status: number;
      readonly bytes: Uint8Array;
    }
  /** A 2xx again. */
  | { readonly type: 'repeat'; readonly invite: ServerEntry; readonly bytes: Uint8Array }
  | { readonly type: 'request'; readonly request: OutgoingRequest }
  | { readonly type: 'event'; readonly event: SipEvent };

/** A 2xx whose ACK has not come (RFC 3261 §13.3.1.4). */
interface Unacked {
  readonly invite: ServerEntry;
  readonly bytes: Uint8Array;
  readonly retransmitAtMs: MonotonicMs;
  readonly intervalMs: DurationMs;
  readonly giveUpAtMs: MonotonicMs;
}

/** The INVITE of a confirmed dialog that is being dealt with. */
type Exchange =
  | { readonly phase: 'idle' }
  | { readonly phase: 'waiting'; readonly invite: ServerEntry }
  | { readonly phase: 'unacked'; readonly unacked: Unacked };

/*
 *  INVITE ─▶ offered ──answer──▶ talking ──hang-up, no ACK──▶ leaving ──BYE answered──▶ over
 *               │                 │   │                          ▲
 *  reject, CANCEL, BYE, hang-up   │   └─hang-up before ACK─▶ hanging-up (ACK or no ACK)
 *               ▼                BYE                             │ BYE
 *             over ◀──────────────┴──────────────────────────────┘
 */
type State =
  | { readonly state: 'offered'; readonly invite: ServerEntry }
  | { readonly state: 'talking'; readonly exchange: Exchange }
  /** Our BYE waits for the ACK (RFC 3261 §15). */
  | {
      readonly state: 'hanging-up';
      readonly unacked: Unacked;
      readonly reason: ReasonHeader | null;
    }
  /** Our BYE is out. */
  | { readonly state: 'leaving' }
  | { readonly state: 'over' };

/** What a session must know. */
export interface SessionSettings {
  readonly dialogId: DialogId;
  readonly localTag: string;
  readonly random: Random;
  readonly timers: SipTimers;
  readonly serverHeader: HeaderLine;
  readonly userAgentHeader: HeaderLine;
}

const NOTHING: readonly SessionAction[] = [];
const IDLE: Exchange = { phase: 'idle' };

/** One call from INVITE to BYE: the dialog, and the INVITEs within it (RFC 3261 §12–§15). */
export class InviteSession implements Core<SessionInput, SessionAction> {
  readonly #settings: SessionSettings;
  #dialog: Dialog;
  #localHost = '';
  #state: State;

  /** @throws SipParseError when Record-Route or Contact of the INVITE cannot be read. */
  constructor(settings: SessionSettings, invite: ServerEntry) {
    this.#settings = settings;
    this.#dialog = createUasDialog(invite.request, settings.localTag);
    this.#state = { state: 'offered', invite };
  }

  get dialog(): Dialog {
    return this.#dialog;
  }

  get dialogId(): DialogId {
    return this.#settings.dialogId;
  }

  get isOver(): boolean {
    return this.#state.state === 'over';
  }

  get deadlineMs(): MonotonicMs {
    const unacked = this.#unacked();
    return unacked === null ? NEVER : Math.min(unacked.retransmitAtMs, unacked.giveUpAtMs);
  }

  /** Notes CSeq and flow of a request that the dialog takes. */
  note(request: ReceivedRequest): void {
    this.#dialog = noteRequest(this.#dialog, request);
  }

  handle(input: SessionInput | Timeout, nowMs: MonotonicMs): readonly SessionAction[] {
    switch (input.type) {
      case 'ring':
        return this.#ring();
      case 'answer':
        return this.#answer(input, nowMs);
      case 'reject':
        return this.#reject(input.status, rejectionLines(input));
      case 'hang-up':
        return this.#hangUp(input.reason);
      case 'reinvite':
        return this.#reinvite(input.invite);
      case 'ack':
        return this.#ack(input.request);
      case 'bye':
        return this.#bye();
      case 'cancel':
        return this.#cancel(input.invite);
      case 'repeated':
        return this.#repeated(input.invite);
      case 'flow-closed':
        return this.#flowClosed();
      case 'bye-done':
        if (this.#state.state === 'leaving') this.#state = { state: 'over' };
        return NOTHING;
      case 'timeout':
        return this.#timeout(nowMs);
    }
  }

  #ring(): readonly SessionAction[] {
    if (this.#state.state !== 'offered') return NOTHING;
    const { invite } = this.#state;
    const headers = [...recordRoutes(invite.request), ...provisionalContact(invite.request)];
    return [this.#respond(invite, 180, { headers })];
  }

  #answer(
    command: Extract<SipCommand, { type: 'answer' }>,
    nowMs: MonotonicMs,
  ): readonly SessionAction[] {
    const invite = this.#waiting();
    if (invite === null) return NOTHING;
    this.#localHost = command.localHost;
    const isFirst = this.#state.state === 'offered';
    if (!isFirst) this.#dialog = refreshTarget(this.#dialog, invite.request);
    const headers: readonly HeaderLine[] = [
      ...(isFirst ? recordRoutes(invite.request) : []),
      contactLine(command.localHost, invite.request),
      SUPPORTED,
      ['Content-Type', 'application/sdp'],
    ];
    const body = Buffer.from(command.sdp, 'utf8');
    const response = this.#respond(invite, 200, { headers, body });
    const { t1Ms } = this.#settings.timers;
    const unacked: Unacked = {
      invite,
      bytes: response.bytes,
      retransmitAtMs: nowMs + t1Ms,
      intervalMs: t1Ms,
      giveUpAtMs: nowMs + transactionTimeoutMs(this.#settings.timers),
    };
    this.#state = { state: 'talking', exchange: { phase: 'unacked', unacked } };
    return [response];
  }

  #reject(status: number, headers: readonly HeaderLine[]): readonly SessionAction[] {
    const invite = this.#waiting();
    if (invite === null) return NOTHING;
    this.#state =
      this.#state.state === 'offered' ? { state: 'over' } : { state: 'talking', exchange: IDLE };
    return [this.#respond(invite, status, { headers })];
  }

  #hangUp(reason: ReasonHeader | null): readonly SessionAction[] {
    const state = this.#state;
    if (state.state === 'offered') return this.#reject(480, reasonLines(reason));
    if (state.state !== 'talking') return NOTHING;
    if (state.exchange.phase === 'unacked') {
      this.#state = { state: 'hanging-up', unacked: state.exchange.unacked, reason };
      return NOTHING;
    }
    return [...this.#reject(487, []), ...this.#leave(reason, 'us')];
  }

  #reinvite(invite: ServerEntry): readonly SessionAction[] {
    const state = this.#state;
    if (state.state === 'leaving' || state.state === 'over') return [this.#respond(invite, 481)];
    if (state.state === 'hanging-up') return [this.#respond(invite, 491)];
    if (state.state === 'offered' || state.exchange.phase === 'waiting') {
      // RFC 3261 §14.2: the first must be answered before a second can be looked at.
      const retryAfterS = String(this.#settings.random.integer(10));
      return [this.#respond(invite, 500, { headers: [['Retry-After', retryAfterS]] })];
    }
    // A new INVITE says that our 2xx has arrived, even when its ACK is lost or late. Not so while the ACK is to bring
    // the answer to our offer: then two exchanges would overlap (RFC 5407 §3.1.4 and §3.1.5).
    if (state.exchange.phase === 'unacked' && answerComesInAck(state.exchange.unacked)) {
      return [this.#respond(invite, 491)];
    }
    const before = state.exchange.phase === 'unacked' ? [this.#established(null)] : [];
    this.#state = { state: 'talking', exchange: { phase: 'waiting', invite } };
    const offer = sdpOf(invite.request);
    const event: SipEvent = { type: 'reoffer', dialogId: this.dialogId, offer };
    return [...before, { type: 'event', event }];
  }

  #ack(ack: ReceivedRequest): readonly SessionAction[] {
    const unacked = this.#unacked();
    // Any other ACK is late or a copy, and is absorbed.
    if (unacked === null) return NOTHING;
    if (ack.envelope.cseqNumber !== unacked.invite.request.envelope.cseqNumber) return NOTHING;
    if (this.#state.state === 'hanging-up') return this.#leave(this.#state.reason, 'us');
    this.#state = { state: 'talking', exchange: IDLE };
    return [this.#established(answerComesInAck(unacked) ? sdpOf(ack) : null)];
  }

  #bye(): readonly SessionAction[] {
    const state = this.#state;
    switch (state.state) {
      case 'offered':
        // RFC 3261 §15.1.2: a BYE within an early dialog ends the INVITE too.
        return this.#cancelOffered(state.invite);
      case 'talking':
      case 'hanging-up': {
        const refused = this.#reject(487, []);
        this.#state = { state: 'over' };
        return [...refused, this.#ended('peer')];
      }
      case 'leaving':
      case 'over':
        // Both sides have hung up at once: our own BYE goes on until it is answered.
        return NOTHING;
    }
  }

  #cancel(invite: ServerEntry): readonly SessionAction[] {
    // Too late for an INVITE that has its final response (RFC 3261 §9.2).
    if (this.#waiting() !== invite) return NOTHING;
    return this.#state.state === 'offered' ? this.#cancelOffered(invite) : this.#reject(487, []);
  }

  #cancelOffered(invite: ServerEntry): readonly SessionAction[] {
    this.#state = { state: 'over' };
    const event: SipEvent = { type: 'cancelled', dialogId: this.dialogId };
    return [this.#respond(invite, 487), { type: 'event', event }];
  }

  #repeated(invite: ServerEntry): readonly SessionAction[] {
    const unacked = this.#unacked();
    if (unacked === null || unacked.invite !== invite) return NOTHING;
    return [{ type: 'repeat', invite, bytes: unacked.bytes }];
  }

  /** A peer that listens somewhere is called back there; one that does not is lost with its connection. */
  #flowClosed(): readonly SessionAction[] {
    if (!needsFlow(this.#dialog)) return NOTHING;
    const state = this.#state;
    if (state.state === 'offered') return this.#cancelOffered(state.invite);
    if (state.state !== 'talking' && state.state !== 'hanging-up') return NOTHING;
    const refused = this.#reject(487, []);
    this.#state = { state: 'over' };
    return [...refused, this.#ended('transport')];
  }

  #timeout(nowMs: MonotonicMs): readonly SessionAction[] {
    const unacked = this.#unacked();
    if (unacked === null) return NOTHING;
    if (nowMs >= unacked.giveUpAtMs) {
      return this.#leave(this.#state.state === 'hanging-up' ? this.#state.reason : null, 'no-ack');
    }
    if (nowMs < unacked.retransmitAtMs) return NOTHING;
    const intervalMs = Math.min(unacked.intervalMs * 2, this.#settings.timers.t2Ms);
    const next: Unacked = { ...unacked, intervalMs, retransmitAtMs: nowMs + intervalMs };
    this.#state =
      this.#state.state === 'hanging-up'
        ? { ...this.#state, unacked: next }
        : { state: 'talking', exchange: { phase: 'unacked', unacked: next } };
    return [{ type: 'repeat', invite: unacked.invite, bytes: unacked.bytes }];
  }

  #leave(reason: ReasonHeader | null, by: 'us' | 'no-ack'): readonly SessionAction[] {
    const { flow } = this.#dialog;
    const branch = `${MAGIC_COOKIE}${this.#settings.random.hex(16)}`;
    const sentBy = localHostPort(this.#localHost, flow);
    const via = `SIP/2.0/${flow.transport.toUpperCase()} ${sentBy};branch=${branch};rport`;
    const headers = [...reasonLines(reason), this.#settings.userAgentHeader];
    const bye: DialogRequest = writeDialogRequest(this.#dialog, { method: 'BYE', via, headers });
    this.#dialog = bye.dialog;
    this.#state = { state: 'leaving' };
    const { bytes, target } = bye;
    const owner = this.#dialog.localTag;
    return [
      { type: 'request', request: { bytes, target, branch, sentBy, method: 'BYE', owner } },
      this.#ended(by),
    ];
  }

  #respond(
    invite: ServerEntry,
    status: number,
    parts: { readonly headers?: readonly HeaderLine[]; readonly body?: Uint8Array } = {},
  ): Extract<SessionAction, { type: 'respond' }> {
    const bytes = writeResponse(invite.request.envelope, {
      status,
      toTag: this.#settings.localTag,
      ...parts,
      headers: [...(parts.headers ?? []), ALLOW, this.#settings.serverHeader],
    });
    return { type: 'respond', invite, status, bytes };
  }

  #established(answer: string | null): SessionAction {
    return { type: 'event', event: { type: 'established', dialogId: this.dialogId, answer } };
  }

  #ended(by: Extract<SipEvent, { type: 'ended' }>['by']): SessionAction {
    return { type: 'event', event: { type: 'ended', dialogId: this.dialogId, by } };
  }

  /** The INVITE that has no final response yet. */
  #waiting(): ServerEntry | null {
    const state = this.#state;
    if (state.state === 'offered') return state.invite;
    if (state.state !== 'talking' || state.exchange.phase !== 'waiting') return null;
    return state.exchange.invite;
  }

  #unacked(): Unacked | null {
    const state = this.#state;
    if (state.state === 'hanging-up') return state.unacked;
    if (state.state !== 'talking' || state.exchange.phase !== 'unacked') return null;
    return state.exchange.unacked;
  }
}

/** Our 2xx carried the offer when the INVITE had none (RFC 3261 §13.2.1). */
function answerComesInAck(unacked: Unacked): boolean {
  return sdpOf(unacked.invite.request) === null;
}
