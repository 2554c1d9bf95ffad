import { assertNever } from '../../mixer/protocol/coded-error.ts';
import type { MonotonicMs } from '../../mixer/protocol/units.ts';
import type { Timeout } from '../runtime/core.ts';
import type { DeadlineQueue } from './deadline-queue.ts';
import { isOfDialog } from './dialog.ts';
import type { InviteSession, SessionAction, SessionInput } from './invite-session.ts';
import type { ReceivedRequest, SendTarget } from './received-request.ts';
import type { OutgoingRequest, Timed } from './transaction-layer.ts';
import type { DialogId, SipEvent, SipFlow } from './user-agent.ts';

/** What the table calls for. */
export interface SessionPorts {
  readonly deadlines: DeadlineQueue<Timed>;
  readonly send: (target: SendTarget, bytes: Uint8Array) => void;
  readonly startRequest: (request: OutgoingRequest, nowMs: MonotonicMs) => void;
  readonly raise: (event: SipEvent) => void;
}

interface SessionEntry extends Timed {
  readonly session: InviteSession;
}

/** All sessions of an endpoint, found by our tag, which nobody else can guess, or by dialog id. */
export class SessionTable {
  readonly #ports: SessionPorts;
  readonly #byTag = new Map<string, SessionEntry>();
  readonly #tagsByDialogId = new Map<DialogId, string>();

  constructor(ports: SessionPorts) {
    this.#ports = ports;
  }

  /** Sessions that are not over. */
  get size(): number {
    return this.#byTag.size;
  }

  add(session: InviteSession): void {
    const entry: SessionEntry = {
      session,
      expire: (nowMs) => this.#feed(entry, { type: 'timeout' }, nowMs),
    };
    this.#byTag.set(session.dialog.localTag, entry);
    this.#tagsByDialogId.set(session.dialogId, session.dialog.localTag);
  }

  /** The session that a request within a dialog belongs to. */
  find(request: ReceivedRequest): InviteSession | undefined {
    const session = this.#byTag.get(request.envelope.toTag)?.session;
    return session !== undefined && isOfDialog(session.dialog, request) ? session : undefined;
  }

  /** Our tag in a dialog. */
  tagOf(dialogId: DialogId): string | undefined {
    return this.#tagsByDialogId.get(dialogId);
  }

  /** Feeds the session with that tag of ours; one that is gone hears nothing. */
  tell(tag: string, input: SessionInput, nowMs: MonotonicMs): void {
    const entry = this.#byTag.get(tag);
    if (entry !== undefined) this.#feed(entry, input, nowMs);
  }

  /** Tells all sessions whose peer sent its last request over this connection that it is gone. */
  flowClosed(flow: SipFlow, nowMs: MonotonicMs): void {
    for (const entry of [...this.#byTag.values()]) {
      if (entry.session.dialog.flow.flowId !== flow.flowId) continue;
      this.#feed(entry, { type: 'flow-closed' }, nowMs);
    }
  }

  #feed(entry: SessionEntry, input: SessionInput | Timeout, nowMs: MonotonicMs): void {
    const { session } = entry;
    for (const action of session.handle(input, nowMs)) this.#perform(action, nowMs);
    if (session.isOver) {
      this.#byTag.delete(session.dialog.localTag);
      this.#tagsByDialogId.delete(session.dialogId);
    }
    this.#ports.deadlines.set(entry, session.deadlineMs);
  }

  #perform(action: SessionAction, nowMs: MonotonicMs): void {
    switch (action.type) {
      case 'respond':
        action.invite.handle(
          { type: 'respond', status: action.status, bytes: action.bytes },
          nowMs,
        );
        break;
      case 'repeat':
        this.#ports.send(action.invite.request.responseTarget, action.bytes);
        break;
      case 'request':
        this.#ports.startRequest(action.request, nowMs);
        break;
      case 'event':
        this.#ports.raise(action.event);
        break;
      default:
        assertNever(action);
    }
  }
}
