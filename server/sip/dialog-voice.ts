import { NEVER } from '../../mixer/protocol/units.ts';
import type { MonotonicMs } from '../../mixer/protocol/units.ts';
import { refreshTarget, refreshTargetFromAnswer } from './dialog.ts';
import type { Dialog } from './dialog.ts';
import { avoidContact, dialogAck, dialogRequest, needsFlow } from './dialog-request.ts';
import type { DigestClient, DigestExchange } from './digest/digest-client.ts';
import { HoldProbe } from './hold-probe.ts';
import { contactLine, reasonLines } from './invite-response.ts';
import { sessionIn } from './message-body.ts';
import type { HeaderLine } from './message-writer.ts';
import type { SipHeaders, SipResponse } from './message.ts';
import { glareBackoffMs, OwnOffer, verdictOf } from './own-offer.ts';
import type { Asking } from './own-offer.ts';
import { ACCEPT, ALLOW, SUPPORTED } from './request-check.ts';
import { sessionReply } from './session-reply.ts';
import { answeredTerms, readTimerTerms } from './session-timer.ts';
import type { SessionTimer } from './session-timer.ts';
import { NOTHING } from './session.ts';
import type { SessionAction, SessionSettings } from './session.ts';
import type { ServerEntry } from './transaction-layer.ts';
import { unackedOk } from './unacked-ok.ts';
import type { UnackedOk } from './unacked-ok.ts';
import type { ReasonHeader, SipEvent } from './user-agent.ts';

/** What a call that is answered goes on with. */
export interface DialogVoiceParts {
  readonly dialog: Dialog;
  /** Literal address for Via and Contact. */
  readonly localHost: string;
  readonly scheme: 'sip' | 'sips';
  /** The latest description of ours, which a refresh by re-INVITE repeats with the same version; null: there is none. */
  readonly localSdp: string | null;
  readonly timer: SessionTimer;
  /** Headers of the INVITE or 2xx of the peer. */
  readonly peerHeaders: SipHeaders;
  /** Credentials for requests of ours, or null. */
  readonly digest: DigestClient | null;
}

/** What an answer to a request of ours comes to. `end`: the dialog ends with it; `bye-done`: our BYE is settled. */
export interface Outcome {
  readonly actions: readonly SessionAction[];
  readonly end: 'bye-done' | Extract<SipEvent, { type: 'ended' }>['by'] | null;
}

interface SentInvite {
  readonly cseq: number;
  /** Which its ACK bears too (RFC 3261 §22.1). */
  readonly credentials: readonly HeaderLine[];
  readonly ack: 'due' | 'out';
}

interface Bye {
  readonly cseq: number;
  readonly reason: ReasonHeader | null;
  readonly digest: DigestExchange | null;
  readonly tries: number;
}

/** RFC 3262 is for calls; within them, nothing rings. */
const SUPPORTED_IN_REQUESTS: HeaderLine = ['Supported', 'timer'];

/** A request that met a broken connection goes out again after this. */
const RECONNECT_DELAY_MS = 2000;

/** Most times that one BYE goes out under another CSeq. */
const MAX_BYE_TRIES = 3;

/** What we say ourselves within an answered call: re-INVITE, UPDATE, ACK, BYE and the answers that accept. */
export class DialogVoice {
  /** Our view of the dialog: counters, route and target. */
  dialog: Dialog;
  readonly #settings: SessionSettings;
  readonly #scheme: 'sip' | 'sips';
  readonly #timer: SessionTimer;
  readonly #digest: DigestClient | null;
  readonly #own = new OwnOffer();
  readonly #probe: HoldProbe;
  #localHost: string;
  #localSdp: string | null;
  #update: 'allowed' | 'unknown' | 'refused' = 'unknown';
  /** Our latest re-INVITE. */
  #invite: SentInvite | null = null;
  #bye: Bye | null = null;

  constructor(settings: SessionSettings, parts: DialogVoiceParts) {
    this.#settings = settings;
    this.dialog = parts.dialog;
    this.#localHost = parts.localHost;
    this.#scheme = parts.scheme;
    this.#localSdp = parts.localSdp;
    this.#timer = parts.timer;
    this.#digest = parts.digest;
    this.#probe = new HoldProbe(settings.sessionTimers.expiresSeconds * 500);
    if (parts.localSdp !== null) this.described(parts.localSdp);
    this.notePeer(parts.peerHeaders);
  }

  /** `ours`: nothing of the peer's is being dealt with, so that what is queued may go out. */
  deadlineMs(turn: 'ours' | 'theirs'): MonotonicMs {
    const isHeldBack = turn === 'theirs' && this.#own.asking === null;
    const timerMs = Math.min(this.#timer.deadlineMs, this.#probe.deadlineMs);
    return isHeldBack ? timerMs : Math.min(timerMs, this.#own.deadlineMs);
  }

  /** The method of our offer or refresh that is on its way. */
  get asks(): 'INVITE' | 'UPDATE' | null {
    return this.#own.asking?.method ?? null;
  }

  /** Learns from any message of the peer whether it takes UPDATE (RFC 3311 §4). */
  notePeer(headers: SipHeaders): void {
    if (this.#update === 'refused' || headers.count('allow') === 0) return;
    const isAllowed = headers.lines('allow').some((line) => /(^|[\s,])UPDATE([\s,]|$)/.test(line));
    this.#update = isAllowed ? 'allowed' : 'unknown';
  }

  /** What a side has said of the media that flow from now on. */
  described(sdp: string): void {
    this.#probe.described(sdp);
  }

  /** From here on Via and Contact bear this address. */
  moveTo(localHost: string): void {
    this.#localHost = localHost;
  }

  /** The 2xx to a re-INVITE or UPDATE of the peer; `sdp` null when there is nothing to answer. */
  accept(
    entry: ServerEntry,
    sdp: string | null,
    nowMs: MonotonicMs,
  ): Extract<SessionAction, { type: 'respond' }> {
    const { request } = entry;
    this.dialog = refreshTarget(this.dialog, request);
    if (sdp !== null) {
      this.#localSdp = sdp;
      this.described(sdp);
    }
    const headers: readonly HeaderLine[] = [
      this.#contact(),
      SUPPORTED,
      ...this.#timer.answer(readTimerTerms(request.message.headers), nowMs),
      ...(sdp === null ? [] : [['Content-Type', 'application/sdp'] as const]),
    ];
    const body = sdp === null ? {} : { body: Buffer.from(sdp, 'utf8') };
    return sessionReply(this.#settings, entry, { status: 200, headers, ...body });
  }

  /** That 2xx, to be repeated until its ACK. */
  unacked(invite: ServerEntry, bytes: Uint8Array, nowMs: MonotonicMs): UnackedOk {
    return unackedOk({ invite, bytes }, this.#settings.timers, nowMs);
  }

  /** Wants a re-INVITE with that offer sent. */
  offer(sdp: string, nowMs: MonotonicMs): void {
    this.#own.want({ why: 'offer', sdp }, nowMs);
  }

  /** What time brings. A refresh that is due is queued. */
  due(nowMs: MonotonicMs): 'nothing' | 'expired' | 'silence' {
    const { asking } = this.#own;
    if (asking !== null && nowMs >= asking.giveUpAtMs) return 'silence';
    const due = this.#timer.due(nowMs);
    if (due === 'refresh') this.#own.want({ why: 'refresh', sdp: null }, nowMs);
    return due === 'expired' ? 'expired' : 'nothing';
  }

  /** Sends what is queued, when it may, and asks a peer on hold whether it is there. */
  speak(turn: 'ours' | 'theirs', nowMs: MonotonicMs): readonly SessionAction[] {
    const timer = this.#timer.deadlineMs === NEVER ? 'off' : 'runs';
    if (this.#probe.due(timer, nowMs) === 'probe') return [this.#sendProbe()];
    const queued = turn === 'ours' ? this.#own.ready(nowMs) : null;
    if (queued === null) return NOTHING;
    const { ask } = queued;
    const sdp = ask.sdp ?? this.#localSdp;
    const isUpdate = ask.why === 'refresh' && (this.#update === 'allowed' || sdp === null);
    const method = isUpdate ? 'UPDATE' : 'INVITE';
    const body = isUpdate || sdp === null ? null : Buffer.from(sdp, 'utf8');
    const headers: readonly HeaderLine[] = [
      this.#contact(),
      ALLOW,
      SUPPORTED_IN_REQUESTS,
      ...this.#timer.requestLines(),
      ...(body === null ? [] : [['Content-Type', 'application/sdp'] as const]),
    ];
    const sent = this.#send({ method, headers, body, digest: queued.digest });
    this.#own.sent({ method, cseq: sent.cseq, digest: sent.digest }, nowMs);
    const { cseq, credentials } = sent;
    if (method === 'INVITE') this.#invite = { cseq, credentials, ack: 'due' };
    return [sent.action];
  }

  #sendProbe(): SessionAction {
    const sent = this.#send({ method: 'OPTIONS', headers: [ACCEPT], body: null, digest: null });
    this.#probe.sent(sent.cseq);
    return sent.action;
  }

  /** BYE. A re-INVITE of ours that is on its way is given up. */
  bye(reason: ReasonHeader | null): readonly SessionAction[] {
    const hushed = this.hush();
    return [...hushed, this.#sendBye({ reason, digest: null, tries: 0 })];
  }

  /** Nothing more is said; a re-INVITE of ours that is on its way is given up. */
  hush(): readonly SessionAction[] {
    const isInviting = this.#own.asking?.method === 'INVITE';
    this.#own.drop();
    return isInviting ? [{ type: 'give-up' }] : NOTHING;
  }

  /** An answer to our request with that CSeq. */
  answered(cseq: number, response: SipResponse, nowMs: MonotonicMs): Outcome {
    const { status } = response;
    if (status < 200) return { actions: NOTHING, end: null };
    if (this.#bye?.cseq === cseq) return this.#byeAnswered(this.#bye, response);
    if (this.#probe.isAsking(cseq)) return this.#probed(status, nowMs);
    const { asking } = this.#own;
    const isAsked = asking?.cseq === cseq;
    if (isAsked && status < 300) {
      this.dialog = refreshTargetFromAnswer(this.dialog, response);
      this.notePeer(response.headers);
    }
    const acks = status < 300 ? this.#acknowledge(cseq) : NOTHING;
    if (!isAsked) return { actions: acks, end: null };
    const settled = this.#settle(asking, response, nowMs);
    return { ...settled, actions: [...acks, ...settled.actions] };
  }

  /** Our request with that CSeq gets no answer. */
  unanswered(cseq: number, why: 'timeout' | 'transport', nowMs: MonotonicMs): Outcome {
    const { asking } = this.#own;
    const isProbe = this.#probe.isAsking(cseq);
    const isCurrent = this.#bye?.cseq === cseq || asking?.cseq === cseq || isProbe;
    const wasBoundToFlow = needsFlow(this.dialog);
    if (isCurrent && why === 'transport') this.dialog = avoidContact(this.dialog);
    if (this.#bye?.cseq === cseq) {
      const { reason, digest, tries } = this.#bye;
      // The peer may be reached again over another connection.
      const isLost = why === 'timeout' || tries > 0 || wasBoundToFlow;
      if (isLost) return { actions: NOTHING, end: 'bye-done' };
      return { actions: [this.#sendBye({ reason, digest, tries: tries + 1 })], end: null };
    }
    if (isProbe) return this.#probed(null, nowMs);
    if (asking?.cseq !== cseq) return { actions: NOTHING, end: null };
    if (why === 'timeout') {
      // There are proxies that swallow UPDATE: before the call is given up, a re-INVITE is tried.
      return asking.method === 'UPDATE' && this.#tryInvite(nowMs) === 'queued'
        ? { actions: NOTHING, end: null }
        : this.#gone(asking);
    }
    if (this.#own.again(RECONNECT_DELAY_MS, asking.digest, nowMs) === 'queued') {
      return { actions: NOTHING, end: null };
    }
    return this.#refused(asking, 503, nowMs);
  }

  #probed(status: number | null, nowMs: MonotonicMs): Outcome {
    const isGone = this.#probe.answered(status, nowMs) === 'gone';
    return { actions: NOTHING, end: isGone ? 'transport' : null };
  }

  #settle(asking: Asking, response: SipResponse, nowMs: MonotonicMs): Outcome {
    const { status } = response;
    const { digest } = asking;
    const verdict = verdictOf(status, asking.method);
    let again: 'queued' | 'spent' = 'spent';
    switch (verdict) {
      case 'accepted':
        return this.#accepted(asking, response, nowMs);
      case 'gone':
        return status === 481 ? { actions: NOTHING, end: 'peer' } : this.#gone(asking);
      case 'glare': {
        const backoffMs = glareBackoffMs(this.dialog.role, this.#settings.random);
        again = this.#own.again(backoffMs, digest, nowMs);
        break;
      }
      case 'challenged':
        if (digest?.challenged(response).then === 'again')
          again = this.#own.again(0, digest, nowMs);
        break;
      case 'interval':
        if (this.#timer.raise(answeredTerms(response.headers)) === 'raised') {
          again = this.#own.again(0, digest, nowMs);
        }
        break;
      case 'by-invite':
        again = this.#tryInvite(nowMs);
        break;
      case 'refused':
        break;
    }
    return again === 'queued'
      ? { actions: NOTHING, end: null }
      : this.#refused(asking, status, nowMs);
  }

  /** From here on sessions are refreshed by re-INVITE. */
  #tryInvite(nowMs: MonotonicMs): 'queued' | 'spent' {
    this.#update = 'refused';
    return this.#localSdp === null ? 'spent' : this.#own.again(0, null, nowMs);
  }

  #accepted(asking: Asking, response: SipResponse, nowMs: MonotonicMs): Outcome {
    const { ask, method } = asking;
    const { dialogId } = this.#settings;
    this.#digest?.learn(response);
    this.#timer.accepted(answeredTerms(response.headers), nowMs);
    this.#own.done(nowMs);
    const answer = method === 'INVITE' ? sessionIn(response) : null;
    if (answer !== null) {
      if (ask.sdp !== null) this.#localSdp = ask.sdp;
      this.described(answer);
      const event: SipEvent = { type: 'renegotiated', dialogId, answer };
      return { actions: [{ type: 'event', event }], end: null };
    }
    if (ask.why === 'refresh') return { actions: NOTHING, end: null };
    // An offer that is accepted without an answer is not accepted (RFC 3264 §5).
    const event: SipEvent = { type: 'offer-refused', dialogId, status: 488 };
    return { actions: [{ type: 'event', event }], end: null };
  }

  #refused(asking: Asking, status: number, nowMs: MonotonicMs): Outcome {
    this.#own.done(nowMs);
    // RFC 4028 §10: the session stands until its time is over.
    this.#timer.postpone(nowMs);
    if (asking.ask.why === 'refresh') return { actions: NOTHING, end: null };
    const event: SipEvent = { type: 'offer-refused', dialogId: this.#settings.dialogId, status };
    return { actions: [{ type: 'event', event }], end: null };
  }

  /** RFC 3261 §12.2.1.2: a peer that says nothing has no call with us any more. */
  #gone(asking: Asking): Outcome {
    const end = asking.ask.why === 'refresh' ? 'session-expired' : 'transport';
    return { actions: NOTHING, end };
  }

  #acknowledge(cseq: number): readonly SessionAction[] {
    const invite = this.#invite;
    if (invite?.cseq !== cseq) return NOTHING;
    const turn = invite.ack === 'due' ? 'first' : 'again';
    this.#invite = { ...invite, ack: 'out' };
    const headers = [this.#settings.userAgentHeader, ...invite.credentials];
    const ack = dialogAck(this.dialog, cseq, { localHost: this.#localHost, headers });
    return [{ type: 'acknowledge', ack, turn }];
  }

  #byeAnswered(bye: Bye, response: SipResponse): Outcome {
    const { reason, digest, tries } = bye;
    const isChallenged = response.status === 401 || response.status === 407;
    const mayTry = isChallenged && tries < MAX_BYE_TRIES && digest !== null;
    if (mayTry && digest.challenged(response).then === 'again') {
      return { actions: [this.#sendBye({ reason, digest, tries: tries + 1 })], end: null };
    }
    return { actions: NOTHING, end: 'bye-done' };
  }

  #sendBye(bye: Omit<Bye, 'cseq'>): SessionAction {
    const headers = reasonLines(bye.reason);
    const sent = this.#send({ method: 'BYE', headers, body: null, digest: bye.digest });
    this.#bye = { ...bye, cseq: sent.cseq, digest: sent.digest };
    return sent.action;
  }

  #send(parts: {
    readonly method: string;
    readonly headers: readonly HeaderLine[];
    readonly body: Uint8Array | null;
    readonly digest: DigestExchange | null;
  }): {
    readonly action: SessionAction;
    readonly cseq: number;
    readonly credentials: readonly HeaderLine[];
    readonly digest: DigestExchange | null;
  } {
    const { method, body } = parts;
    const { request, dialog } = dialogRequest(this.dialog, {
      method,
      localHost: this.#localHost,
      headers: [...parts.headers, this.#settings.userAgentHeader],
      ...(body === null ? {} : { body }),
    });
    this.dialog = dialog;
    const protectedRequest = { method, uri: request.uri, body: body ?? new Uint8Array(0) };
    const digest = parts.digest ?? this.#digest?.exchange(protectedRequest) ?? null;
    const credentials = digest?.credentials() ?? [];
    const headers = [...request.headers, ...credentials];
    const cseq = dialog.localCseq;
    const action: SessionAction = { type: 'request', request: { ...request, headers }, cseq };
    return { action, cseq, credentials, digest };
  }

  #contact(): HeaderLine {
    return contactLine(this.#localHost, this.dialog.flow, this.#scheme);
  }
}
