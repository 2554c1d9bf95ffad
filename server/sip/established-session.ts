import { NEVER } from '../../mixer/protocol/units.ts';
import type { MonotonicMs } from '../../mixer/protocol/units.ts';
import type { Timeout } from '../runtime/core.ts';
import { noteRequest } from './dialog.ts';
import type { Dialog } from './dialog.ts';
import { needsFlow } from './dialog-request.ts';
import { DialogVoice } from './dialog-voice.ts';
import type { DialogVoiceParts } from './dialog-voice.ts';
import { answerPlainly } from './in-dialog.ts';
import { sdpOf } from './inbound-invite.ts';
import { rejectionLines } from './invite-response.ts';
import type { HeaderLine } from './message-writer.ts';
import type { ReceivedRequest } from './received-request.ts';
import type { ReliableRing } from './reliable-ring.ts';
import { comeAgain, sessionReply } from './session-reply.ts';
import { NOTHING } from './session.ts';
import type { Session, SessionAction, SessionInput, SessionSettings } from './session.ts';
import type { PeerTransaction, ServerEntry } from './transaction-layer.ts';
import { answerComesInAck, holdsBye, repeatedOk } from './unacked-ok.ts';
import type { UnackedOk } from './unacked-ok.ts';
import type { DialogCommand, DialogId, ReasonHeader, SipEvent } from './user-agent.ts';

/** What the early phase of a call leaves behind. */
export interface EstablishedParts extends DialogVoiceParts {
  /** Our 2xx that waits for its ACK; null for a call of ours, whose ACK is out. */
  readonly unacked: UnackedOk | null;
  /** Reliable provisional answers whose PRACK may still come. */
  readonly ring: ReliableRing | null;
}

/** The peer's re-INVITE or UPDATE that is being dealt with. */
type Exchange =
  | { readonly phase: 'idle' }
  | { readonly phase: 'waiting'; readonly entry: ServerEntry }
  | { readonly phase: 'unacked'; readonly ok: UnackedOk };

/*
 *   answered ─▶ talking ──hang-up, session expired, no ACK, peer gone──▶ leaving ──BYE answered──▶ over
 *                │   │                                                               ▲
 *                │   └─hang-up before the first ACK─▶ hanging-up ──ACK or no ACK─────┘
 *               BYE                                       │ BYE
 *                └───────────────────▶ over ◀─────────────┘
 */
type State =
  | { readonly state: 'talking'; readonly exchange: Exchange }
  /** Our BYE waits for the ACK (RFC 3261 §15). */
  | { readonly state: 'hanging-up'; readonly ok: UnackedOk; readonly reason: ReasonHeader | null }
  /** Our BYE is out. */
  | { readonly state: 'leaving' }
  | { readonly state: 'over' };

type Ending = Extract<SipEvent, { type: 'ended' }>['by'];

const IDLE: Exchange = { phase: 'idle' };

/** RFC 4028 §10 names no words; RFC 3326 has the place for them. */
const SESSION_EXPIRED: ReasonHeader = { protocol: 'SIP', cause: 408, text: 'Session Expired' };

/**
 * An answered call until its BYE, whoever made it: requests of the peer, and offers, refreshes and BYE of ours
 * (RFC 3261 §12–§15, RFC 3311, RFC 4028). What we say ourselves is the `DialogVoice`'s.
 */
export class EstablishedSession implements Session {
  readonly #settings: SessionSettings;
  readonly #voice: DialogVoice;
  readonly #ring: ReliableRing | null;
  #state: State;

  constructor(settings: SessionSettings, parts: EstablishedParts) {
    this.#settings = settings;
    this.#voice = new DialogVoice(settings, parts);
    this.#ring = parts.ring;
    const { unacked } = parts;
    const exchange: Exchange = unacked === null ? IDLE : { phase: 'unacked', ok: unacked };
    this.#state = { state: 'talking', exchange };
  }

  get dialog(): Dialog {
    return this.#voice.dialog;
  }

  get dialogId(): DialogId {
    return this.#settings.dialogId;
  }

  get isOver(): boolean {
    return this.#state.state === 'over';
  }

  get deadlineMs(): MonotonicMs {
    const ok = this.#unacked();
    const okMs = ok === null ? NEVER : Math.min(ok.retransmitAtMs, ok.giveUpAtMs);
    if (this.#state.state !== 'talking') return okMs;
    return Math.min(okMs, this.#voice.deadlineMs(this.#turn()));
  }

  note(request: ReceivedRequest): void {
    this.#voice.dialog = noteRequest(this.#voice.dialog, request);
    this.#voice.notePeer(request.message.headers);
  }

  handle(input: SessionInput | Timeout, nowMs: MonotonicMs): readonly SessionAction[] {
    const actions = this.#take(input, nowMs);
    if (this.#state.state !== 'talking') return actions;
    // What waits for its turn may have got it.
    const own = this.#voice.speak(this.#turn(), nowMs);
    return own.length === 0 ? actions : [...actions, ...own];
  }

  #take(input: SessionInput | Timeout, nowMs: MonotonicMs): readonly SessionAction[] {
    switch (input.type) {
      case 'answer':
        return this.#answer(input, nowMs);
      case 'reject':
        return this.#reject(input.status, rejectionLines(input));
      case 'offer':
        if (this.#state.state === 'talking') this.#voice.offer(input.sdp, nowMs);
        return NOTHING;
      case 'hang-up':
        return this.#hangUp(input.reason);
      case 'request':
        return this.#request(input.entry, nowMs);
      case 'ack':
        return this.#ack(input.request);
      case 'cancel':
        // Too late for an INVITE that has its final response (RFC 3261 §9.2).
        return this.#waiting()?.transaction === input.invite ? this.#reject(487, []) : NOTHING;
      case 'repeated':
        return this.#repeated(input.invite);
      case 'flow-closed':
        return this.#flowClosed();
      case 'response':
      case 'no-response':
        return this.#outcome(input, nowMs);
      case 'timeout':
        return this.#timeout(nowMs);
      case 'ring':
      case 'call':
      case 'acknowledge':
        return NOTHING;
    }
  }

  #request(entry: ServerEntry, nowMs: MonotonicMs): readonly SessionAction[] {
    const { request } = entry;
    const { method } = request.message;
    if (method === 'BYE') return this.#bye(entry);
    if (this.#state.state === 'leaving' || this.#state.state === 'over') {
      return [this.#reply(entry, 481)];
    }
    switch (method) {
      case 'INVITE':
        return this.#reinvite(entry);
      case 'UPDATE':
        return this.#update(entry, nowMs);
      case 'PRACK': {
        const taken = this.#ring?.acknowledge(request.message.headers) ?? 'unknown';
        return [this.#reply(entry, taken === 'taken' ? 200 : 481)];
      }
      default: {
        const { reply, events } = answerPlainly(request, this.dialogId);
        const raised = events.map((event): SessionAction => ({ type: 'event', event }));
        return [sessionReply(this.#settings, entry, reply), ...raised];
      }
    }
  }

  #reinvite(entry: ServerEntry): readonly SessionAction[] {
    const state = this.#state;
    if (state.state !== 'talking') return [this.#reply(entry, 491)];
    // RFC 3261 §14.2: the first must be answered before a second can be looked at.
    if (state.exchange.phase === 'waiting') return [comeAgain(this.#settings, entry)];
    if (this.#voice.asks === 'INVITE') return [this.#reply(entry, 491)];
    return this.#wait(entry, state.exchange);
  }

  #update(entry: ServerEntry, nowMs: MonotonicMs): readonly SessionAction[] {
    const state = this.#state;
    const isWaiting = state.state === 'talking' && state.exchange.phase === 'waiting';
    // RFC 3311 §5.2: neither before an earlier UPDATE is answered, nor two offers at once.
    const isSecond = isWaiting && this.#waiting()?.request.message.method === 'UPDATE';
    const hasOffer = sdpOf(entry.request) !== null;
    if (isSecond || (isWaiting && hasOffer)) return [comeAgain(this.#settings, entry)];
    if (!hasOffer) return [this.#voice.accept(entry, null, nowMs)];
    if (state.state !== 'talking' || this.#voice.asks === 'INVITE') {
      return [this.#reply(entry, 491)];
    }
    return this.#wait(entry, state.exchange);
  }

  /** The call is asked what it answers. */
  #wait(entry: ServerEntry, exchange: Exchange): readonly SessionAction[] {
    // A new offer says that our 2xx has arrived, even when its ACK is lost or late. Not so while the ACK is to bring
    // the answer to our offer: then two exchanges would overlap (RFC 5407 §3.1.4 and §3.1.5).
    if (exchange.phase === 'unacked' && answerComesInAck(exchange.ok)) {
      return [this.#reply(entry, 491)];
    }
    const before = exchange.phase === 'unacked' ? [this.#established(null)] : [];
    this.#state = { state: 'talking', exchange: { phase: 'waiting', entry } };
    const offer = sdpOf(entry.request);
    const event: SipEvent = { type: 'reoffer', dialogId: this.dialogId, offer };
    return [...before, { type: 'event', event }];
  }

  #answer(
    command: Extract<DialogCommand, { type: 'answer' }>,
    nowMs: MonotonicMs,
  ): readonly SessionAction[] {
    const entry = this.#waiting();
    if (entry === null) return NOTHING;
    this.#voice.moveTo(command.localHost);
    const response = this.#voice.accept(entry, command.sdp, nowMs);
    // RFC 3311 §5.2: a 2xx to UPDATE has no ACK, and the transaction repeats it.
    const exchange: Exchange =
      entry.transaction.kind === 'invite'
        ? { phase: 'unacked', ok: this.#voice.unacked(entry, response.bytes, nowMs) }
        : IDLE;
    this.#state = { state: 'talking', exchange };
    return [response];
  }

  #reject(status: number, headers: readonly HeaderLine[]): readonly SessionAction[] {
    const entry = this.#waiting();
    if (entry === null) return NOTHING;
    this.#state = { state: 'talking', exchange: IDLE };
    return [sessionReply(this.#settings, entry, { status, headers })];
  }

  #hangUp(reason: ReasonHeader | null): readonly SessionAction[] {
    const state = this.#state;
    if (state.state !== 'talking') return NOTHING;
    if (state.exchange.phase === 'unacked' && holdsBye(state.exchange.ok)) {
      this.#state = { state: 'hanging-up', ok: state.exchange.ok, reason };
      return NOTHING;
    }
    return this.#leave(reason, 'us');
  }

  #ack(ack: ReceivedRequest): readonly SessionAction[] {
    const ok = this.#unacked();
    // Any other ACK is late or a copy, and is absorbed.
    if (ok === null) return NOTHING;
    if (ack.envelope.cseqNumber !== ok.invite.request.envelope.cseqNumber) return NOTHING;
    const state = this.#state;
    if (state.state === 'hanging-up') return this.#leave(state.reason, 'us');
    this.#state = { state: 'talking', exchange: IDLE };
    const answer = answerComesInAck(ok) ? sdpOf(ack) : null;
    if (answer !== null) this.#voice.described(answer);
    return [this.#established(answer)];
  }

  #bye(entry: ServerEntry): readonly SessionAction[] {
    const ok = this.#reply(entry, 200);
    const state = this.#state.state;
    // Both sides have hung up at once: our own BYE goes on until it is answered.
    if (state === 'leaving' || state === 'over') return [ok];
    return [ok, ...this.#lose('peer')];
  }

  #repeated(invite: PeerTransaction): readonly SessionAction[] {
    const ok = this.#unacked();
    if (ok === null || ok.invite.transaction !== invite) return NOTHING;
    return [{ type: 'repeat', invite: ok.invite, bytes: ok.bytes }];
  }

  /** A peer that listens somewhere is called back there; one that does not is lost with its connection. */
  #flowClosed(): readonly SessionAction[] {
    const state = this.#state.state;
    if (state === 'leaving' || state === 'over' || !needsFlow(this.dialog)) return NOTHING;
    return this.#lose('transport');
  }

  #outcome(
    input: Extract<SessionInput, { type: 'response' | 'no-response' }>,
    nowMs: MonotonicMs,
  ): readonly SessionAction[] {
    const outcome =
      input.type === 'response'
        ? this.#voice.answered(input.cseq, input.response, nowMs)
        : this.#voice.unanswered(input.cseq, input.why, nowMs);
    const { actions, end } = outcome;
    if (end === null) return actions;
    if (end === 'bye-done') {
      if (this.#state.state === 'leaving') this.#state = { state: 'over' };
      return actions;
    }
    if (this.#state.state !== 'talking') return actions;
    return [...actions, ...this.#leave(null, end)];
  }

  #timeout(nowMs: MonotonicMs): readonly SessionAction[] {
    const state = this.#state;
    if (state.state === 'talking') {
      const due = this.#voice.due(nowMs);
      if (due === 'expired') return this.#leave(SESSION_EXPIRED, 'session-expired');
      if (due === 'silence') return this.#leave(null, 'transport');
    }
    const ok = this.#unacked();
    if (ok === null) return NOTHING;
    if (nowMs >= ok.giveUpAtMs) {
      return this.#leave(state.state === 'hanging-up' ? state.reason : null, 'no-ack');
    }
    if (nowMs < ok.retransmitAtMs) return NOTHING;
    const next = repeatedOk(ok, this.#settings.timers, nowMs);
    this.#state =
      state.state === 'hanging-up'
        ? { ...state, ok: next }
        : { state: 'talking', exchange: { phase: 'unacked', ok: next } };
    return [{ type: 'repeat', invite: ok.invite, bytes: ok.bytes }];
  }

  /** We end the call. */
  #leave(reason: ReasonHeader | null, by: Ending): readonly SessionAction[] {
    const refused = this.#reject(487, []);
    this.#state = { state: 'leaving' };
    return [...refused, ...this.#voice.bye(reason), this.#ended(by)];
  }

  /** The peer has ended the call, or is out of reach. */
  #lose(by: Ending): readonly SessionAction[] {
    const refused = this.#reject(487, []);
    this.#state = { state: 'over' };
    return [...refused, ...this.#voice.hush(), this.#ended(by)];
  }

  #reply(entry: ServerEntry, status: number): SessionAction {
    return sessionReply(this.#settings, entry, { status });
  }

  #established(answer: string | null): SessionAction {
    return { type: 'event', event: { type: 'established', dialogId: this.dialogId, answer } };
  }

  #ended(by: Ending): SessionAction {
    return { type: 'event', event: { type: 'ended', dialogId: this.dialogId, by } };
  }

  /** Whether we may begin an exchange of our own. */
  #turn(): 'ours' | 'theirs' {
    const state = this.#state;
    return state.state === 'talking' && state.exchange.phase === 'idle' ? 'ours' : 'theirs';
  }

  /** The peer's re-INVITE or UPDATE that has no final response yet. */
  #waiting(): ServerEntry | null {
    const state = this.#state;
    if (state.state !== 'talking' || state.exchange.phase !== 'waiting') return null;
    return state.exchange.entry;
  }

  #unacked(): UnackedOk | null {
    const state = this.#state;
    if (state.state === 'hanging-up') return state.ok;
    if (state.state !== 'talking' || state.exchange.phase !== 'unacked') return null;
    return state.exchange.ok;
  }
}
