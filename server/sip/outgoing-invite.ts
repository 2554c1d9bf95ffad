import { NEVER } from '../../mixer/protocol/units.ts';
import type { MonotonicMs } from '../../mixer/protocol/units.ts';
import type { AnsweredCall, ClientPorts } from './client-side.ts';
import { DigestClient } from './digest/digest-client.ts';
import type { DigestExchange } from './digest/digest-client.ts';
import type { EarlyFork } from './early-fork.ts';
import { InviteAttempt } from './invite-attempt.ts';
import { inviteRequest, ownContact, ownInvite } from './invite-request.ts';
import type { InviteTerms } from './invite-request.ts';
import { reasonLines } from './invite-response.ts';
import type { SipResponse } from './message.ts';
import type { OutgoingCall } from './outgoing-call.ts';
import { redirectTargets } from './redirect.ts';
import type { InviteTarget } from './redirect.ts';
import { remedyOf } from './refusal-remedy.ts';
import { transactionTimeoutMs } from './sip-timers.ts';
import type { Timed } from './timed.ts';
import type { ServerEntry } from './transaction-layer.ts';
import type { DialogCommand, DialogId, ReasonHeader, SipEvent } from './user-agent.ts';

type Refused = Extract<SipEvent, { type: 'refused' }>;

/** One INVITE that is out or about to go. */
interface Sending {
  readonly to: InviteTarget;
  readonly attempt: InviteAttempt;
  readonly exchange: DigestExchange | null;
}

/*
 *   start ──▶ calling ──2xx──▶ over (a session) ◀──acknowledge── answered ◀──2xx with the offer── calling
 *              │ ▲ │
 *    refusal   │ │ └──hang-up, nobody answers──▶ giving-up ──any final answer──▶ over (refused)
 *  with remedy ▼ │
 *            pausing                      no remedy, no target left: calling ──▶ over (refused)
 */
type State =
  | { readonly state: 'calling'; readonly sending: Sending }
  /** The peer asked for patience: the same again later. */
  | { readonly state: 'pausing'; readonly to: InviteTarget; readonly untilMs: MonotonicMs }
  /** CANCEL is out or waits for a provisional answer. */
  | { readonly state: 'giving-up'; readonly sending: Sending; readonly why: Refused['why'] }
  /** Our answer to the peer's offer is awaited; the ACK waits with it. */
  | {
      readonly state: 'answered';
      readonly sending: Sending;
      readonly fork: EarlyFork;
      readonly response: SipResponse;
      readonly giveUpAtMs: MonotonicMs;
    }
  | { readonly state: 'over' };

/** A call to be made. */
export interface OutgoingInviteParts {
  readonly dialogId: DialogId;
  readonly call: OutgoingCall;
  readonly callId: string;
  readonly localTag: string;
  /** It is a session now, or has failed: it hears no commands and finds no requests any more. */
  readonly onOver: () => void;
}

/** INVITEs that one call may take. */
const MAX_SENDINGS = 16;

/** A call of ours up to its answer: RFC 3261 §8.1.3 and §13.2, with fail-over, redirection, credentials and remedies. */
export class OutgoingInvite implements Timed {
  readonly #ports: ClientPorts;
  readonly #parts: OutgoingInviteParts;
  readonly #digest: DigestClient | null;
  readonly #queue: InviteTarget[];
  readonly #triedUris = new Set<string>();
  #terms: InviteTerms;
  #state: State = { state: 'over' };
  #giveUpAtMs: MonotonicMs = NEVER;
  #cseq = 0;
  #sendings = 0;
  #pauses = 0;

  constructor(ports: ClientPorts, parts: OutgoingInviteParts) {
    const { call, callId, localTag } = parts;
    const { userAgentHeader, sessionTimers, random } = ports;
    this.#ports = ports;
    this.#parts = parts;
    this.#digest = call.credentials === null ? null : new DigestClient(call.credentials, random);
    this.#queue = call.targets.map((target) => ({ uri: call.uri, target }));
    const refusedExtensions = new Set<string>();
    this.#terms = { call, callId, localTag, userAgentHeader, sessionTimers, refusedExtensions };
  }

  get callId(): string {
    return this.#parts.callId;
  }

  start(nowMs: MonotonicMs): void {
    this.#giveUpAtMs = nowMs + this.#parts.call.answerWithinMs;
    this.#triedUris.add(this.#parts.call.uri);
    this.#next({ status: 0, why: 'transport' }, nowMs);
  }

  command(command: DialogCommand, nowMs: MonotonicMs): void {
    const state = this.#state;
    switch (command.type) {
      case 'hang-up':
        this.#hangUp(command.reason, nowMs);
        break;
      case 'acknowledge':
        if (state.state === 'answered') this.#establish(state, command.sdp, nowMs);
        break;
      case 'answer':
        this.#attempt()?.answerOffer(200, command.sdp, nowMs);
        break;
      case 'reject':
        this.#attempt()?.answerOffer(command.status, null, nowMs);
        break;
      case 'offer': {
        const { dialogId } = this.#parts;
        this.#ports.raise({ type: 'offer-refused', dialogId, status: 491 });
        break;
      }
      case 'call':
      case 'ring':
        break;
    }
  }

  /** A request of the peer that bears our tag. */
  receive(entry: ServerEntry, nowMs: MonotonicMs): 'taken' | 'foreign' {
    return this.#attempt()?.receive(entry, nowMs) ?? 'foreign';
  }

  expire(nowMs: MonotonicMs): void {
    const state = this.#state;
    switch (state.state) {
      case 'calling':
        if (nowMs >= this.#giveUpAtMs)
          this.#giveUp(state.sending, { why: 'timeout', reason: null }, nowMs);
        break;
      case 'pausing':
        if (nowMs >= this.#giveUpAtMs) this.#refuse({ status: 0, why: 'timeout' });
        else if (nowMs >= state.untilMs) this.#send(state.to, null, nowMs);
        break;
      case 'answered':
        if (nowMs >= state.giveUpAtMs) this.#abandon(state, { by: 'no-ack', reason: null }, nowMs);
        break;
      case 'giving-up':
      case 'over':
        break;
    }
    this.#setDeadline();
  }

  #hangUp(reason: ReasonHeader | null, nowMs: MonotonicMs): void {
    const state = this.#state;
    if (state.state === 'calling') this.#giveUp(state.sending, { why: 'cancelled', reason }, nowMs);
    else if (state.state === 'pausing') this.#refuse({ status: 0, why: 'cancelled' });
    else if (state.state === 'answered') this.#abandon(state, { by: 'us', reason }, nowMs);
    this.#setDeadline();
  }

  #giveUp(
    sending: Sending,
    cause: { readonly why: Refused['why']; readonly reason: ReasonHeader | null },
    nowMs: MonotonicMs,
  ): void {
    const { why, reason } = cause;
    this.#state = { state: 'giving-up', sending, why };
    sending.attempt.cancel(reasonLines(reason), nowMs);
    this.#setDeadline();
  }

  /** Answered with an offer that nobody answers: an ACK it must have, and then BYE. */
  #abandon(
    state: Extract<State, { state: 'answered' }>,
    cause: { readonly by: 'us' | 'no-ack' | 'peer'; readonly reason: ReasonHeader | null },
    nowMs: MonotonicMs,
  ): void {
    const { by, reason } = cause;
    const { attempt } = state.sending;
    if (by === 'peer') attempt.acknowledge(state.fork, null);
    else attempt.dismiss(state.fork, reasonLines(reason), nowMs);
    this.#end();
    this.#ports.raise({ type: 'ended', dialogId: this.#parts.dialogId, by });
  }

  #send(to: InviteTarget, exchange: DigestExchange | null, nowMs: MonotonicMs): void {
    const { call } = this.#parts;
    this.#sendings += 1;
    this.#cseq = Math.max(this.#cseq, this.#attempt()?.lastCseq ?? 0) + 1;
    const cseq = this.#cseq;
    const body = Buffer.from(call.offer ?? '', 'utf8');
    const method = 'INVITE';
    const asked = exchange ?? this.#digest?.exchange({ method, uri: to.uri, body }) ?? null;
    const credentials = asked?.credentials() ?? [];
    const invite = inviteRequest(this.#terms, to, { cseq, credentials });
    const attempt: InviteAttempt = new InviteAttempt(
      this.#attemptPorts(() => attempt, to),
      {
        invite,
        own: ownInvite(this.#terms, to, cseq),
        offer: call.offer,
        credentials,
        credentialsFor: (of, uri) => this.#credentialsFor(of, uri),
      },
    );
    this.#state = { state: 'calling', sending: { to, attempt, exchange: asked } };
    this.#setDeadline();
    attempt.start(nowMs);
  }

  #credentialsFor(method: string, uri: string): ReturnType<DigestClient['credentialsFor']> {
    return this.#digest?.credentialsFor({ method, uri, body: new Uint8Array(0) }) ?? [];
  }

  #attemptPorts(self: () => InviteAttempt, to: InviteTarget) {
    const { transactions, userAgentHeader, respond } = this.#ports;
    const { dialogId, call } = this.#parts;
    const current = (act: (sending: Sending) => void): void => {
      const sending = this.#sending();
      if (sending?.attempt === self()) act(sending);
    };
    return {
      transactions,
      userAgentHeader,
      contact: ownContact(call.localHost, to.target),
      respond,
      progress: (status: number, answer: string | null) =>
        current(() => {
          if (this.#state.state !== 'calling') return;
          this.#ports.raise({ type: 'progress', dialogId, status, answer });
        }),
      accepted: (fork: EarlyFork, response: SipResponse, nowMs: MonotonicMs) =>
        this.#accepted(self(), { fork, response }, nowMs),
      refused: (response: SipResponse, nowMs: MonotonicMs) =>
        current((sending) => this.#refused(sending, response, nowMs)),
      failed: (why: 'timeout' | 'transport' | 'unreadable', nowMs: MonotonicMs) =>
        current(() => this.#failed(why, nowMs)),
      reoffered: (offer: string) => this.#ports.raise({ type: 'reoffer', dialogId, offer }),
      left: (fork: EarlyFork, nowMs: MonotonicMs) => current(() => this.#left(fork, nowMs)),
    };
  }

  #accepted(
    attempt: InviteAttempt,
    answer: { readonly fork: EarlyFork; readonly response: SipResponse },
    nowMs: MonotonicMs,
  ): void {
    const { fork, response } = answer;
    const state = this.#state;
    const sending = this.#sending();
    if (sending?.attempt !== attempt || state.state !== 'calling') {
      // The CANCEL has come too late (RFC 3261 §9.1).
      attempt.dismiss(fork, [], nowMs);
      if (state.state === 'giving-up') this.#refuse({ status: 487, why: state.why });
      return;
    }
    const { dialogId, call } = this.#parts;
    const { description } = fork;
    if (description === null) {
      attempt.dismiss(fork, [], nowMs);
      this.#refuse({ status: 488, why: 'peer' });
      return;
    }
    this.#ports.raise({ type: 'accepted', dialogId, description });
    const giveUpAtMs = nowMs + transactionTimeoutMs(this.#ports.timers);
    const answered = { state: 'answered', sending, fork, response, giveUpAtMs } as const;
    this.#state = answered;
    if (call.offer !== null || fork.exchange === 'done') this.#establish(answered, null, nowMs);
    else this.#setDeadline();
  }

  #establish(
    state: Extract<State, { state: 'answered' }>,
    answer: string | null,
    nowMs: MonotonicMs,
  ): void {
    const { dialogId, call } = this.#parts;
    state.sending.attempt.acknowledge(state.fork, answer);
    const answered: AnsweredCall = {
      dialogId,
      dialog: state.fork.dialog,
      localHost: call.localHost,
      localSdp: answer ?? state.fork.localSdp ?? call.offer,
      response: state.response,
      digest: this.#digest,
    };
    this.#end();
    this.#ports.establish(answered, nowMs);
  }

  #refused(sending: Sending, response: SipResponse, nowMs: MonotonicMs): void {
    const { status } = response;
    const state = this.#state;
    if (state.state === 'giving-up') {
      this.#refuse({ status, why: state.why });
      return;
    }
    const remedy = remedyOf(response, this.#terms, this.#ports.random);
    const mayTry = this.#sendings < MAX_SENDINGS;
    if (!mayTry || remedy.type === 'none') this.#refuse({ status, why: 'peer' });
    else if (remedy.type === 'next-target') this.#next({ status, why: 'peer' }, nowMs);
    else if (remedy.type === 'credentials') this.#challenged(sending, response, nowMs);
    else if (remedy.type === 'redirect') this.#redirected(response, nowMs);
    else if (remedy.type === 'pause')
      this.#pause(sending.to, { status, forMs: remedy.forMs }, nowMs);
    else {
      this.#terms = remedy.terms;
      this.#send(sending.to, null, nowMs);
    }
  }

  #challenged(sending: Sending, response: SipResponse, nowMs: MonotonicMs): void {
    const verdict = sending.exchange?.challenged(response);
    if (verdict?.then === 'again') this.#send(sending.to, sending.exchange, nowMs);
    else this.#refuse({ status: response.status, why: 'credentials' });
  }

  #redirected(response: SipResponse, nowMs: MonotonicMs): void {
    const found = redirectTargets(response, this.#parts.call).filter(
      ({ uri }) => !this.#triedUris.has(uri),
    );
    for (const { uri } of found) this.#triedUris.add(uri);
    // The others are ways to a place that says that nobody is there.
    if (found.length > 0) this.#queue.length = 0;
    this.#queue.unshift(...found);
    if (found.length === 0) this.#refuse({ status: response.status, why: 'peer' });
    else this.#next({ status: response.status, why: 'peer' }, nowMs);
  }

  #pause(
    to: InviteTarget,
    wanted: { readonly status: number; readonly forMs: number },
    nowMs: MonotonicMs,
  ): void {
    this.#pauses += 1;
    const isUnavailable = wanted.status === 503;
    if (this.#pauses > 2 || (isUnavailable && this.#queue.length > 0)) {
      if (isUnavailable) this.#next({ status: wanted.status, why: 'peer' }, nowMs);
      else this.#refuse({ status: wanted.status, why: 'peer' });
      return;
    }
    this.#cseq = Math.max(this.#cseq, this.#attempt()?.lastCseq ?? 0);
    this.#state = { state: 'pausing', to, untilMs: nowMs + wanted.forMs };
    this.#setDeadline();
  }

  #failed(why: 'timeout' | 'transport' | 'unreadable', nowMs: MonotonicMs): void {
    const state = this.#state;
    if (state.state === 'giving-up') this.#refuse({ status: 0, why: state.why });
    else if (why === 'unreadable') this.#refuse({ status: 0, why: 'peer' });
    else this.#next({ status: 0, why }, nowMs);
  }

  /** A BYE that overtook its 2xx, or of a peer that sends one where it must not: nobody is there any more. */
  #left(fork: EarlyFork, nowMs: MonotonicMs): void {
    const state = this.#state;
    if (state.state === 'answered' && state.fork === fork)
      this.#abandon(state, { by: 'peer', reason: null }, nowMs);
    else if (state.state === 'calling')
      this.#giveUp(state.sending, { why: 'peer', reason: null }, nowMs);
  }

  /** The next target in order (RFC 3263 §4.3), or the end. */
  #next(last: Pick<Refused, 'status' | 'why'>, nowMs: MonotonicMs): void {
    const to = this.#queue.shift();
    if (to === undefined) this.#refuse(last);
    else this.#send(to, null, nowMs);
  }

  #refuse(outcome: Pick<Refused, 'status' | 'why'>): void {
    this.#end();
    this.#ports.raise({ type: 'refused', dialogId: this.#parts.dialogId, ...outcome });
  }

  #end(): void {
    this.#state = { state: 'over' };
    this.#setDeadline();
    this.#parts.onOver();
  }

  #sending(): Sending | null {
    const state = this.#state;
    return state.state === 'over' || state.state === 'pausing' ? null : state.sending;
  }

  #attempt(): InviteAttempt | null {
    return this.#sending()?.attempt ?? null;
  }

  #setDeadline(): void {
    this.#ports.deadlines.set(this, this.#deadlineMs());
  }

  #deadlineMs(): MonotonicMs {
    const state = this.#state;
    if (state.state === 'calling') return this.#giveUpAtMs;
    if (state.state === 'pausing') return Math.min(this.#giveUpAtMs, state.untilMs);
    return state.state === 'answered' ? state.giveUpAtMs : NEVER;
  }
}
