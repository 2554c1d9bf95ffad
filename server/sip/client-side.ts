import type { Facts } from '../../mixer/protocol/coded-error.ts';
import type { MonotonicMs } from '../../mixer/protocol/units.ts';
import type { Random } from '../runtime/random.ts';
import type { DeadlineQueue } from './deadline-queue.ts';
import type { Dialog } from './dialog.ts';
import type { DigestClient } from './digest/digest-client.ts';
import type { HeaderLine } from './message-writer.ts';
import type { SipResponse } from './message.ts';
import type { SendTarget } from './received-request.ts';
import type { SipTimers } from './sip-timers.ts';
import type { Timed } from './timed.ts';
import type { ServerEntry, TransactionLayer } from './transaction-layer.ts';
import type { DialogId, SipCommand, SipEvent, SipFlow } from './user-agent.ts';

/** A call of ours that has been answered and acknowledged: from here on a session like any other. */
export interface AnsweredCall {
  readonly dialogId: DialogId;
  readonly dialog: Dialog;
  /** Literal address for Via and Contact. */
  readonly localHost: string;
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
  readonly sessionTimers: { readonly expiresSeconds: number; readonly minSeconds: number };
  readonly send: (target: SendTarget, bytes: Uint8Array, turn: 'first' | 'again') => void;
  readonly raise: (event: SipEvent) => void;
  readonly log: (level: 'debug' | 'warn', message: string, facts: Facts) => void;
  /** Makes the session of an answered call. The ACK is out; copies of the 2xx are acknowledged by the client half. */
  readonly establish: (call: AnsweredCall, nowMs: MonotonicMs) => void;
  /** Answers a request of the peer within an early dialog, the usual lines added. */
  readonly respond: (
    entry: ServerEntry,
    reply: {
      readonly status: number;
      readonly headers: readonly HeaderLine[];
      readonly body?: Uint8Array;
    },
  ) => void;
}

/** The client half of an endpoint: calls of ours until they are answered, and requests outside of dialogs. */
export class ClientSide {
  readonly #ports: ClientPorts;

  constructor(ports: ClientPorts) {
    this.#ports = ports;
  }

  /** Calls of ours that are not answered or given up yet. */
  get size(): number {
    return 0;
  }

  /** Takes `call` and `request`, and all commands for calls that are not sessions yet; `foreign`: not its business. */
  command(command: SipCommand, nowMs: MonotonicMs): 'taken' | 'foreign' {
    void this.#ports;
    void nowMs;
    void command;
    return 'foreign';
  }

  /**
   * Answers a request of the peer within an early dialog of ours, CSeq checked; `foreign`: it is in none. To be asked
   * when no session is found.
   */
  receive(entry: ServerEntry, nowMs: MonotonicMs): 'taken' | 'foreign' {
    void entry;
    void nowMs;
    return 'foreign';
  }

  /** A connection is gone. To be told after the transactions. */
  flowClosed(flow: SipFlow, nowMs: MonotonicMs): void {
    void flow;
    void nowMs;
  }
}
