import { NEVER } from '../../../mixer/protocol/units.ts';
import type { MonotonicMs } from '../../../mixer/protocol/units.ts';
import { InviteServerTransaction } from '../../../server/sip/invite-server-transaction.ts';
import { parseMessage } from '../../../server/sip/message-parser.ts';
import { writeResponse } from '../../../server/sip/message-writer.ts';
import type { HeaderLine } from '../../../server/sip/message-writer.ts';
import { receiveRequest } from '../../../server/sip/received-request.ts';
import type { ReceivedRequest } from '../../../server/sip/received-request.ts';
import { DEFAULT_SIP_TIMERS, reliabilityOf } from '../../../server/sip/sip-timers.ts';
import type { TransactionAction } from '../../../server/sip/transaction-action.ts';
import { serverKey } from '../../../server/sip/transaction-key.ts';
import type { SipFlow } from '../../../server/sip/user-agent.ts';
import type { SimNetwork, Station } from './sim-network.ts';

interface Verdict {
  readonly status: number;
  readonly headers: readonly HeaderLine[];
}

interface Refusal {
  readonly request: ReceivedRequest;
  readonly core: InviteServerTransaction;
}

/**
 * Stands before telephones as a proxy does: asks for credentials, sends callers to another number, and passes what it
 * lets in to all telephones behind it, which answer by themselves.
 */
export class SimDoor implements Station {
  readonly #network: SimNetwork;
  readonly #host: string;
  readonly #behind: (calledUser: string) => readonly string[];
  readonly #refusals = new Map<string, Refusal>();

  constructor(
    network: SimNetwork,
    host: string,
    behind: (calledUser: string) => readonly string[],
  ) {
    this.#network = network;
    this.#host = host;
    this.#behind = behind;
  }

  get deadlineMs(): MonotonicMs {
    let soonest: MonotonicMs = NEVER;
    for (const { core } of this.#refusals.values()) soonest = Math.min(soonest, core.deadlineMs);
    return soonest;
  }

  receive(flow: SipFlow, bytes: Uint8Array, nowMs: MonotonicMs): void {
    const message = parseMessage(bytes);
    if (message.kind === 'response') return;
    const request = receiveRequest(message, flow);
    const key = serverKey(request.envelope, 'INVITE');
    const refusal = this.#refusals.get(key);
    if (refusal !== undefined) {
      const type = message.method === 'ACK' ? 'ack' : 'retransmission';
      this.#perform(key, refusal, refusal.core.handle({ type }, nowMs));
      return;
    }
    const [, user = '', literal = ''] = /^sip:(?:([^@]*)@)?([^:;]*)/.exec(message.uri) ?? [];
    if (literal !== 'door.example.net') {
      // Within a dialog: the caller knows who answered.
      this.#network.forward(literal, flow, bytes);
      return;
    }
    const verdict = message.method === 'INVITE' ? verdictOn(request, user) : null;
    if (verdict !== null) this.#refuse(request, verdict, nowMs);
    else for (const host of this.#behind(user)) this.#network.forward(host, flow, bytes);
  }

  timeout(nowMs: MonotonicMs): void {
    for (const [key, refusal] of [...this.#refusals]) {
      if (refusal.core.deadlineMs > nowMs) continue;
      this.#perform(key, refusal, refusal.core.handle({ type: 'timeout' }, nowMs));
    }
  }

  /** A doorkeeper sends again what the next connection brings again. */
  lose(): void {}

  #refuse(request: ReceivedRequest, verdict: Verdict, nowMs: MonotonicMs): void {
    const key = serverKey(request.envelope, 'INVITE');
    const reliability = reliabilityOf(request.flow.transport);
    const core = new InviteServerTransaction({ timers: DEFAULT_SIP_TIMERS, reliability });
    const refusal = { request, core };
    this.#refusals.set(key, refusal);
    const bytes = writeResponse(request.envelope, { ...verdict, toTag: `door${key.length}` });
    const input = { type: 'respond', status: verdict.status, bytes } as const;
    this.#perform(key, refusal, core.handle(input, nowMs));
  }

  #perform(key: string, refusal: Refusal, actions: readonly TransactionAction[]): void {
    for (const action of actions) {
      if (action.type === 'send') {
        this.#network.send(this.#host, refusal.request.responseTarget, action.bytes);
      } else if (action.type === 'ended') {
        this.#refusals.delete(key);
      }
    }
  }
}

function verdictOn(request: ReceivedRequest, user: string): Verdict | null {
  const { headers } = request.message;
  if (user.startsWith('moved-')) {
    const contact = `<sip:${user.slice('moved-'.length)}@door.example.net>`;
    return { status: 302, headers: [['Contact', contact]] };
  }
  const wantsCredentials = user.startsWith('guarded-');
  if (!wantsCredentials || headers.first('proxy-authorization') !== undefined) return null;
  const challenge = 'Digest realm="door", nonce="abc", algorithm=SHA-256, qop="auth"';
  return { status: 407, headers: [['Proxy-Authenticate', challenge]] };
}
