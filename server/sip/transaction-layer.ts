import type { MonotonicMs } from '../../mixer/protocol/units.ts';
import type { Timeout } from '../runtime/core.ts';
import { ClientRequests } from './client-requests.ts';
import type { ClientRequestPorts } from './client-requests.ts';
import { InviteServerTransaction } from './invite-server-transaction.ts';
import type { InviteServerInput } from './invite-server-transaction.ts';
import type { SipResponse } from './message.ts';
import type { OutgoingRequest, StartedRequest } from './outgoing-request.ts';
import type { ReceivedRequest, SendTarget } from './received-request.ts';
import { ServerTransaction } from './server-transaction.ts';
import { reliabilityOf } from './sip-timers.ts';
import type { Timed } from './timed.ts';
import type { TransactionAction } from './transaction-action.ts';
import { mergeKey, serverKey } from './transaction-key.ts';
import { isWebSocket } from './user-agent.ts';
import type { DialogId, SipFlow } from './user-agent.ts';

/**
 * A transaction that the peer has begun. It does not hold the request, so that what is left of an answered one for the
 * next 32 s (timers J and L) is small: at hundreds of calls per second there are tens of thousands.
 */
export interface PeerTransaction extends Timed {
  readonly kind: 'invite' | 'other';
  /** Our tag: what the request bears in To, or the one chosen for its answers. */
  readonly localTag: string;
  /** The session that an INVITE has made, or is meant for. */
  owner: DialogId | null;
  readonly handle: (input: InviteServerInput | Timeout, nowMs: MonotonicMs) => void;
}

/** A request being answered, for whoever answers it. */
export interface ServerEntry {
  readonly transaction: PeerTransaction;
  readonly request: ReceivedRequest;
  /** Our tag for the answers to a request that came without one. */
  readonly toTag: string;
}

/** What the layer calls for. */
export interface TransactionPorts extends ClientRequestPorts {
  /** An INVITE came again after its 2xx. */
  readonly inviteRepeated: (invite: PeerTransaction) => void;
}

/** Figures of the layer. */
export interface TransactionFigures {
  readonly servers: number;
  readonly clients: number;
  /** Requests and final responses that came again. */
  readonly repeatsReceived: number;
}

/** What a transaction keeps of its request. */
interface TransactionParts {
  readonly localTag: string;
  readonly target: SendTarget;
  readonly forget: () => void;
}

/** All transactions of an endpoint, found by branch, sent-by and method (RFC 3261 §17.1.3 and §17.2.3). */
export class TransactionLayer {
  readonly #ports: TransactionPorts;
  readonly #servers = new Map<string, PeerTransaction>();
  readonly #clients: ClientRequests;
  /** Transactions by what makes a second copy of their request a merged one (RFC 3261 §8.2.2.2). */
  readonly #merged = new Map<string, PeerTransaction>();
  #repeatsReceived = 0;

  constructor(ports: TransactionPorts) {
    this.#ports = ports;
    this.#clients = new ClientRequests(ports);
  }

  get figures(): TransactionFigures {
    return {
      servers: this.#servers.size,
      clients: this.#clients.size,
      repeatsReceived: this.#repeatsReceived + this.#clients.repeatsReceived,
    };
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
  find(request: ReceivedRequest): PeerTransaction | undefined {
    const { method } = request.message;
    return this.#servers.get(transactionKeyOf(request, method === 'ACK' ? 'INVITE' : method));
  }

  /** The INVITE that a CANCEL means. */
  findCancelled(cancel: ReceivedRequest): PeerTransaction | undefined {
    return this.#servers.get(transactionKeyOf(cancel, 'INVITE'));
  }

  /** Whether the same request has come by another way already, and is still known. */
  isMerged(request: ReceivedRequest): boolean {
    return request.envelope.toTag === '' && this.#merged.has(mergedKeyOf(request));
  }

  /** Begins to answer a request. */
  open(request: ReceivedRequest, toTag: string): ServerEntry {
    const key = transactionKeyOf(request, request.message.method);
    const merge = request.envelope.toTag === '' ? mergedKeyOf(request) : null;
    const settings = {
      timers: this.#ports.timers,
      reliability: reliabilityOf(request.flow.transport),
    };
    const forget = (): void => {
      this.#servers.delete(key);
      if (merge !== null && this.#merged.get(merge) === transaction) this.#merged.delete(merge);
    };
    const parts = {
      localTag: request.envelope.toTag === '' ? toTag : request.envelope.toTag,
      target: request.responseTarget,
      forget,
    };
    const transaction =
      request.message.method === 'INVITE'
        ? this.#invite(parts, new InviteServerTransaction(settings))
        : this.#other(parts, new ServerTransaction(settings));
    this.#servers.set(key, transaction);
    if (merge !== null && !this.#merged.has(merge)) this.#merged.set(merge, transaction);
    return { transaction, request, toTag };
  }

  /** Sends a request of ours and keeps sending it until it is answered. */
  start(request: OutgoingRequest, nowMs: MonotonicMs): StartedRequest {
    return this.#clients.start(request, nowMs);
  }

  /** Sends the ACK of a 2xx, which has no transaction (RFC 3261 §13.2.2.4). */
  sendAck(ack: Omit<OutgoingRequest, 'owner'>, turn: 'first' | 'again'): void {
    this.#clients.sendAck(ack, turn);
  }

  /** A datagram could not leave: its request fails at once. `bytes`: the very object that was sent. */
  sendFailed(flow: SipFlow, bytes: Uint8Array, nowMs: MonotonicMs): void {
    this.#clients.sendFailed(flow, bytes, nowMs);
  }

  /**
   * Gives a response to the request it answers; one that answers none of ours is dropped.
   * @throws SipParseError when its headers cannot be read.
   */
  receiveResponse(response: SipResponse, nowMs: MonotonicMs): 'taken' | 'stray' {
    return this.#clients.receiveResponse(response, nowMs);
  }

  /** A connection is gone: what was asked over it will not be answered. Costs what hangs on that connection only. */
  flowClosed(flow: SipFlow, nowMs: MonotonicMs): void {
    this.#clients.flowClosed(flow, nowMs);
  }

  #invite(parts: TransactionParts, core: InviteServerTransaction): PeerTransaction {
    const transaction: PeerTransaction = {
      kind: 'invite',
      localTag: parts.localTag,
      owner: null,
      handle: (input, nowMs) => {
        if (input.type === 'retransmission') this.#repeatsReceived += 1;
        for (const action of core.handle(input, nowMs)) this.#perform(transaction, action, parts);
        this.#ports.deadlines.set(transaction, core.deadlineMs);
      },
      expire: (nowMs) => transaction.handle({ type: 'timeout' }, nowMs),
    };
    return transaction;
  }

  #other(parts: TransactionParts, core: ServerTransaction): PeerTransaction {
    const transaction: PeerTransaction = {
      kind: 'other',
      localTag: parts.localTag,
      owner: null,
      handle: (input, nowMs) => {
        if (input.type === 'ack') return;
        if (input.type === 'retransmission') this.#repeatsReceived += 1;
        for (const action of core.handle(input, nowMs)) this.#perform(transaction, action, parts);
        this.#ports.deadlines.set(transaction, core.deadlineMs);
      },
      expire: (nowMs) => transaction.handle({ type: 'timeout' }, nowMs),
    };
    return transaction;
  }

  #perform(transaction: PeerTransaction, action: TransactionAction, parts: TransactionParts): void {
    if (action.type === 'send') {
      this.#ports.send(parts.target, action.bytes, action.again === true ? 'again' : 'first');
    } else if (action.type === 'repeated') {
      this.#ports.inviteRepeated(transaction);
    } else if (action.type === 'ended') {
      parts.forget();
    }
  }
}

/**
 * What tells the transaction of a request from all others (RFC 3261 §17.2.3); an ACK goes by the method of its INVITE.
 * Anybody may open a WebSocket: what comes that way never meets a transaction of a telephone.
 */
export function transactionKeyOf(request: ReceivedRequest, method: string): string {
  return realmOf(request) + serverKey(request.envelope, method);
}

function mergedKeyOf(request: ReceivedRequest): string {
  return realmOf(request) + mergeKey(request.envelope);
}

function realmOf({ flow }: ReceivedRequest): string {
  return isWebSocket(flow) ? 'ws|' : '';
}
