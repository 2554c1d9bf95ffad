import { assertNever } from '../../mixer/protocol/coded-error.ts';
import type { MonotonicMs } from '../../mixer/protocol/units.ts';
import type { Timeout } from '../runtime/core.ts';
import type { Random } from '../runtime/random.ts';
import { ClientTransaction } from './client-transaction.ts';
import type { DeadlineQueue } from './deadline-queue.ts';
import { readEnvelope } from './envelope.ts';
import { InviteClientTransaction } from './invite-client-transaction.ts';
import type { InviteClientInput } from './invite-client-transaction.ts';
import type { HeaderLine } from './message-writer.ts';
import type { SipResponse } from './message.ts';
import { outboundFlow } from './outbound-flow.ts';
import { cancelOf, ownVia, writeOutgoing, writeRefusalAck } from './outgoing-request.ts';
import type { OutgoingRequest, OwnVia, RequestOwner, StartedRequest } from './outgoing-request.ts';
import type { SendTarget } from './received-request.ts';
import { reliabilityOf } from './sip-timers.ts';
import type { SipTimers } from './sip-timers.ts';
import type { Timed } from './timed.ts';
import { NO_TRANSACTION_ACTIONS } from './transaction-action.ts';
import type { TransactionAction } from './transaction-action.ts';
import { clientKey, responseKey } from './transaction-key.ts';
import type { SipFlow } from './user-agent.ts';
import { MAGIC_COOKIE } from './via.ts';

/** What the client transactions call for. */
export interface ClientRequestPorts {
  readonly timers: SipTimers;
  readonly random: Random;
  readonly deadlines: DeadlineQueue<Timed>;
  readonly send: (target: SendTarget, bytes: Uint8Array, turn: 'first' | 'again') => void;
}

/** Requests above this many bytes go by a transport with congestion control (RFC 3261 §18.1.1). */
const MAX_UDP_REQUEST_BYTES = 1300;

/** How long a host that takes no connection gets its large requests by UDP at once. */
const NO_TCP_MEMORY_MS = 300_000;

/** Hosts whose refusal is kept in mind. */
const MAX_NO_TCP_HOSTS = 1000;

/** All requests of ours, found by branch, sent-by and method (RFC 3261 §17.1.3), and by the flow they hang on. */
export class ClientRequests {
  readonly #ports: ClientRequestPorts;
  readonly #byKey = new Map<string, ClientEntry>();
  readonly #byFlow = new Map<string, Set<ClientEntry>>();
  readonly #noTcpUntilMs = new Map<string, MonotonicMs>();
  #repeatsReceived = 0;

  constructor(ports: ClientRequestPorts) {
    this.#ports = ports;
  }

  /** Requests that are not over. */
  get size(): number {
    return this.#byKey.size;
  }

  /** Final responses that came again. */
  get repeatsReceived(): number {
    return this.#repeatsReceived;
  }

  /** Sends a request and keeps sending it until it is answered. */
  start(request: OutgoingRequest, nowMs: MonotonicMs): StartedRequest {
    const started = new Started({
      request,
      open: (attempt, atMs) => this.#open(attempt, atMs),
      ownBranch: () => this.#ownBranch(),
      tcp: {
        isRefused: (target, atMs) => (this.#noTcpUntilMs.get(hostPort(target)) ?? 0) > atMs,
        noteRefusal: (target, atMs) => this.#noteRefusal(target, atMs),
      },
    });
    started.begin(nowMs);
    return started;
  }

  /** Sends the ACK of a 2xx, which has no transaction (RFC 3261 §13.2.2.4). */
  sendAck(ack: Omit<OutgoingRequest, 'owner'>, turn: 'first' | 'again'): void {
    const via = ownVia(ack.target, ack.localHost, this.#ownBranch());
    this.#ports.send(ack.target, writeOutgoing(ack, via), turn);
  }

  /**
   * Gives a response to the request it answers; one that answers none of ours is dropped.
   * @throws SipParseError when a mandatory header cannot be read: what our ACK copies from it is sound.
   */
  receiveResponse(response: SipResponse, nowMs: MonotonicMs): 'taken' | 'stray' {
    const key = responseKey(readEnvelope(response));
    const entry = key === null ? undefined : this.#byKey.get(key);
    if (entry === undefined) return 'stray';
    if (entry.isAnswered && response.status >= 200) this.#repeatsReceived += 1;
    entry.feed({ type: 'response', response }, nowMs);
    return 'taken';
  }

  /** A connection is gone: what was asked over it will not be answered (RFC 3261 §17.1.4). */
  flowClosed(flow: SipFlow, nowMs: MonotonicMs): void {
    const entries = this.#byFlow.get(flow.flowId);
    if (entries === undefined) return;
    for (const entry of [...entries]) entry.feed({ type: 'transport-failed' }, nowMs);
  }

  /** A datagram could not leave: its request fails at once. `bytes`: the very object that was sent. */
  sendFailed(flow: SipFlow, bytes: Uint8Array, nowMs: MonotonicMs): void {
    for (const entry of this.#byFlow.get(flow.flowId) ?? []) {
      if (entry.bytes !== bytes) continue;
      entry.feed({ type: 'transport-failed' }, nowMs);
      return;
    }
  }

  #ownBranch(): string {
    return `${MAGIC_COOKIE}${this.#ports.random.hex(12)}`;
  }

  #open(attempt: Attempt, nowMs: MonotonicMs): ClientEntry {
    const entry = new ClientEntry(attempt, this.#ports, () => this.#forget(entry));
    this.#byKey.set(entry.key, entry);
    const { flowId } = attempt.target.flow;
    const ofFlow = this.#byFlow.get(flowId);
    if (ofFlow === undefined) this.#byFlow.set(flowId, new Set([entry]));
    else ofFlow.add(entry);
    entry.feed({ type: 'start' }, nowMs);
    return entry;
  }

  #forget(entry: ClientEntry): void {
    this.#byKey.delete(entry.key);
    const { flowId } = entry.target.flow;
    const ofFlow = this.#byFlow.get(flowId);
    if (ofFlow?.delete(entry) === true && ofFlow.size === 0) this.#byFlow.delete(flowId);
  }

  #noteRefusal(target: SendTarget, nowMs: MonotonicMs): void {
    if (this.#noTcpUntilMs.size >= MAX_NO_TCP_HOSTS) this.#noTcpUntilMs.clear();
    this.#noTcpUntilMs.set(hostPort(target), nowMs + NO_TCP_MEMORY_MS);
  }
}

/** One transaction to be opened. */
interface Attempt {
  readonly request: OutgoingRequest;
  readonly target: SendTarget;
  readonly via: OwnVia;
  readonly bytes: Uint8Array;
  readonly owner: RequestOwner;
  /** Wanted for INVITEs. */
  readonly onCancel: (nowMs: MonotonicMs) => void;
}

interface StartedParts {
  readonly request: OutgoingRequest;
  readonly open: (attempt: Attempt, nowMs: MonotonicMs) => ClientEntry;
  readonly ownBranch: () => string;
  readonly tcp: {
    readonly isRefused: (target: SendTarget, nowMs: MonotonicMs) => boolean;
    readonly noteRefusal: (target: SendTarget, nowMs: MonotonicMs) => void;
  };
}

/** A request and the transactions it takes: one, or two when it is too large for UDP and nobody listens for TCP. */
class Started implements StartedRequest {
  readonly #parts: StartedParts;
  #entry: ClientEntry | null = null;
  #via: OwnVia;
  #target: SendTarget;
  #cancelHeaders: readonly HeaderLine[] | null = null;

  constructor(parts: StartedParts) {
    this.#parts = parts;
    this.#target = parts.request.target;
    this.#via = ownVia(this.#target, parts.request.localHost, parts.ownBranch());
  }

  get target(): SendTarget {
    return this.#target;
  }

  begin(nowMs: MonotonicMs): void {
    const { request, tcp } = this.#parts;
    const bytes = writeOutgoing(request, this.#via);
    const isUdp = request.target.flow.transport === 'udp';
    const isLarge = isUdp && bytes.length > MAX_UDP_REQUEST_BYTES;
    if (isLarge && !tcp.isRefused(request.target, nowMs)) this.#beginByTcp(nowMs);
    else this.#open(bytes, request.owner, nowMs);
  }

  cancel(headers: readonly HeaderLine[], nowMs: MonotonicMs): void {
    if (this.#parts.request.method !== 'INVITE') return;
    this.#cancelHeaders ??= headers;
    this.#entry?.feed({ type: 'cancel' }, nowMs);
  }

  /** The transport in Via changes with the way, and the branch with it: it is another transaction. */
  #beginByTcp(nowMs: MonotonicMs): void {
    const { request } = this.#parts;
    const { owner, target } = request;
    let isHeard = false;
    const guarded: RequestOwner = {
      response: (response, atMs) => {
        isHeard = true;
        owner.response(response, atMs);
      },
      failed: (why, atMs) => {
        if (why === 'transport' && !isHeard) this.#fallBack(atMs);
        else owner.failed(why, atMs);
      },
    };
    this.#retarget({ ...target, flow: tcpFlow(target) });
    this.#open(writeOutgoing(request, this.#via), guarded, nowMs);
  }

  #fallBack(nowMs: MonotonicMs): void {
    const { request, tcp } = this.#parts;
    tcp.noteRefusal(request.target, nowMs);
    if (this.#cancelHeaders !== null) {
      request.owner.failed('transport', nowMs);
      return;
    }
    this.#retarget(request.target);
    this.#open(writeOutgoing(request, this.#via), request.owner, nowMs);
  }

  #retarget(target: SendTarget): void {
    this.#target = target;
    this.#via = ownVia(target, this.#parts.request.localHost, this.#parts.ownBranch());
  }

  #open(bytes: Uint8Array, owner: RequestOwner, nowMs: MonotonicMs): void {
    const { request } = this.#parts;
    this.#entry = this.#parts.open(
      {
        request,
        target: this.#target,
        via: this.#via,
        bytes,
        owner,
        onCancel: (atMs) => this.#sendCancel(atMs),
      },
      nowMs,
    );
  }

  #sendCancel(nowMs: MonotonicMs): void {
    const request = cancelOf(this.#parts.request, this.#target, this.#cancelHeaders ?? []);
    const bytes = writeOutgoing(request, this.#via);
    const { owner, target } = request;
    this.#parts.open(
      { request, target, via: this.#via, bytes, owner, onCancel: () => undefined },
      nowMs,
    );
  }
}

/** One transaction of ours. */
class ClientEntry implements Timed {
  readonly key: string;
  readonly target: SendTarget;
  readonly #attempt: Attempt;
  readonly #ports: ClientRequestPorts;
  readonly #forget: () => void;
  readonly #core: ClientTransaction | InviteClientTransaction;
  #isAnswered = false;

  constructor(attempt: Attempt, ports: ClientRequestPorts, forget: () => void) {
    const { request, target, via, bytes } = attempt;
    this.#attempt = attempt;
    this.#ports = ports;
    this.#forget = forget;
    this.target = target;
    this.key = clientKey({ branch: via.branch, sentBy: via.sentBy, method: request.method });
    const reliability = reliabilityOf(target.flow.transport);
    const settings = { timers: ports.timers, reliability };
    this.#core =
      request.method === 'INVITE'
        ? new InviteClientTransaction(settings, {
            request: bytes,
            ackOf: (response) => writeRefusalAck(request, via, response),
          })
        : new ClientTransaction(settings, bytes);
  }

  get bytes(): Uint8Array {
    return this.#attempt.bytes;
  }

  /** Whether a final response is here. */
  get isAnswered(): boolean {
    return this.#isAnswered;
  }

  feed(input: InviteClientInput | Timeout, nowMs: MonotonicMs): void {
    const actions = this.#handle(input, nowMs);
    // Before the actions: the owner may begin other requests, which must find this one's state settled.
    this.#ports.deadlines.set(this, this.#core.deadlineMs);
    for (const action of actions) if (action.type === 'ended') this.#forget();
    for (const action of actions) this.#perform(action, nowMs);
  }

  expire(nowMs: MonotonicMs): void {
    this.feed({ type: 'timeout' }, nowMs);
  }

  #handle(input: InviteClientInput | Timeout, nowMs: MonotonicMs): readonly TransactionAction[] {
    const core = this.#core;
    if (core instanceof InviteClientTransaction) return core.handle(input, nowMs);
    return input.type === 'cancel' ? NO_TRANSACTION_ACTIONS : core.handle(input, nowMs);
  }

  #perform(action: TransactionAction, nowMs: MonotonicMs): void {
    const { owner, onCancel } = this.#attempt;
    switch (action.type) {
      case 'send':
        this.#ports.send(this.target, action.bytes, action.again === true ? 'again' : 'first');
        break;
      case 'cancel':
        onCancel(nowMs);
        break;
      case 'response':
        if (action.response.status >= 200) this.#isAnswered = true;
        owner.response(action.response, nowMs);
        break;
      case 'failed':
        owner.failed(action.why, nowMs);
        break;
      case 'ended':
      case 'no-ack':
      case 'repeated':
        break;
      default:
        assertNever(action);
    }
  }
}

/** A connection to where a datagram would have gone. Its Via names no port, for the one at hand is that of UDP. */
function tcpFlow({ host, port }: SendTarget): SipFlow {
  return outboundFlow({ transport: 'tcp', host, port, localPort: 0 });
}

function hostPort(target: SendTarget): string {
  return `${target.host} ${target.port}`;
}
