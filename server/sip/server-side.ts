import type { MonotonicMs } from '../../mixer/protocol/units.ts';
import { describeInvite } from './inbound-invite.ts';
import { IncomingSession } from './incoming-session.ts';
import { writeTrying } from './invite-response.ts';
import { InviteThrottle } from './invite-throttle.ts';
import { writeResponse } from './message-writer.ts';
import type { ReceivedRequest, SendTarget } from './received-request.ts';
import { ACCEPT, ALLOW, checkContact, checkRequest, SUPPORTED } from './request-check.ts';
import type { Reply } from './request-check.ts';
import type { Session, SessionSettings } from './session.ts';
import type { SessionTable } from './session-table.ts';
import { SipParseError } from './sip-parse-error.ts';
import { retryAfter, StatelessRefusals } from './stateless-refusal.ts';
import type { PeerTransaction, ServerEntry, TransactionLayer } from './transaction-layer.ts';
import type { SipEvent, SipFlow } from './user-agent.ts';

/** What holds for every new request. */
export interface ServerSideSettings extends Omit<SessionSettings, 'dialogId'> {
  /** New requests beyond this many transactions get 503. */
  readonly maxTransactions: number;
  /** New INVITEs beyond this many dialogs get 503. */
  readonly maxDialogs: number;
  /** New INVITEs of one WebSocket; undefined for the usual number. */
  readonly invitesPerMinute: number | undefined;
  /** Whether new calls may come; else the seconds after which a caller may try again. */
  readonly overload: () => 'ok' | number;
}

/** What the server half calls for. */
export interface ServerSidePorts {
  readonly transactions: TransactionLayer;
  readonly sessions: SessionTable;
  readonly send: (target: SendTarget, bytes: Uint8Array, turn: 'first' | 'again') => void;
  readonly raise: (event: SipEvent) => void;
  /** Takes a request within an early dialog of a call of ours; `foreign`: it is in none. */
  readonly receiveEarly: (entry: ServerEntry, nowMs: MonotonicMs) => 'taken' | 'foreign';
}

/** What a peer is told that comes when we are full, in seconds. */
const RETRY_AFTER_SECONDS = 5;

/** The server half of an endpoint (RFC 3261 §8.2 and §12.2.2): brings each request to whom it is meant for. */
export class ServerSide {
  readonly #settings: ServerSideSettings;
  readonly #ports: ServerSidePorts;
  readonly #throttle: InviteThrottle;
  readonly #refusals: StatelessRefusals;
  #refusedByLoad = 0;

  constructor(settings: ServerSideSettings, ports: ServerSidePorts) {
    this.#settings = settings;
    this.#ports = ports;
    this.#throttle = new InviteThrottle(settings.invitesPerMinute);
    this.#refusals = new StatelessRefusals({ ...settings, send: ports.send });
  }

  /** Requests that got 503 because there are too many. */
  get refusedByLoad(): number {
    return this.#refusals.count + this.#refusedByLoad;
  }

  /** Takes a request that has been read. */
  receive(request: ReceivedRequest, nowMs: MonotonicMs): void {
    const { method } = request.message;
    const known = this.#ports.transactions.find(request);
    if (known !== undefined) {
      known.handle({ type: method === 'ACK' ? 'ack' : 'retransmission' }, nowMs);
      // RFC 6026 §7.1: an ACK with the branch of an INVITE that was accepted is the session's.
      if (method === 'ACK') this.#acknowledge(request, nowMs);
    } else if (method === 'ACK') {
      this.#acknowledge(request, nowMs);
    } else {
      const waitSeconds = this.#isFull(request) ? RETRY_AFTER_SECONDS : this.#hurry(request, nowMs);
      if (waitSeconds === null) this.#newRequest(request, nowMs);
      else this.#refusals.refuse(request, waitSeconds, nowMs);
    }
  }

  /** Answers a request, with the usual lines. */
  respond(
    entry: ServerEntry,
    reply: Reply & { readonly body?: Uint8Array },
    nowMs: MonotonicMs,
  ): void {
    const bytes = writeResponse(entry.request.envelope, {
      ...reply,
      toTag: entry.toTag,
      headers: [...reply.headers, this.#settings.serverHeader],
    });
    entry.transaction.handle({ type: 'respond', status: reply.status, bytes }, nowMs);
  }

  /** A connection is gone. */
  flowClosed(flow: SipFlow): void {
    this.#throttle.forget(flow);
  }

  #acknowledge(request: ReceivedRequest, nowMs: MonotonicMs): void {
    const session = this.#ports.sessions.find(request);
    if (session === undefined) return;
    this.#ports.sessions.tell(session.dialogId, { type: 'ack', request }, nowMs);
  }

  /** Requests within dialogs go on when new ones are refused; there is a bound for them too. */
  #isFull(request: ReceivedRequest): boolean {
    const max = this.#settings.maxTransactions;
    const isInside = request.envelope.toTag !== '' || request.message.method === 'CANCEL';
    return this.#ports.transactions.size >= (isInside ? 2 * max : max);
  }

  /** Seconds after which a peer may try again whose call or ping comes at a bad time; null when it does not. */
  #hurry(request: ReceivedRequest, nowMs: MonotonicMs): number | null {
    const { method } = request.message;
    const isNew = request.envelope.toTag === '' && (method === 'INVITE' || method === 'OPTIONS');
    const overload = isNew ? this.#settings.overload() : 'ok';
    if (overload !== 'ok') return overload;
    return this.#refusals.has(request, nowMs) ? RETRY_AFTER_SECONDS : null;
  }

  #newRequest(request: ReceivedRequest, nowMs: MonotonicMs): void {
    const { transactions } = this.#ports;
    const isMerged = transactions.isMerged(request);
    const { method } = request.message;
    const cancelled = method === 'CANCEL' ? transactions.findCancelled(request) : undefined;
    const toTag = cancelled === undefined ? this.#settings.random.hex(8) : cancelled.localTag;
    const entry = transactions.open(request, toTag);
    const refusal = checkRequest(request, this.#settings.sessionTimers.minSeconds);
    if (refusal !== null) {
      this.respond(entry, refusal, nowMs);
    } else if (method === 'CANCEL') {
      this.#cancel(entry, cancelled, nowMs);
    } else if (request.envelope.toTag !== '') {
      this.#insideDialog(entry, nowMs);
    } else if (isMerged) {
      this.respond(entry, { status: 482, headers: [] }, nowMs);
    } else {
      this.#outsideDialog(entry, nowMs);
    }
  }

  #cancel(entry: ServerEntry, invite: PeerTransaction | undefined, nowMs: MonotonicMs): void {
    if (invite === undefined) {
      this.respond(entry, { status: 481, headers: [] }, nowMs);
      return;
    }
    this.respond(entry, { status: 200, headers: [] }, nowMs);
    this.#ports.sessions.tellOwnerOf(invite, { type: 'cancel', invite }, nowMs);
  }

  #outsideDialog(entry: ServerEntry, nowMs: MonotonicMs): void {
    const { method } = entry.request.message;
    if (method !== 'INVITE' && method !== 'OPTIONS') {
      this.respond(entry, { status: 481, headers: [] }, nowMs);
      return;
    }
    const waitSeconds = this.#waitSeconds(entry, nowMs);
    if (waitSeconds !== null) {
      this.#refusedByLoad += 1;
      this.respond(entry, { status: 503, headers: [retryAfter(waitSeconds)] }, nowMs);
    } else if (method === 'OPTIONS') {
      // RFC 3261 §11.2: as an INVITE would be answered.
      this.respond(entry, { status: 200, headers: [ALLOW, ACCEPT, SUPPORTED] }, nowMs);
    } else {
      this.#invite(entry, nowMs);
    }
  }

  /** Seconds after which a peer may try again; null when there is room. */
  #waitSeconds(entry: ServerEntry, nowMs: MonotonicMs): number | null {
    const isFull = this.#ports.sessions.size >= this.#settings.maxDialogs;
    if (isFull) return RETRY_AFTER_SECONDS;
    const { flow, message } = entry.request;
    const isThrottled = message.method === 'INVITE' && !this.#throttle.allows(flow, nowMs);
    return isThrottled ? RETRY_AFTER_SECONDS : null;
  }

  #invite(invite: ServerEntry, nowMs: MonotonicMs): void {
    const session = this.#createSession(invite, nowMs);
    if (session === null) return;
    this.#ports.sessions.add(session);
    invite.transaction.owner = session.dialogId;
    this.#trying(invite, nowMs);
    const { dialogId } = session;
    this.#ports.raise({ type: 'invite', dialogId, invite: describeInvite(invite.request) });
  }

  #createSession(invite: ServerEntry, nowMs: MonotonicMs): Session | null {
    const settings = { ...this.#settings, dialogId: this.#settings.random.hex(16) };
    try {
      return new IncomingSession(settings, invite);
    } catch (error) {
      if (!(error instanceof SipParseError)) throw error;
      this.respond(invite, { status: 400, phrase: error.message, headers: [] }, nowMs);
      return null;
    }
  }

  #trying(invite: ServerEntry, nowMs: MonotonicMs): void {
    const bytes = writeTrying(invite.request);
    invite.transaction.handle({ type: 'respond', status: 100, bytes }, nowMs);
  }

  #insideDialog(entry: ServerEntry, nowMs: MonotonicMs): void {
    const { request } = entry;
    const session = this.#ports.sessions.find(request);
    if (session === undefined) {
      if (this.#ports.receiveEarly(entry, nowMs) === 'taken') return;
      this.respond(entry, { status: 481, headers: [] }, nowMs);
      return;
    }
    // RFC 3261 §12.2.2: out of order. Equal is a copy of a request that is answered already.
    if (request.envelope.cseqNumber <= session.dialog.remoteCseq) {
      this.respond(entry, { status: 500, phrase: 'CSeq Out of Order', headers: [] }, nowMs);
      return;
    }
    session.note(request);
    const { method } = request.message;
    if (method === 'INVITE' || method === 'UPDATE') {
      const refusal = checkContact(session.dialog, request);
      if (refusal !== null) {
        this.respond(entry, refusal, nowMs);
        return;
      }
    }
    entry.transaction.owner = session.dialogId;
    if (method === 'INVITE') this.#trying(entry, nowMs);
    this.#ports.sessions.tell(session.dialogId, { type: 'request', entry }, nowMs);
  }
}
