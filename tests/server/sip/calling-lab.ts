import { parseMessage } from '../../../server/sip/message-parser.ts';
import type { SipRequest } from '../../../server/sip/message.ts';
import { ClientSide } from '../../../server/sip/client-side.ts';
import type { AnsweredCall } from '../../../server/sip/client-side.ts';
import { DeadlineQueue } from '../../../server/sip/deadline-queue.ts';
import { writeResponse } from '../../../server/sip/message-writer.ts';
import { outboundFlow } from '../../../server/sip/outbound-flow.ts';
import type { OutgoingCall } from '../../../server/sip/outgoing-call.ts';
import { receiveRequest } from '../../../server/sip/received-request.ts';
import type { SendTarget } from '../../../server/sip/received-request.ts';
import { DEFAULT_SESSION_TIMERS } from '../../../server/sip/session-timer.ts';
import { DEFAULT_SIP_TIMERS } from '../../../server/sip/sip-timers.ts';
import type { Timed } from '../../../server/sip/timed.ts';
import { TransactionLayer } from '../../../server/sip/transaction-layer.ts';
import type { DialogCommand, SipEvent, SipFlow } from '../../../server/sip/user-agent.ts';
import { seededRandom, SDP } from './sip-lab.ts';

/** A message of ours on its way. */
export interface CallingSent {
  readonly text: string;
  readonly target: SendTarget;
  readonly turn: 'first' | 'again';
  readonly bytes: Uint8Array;
  /** `INVITE`, or `200`. */
  readonly name: string;
  readonly header: (name: string) => string;
  readonly lines: (name: string) => readonly string[];
  readonly request: SipRequest;
}

/** Where most tests call to. */
export function udpTarget(host = '198.51.100.20', port = 5060): SendTarget {
  const flow = outboundFlow({ transport: 'udp', host, port, localPort: 5060 });
  return { flow, host, port };
}

/** A call that most tests make. */
export const CALL: OutgoingCall = {
  uri: 'sip:1234@trunk.example.net',
  from: '"Konfa" <sip:908@192.0.2.10>',
  to: '<sip:1234@trunk.example.net>',
  targets: [udpTarget()],
  localHost: '192.0.2.10',
  credentials: null,
  offer: SDP,
  answerWithinMs: 60_000,
  headers: [['P-Asserted-Identity', '<sip:908@192.0.2.10>']],
};

/** The client half alone on a table: answers are written by the test, time is moved by hand. */
export class CallingLab {
  readonly deadlines = new DeadlineQueue<Timed>();
  readonly transactions: TransactionLayer;
  readonly client: ClientSide;
  readonly events: SipEvent[] = [];
  readonly established: AnsweredCall[] = [];
  nowMs = 0;
  #sent: CallingSent[] = [];
  #branches = 0;

  constructor(seed = 1) {
    const random = seededRandom(seed);
    const { deadlines } = this;
    const timers = DEFAULT_SIP_TIMERS;
    this.transactions = new TransactionLayer({
      timers,
      random,
      deadlines,
      send: (target, bytes, turn) => this.#sent.push(sentOf(target, bytes, turn)),
      inviteRepeated: () => undefined,
    });
    this.client = new ClientSide({
      random,
      timers,
      deadlines,
      transactions: this.transactions,
      userAgentHeader: ['User-Agent', 'Konfa/test'],
      sessionTimers: DEFAULT_SESSION_TIMERS,
      raise: (event) => this.events.push(event),
      establish: (call) => this.established.push(call),
      respond: (entry, reply) => {
        const bytes = writeResponse(entry.request.envelope, { ...reply, toTag: entry.toTag });
        entry.transaction.handle({ type: 'respond', status: reply.status, bytes }, this.nowMs);
      },
    });
  }

  /** Calls and returns the INVITE, when one went out. */
  call(call: Partial<OutgoingCall> = {}, dialogId = 'd1'): CallingSent {
    this.client.command({ type: 'call', dialogId, call: { ...CALL, ...call } }, this.nowMs);
    return this.takeOne();
  }

  command(command: DialogCommand): void {
    this.client.command(command, this.nowMs);
  }

  hangUp(dialogId = 'd1'): void {
    this.command({ type: 'hang-up', dialogId, reason: null });
  }

  /** The peer answers a request of ours. */
  respond(request: CallingSent, status: number, parts: ResponseText = {}): void {
    const text = answerText(request, status, parts);
    const message = parseMessage(Buffer.from(text, 'utf8'));
    if (message.kind !== 'response') throw new Error('not a response');
    this.transactions.receiveResponse(message, this.nowMs);
  }

  /** The peer sends a request within the dialog of a fork. */
  peerRequest(invite: CallingSent, method: string, parts: PeerRequestText): 'taken' | 'foreign' {
    const body = parts.body ?? '';
    this.#branches += 1;
    const text = [
      `${method} sip:192.0.2.10:5060 SIP/2.0`,
      `Via: SIP/2.0/UDP 198.51.100.20:5060;branch=z9hG4bK-peer-${this.#branches};rport`,
      `From: ${invite.header('to')};tag=${parts.tag}`,
      `To: ${invite.header('from')}`,
      `Call-ID: ${invite.header('call-id')}`,
      `CSeq: ${parts.cseq} ${method}`,
      'Contact: <sip:1234@198.51.100.21:5070>',
      ...(body === '' ? [] : [`Content-Type: ${parts.type ?? 'application/sdp'}`]),
      `Content-Length: ${body.length}`,
      '',
      body,
    ].join('\r\n');
    const message = parseMessage(Buffer.from(text, 'utf8'));
    if (message.kind !== 'request') throw new Error('not a request');
    const flow: SipFlow = {
      transport: 'udp',
      flowId: 'udp-0',
      remoteHost: '198.51.100.20',
      remotePort: 5060,
      localPort: 5060,
    };
    const entry = this.transactions.open(receiveRequest(message, flow), 'unused');
    return this.client.receive(entry, this.nowMs);
  }

  flowClosed(flow: SipFlow): void {
    this.transactions.flowClosed(flow, this.nowMs);
  }

  advance(byMs: number): void {
    const untilMs = this.nowMs + byMs;
    for (let left = 10_000; left > 0 && this.deadlines.nextMs <= untilMs; left -= 1) {
      this.nowMs = Math.max(this.nowMs, this.deadlines.nextMs);
      this.deadlines.takeDue(this.nowMs)?.expire(this.nowMs);
    }
    this.nowMs = untilMs;
  }

  take(): readonly CallingSent[] {
    const sent = this.#sent;
    this.#sent = [];
    return sent;
  }

  takeNames(): readonly string[] {
    return this.take().map(({ name }) => name);
  }

  takeOne(): CallingSent {
    const sent = this.take();
    const [only] = sent;
    if (only === undefined || sent.length > 1) {
      throw new Error(`expected one message, got ${sent.map(({ name }) => name).join(' ')}`);
    }
    return only;
  }

  /** Everything but the instants: what is left when all is over. */
  get leftovers(): readonly number[] {
    const { servers, clients } = this.transactions.figures;
    return [this.client.size, servers, clients, this.deadlines.size];
  }

  get lastEvent(): SipEvent | undefined {
    return this.events.at(-1);
  }
}

/** The pieces of an answer that tests change. */
export interface ResponseText {
  readonly tag?: string;
  readonly lines?: readonly string[];
  readonly body?: string;
}

interface PeerRequestText {
  readonly tag: string;
  readonly cseq: number;
  readonly body?: string;
  /** Content-Type of the body; SDP when nothing is said. */
  readonly type?: string;
}

function answerText(request: CallingSent, status: number, parts: ResponseText): string {
  const { tag = status === 100 ? '' : 'bob', lines = [], body = '' } = parts;
  const to = request.header('to');
  const hasContact = lines.some((line) => line.startsWith('Contact'));
  return [
    `SIP/2.0 ${status} Whatever`,
    ...request.lines('via').map((via) => `Via: ${via}`),
    `From: ${request.header('from')}`,
    `To: ${to}${tag === '' || to.includes(';tag=') ? '' : `;tag=${tag}`}`,
    `Call-ID: ${request.header('call-id')}`,
    `CSeq: ${request.header('cseq')}`,
    ...(hasContact || status >= 300 ? [] : ['Contact: <sip:1234@198.51.100.20:5060>']),
    ...lines,
    ...(body === '' ? [] : ['Content-Type: application/sdp']),
    `Content-Length: ${Buffer.byteLength(body)}`,
    '',
    body,
  ].join('\r\n');
}

function sentOf(target: SendTarget, bytes: Uint8Array, turn: 'first' | 'again'): CallingSent {
  const message = parseMessage(bytes);
  const { headers } = message;
  const request: SipRequest =
    message.kind === 'request'
      ? message
      : { kind: 'request', method: '', uri: '', headers, body: message.body };
  return {
    text: Buffer.from(bytes).toString('utf8'),
    target,
    turn,
    bytes,
    name: message.kind === 'request' ? message.method : String(message.status),
    header: (name) => headers.first(name) ?? '',
    lines: (name) => headers.lines(name),
    request,
  };
}
