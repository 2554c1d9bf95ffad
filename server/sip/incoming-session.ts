import type { MonotonicMs } from '../../mixer/protocol/units.ts';
import type { Timeout } from '../runtime/core.ts';
import { createUasDialog, noteRequest, refreshTarget } from './dialog.ts';
import type { Dialog } from './dialog.ts';
import { needsFlow } from './dialog-request.ts';
import { EstablishedSession } from './established-session.ts';
import { answerPlainly } from './in-dialog.ts';
import { sdpOf } from './inbound-invite.ts';
import { contactLine, provisionalContact, reasonLines } from './invite-response.ts';
import { recordRoutes, rejectionLines, schemeOf } from './invite-response.ts';
import type { HeaderLine } from './message-writer.ts';
import type { ReceivedRequest } from './received-request.ts';
import { ReliableRing } from './reliable-ring.ts';
import { SUPPORTED } from './request-check.ts';
import { comeAgain, sessionReply } from './session-reply.ts';
import { mentions, readTimerTerms, SessionTimer } from './session-timer.ts';
import { NOTHING } from './session.ts';
import type { Session, SessionAction, SessionInput, SessionSettings } from './session.ts';
import type { ServerEntry } from './transaction-layer.ts';
import type { DialogCommand, DialogId } from './user-agent.ts';
import { unackedOk } from './unacked-ok.ts';

/** RSeq begins somewhere below this (RFC 3262 §3 allows up to 2^31 − 1). */
const MAX_FIRST_SEQUENCE = 1_000_000;

/** How provisional answers go out: as the peer of the INVITE asks for (RFC 3262 §3). */
type Provisional = 'reliable' | 'plain' | 'none';

/*
 *  INVITE ─▶ offered ──answer──▶ answered: an EstablishedSession goes on
 *               │
 *               └──reject, CANCEL, BYE, hang-up, no PRACK──▶ over
 */
type State = 'offered' | 'answered' | 'over';

/** A call that somebody else makes, until it is answered: INVITE, 180 with its PRACK, and a final answer. */
export class IncomingSession implements Session {
  readonly #settings: SessionSettings;
  readonly #invite: ServerEntry;
  readonly #provisional: Provisional;
  readonly #ring: ReliableRing;
  #dialog: Dialog;
  #state: State = 'offered';

  /** @throws SipParseError when Record-Route, Contact or the extensions of the INVITE cannot be read. */
  constructor(settings: SessionSettings, invite: ServerEntry) {
    const { request, toTag } = invite;
    this.#settings = settings;
    this.#invite = invite;
    this.#dialog = createUasDialog(request, toTag);
    this.#provisional = provisionalOf(request);
    const first = 1 + settings.random.integer(MAX_FIRST_SEQUENCE);
    this.#ring = new ReliableRing(settings.timers, request.envelope.cseqNumber, first);
  }

  get dialog(): Dialog {
    return this.#dialog;
  }

  get dialogId(): DialogId {
    return this.#settings.dialogId;
  }

  get isOver(): boolean {
    return this.#state !== 'offered';
  }

  get deadlineMs(): MonotonicMs {
    return this.#ring.deadlineMs;
  }

  note(request: ReceivedRequest): void {
    this.#dialog = noteRequest(this.#dialog, request);
  }

  handle(input: SessionInput | Timeout, nowMs: MonotonicMs): readonly SessionAction[] {
    if (this.#state !== 'offered') return NOTHING;
    switch (input.type) {
      case 'ring':
        return this.#ringing(nowMs);
      case 'answer':
        return this.#answer(input, nowMs);
      case 'reject':
        return this.#refuse(input.status, rejectionLines(input));
      case 'hang-up':
        return this.#refuse(480, reasonLines(input.reason));
      case 'request':
        return this.#request(input.entry);
      case 'cancel':
        return input.invite === this.#invite.transaction ? this.#cancelled(487) : NOTHING;
      case 'flow-closed':
        // A peer that listens somewhere is answered there; one that does not is lost with its connection.
        return needsFlow(this.#dialog) ? this.#cancelled(487) : NOTHING;
      case 'timeout':
        return this.#timeout(nowMs);
      case 'call':
      case 'acknowledge':
      case 'offer':
      case 'ack':
      case 'repeated':
      case 'response':
      case 'no-response':
        return NOTHING;
    }
  }

  #ringing(nowMs: MonotonicMs): readonly SessionAction[] {
    // RFC 3262 §3: a second one must not go out before the first is acknowledged, and it would say the same.
    if (this.#provisional === 'none' || this.#ring.isWaiting) return NOTHING;
    const { request } = this.#invite;
    const usual = [...recordRoutes(request), ...provisionalContact(request)];
    if (this.#provisional === 'plain') return [this.#respond(180, usual)];
    const sequence = String(this.#ring.nextSequence);
    const response = this.#respond(180, [...usual, ['Require', '100rel'], ['RSeq', sequence]]);
    this.#ring.start(response.bytes, nowMs);
    return [response];
  }

  #answer(
    command: Extract<DialogCommand, { type: 'answer' }>,
    nowMs: MonotonicMs,
  ): readonly SessionAction[] {
    const invite = this.#invite;
    const { request } = invite;
    const timer = new SessionTimer(this.#settings.sessionTimers);
    const terms = readTimerTerms(request.message.headers);
    const headers: readonly HeaderLine[] = [
      ...recordRoutes(request),
      contactLine(command.localHost, request.flow, schemeOf(request)),
      SUPPORTED,
      ...timer.answer(terms, nowMs),
      ['Content-Type', 'application/sdp'],
    ];
    const body = Buffer.from(command.sdp, 'utf8');
    const response = sessionReply(this.#settings, invite, { status: 200, headers, body });
    this.#ring.hush();
    this.#state = 'answered';
    const session = new EstablishedSession(this.#settings, {
      dialog: this.#dialog,
      localHost: command.localHost,
      scheme: schemeOf(request),
      localSdp: command.sdp,
      timer,
      unacked: unackedOk({ invite, bytes: response.bytes }, this.#settings.timers, nowMs),
      ring: this.#ring,
      peerHeaders: request.message.headers,
      digest: null,
    });
    return [response, { type: 'become', session }];
  }

  #request(entry: ServerEntry): readonly SessionAction[] {
    const { request } = entry;
    switch (request.message.method) {
      case 'INVITE':
        // RFC 3261 §14.2: the first must be answered before a second can be looked at.
        return [comeAgain(this.#settings, entry)];
      case 'BYE':
        // RFC 3261 §15.1.2: a BYE within an early dialog ends the INVITE too.
        return [sessionReply(this.#settings, entry, { status: 200 }), ...this.#cancelled(487)];
      case 'UPDATE':
        return [this.#update(entry)];
      case 'PRACK':
        return [this.#prack(entry)];
      default: {
        // Keys that come so early are the call's to keep.
        const { reply, events } = answerPlainly(request, this.dialogId);
        const raised = events.map((event): SessionAction => ({ type: 'event', event }));
        return [sessionReply(this.#settings, entry, reply), ...raised];
      }
    }
  }

  /** RFC 3311 §5.2: no second offer can be answered before the one of the INVITE. */
  #update(entry: ServerEntry): SessionAction {
    if (sdpOf(entry.request) !== null) return comeAgain(this.#settings, entry);
    this.#dialog = refreshTarget(this.#dialog, entry.request);
    const headers = [...provisionalContact(this.#invite.request), SUPPORTED];
    return sessionReply(this.#settings, entry, { status: 200, headers });
  }

  /** Our 180 bears no description: an offer in its PRACK answers nothing, and comes before its time (RFC 3262 §5). */
  #prack(entry: ServerEntry): SessionAction {
    const taken = this.#ring.acknowledge(entry.request.message.headers);
    if (taken === 'unknown') return sessionReply(this.#settings, entry, { status: 481 });
    const status = sdpOf(entry.request) === null ? 200 : 488;
    return sessionReply(this.#settings, entry, { status });
  }

  #timeout(nowMs: MonotonicMs): readonly SessionAction[] {
    const due = this.#ring.due(nowMs);
    if (due === null) return NOTHING;
    // RFC 3262 §3: a peer that does not acknowledge in 64*T1 is told that this fails.
    if (due === 'give-up') return this.#cancelled(504);
    return [{ type: 'repeat', invite: this.#invite, bytes: due }];
  }

  #cancelled(status: number): readonly SessionAction[] {
    const refusal = this.#refuse(status, []);
    return [...refusal, { type: 'event', event: { type: 'cancelled', dialogId: this.dialogId } }];
  }

  #refuse(status: number, headers: readonly HeaderLine[]): readonly SessionAction[] {
    this.#state = 'over';
    this.#ring.hush();
    return [this.#respond(status, headers)];
  }

  #respond(
    status: number,
    headers: readonly HeaderLine[],
  ): Extract<SessionAction, { type: 'respond' }> {
    return sessionReply(this.#settings, this.#invite, { status, headers });
  }
}

/**
 * Reliably when the peer knows how, for a 180 that is lost is a caller who hears nothing. Without an offer in the INVITE
 * a reliable one would have to bring ours (RFC 3262 §5), which is not made before the answer.
 */
function provisionalOf(invite: ReceivedRequest): Provisional {
  const { headers } = invite.message;
  if (!mentions(headers, '100rel')) return 'plain';
  if (sdpOf(invite) !== null) return 'reliable';
  const isRequired = headers.list('require').some((each) => each.toLowerCase() === '100rel');
  return isRequired ? 'none' : 'plain';
}
