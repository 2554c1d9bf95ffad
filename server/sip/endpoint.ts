import { assertNever } from '../../mixer/protocol/coded-error.ts';
import type { Facts } from '../../mixer/protocol/coded-error.ts';
import type { MonotonicMs } from '../../mixer/protocol/units.ts';
import type { Core, Timeout } from '../runtime/core.ts';
import type { Random } from '../runtime/random.ts';
import { DeadlineQueue } from './deadline-queue.ts';
import { ClientSide } from './client-side.ts';
import type { AnsweredCall } from './client-side.ts';
import { EstablishedSession } from './established-session.ts';
import type { Offence, SourceGuard } from './guard/source-guard.ts';
import type { MessageLimits } from './message-limits.ts';
import { isKeepAlive, looksLikeResponse, parseMessage } from './message-parser.ts';
import type { SipMessage } from './message.ts';
import { writeSalvagedResponse } from './message-writer.ts';
import type { HeaderLine } from './message-writer.ts';
import { encodeUtf8 } from './octet-string.ts';
import { receiveRequest } from './received-request.ts';
import type { SendTarget } from './received-request.ts';
import { ServerSide } from './server-side.ts';
import { answeredTerms, DEFAULT_SESSION_TIMERS, SessionTimer } from './session-timer.ts';
import type { SessionTimerSettings } from './session-timer.ts';
import { SessionTable } from './session-table.ts';
import type { SessionSettings } from './session.ts';
import { SipParseError } from './sip-parse-error.ts';
import { DEFAULT_SIP_TIMERS } from './sip-timers.ts';
import type { SipTimers } from './sip-timers.ts';
import type { Timed } from './timed.ts';
import { TransactionLayer } from './transaction-layer.ts';
import { isWebSocket } from './user-agent.ts';
import type { SipAction, SipCommand, SipEvent, SipFlow, SipInput } from './user-agent.ts';

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
  /** RFC 4028: what we ask for, and the least that we take. 1800 and 90 s unless told. */
  readonly sessionTimers?: SessionTimerSettings;
  /** New requests beyond so many transactions, and new INVITEs beyond so many dialogs, get 503. */
  readonly limits?: { readonly transactions: number; readonly dialogs: number };
  /** What one message may take of us. */
  readonly messageLimits?: MessageLimits;
  /** Is told of those who scan and of what is no SIP; whom it keeps out is not fed here. WebSockets are not its business. */
  readonly guard?: Pick<SourceGuard, 'offend'>;
  /** Whether new calls may come; else the seconds after which a caller may try again: they get 503. */
  readonly overload?: () => 'ok' | number;
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
  /** Requests and final responses that came again. */
  readonly repeatsReceived: number;
  /** New requests that got 503. */
  readonly refusedByLoad: number;
}

/** A user agent over any number of flows. */
export interface SipEndpoint extends Core<SipInput, SipAction> {
  readonly figures: SipEndpointFigures;
}

/** Creates the SIP user agent (RFC 3261) that answers calls and makes them; see `user-agent.ts` for what goes in and out. */
export function createSipEndpoint(options: SipEndpointOptions): SipEndpoint {
  return new Endpoint(options);
}

const DEFAULT_LIMITS = { transactions: 50_000, dialogs: 4000 };

/** Of a peer's text in one fact of a log line. */
const MAX_LOGGED_CHARACTERS = 128;

/** A warning about strangers is repeated at most once in this time. */
const STRANGER_WARNING_INTERVAL_MS = 60_000;

class Endpoint implements SipEndpoint {
  readonly #options: SipEndpointOptions;
  readonly #deadlines = new DeadlineQueue<Timed>();
  readonly #transactions: TransactionLayer;
  readonly #sessions: SessionTable;
  readonly #server: ServerSide;
  readonly #client: ClientSide;
  readonly #sessionSettings: Omit<SessionSettings, 'dialogId'>;
  #out: SipAction[] = [];
  #nowMs: MonotonicMs = 0;
  #untrustedMessages = 0;
  #malformedMessages = 0;
  #nextStrangerWarningAtMs: MonotonicMs = Number.NEGATIVE_INFINITY;

  constructor(options: SipEndpointOptions) {
    this.#options = options;
    const settings = settingsOf(options);
    this.#sessionSettings = settings;
    const { timers, random } = settings;
    const deadlines = this.#deadlines;
    const send = (target: SendTarget, bytes: Uint8Array, turn: 'first' | 'again'): void => {
      const again = turn === 'again' ? ({ again: true } as const) : {};
      this.#out.push({ type: 'send', ...target, bytes, ...again });
    };
    const raise = (event: SipEvent): void => {
      this.#out.push({ type: 'event', event });
    };
    const transactions = new TransactionLayer({
      timers,
      random,
      deadlines,
      send,
      inviteRepeated: (invite) =>
        this.#sessions.tellOwnerOf(invite, { type: 'repeated', invite }, this.#nowMs),
    });
    this.#transactions = transactions;
    this.#sessions = new SessionTable({ deadlines, transactions, send, raise });
    this.#client = new ClientSide({
      ...settings,
      deadlines,
      transactions,
      raise,
      establish: (call, nowMs) => this.#establish(call, nowMs),
      respond: (entry, reply) => this.#server.respond(entry, reply, this.#nowMs),
    });
    this.#server = new ServerSide(
      {
        ...settings,
        maxTransactions: (options.limits ?? DEFAULT_LIMITS).transactions,
        maxDialogs: (options.limits ?? DEFAULT_LIMITS).dialogs,
        invitesPerMinute: options.invitesPerMinute,
        overload: options.overload ?? (() => 'ok'),
      },
      {
        transactions,
        sessions: this.#sessions,
        send,
        raise,
        receiveEarly: (entry, nowMs) => this.#client.receive(entry, nowMs),
      },
    );
  }

  get deadlineMs(): MonotonicMs {
    return this.#deadlines.nextMs;
  }

  get figures(): SipEndpointFigures {
    return {
      transactions: this.#transactions.size,
      dialogs: this.#sessions.size + this.#client.size,
      untrustedMessages: this.#untrustedMessages,
      malformedMessages: this.#malformedMessages,
      repeatsReceived: this.#transactions.figures.repeatsReceived,
      refusedByLoad: this.#server.refusedByLoad,
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
      case 'send-failed':
        this.#transactions.sendFailed(input.flow, input.bytes, nowMs);
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
      message = parseMessage(bytes, this.#options.messageLimits);
      if (message.kind === 'response') {
        const outcome = this.#transactions.receiveResponse(message, this.#nowMs);
        const { status } = message;
        this.#log('debug', 'response received', { ...origin(flow), status, outcome });
        if (outcome === 'stray' && !isTrusted) this.#stranger(flow);
      } else {
        const request = receiveRequest(message, flow);
        const { method } = message;
        const callId = request.envelope.callId.slice(0, MAX_LOGGED_CHARACTERS);
        this.#log('debug', 'request received', { ...origin(flow), method, callId });
        this.#server.receive(request, this.#nowMs);
      }
    } catch (error) {
      if (!(error instanceof SipParseError)) throw error;
      if (isTrusted) this.#malformed(error, message, flow);
      else this.#stranger(flow);
    }
  }

  /** A response may come from another host than the one that was asked; its branch tells that it is meant for us. */
  #mayBeAwaited(bytes: Uint8Array): boolean {
    return this.#transactions.requestsOut > 0 && looksLikeResponse(bytes);
  }

  #stranger(flow: SipFlow): void {
    this.#untrustedMessages += 1;
    // A guard writes lines of its own.
    if (this.#options.guard !== undefined) return this.#offend(flow, 'unknown-source');
    if (this.#nowMs < this.#nextStrangerWarningAtMs) return;
    this.#nextStrangerWarningAtMs = this.#nowMs + STRANGER_WARNING_INTERVAL_MS;
    const facts = { ...origin(flow), messagesSoFar: this.#untrustedMessages };
    this.#log('warn', 'messages from a host that is on no trunk are dropped', facts);
  }

  #malformed(error: SipParseError, message: SipMessage | null, flow: SipFlow): void {
    this.#malformedMessages += 1;
    this.#offend(flow, 'malformed');
    this.#log('debug', 'malformed message', { ...origin(flow), fault: error.message });
    const request = error.request ?? (message?.kind === 'request' ? message : null);
    if (request === null) return;
    const bytes = writeSalvagedResponse(request, {
      status: error.status,
      phrase: error.message,
      toTag: '',
      headers: [this.#sessionSettings.serverHeader],
    });
    if (bytes === null) return;
    this.#out.push({ type: 'send', flow, host: flow.remoteHost, port: flow.remotePort, bytes });
  }

  #offend(flow: SipFlow, offence: Offence): void {
    if (!isWebSocket(flow)) this.#options.guard?.offend(flow, offence, this.#nowMs);
  }

  #command(command: SipCommand): void {
    const isSession = command.type !== 'request' && command.type !== 'call';
    if (isSession && this.#sessions.tell(command.dialogId, command, this.#nowMs) === 'taken')
      return;
    this.#client.command(command, this.#nowMs);
  }

  /** A call of ours is answered and goes on as any other. */
  #establish(call: AnsweredCall, nowMs: MonotonicMs): void {
    const { dialogId, response } = call;
    const timer = new SessionTimer(this.#sessionSettings.sessionTimers);
    timer.accepted(answeredTerms(response.headers), nowMs);
    const session = new EstablishedSession(
      { ...this.#sessionSettings, dialogId },
      { ...call, timer, scheme: 'sip', unacked: null, ring: null, peerHeaders: response.headers },
    );
    this.#sessions.add(session);
  }

  #flowClosed(flow: SipFlow): void {
    this.#server.flowClosed(flow);
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

  #log(level: 'debug' | 'warn', message: string, facts: Facts): void {
    this.#out.push({ type: 'log', level, message, facts });
  }
}

function settingsOf(options: SipEndpointOptions): Omit<SessionSettings, 'dialogId'> {
  const name = encodeUtf8(options.userAgent.replace(/[\r\n]/g, ' '));
  const serverHeader: HeaderLine = ['Server', name];
  const userAgentHeader: HeaderLine = ['User-Agent', name];
  return {
    random: options.random,
    timers: { ...DEFAULT_SIP_TIMERS, ...options.timers },
    sessionTimers: options.sessionTimers ?? DEFAULT_SESSION_TIMERS,
    serverHeader,
    userAgentHeader,
  };
}

/** Where a message came from, for the log. */
function origin(flow: SipFlow): Facts {
  return { transport: flow.transport, remoteHost: flow.remoteHost };
}
