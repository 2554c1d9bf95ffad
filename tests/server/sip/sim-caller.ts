import { NEVER } from '../../../mixer/protocol/units.ts';
import type { MonotonicMs } from '../../../mixer/protocol/units.ts';
import type { Random } from '../../../server/runtime/random.ts';
import type { Timeout } from '../../../server/runtime/core.ts';
import { ClientTransaction } from '../../../server/sip/client-transaction.ts';
import type { ClientInput } from '../../../server/sip/client-transaction.ts';
import { InviteClientTransaction } from '../../../server/sip/invite-client-transaction.ts';
import { parseMessage } from '../../../server/sip/message-parser.ts';
import type { SipRequest, SipResponse } from '../../../server/sip/message.ts';
import { readEnvelope } from '../../../server/sip/envelope.ts';
import { writeResponse } from '../../../server/sip/message-writer.ts';
import { ServerTransaction } from '../../../server/sip/server-transaction.ts';
import { DEFAULT_SIP_TIMERS, reliabilityOf } from '../../../server/sip/sip-timers.ts';
import type { TransactionSettings } from '../../../server/sip/sip-timers.ts';
import type { TransactionAction } from '../../../server/sip/transaction-action.ts';

/** What a simulated call is to do. */
export type CallPlan =
  | 'caller hangs up'
  | 'server hangs up'
  | 'caller cancels'
  | 'server rejects'
  | 'caller holds and hangs up'
  | 'both hang up'
  | 'offer in the answer';

/** How a call ended as its caller sees it. */
export type Outcome = 'open' | 'refused' | 'ended';

interface Call {
  readonly callId: string;
  readonly plan: CallPlan;
  readonly fromTag: string;
  readonly inviteBranch: string;
  remoteTag: string;
  cseq: number;
  outcome: Outcome;
  isAnswered: boolean;
  /** ACKs by CSeq, to be sent again for every 2xx that comes again. */
  readonly acks: Map<number, Uint8Array>;
}

type Client = {
  readonly kind: 'client';
  readonly core: ClientTransaction | InviteClientTransaction;
  readonly call: Call;
  readonly cseq: number;
};
type Server = { readonly kind: 'server'; readonly core: ServerTransaction };

const SDP = Buffer.from('v=0\r\n');

/** Many phones behind one address: a plain user agent client made of the client transactions. */
export class SimCaller {
  readonly #random: Random;
  readonly #settings: TransactionSettings;
  readonly #transport: 'udp' | 'tcp';
  readonly #calls = new Map<string, Call>();
  readonly #plans = new Map<string, CallPlan>();
  readonly #clients = new Map<string, Client>();
  readonly #servers = new Map<string, Server>();
  readonly #duties: { atMs: MonotonicMs; readonly run: (nowMs: MonotonicMs) => void }[] = [];
  /** Requests that were never answered. */
  failures = 0;
  #out: Uint8Array[] = [];

  constructor(options: { readonly random: Random; readonly transport: 'udp' | 'tcp' }) {
    this.#random = options.random;
    this.#transport = options.transport;
    this.#settings = {
      timers: DEFAULT_SIP_TIMERS,
      reliability: reliabilityOf(options.transport),
    };
  }

  get deadlineMs(): MonotonicMs {
    let soonest: MonotonicMs = NEVER;
    for (const { core } of this.#clients.values()) soonest = Math.min(soonest, core.deadlineMs);
    for (const { core } of this.#servers.values()) soonest = Math.min(soonest, core.deadlineMs);
    for (const duty of this.#duties) soonest = Math.min(soonest, duty.atMs);
    return soonest;
  }

  planOf(callId: string): CallPlan | undefined {
    return this.#plans.get(callId);
  }

  outcomeOf(callId: string): Outcome | undefined {
    return this.#calls.get(callId)?.outcome;
  }

  call(callId: string, plan: CallPlan, nowMs: MonotonicMs): readonly Uint8Array[] {
    this.#plans.set(callId, plan);
    const call: Call = {
      callId,
      plan,
      fromTag: this.#random.hex(4),
      inviteBranch: this.#branch(),
      remoteTag: '',
      cseq: 1,
      outcome: 'open',
      isAnswered: false,
      acks: new Map(),
    };
    this.#calls.set(callId, call);
    this.#invite(call, call.inviteBranch, nowMs);
    if (plan === 'caller cancels') {
      this.#later(nowMs + 200 + this.#random.integer(3000), (atMs) => this.#cancel(call, atMs));
    }
    return this.#flush();
  }

  receive(bytes: Uint8Array, nowMs: MonotonicMs): readonly Uint8Array[] {
    const message = parseMessage(bytes);
    if (message.kind === 'response') this.#response(message, nowMs);
    else this.#request(message, nowMs);
    return this.#flush();
  }

  timeout(nowMs: MonotonicMs): readonly Uint8Array[] {
    for (const [key, client] of [...this.#clients]) {
      if (client.core.deadlineMs > nowMs) continue;
      this.#feedClient(key, { type: 'timeout' }, nowMs);
    }
    for (const [key, server] of [...this.#servers]) {
      if (server.core.deadlineMs > nowMs) continue;
      this.#performServer(key, server.core.handle({ type: 'timeout' }, nowMs));
    }
    const due = this.#duties.filter((duty) => duty.atMs <= nowMs);
    for (const duty of due) {
      this.#duties.splice(this.#duties.indexOf(duty), 1);
      duty.run(nowMs);
    }
    return this.#flush();
  }

  #invite(call: Call, branch: string, nowMs: MonotonicMs): void {
    const { cseq } = call;
    const body = call.plan === 'offer in the answer' ? Buffer.alloc(0) : SDP;
    const request = this.#write(call, { method: 'INVITE', branch, cseq, body });
    const core = new InviteClientTransaction(this.#settings, {
      request,
      ackOf: (response) => this.#write(call, { method: 'ACK', branch, cseq, response }),
    });
    this.#start(`${branch} INVITE`, { kind: 'client', core, call, cseq }, nowMs);
  }

  #cancel(call: Call, nowMs: MonotonicMs): void {
    if (call.outcome !== 'open') return;
    if (call.isAnswered) {
      this.#bye(call, nowMs);
      return;
    }
    const branch = call.inviteBranch;
    const request = this.#write(call, { method: 'CANCEL', branch, cseq: 1 });
    const core = new ClientTransaction(this.#settings, request);
    this.#start(`${branch} CANCEL`, { kind: 'client', core, call, cseq: 1 }, nowMs);
  }

  #bye(call: Call, nowMs: MonotonicMs): void {
    if (call.outcome !== 'open') return;
    call.outcome = 'ended';
    call.cseq += 1;
    const branch = this.#branch();
    const { cseq } = call;
    const request = this.#write(call, { method: 'BYE', branch, cseq });
    const core = new ClientTransaction(this.#settings, request);
    this.#start(`${branch} BYE`, { kind: 'client', core, call, cseq }, nowMs);
  }

  #start(key: string, client: Client, nowMs: MonotonicMs): void {
    this.#clients.set(key, client);
    this.#feedClient(key, { type: 'start' }, nowMs);
  }

  #response(response: SipResponse, nowMs: MonotonicMs): void {
    const { topVia, cseqMethod } = readEnvelope(response);
    const key = `${topVia.branch} ${cseqMethod}`;
    this.#feedClient(key, { type: 'response', response }, nowMs);
  }

  #feedClient(key: string, input: ClientInput | Timeout, nowMs: MonotonicMs): void {
    const client = this.#clients.get(key);
    if (client === undefined) return;
    const actions = client.core.handle(input, nowMs);
    for (const action of actions) {
      if (action.type === 'failed') this.failures += 1;
      if (action.type === 'send') this.#out.push(action.bytes);
      else if (action.type === 'ended') this.#clients.delete(key);
      else if (action.type === 'response' && client.core instanceof InviteClientTransaction) {
        this.#inviteResponse(client, action.response, nowMs);
      } else if (action.type === 'failed' && client.core instanceof InviteClientTransaction) {
        if (client.cseq === 1) client.call.outcome = 'refused';
      }
    }
  }

  #inviteResponse(client: Client, response: SipResponse, nowMs: MonotonicMs): void {
    const { call, cseq } = client;
    if (response.status < 200) return;
    if (response.status >= 300) {
      if (cseq === 1) call.outcome = 'refused';
      return;
    }
    const known = call.acks.get(cseq);
    if (known !== undefined) {
      this.#out.push(known);
      return;
    }
    call.remoteTag = readEnvelope(response).toTag;
    call.isAnswered = true;
    const body = call.plan === 'offer in the answer' ? SDP : Buffer.alloc(0);
    const ack = this.#write(call, { method: 'ACK', branch: this.#branch(), cseq, body });
    call.acks.set(cseq, ack);
    this.#out.push(ack);
    if (cseq === 1) this.#answered(call, nowMs);
  }

  #answered(call: Call, nowMs: MonotonicMs): void {
    switch (call.plan) {
      case 'caller hangs up':
      case 'offer in the answer':
        this.#later(nowMs + this.#random.integer(4000), (atMs) => this.#bye(call, atMs));
        break;
      case 'both hang up':
        this.#later(nowMs + 5700 + this.#random.integer(100), (atMs) => this.#bye(call, atMs));
        break;
      case 'caller cancels':
        // The CANCEL was late, or its call was answered first: a caller who is gone says BYE.
        this.#later(nowMs + 4000, (atMs) => this.#bye(call, atMs));
        break;
      case 'caller holds and hangs up':
        this.#later(nowMs + this.#random.integer(500), (atMs) => {
          if (call.outcome !== 'open') return;
          call.cseq += 1;
          this.#invite(call, this.#branch(), atMs);
        });
        this.#later(nowMs + 500 + this.#random.integer(4000), (atMs) => this.#bye(call, atMs));
        break;
      case 'server hangs up':
      case 'server rejects':
        break;
    }
  }

  #request(request: SipRequest, nowMs: MonotonicMs): void {
    const envelope = readEnvelope(request);
    const key = envelope.topVia.branch;
    const known = this.#servers.get(key);
    if (known !== undefined) {
      this.#performServer(key, known.core.handle({ type: 'retransmission' }, nowMs));
      return;
    }
    const call = this.#calls.get(envelope.callId);
    if (call !== undefined) call.outcome = 'ended';
    const core = new ServerTransaction(this.#settings);
    this.#servers.set(key, { kind: 'server', core });
    const bytes = writeResponse(envelope, { status: 200, toTag: '' });
    this.#performServer(key, core.handle({ type: 'respond', status: 200, bytes }, nowMs));
  }

  #performServer(key: string, actions: readonly TransactionAction[]): void {
    for (const action of actions) {
      if (action.type === 'send') this.#out.push(action.bytes);
      else if (action.type === 'ended') this.#servers.delete(key);
    }
  }

  #write(
    call: Call,
    parts: {
      readonly method: string;
      readonly branch: string;
      readonly cseq: number;
      readonly body?: Uint8Array;
      readonly response?: SipResponse;
    },
  ): Uint8Array {
    const body = parts.body ?? Buffer.alloc(0);
    const tag = call.remoteTag === '' ? '' : `;tag=${call.remoteTag}`;
    const to = parts.response?.headers.first('to') ?? `<sip:908@192.0.2.10>${tag}`;
    const isCancel = parts.method === 'CANCEL';
    const head = [
      `${parts.method} sip:908@192.0.2.10 SIP/2.0`,
      `Via: SIP/2.0/${this.#transport.toUpperCase()} 198.51.100.7:5070;branch=${parts.branch};rport`,
      `From: <sip:alice@198.51.100.7>;tag=${call.fromTag}`,
      `To: ${isCancel ? '<sip:908@192.0.2.10>' : to}`,
      `Call-ID: ${call.callId}`,
      `CSeq: ${parts.cseq} ${parts.method}`,
      'Contact: <sip:alice@198.51.100.7:5070>',
      ...(body.length > 0 ? ['Content-Type: application/sdp'] : []),
      `Content-Length: ${body.length}`,
      '',
      '',
    ].join('\r\n');
    return Buffer.concat([Buffer.from(head, 'latin1'), body]);
  }

  #later(atMs: MonotonicMs, run: (nowMs: MonotonicMs) => void): void {
    this.#duties.push({ atMs, run });
  }

  #branch(): string {
    return `z9hG4bK${this.#random.hex(8)}`;
  }

  #flush(): readonly Uint8Array[] {
    const out = this.#out;
    this.#out = [];
    return out;
  }
}
