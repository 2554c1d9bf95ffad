import type { MonotonicMs } from '../../mixer/protocol/units.ts';
import type { Random } from '../runtime/random.ts';
import type { DeadlineQueue } from './deadline-queue.ts';
import type { Dialog } from './dialog.ts';
import type { DigestClient } from './digest/digest-client.ts';
import type { EarlyReply } from './invite-attempt.ts';
import type { HeaderLine } from './message-writer.ts';
import type { SipResponse } from './message.ts';
import type { ClientRequest } from './outgoing-call.ts';
import { OutgoingInvite } from './outgoing-invite.ts';
import type { RequestOwner } from './outgoing-request.ts';
import type { SessionTimerSettings } from './session-timer.ts';
import type { SipTimers } from './sip-timers.ts';
import type { Timed } from './timed.ts';
import type { ServerEntry, TransactionLayer } from './transaction-layer.ts';
import type { DialogId, SipCommand, SipEvent } from './user-agent.ts';

/** A call of ours that has been answered and acknowledged: from here on a session like any other. */
export interface AnsweredCall {
  readonly dialogId: DialogId;
  readonly dialog: Dialog;
  /** Literal address for Via and Contact. */
  readonly localHost: string;
  /** The latest description of ours, which a refresh by re-INVITE repeats; null when we have sent none. */
  readonly localSdp: string | null;
  /** The 2xx: Session-Expires, Supported and Allow are in it. We offered `Supported: timer`, `refresher` left open. */
  readonly response: SipResponse;
  /** Credentials that the peer has asked for, or null. */
  readonly digest: DigestClient | null;
}

/** What the client half calls for. */
export interface ClientPorts {
  readonly random: Random;
  readonly timers: SipTimers;
  readonly deadlines: DeadlineQueue<Timed>;
  readonly transactions: TransactionLayer;
  readonly userAgentHeader: HeaderLine;
  /** RFC 4028: what we ask for, and the least that we take. */
  readonly sessionTimers: SessionTimerSettings;
  readonly raise: (event: SipEvent) => void;
  /** Makes the session of an answered call. The ACK is out; copies of the 2xx are acknowledged by the client half. */
  readonly establish: (call: AnsweredCall, nowMs: MonotonicMs) => void;
  /** Answers a request of the peer within an early dialog, the usual lines added. */
  readonly respond: (entry: ServerEntry, reply: EarlyReply) => void;
}

/** The client half of an endpoint: calls of ours until they are answered, and requests outside of dialogs. */
export class ClientSide {
  readonly #ports: ClientPorts;
  readonly #byDialogId = new Map<DialogId, OutgoingInvite>();
  readonly #byTag = new Map<string, OutgoingInvite>();

  constructor(ports: ClientPorts) {
    this.#ports = ports;
  }

  /** Calls of ours that are not answered or given up yet. */
  get size(): number {
    return this.#byDialogId.size;
  }

  /** Takes `call` and `request`, and all commands for calls that are not sessions yet; `foreign`: not its business. */
  command(command: SipCommand, nowMs: MonotonicMs): 'taken' | 'foreign' {
    if (command.type === 'request') {
      this.#request(command.request, nowMs);
      return 'taken';
    }
    if (command.type === 'call') {
      if (!this.#byDialogId.has(command.dialogId)) this.#call(command, nowMs);
      return 'taken';
    }
    const invite = this.#byDialogId.get(command.dialogId);
    if (invite === undefined) return 'foreign';
    invite.command(command, nowMs);
    return 'taken';
  }

  /**
   * Answers a request of the peer within an early dialog of ours; `foreign`: it is in none. To be asked when no session is
   * found.
   */
  receive(entry: ServerEntry, nowMs: MonotonicMs): 'taken' | 'foreign' {
    const { toTag, callId } = entry.request.envelope;
    const invite = this.#byTag.get(toTag);
    if (invite === undefined || invite.callId !== callId) return 'foreign';
    return invite.receive(entry, nowMs);
  }

  #call(command: Extract<SipCommand, { type: 'call' }>, nowMs: MonotonicMs): void {
    const { dialogId, call } = command;
    const { random } = this.#ports;
    const localTag = random.hex(8);
    const onOver = (): void => {
      this.#byDialogId.delete(dialogId);
      this.#byTag.delete(localTag);
    };
    const callId = random.hex(16);
    const invite = new OutgoingInvite(this.#ports, { dialogId, call, callId, localTag, onOver });
    this.#byDialogId.set(dialogId, invite);
    this.#byTag.set(localTag, invite);
    invite.start(nowMs);
  }

  #request(request: ClientRequest, nowMs: MonotonicMs): void {
    const { requestId, method, uri, target, localHost } = request;
    const headers: readonly HeaderLine[] = [['Max-Forwards', '70'], ...request.headers];
    const owner: RequestOwner = {
      response: (response) => {
        if (response.status < 200) return;
        this.#ports.raise({ type: 'request-answered', requestId, response });
      },
      failed: (why) => this.#ports.raise({ type: 'request-failed', requestId, why }),
    };
    const outgoing = { method, uri, headers, target, localHost, owner };
    this.#ports.transactions.start(outgoing, nowMs);
  }
}
