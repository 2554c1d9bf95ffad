import { assertNever } from '../../mixer/protocol/coded-error.ts';
import type { MonotonicMs } from '../../mixer/protocol/units.ts';
import type { Timeout } from '../runtime/core.ts';
import type { DeadlineQueue } from './deadline-queue.ts';
import { isOfDialog } from './dialog.ts';
import type { RequestOwner, StartedRequest } from './outgoing-request.ts';
import type { ReceivedRequest, SendTarget } from './received-request.ts';
import type { Session, SessionAction, SessionInput } from './session.ts';
import type { Timed } from './timed.ts';
import type { PeerTransaction, TransactionLayer } from './transaction-layer.ts';
import type { DialogId, SipEvent, SipFlow } from './user-agent.ts';

/** What the table calls for. */
export interface SessionPorts {
  readonly deadlines: DeadlineQueue<Timed>;
  readonly transactions: Pick<TransactionLayer, 'start' | 'sendAck'>;
  readonly send: (target: SendTarget, bytes: Uint8Array, turn: 'first' | 'again') => void;
  readonly raise: (event: SipEvent) => void;
}

interface SessionEntry extends Timed {
  readonly key: string;
  session: Session;
  flowId: string;
  /** Our latest re-INVITE. */
  invite: StartedRequest | null;
}

/**
 * All sessions of an endpoint, found by the tags of both sides, of which ours cannot be guessed, or by dialog id.
 * No message costs more when there are more sessions.
 */
export class SessionTable {
  readonly #ports: SessionPorts;
  readonly #byTags = new Map<string, SessionEntry>();
  readonly #byDialogId = new Map<DialogId, SessionEntry>();
  readonly #byFlow = new Map<string, Set<SessionEntry>>();

  constructor(ports: SessionPorts) {
    this.#ports = ports;
  }

  /** Sessions that are not over. */
  get size(): number {
    return this.#byTags.size;
  }

  add(session: Session): void {
    const { localTag, remoteTag, flow } = session.dialog;
    const entry: SessionEntry = {
      key: keyOf(localTag, remoteTag),
      session,
      flowId: flow.flowId,
      invite: null,
      expire: (nowMs) => this.#feed(entry, { type: 'timeout' }, nowMs),
    };
    this.#byTags.set(entry.key, entry);
    this.#byDialogId.set(session.dialogId, entry);
    this.#joinFlow(entry);
    this.#ports.deadlines.set(entry, session.deadlineMs);
  }

  /** The session that a request within a dialog belongs to. */
  find(request: ReceivedRequest): Session | undefined {
    const { toTag, fromTag } = request.envelope;
    const session = this.#byTags.get(keyOf(toTag, fromTag))?.session;
    return session !== undefined && isOfDialog(session.dialog, request) ? session : undefined;
  }

  /** Feeds a session; one that is gone hears nothing. */
  tell(dialogId: DialogId, input: SessionInput, nowMs: MonotonicMs): 'taken' | 'foreign' {
    const entry = this.#byDialogId.get(dialogId);
    if (entry === undefined) return 'foreign';
    this.#feed(entry, input, nowMs);
    return 'taken';
  }

  /** Feeds the session that an INVITE of the peer has made, or is meant for. */
  tellOwnerOf({ owner }: PeerTransaction, input: SessionInput, nowMs: MonotonicMs): void {
    if (owner !== null) this.tell(owner, input, nowMs);
  }

  /** Tells all sessions whose peer sent its last request over this connection that it is gone. */
  flowClosed(flow: SipFlow, nowMs: MonotonicMs): void {
    for (const entry of [...(this.#byFlow.get(flow.flowId) ?? [])]) {
      this.#feed(entry, { type: 'flow-closed' }, nowMs);
    }
  }

  #feed(entry: SessionEntry, input: SessionInput | Timeout, nowMs: MonotonicMs): void {
    for (const action of entry.session.handle(input, nowMs)) this.#perform(entry, action, nowMs);
    const { session } = entry;
    if (session.isOver) {
      this.#byTags.delete(entry.key);
      this.#byDialogId.delete(session.dialogId);
      this.#leaveFlow(entry);
    } else if (session.dialog.flow.flowId !== entry.flowId) {
      this.#leaveFlow(entry);
      entry.flowId = session.dialog.flow.flowId;
      this.#joinFlow(entry);
    }
    this.#ports.deadlines.set(entry, session.deadlineMs);
  }

  #perform(entry: SessionEntry, action: SessionAction, nowMs: MonotonicMs): void {
    switch (action.type) {
      case 'respond': {
        const { status, bytes } = action;
        action.entry.transaction.handle({ type: 'respond', status, bytes }, nowMs);
        break;
      }
      case 'repeat':
        this.#ports.send(action.invite.request.responseTarget, action.bytes, 'again');
        break;
      case 'request': {
        const owner = this.#ownerOf(entry, action.cseq);
        const started = this.#ports.transactions.start({ ...action.request, owner }, nowMs);
        if (action.request.method === 'INVITE') entry.invite = started;
        break;
      }
      case 'acknowledge':
        this.#ports.transactions.sendAck(action.ack, action.turn);
        break;
      case 'give-up':
        entry.invite?.cancel([], nowMs);
        break;
      case 'become':
        entry.session = action.session;
        break;
      case 'event':
        this.#ports.raise(action.event);
        break;
      default:
        assertNever(action);
    }
  }

  #ownerOf(entry: SessionEntry, cseq: number): RequestOwner {
    return {
      response: (response, nowMs) => this.#feed(entry, { type: 'response', cseq, response }, nowMs),
      failed: (why, nowMs) => this.#feed(entry, { type: 'no-response', cseq, why }, nowMs),
    };
  }

  #joinFlow(entry: SessionEntry): void {
    const entries = this.#byFlow.get(entry.flowId) ?? new Set();
    this.#byFlow.set(entry.flowId, entries.add(entry));
  }

  #leaveFlow(entry: SessionEntry): void {
    const entries = this.#byFlow.get(entry.flowId);
    entries?.delete(entry);
    if (entries?.size === 0) this.#byFlow.delete(entry.flowId);
  }
}

function keyOf(localTag: string, remoteTag: string): string {
  return `${localTag}|${remoteTag}`;
}
