import type { MonotonicMs } from '../../mixer/protocol/units.ts';
import type { Timeout } from '../runtime/core.ts';
import { ClientTransaction } from './client-transaction.ts';
import type { ClientInput } from './client-transaction.ts';
import type { DeadlineQueue } from './deadline-queue.ts';
import { InviteServerTransaction } from './invite-server-transaction.ts';
import type { InviteServerInput } from './invite-server-transaction.ts';
import type { SipResponse } from './message.ts';
import type { ReceivedRequest, SendTarget } from './received-request.ts';
import { ServerTransaction } from './server-transaction.ts';
import { reliabilityOf } from './sip-timers.ts';
import type { SipTimers } from './sip-timers.ts';
import type { TransactionAction } from './transaction-action.ts';
import { clientKey, mergeKey, responseKey, serverKey } from './transaction-key.ts';
import type { SipFlow } from './user-agent.ts';

/** Something with a deadline in the endpoint's one queue. */
export interface Timed {
  expire(nowMs: MonotonicMs): void;
}

/** A request being answered. */
export interface ServerEntry extends Timed {
  readonly kind: 'invite' | 'other';
  readonly request: ReceivedRequest;
  /** Our tag for the answers to a request that came without one. */
  readonly toTag: string;
  /** Whether a final response is out. */
  readonly phase: () => 'proceeding' | 'final';
  readonly handle: (input: InviteServerInput | Timeout, nowMs: MonotonicMs) => void;
}

/** What the layer calls for. */
export interface TransactionPorts {
  readonly timers: SipTimers;
  readonly deadlines: DeadlineQueue<Timed>;
  readonly send: (target: SendTarget, bytes: Uint8Array) => void;
  /** An INVITE came again after its 2xx. */
  readonly inviteRepeated: (entry: ServerEntry) => void;
  /** A request of ours has its final response, or never will. */
  readonly requestDone: (owner: string) => void;
}

/** A request of ours. */
export interface OutgoingRequest {
  readonly bytes: Uint8Array;
  readonly target: SendTarget;
  readonly branch: string;
  readonly sentBy: string;
  readonly method: string;
  /** Handed back to `requestDone`. */
  readonly owner: string;
}

interface EntryParts {
  readonly request: ReceivedRequest;
  readonly toTag: string;
  readonly forget: () => void;
}

interface ClientEntry extends Timed {
  readonly request: OutgoingRequest;
  readonly handle: (input: ClientInput | Timeout, nowMs: MonotonicMs) => void;
}

/** All transactions of an endpoint, found by branch, sent-by and method (RFC 3261 §17.1.3 and §17.2.3). */
export class TransactionLayer {
  readonly #ports: TransactionPorts;
  readonly #servers = new Map<string, ServerEntry>();
  readonly #clients = new Map<string, ClientEntry>();
  /** Transactions by what makes a second copy of their request a merged one (RFC 3261 §8.2.2.2). */
  readonly #merged = new Map<string, ServerEntry>();

  constructor(ports: TransactionPorts) {
    this.#ports = ports;
  }

  /** Transactions that are not over. */
  get size(): number {
    return this.#servers.size + this.#clients.size;
  }

  /** Requests of ours that are not over. */
  get requestsOut(): number {
    return this.#clients.size;
  }

  /** The transaction that a request belongs to: an ACK to its INVITE, all others to their own. */
  find(request: ReceivedRequest): ServerEntry | undefined {
    const { method } = request.message;
    return this.#servers.get(serverKey(request.envelope, method === 'ACK' ? 'INVITE' : method));
  }

  /** The INVITE that a CANCEL means. */
  findCancelled(cancel: ReceivedRequest): ServerEntry | undefined {
    return this.#servers.get(serverKey(cancel.envelope, 'INVITE'));
  }

  /** Whether the same request has come by another way already, and is still known. */
  isMerged(request: ReceivedRequest): boolean {
    return request.envelope.toTag === '' && this.#merged.has(mergeKey(request.envelope));
  }

  /** Begins to answer a request. */
  open(request: ReceivedRequest, toTag: string): ServerEntry {
    const key = serverKey(request.envelope, request.message.method);
    const merge = request.envelope.toTag === '' ? mergeKey(request.envelope) : null;
    const settings = {
      timers: this.#ports.timers,
      reliability: reliabilityOf(request.flow.transport),
    };
    const forget = (): void => {
      this.#servers.delete(key);
      if (merge !== null && this.#merged.get(merge) === entry) this.#merged.delete(merge);
    };
    const entry =
      request.message.method === 'INVITE'
        ? this.#inviteEntry({ request, toTag, forget }, new InviteServerTransaction(settings))
        : this.#otherEntry({ request, toTag, forget }, new ServerTransaction(settings));
    this.#servers.set(key, entry);
    if (merge !== null && !this.#merged.has(merge)) this.#merged.set(merge, entry);
    return entry;
  }

  /** Sends a request of ours and keeps sending it until it is answered. */
  start(request: OutgoingRequest, nowMs: MonotonicMs): void {
    const key = clientKey(request);
    const core = new ClientTransaction(
      {
        timers: this.#ports.timers,
        reliability: reliabilityOf(request.target.flow.transport),
      },
      request.bytes,
    );
    const entry: ClientEntry = {
      request,
      handle: (input, atMs) => {
        for (const action of core.handle(input, atMs)) {
          if (action.type === 'send') this.#ports.send(request.target, action.bytes);
          else if (action.type === 'ended') this.#clients.delete(key);
          else if (isDone(action)) this.#ports.requestDone(request.owner);
        }
        this.#ports.deadlines.set(entry, core.deadlineMs);
      },
      expire: (atMs) => entry.handle({ type: 'timeout' }, atMs),
    };
    this.#clients.set(key, entry);
    entry.handle({ type: 'start' }, nowMs);
  }

  /**
   * Gives a response to the request it answers; one that answers none of ours is dropped.
   * @throws SipParseError when its headers cannot be read.
   */
  receiveResponse(response: SipResponse, nowMs: MonotonicMs): 'taken' | 'stray' {
    const key = responseKey(response);
    const entry = key === null ? undefined : this.#clients.get(key);
    if (entry === undefined) return 'stray';
    entry.handle({ type: 'response', response }, nowMs);
    return 'taken';
  }

  /** A connection is gone: what was asked over it will not be answered (RFC 3261 §17.1.4). */
  flowClosed(flow: SipFlow, nowMs: MonotonicMs): void {
    for (const entry of [...this.#clients.values()]) {
      if (entry.request.target.flow.flowId === flow.flowId) {
        entry.handle({ type: 'transport-failed' }, nowMs);
      }
    }
  }

  #inviteEntry(parts: EntryParts, core: InviteServerTransaction): ServerEntry {
    const { request, toTag, forget } = parts;
    const entry: ServerEntry = {
      kind: 'invite',
      request,
      toTag,
      phase: () => core.phase,
      handle: (input, nowMs) => {
        this.#perform(entry, core.handle(input, nowMs), forget);
        this.#ports.deadlines.set(entry, core.deadlineMs);
      },
      expire: (nowMs) => entry.handle({ type: 'timeout' }, nowMs),
    };
    return entry;
  }

  #otherEntry(parts: EntryParts, core: ServerTransaction): ServerEntry {
    const { request, toTag, forget } = parts;
    const entry: ServerEntry = {
      kind: 'other',
      request,
      toTag,
      phase: () => 'final',
      handle: (input, nowMs) => {
        if (input.type === 'ack') return;
        this.#perform(entry, core.handle(input, nowMs), forget);
        this.#ports.deadlines.set(entry, core.deadlineMs);
      },
      expire: (nowMs) => entry.handle({ type: 'timeout' }, nowMs),
    };
    return entry;
  }

  #perform(entry: ServerEntry, actions: readonly TransactionAction[], forget: () => void): void {
    for (const action of actions) {
      if (action.type === 'send') this.#ports.send(entry.request.responseTarget, action.bytes);
      else if (action.type === 'repeated') this.#ports.inviteRepeated(entry);
      else if (action.type === 'ended') forget();
    }
  }
}

function isDone(action: TransactionAction): boolean {
  if (action.type === 'failed') return true;
  return action.type === 'response' && action.response.status >= 200;
}
