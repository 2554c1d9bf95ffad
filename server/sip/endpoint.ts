import { assertNever } from '../../mixer/protocol/coded-error.ts';
import type { Facts } from '../../mixer/protocol/coded-error.ts';
import type { MonotonicMs } from '../../mixer/protocol/units.ts';
import type { Core, Timeout } from '../runtime/core.ts';
import type { Random } from '../runtime/random.ts';
import { DeadlineQueue } from './deadline-queue.ts';
import { describeInvite } from './inbound-invite.ts';
import { InviteThrottle } from './invite-throttle.ts';
import { InviteSession } from './invite-session.ts';
import { tagOfInvite, writeTrying } from './invite-response.ts';
import type { SessionInput } from './invite-session.ts';
import { isKeepAlive, looksLikeResponse, parseMessage } from './message-parser.ts';
import type { SipMessage } from './message.ts';
import { writeResponse, writeSalvagedResponse } from './message-writer.ts';
import type { HeaderLine } from './message-writer.ts';
import { encodeUtf8 } from './octet-string.ts';
import { receiveRequest } from './received-request.ts';
import type { ReceivedRequest, SendTarget } from './received-request.ts';
import { ACCEPT, ALLOW, checkContact, checkRequest, SUPPORTED } from './request-check.ts';
import type { Reply } from './request-check.ts';
import { SessionTable } from './session-table.ts';
import { SipParseError } from './sip-parse-error.ts';
import { DEFAULT_SIP_TIMERS } from './sip-timers.ts';
import type { SipTimers } from './sip-timers.ts';
import { TransactionLayer } from './transaction-layer.ts';
import type { ServerEntry, Timed } from './transaction-layer.ts';
import { isWebSocket } from './user-agent.ts';
import type { SipAction, SipCommand, SipFlow, SipInput } from './user-agent.ts';

/** What an endpoint needs to know. */
export interface SipEndpointOptions {
  readonly random: Random;
  /**
   * Whether requests from this literal address are listened to. All others are dropped without an answer, except what
   * comes by WebSocket: who may connect there was decided at the upgrade.
   */
  readonly isTrusted: (host: string) => boolean;
  /** Text of the Server and User-Agent headers. */
  readonly userAgent: string;
  /** Changes to T1, T2 and T4, for tests. */
  readonly timers?: Partial<SipTimers>;
  /** New requests beyond this many transactions get 503. 50,000 unless told. */
  readonly maxTransactions?: number;
  /** New INVITEs beyond this many dialogs get 503. 4,000 unless told. */
  readonly maxDialogs?: number;
  /** New INVITEs of one WebSocket, for long as in a burst; more get 503. 10 unless told. */
  readonly invitesPerMinute?: number;
}

/** Figures of an endpoint, for metrics and tests. */
export interface SipEndpointFigures {
  readonly transactions: number;
  readonly dialogs: number;
  /** Messages from hosts that are not trusted. */
  readonly untrustedMessages: number;
  readonly malformedMessages: number;
}

/** A user agent server over any number of flows. */
export interface SipEndpoint extends Core<SipInput, SipAction> {
  readonly figures: SipEndpointFigures;
}

/** Creates the SIP user agent (RFC 3261) that answers calls; see `user-agent.ts` for what goes in and out. */
export function createSipEndpoint(options: SipEndpointOptions): SipEndpoint {
  return new Endpoint(options);
}

/** What a peer is told that comes when we are full. */
const RETRY_AFTER: HeaderLine = ['Retry-After', '5'];

/** Of a peer's text in one fact of a log line. */
const MAX_LOGGED_CHARACTERS = 128;

/** A warning about strangers is repeated at most once in this time. */
const STRANGER_WARNING_INTERVAL_MS = 60_000;

class Endpoint implements SipEndpoint {
  readonly #options: SipEndpointOptions;
  readonly #timers: SipTimers;
  readonly #deadlines = new DeadlineQueue<Timed>();
  readonly #transactions: TransactionLayer;
  readonly #sessions: SessionTable;
  readonly #serverHeader: HeaderLine;
  readonly #userAgentHeader: HeaderLine;
  readonly #throttle: InviteThrottle;
  #out: SipAction[] = [];
  #nowMs: MonotonicMs = 0;
  #untrustedMessages = 0;
  #malformedMessages = 0;
  #nextStrangerWarningAtMs: MonotonicMs = Number.NEGATIVE_INFINITY;

  constructor(options: SipEndpointOptions) {
    this.#options = options;
    this.#throttle = new InviteThrottle(options.invitesPerMinute);
    this.#timers = { ...DEFAULT_SIP_TIMERS, ...options.timers };
    const name = encodeUtf8(options.userAgent.replace(/[\r\n]/g, ' '));
    this.#serverHeader = ['Server', name];
    this.#userAgentHeader = ['User-Agent', name];
    const deadlines = this.#deadlines;
    const send = (target: SendTarget, bytes: Uint8Array): void => {
      this.#out.push({ type: 'send', ...target, bytes });
    };
    this.#transactions = new TransactionLayer({
      timers: this.#timers,
      deadlines,
      send,
      inviteRepeated: (invite) => this.#tell(tagOfInvite(invite), { type: 'repeated', invite }),
      requestDone: (owner) => this.#tell(owner, { type: 'bye-done' }),
    });
    this.#sessions = new SessionTable({
      deadlines,
      send,
      startRequest: (request, nowMs) => this.#transactions.start(request, nowMs),
      raise: (event) => this.#out.push({ type: 'event', event }),
    });
  }

  get deadlineMs(): MonotonicMs {
    return this.#deadlines.nextMs;
  }

  get figures(): SipEndpointFigures {
    return {
      transactions: this.#transactions.size,
      dialogs: this.#sessions.size,
      untrustedMessages: this.#untrustedMessages,
      malformedMessages: this.#malformedMessages,
    };
  }

  handle(input: SipInput | Timeout, nowMs: MonotonicMs): readonly SipAction[] {
    this.#out = [];
    this.#nowMs = nowMs;
    switch (input.type) {
      case 'received':
        this.#received(input.bytes, input.flow);
        break;
      case 'flow-closed':
        this.#flowClosed(input.flow);
        break;
      case 'command':
        this.#command(input.command);
        break;
      case 'timeout':
        this.#expire();
        break;
      default:
        assertNever(input);
    }
    const out = this.#out;
    this.#out = [];
    return out;
  }

  #received(bytes: Uint8Array, flow: SipFlow): void {
    const isTrusted = isWebSocket(flow) || this.#options.isTrusted(flow.remoteHost);
    if (!isTrusted && !this.#mayBeAwaited(bytes)) {
      this.#stranger(flow);
      return;
    }
    if (isKeepAlive(bytes)) return;
    let message: SipMessage | null = null;
    try {
      message = parseMessage(bytes);
      if (message.kind === 'response') {
        const outcome = this.#transactions.receiveResponse(message, this.#nowMs);
        const { status } = message;
        this.#log('debug', 'response received', { ...origin(flow), status, outcome });
      } else {
        this.#request(receiveRequest(message, flow));
      }
    } catch (error) {
      if (!(error instanceof SipParseError)) throw error;
      this.#malformed(error, message, flow);
    }
  }

  /** A response may come from another host than the one that was asked; its branch tells that it is meant for us. */
  #mayBeAwaited(bytes: Uint8Array): boolean {
    return this.#transactions.requestsOut > 0 && looksLikeResponse(bytes);
  }

  #stranger(flow: SipFlow): void {
    this.#untrustedMessages += 1;
    if (this.#nowMs < this.#nextStrangerWarningAtMs) return;
    this.#nextStrangerWarningAtMs = this.#nowMs + STRANGER_WARNING_INTERVAL_MS;
    const facts = { ...origin(flow), messagesSoFar: this.#untrustedMessages };
    this.#log('warn', 'messages from a host that is on no trunk are dropped', facts);
  }

  #malformed(error: SipParseError, message: SipMessage | null, flow: SipFlow): void {
    this.#malformedMessages += 1;
    this.#log('debug', 'malformed message', { ...origin(flow), fault: error.message });
    const request = error.request ?? (message?.kind === 'request' ? message : null);
    if (request === null) return;
    const bytes = writeSalvagedResponse(request, {
      status: error.status,
      phrase: error.message,
      toTag: '',
      headers: [this.#serverHeader],
    });
    if (bytes === null) return;
    this.#out.push({ type: 'send', flow, host: flow.remoteHost, port: flow.remotePort, bytes });
  }

  #request(request: ReceivedRequest): void {
    const { method } = request.message;
    const callId = request.envelope.callId.slice(0, MAX_LOGGED_CHARACTERS);
    this.#log('debug', 'request received', { ...origin(request.flow), method, callId });
    const known = this.#transactions.find(request);
    if (known !== undefined) {
      known.handle({ type: method === 'ACK' ? 'ack' : 'retransmission' }, this.#nowMs);
      // RFC 6026 §7.1: an ACK with the branch of an INVITE that was accepted is the session's.
      if (method === 'ACK') this.#acknowledge(request);
    } else if (method === 'ACK') {
      this.#acknowledge(request);
    } else if (this.#isFull(request)) {
      this.#refuseStateless(request);
    } else {
      this.#newRequest(request);
    }
  }

  #acknowledge(request: ReceivedRequest): void {
    const session = this.#sessions.find(request);
    if (session !== undefined) this.#tell(session.dialog.localTag, { type: 'ack', request });
  }

  /** Requests within dialogs go on when new ones are refused; there is a bound for them too. */
  #isFull(request: ReceivedRequest): boolean {
    const max = this.#options.maxTransactions ?? 50_000;
    const isInside = request.envelope.toTag !== '' || request.message.method === 'CANCEL';
    return this.#transactions.size >= (isInside ? 2 * max : max);
  }

  #refuseStateless(request: ReceivedRequest): void {
    const bytes = writeResponse(request.envelope, {
      status: 503,
      toTag: this.#options.random.hex(8),
      headers: [RETRY_AFTER, this.#serverHeader],
    });
    this.#out.push({ type: 'send', ...request.responseTarget, bytes });
  }

  #newRequest(request: ReceivedRequest): void {
    const isMerged = this.#transactions.isMerged(request);
    const { method } = request.message;
    const cancelled = method === 'CANCEL' ? this.#transactions.findCancelled(request) : undefined;
    const toTag = cancelled === undefined ? this.#options.random.hex(8) : tagOfInvite(cancelled);
    const entry = this.#transactions.open(request, toTag);
    const refusal = checkRequest(request);
    if (refusal !== null) {
      this.#respond(entry, refusal);
    } else if (method === 'CANCEL') {
      this.#cancel(entry, cancelled);
    } else if (request.envelope.toTag !== '') {
      this.#insideDialog(entry);
    } else if (isMerged) {
      this.#respond(entry, { status: 482, headers: [] });
    } else {
      this.#outsideDialog(entry);
    }
  }

  #cancel(entry: ServerEntry, invite: ServerEntry | undefined): void {
    if (invite === undefined) {
      this.#respond(entry, { status: 481, headers: [] });
      return;
    }
    this.#respond(entry, { status: 200, headers: [] });
    this.#tell(tagOfInvite(invite), { type: 'cancel', invite });
  }

  #outsideDialog(entry: ServerEntry): void {
    const { method } = entry.request.message;
    if (method === 'INVITE') this.#invite(entry);
    else if (method === 'OPTIONS')
      this.#respond(entry, { status: 200, headers: [ALLOW, ACCEPT, SUPPORTED] });
    else this.#respond(entry, { status: 481, headers: [] });
  }

  #invite(invite: ServerEntry): void {
    const isFull = this.#sessions.size >= (this.#options.maxDialogs ?? 4000);
    if (isFull || !this.#throttle.allows(invite.request.flow, this.#nowMs)) {
      this.#respond(invite, { status: 503, headers: [RETRY_AFTER] });
      return;
    }
    const session = this.#createSession(invite);
    if (session === null) return;
    this.#sessions.add(session);
    this.#trying(invite);
    const { dialogId } = session;
    const event = { type: 'invite', dialogId, invite: describeInvite(invite.request) } as const;
    this.#out.push({ type: 'event', event });
  }

  #createSession(invite: ServerEntry): InviteSession | null {
    const settings = {
      dialogId: this.#options.random.hex(16),
      localTag: invite.toTag,
      random: this.#options.random,
      timers: this.#timers,
      serverHeader: this.#serverHeader,
      userAgentHeader: this.#userAgentHeader,
    };
    try {
      return new InviteSession(settings, invite);
    } catch (error) {
      if (!(error instanceof SipParseError)) throw error;
      this.#respond(invite, { status: 400, phrase: error.message, headers: [] });
      return null;
    }
  }

  #trying(invite: ServerEntry): void {
    const bytes = writeTrying(invite.request);
    invite.handle({ type: 'respond', status: 100, bytes }, this.#nowMs);
  }

  #insideDialog(entry: ServerEntry): void {
    const { request } = entry;
    const session = this.#sessions.find(request);
    if (session === undefined) {
      this.#respond(entry, { status: 481, headers: [] });
      return;
    }
    // RFC 3261 §12.2.2: out of order. Equal is a copy of a request that is answered already.
    if (request.envelope.cseqNumber <= session.dialog.remoteCseq) {
      this.#respond(entry, { status: 500, phrase: 'CSeq Out of Order', headers: [] });
      return;
    }
    session.note(request);
    const tag = session.dialog.localTag;
    switch (request.message.method) {
      case 'INVITE':
        this.#reinvite(entry, session);
        break;
      case 'BYE':
        this.#respond(entry, { status: 200, headers: [] });
        this.#tell(tag, { type: 'bye' });
        break;
      default:
        this.#respond(entry, { status: 200, headers: [ALLOW, ACCEPT, SUPPORTED] });
    }
  }

  #reinvite(invite: ServerEntry, session: InviteSession): void {
    const refusal = checkContact(session.dialog, invite.request);
    if (refusal !== null) {
      this.#respond(invite, refusal);
      return;
    }
    this.#trying(invite);
    this.#tell(session.dialog.localTag, { type: 'reinvite', invite });
  }

  #command(command: SipCommand): void {
    const tag = this.#sessions.tagOf(command.dialogId);
    if (tag !== undefined) this.#tell(tag, command);
  }

  #flowClosed(flow: SipFlow): void {
    this.#throttle.forget(flow);
    this.#transactions.flowClosed(flow, this.#nowMs);
    this.#sessions.flowClosed(flow, this.#nowMs);
  }

  /** What is due. Bounded: an owner that is due again at once waits for the next timeout. */
  #expire(): void {
    for (let left = this.#deadlines.size; left > 0; left -= 1) {
      const due = this.#deadlines.takeDue(this.#nowMs);
      if (due === undefined) return;
      due.expire(this.#nowMs);
    }
  }

  #tell(tag: string, input: SessionInput): void {
    this.#sessions.tell(tag, input, this.#nowMs);
  }

  #respond(entry: ServerEntry, reply: Reply): void {
    const bytes = writeResponse(entry.request.envelope, {
      ...reply,
      toTag: entry.toTag,
      headers: [...reply.headers, this.#serverHeader],
    });
    entry.handle({ type: 'respond', status: reply.status, bytes }, this.#nowMs);
  }

  #log(level: 'debug' | 'warn', message: string, facts: Facts): void {
    this.#out.push({ type: 'log', level, message, facts });
  }
}

/** Where a message came from, for the log. */
function origin(flow: SipFlow): Facts {
  return { transport: flow.transport, remoteHost: flow.remoteHost };
}
