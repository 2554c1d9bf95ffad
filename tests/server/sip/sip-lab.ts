import { createSipEndpoint } from '../../../server/sip/endpoint.ts';
import type { SipEndpoint, SipEndpointOptions } from '../../../server/sip/endpoint.ts';
import { parseMessage } from '../../../server/sip/message-parser.ts';
import type { SipMessage } from '../../../server/sip/message.ts';
import type { Random } from '../../../server/runtime/random.ts';
import type { OutgoingCall } from '../../../server/sip/outgoing-call.ts';
import type {
  SipAction,
  SipCommand,
  SipEvent,
  SipFlow,
  SipInput,
} from '../../../server/sip/user-agent.ts';

/** A generator that gives the same row for the same seed: enough for tests, worthless for secrets. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
  return {
    hex: (bytes) =>
      Array.from({ length: bytes }, () => (next() & 255).toString(16).padStart(2, '0')).join(''),
    integer: (below) => next() % below,
  };
}

/** The peer's address in most tests. */
export const PEER_FLOW: SipFlow = {
  transport: 'udp',
  flowId: 'udp-0',
  remoteHost: '198.51.100.7',
  remotePort: 5070,
  localPort: 5060,
};

/** The peer's address over a connection. */
export const PEER_TCP_FLOW: SipFlow = {
  transport: 'tcp',
  flowId: 'tcp-0#1',
  remoteHost: '198.51.100.7',
  remotePort: 43_210,
  localPort: 5060,
};

/** A session description that an endpoint need not understand. */
export const SDP = 'v=0\r\no=- 1 1 IN IP4 198.51.100.7\r\ns=-\r\n';

/** Somebody whom we call. */
const OUTGOING_CALL: OutgoingCall = {
  uri: 'sip:bob@198.51.100.7:5070',
  from: '<sip:room@192.0.2.10>',
  to: '<sip:bob@198.51.100.7>',
  targets: [{ flow: PEER_FLOW, host: '198.51.100.7', port: 5070 }],
  localHost: '192.0.2.10',
  credentials: null,
  offer: 'v=0\r\no=- 7 7 IN IP4 192.0.2.10\r\ns=-\r\n',
  answerWithinMs: 60_000,
  headers: [],
};

/** The pieces of a request that tests change. */
export interface RequestText {
  readonly method: string;
  readonly uri?: string;
  readonly branch?: string;
  readonly via?: string;
  readonly callId?: string;
  readonly fromTag?: string;
  readonly toTag?: string;
  readonly cseq?: number;
  readonly contact?: string;
  /** Further header lines, without line ends. */
  readonly lines?: readonly string[];
  readonly body?: string;
}

/** Writes a request the way a plain phone does. */
export function requestText(parts: RequestText): string {
  const { method, body = '' } = parts;
  const toTag = parts.toTag === undefined ? '' : `;tag=${parts.toTag}`;
  const branch = parts.branch ?? `z9hG4bK-${method}-${parts.cseq ?? 1}`;
  const contact = parts.contact ?? '<sip:alice@198.51.100.7:5070>';
  return [
    `${method} ${parts.uri ?? 'sip:908@192.0.2.10:5060'} SIP/2.0`,
    `Via: ${parts.via ?? `SIP/2.0/UDP 198.51.100.7:5070;branch=${branch};rport`}`,
    'Max-Forwards: 70',
    `From: "Alice" <sip:alice@198.51.100.7>;tag=${parts.fromTag ?? 'alice1'}`,
    `To: <sip:908@192.0.2.10>${toTag}`,
    `Call-ID: ${parts.callId ?? 'call-1'}`,
    `CSeq: ${parts.cseq ?? 1} ${method}`,
    ...(contact === '' ? [] : [`Contact: ${contact}`]),
    ...(parts.lines ?? []),
    ...(body === '' || parts.lines?.some((line) => line.startsWith('Content-Type')) === true
      ? []
      : ['Content-Type: application/sdp']),
    `Content-Length: ${Buffer.byteLength(body)}`,
    '',
    body,
  ].join('\r\n');
}

/** A message that the endpoint sent. */
export interface Sent {
  readonly message: SipMessage;
  readonly text: string;
  readonly flow: SipFlow;
  readonly host: string;
  readonly port: number;
  readonly atMs: number;
  /** `180`, or `BYE`. */
  readonly name: string;
}

/** An endpoint on a table: what goes in is written by the test, what comes out is kept, and time is moved by hand. */
export class SipLab {
  readonly endpoint: SipEndpoint;
  readonly events: SipEvent[] = [];
  readonly logs: Extract<SipAction, { type: 'log' }>[] = [];
  nowMs = 0;
  #sent: Sent[] = [];

  constructor(options: Partial<SipEndpointOptions> = {}) {
    this.endpoint = createSipEndpoint({
      random: seededRandom(1),
      isTrusted: (host) => host.startsWith('198.51.100.'),
      userAgent: 'Konfa/test',
      ...options,
    });
  }

  receive(text: string | Uint8Array, flow: SipFlow = PEER_FLOW): void {
    const bytes = typeof text === 'string' ? Buffer.from(text, 'utf8') : text;
    this.#feed({ type: 'received', flow, bytes });
  }

  request(parts: RequestText, flow: SipFlow = PEER_FLOW): void {
    this.receive(requestText(parts), flow);
  }

  command(command: SipCommand): void {
    this.#feed({ type: 'command', command });
  }

  answer(dialogId = this.dialogId): void {
    this.command({ type: 'answer', dialogId, sdp: 'v=0\r\nanswer', localHost: '192.0.2.10' });
  }

  reject(status: number, dialogId = this.dialogId): void {
    this.command({ type: 'reject', dialogId, status, retryAfterS: null, reason: null });
  }

  hangUp(dialogId = this.dialogId): void {
    this.command({ type: 'hang-up', dialogId, reason: null });
  }

  /** The peer's answer to a request that was sent. */
  reply(request: Sent, status: number, parts: ResponseParts = {}): void {
    this.receive(responseText(request, status, parts), parts.flow);
  }

  flowClosed(flow: SipFlow): void {
    this.#feed({ type: 'flow-closed', flow });
  }

  /** Lets time pass, with every timeout at its instant. */
  advance(byMs: number): void {
    const untilMs = this.nowMs + byMs;
    for (let left = 10_000; left > 0 && this.endpoint.deadlineMs <= untilMs; left -= 1) {
      this.nowMs = Math.max(this.nowMs, this.endpoint.deadlineMs);
      this.#perform(this.endpoint.handle({ type: 'timeout' }, this.nowMs));
    }
    this.nowMs = untilMs;
  }

  /** What was sent since the last call. */
  take(): readonly Sent[] {
    const sent = this.#sent;
    this.#sent = [];
    return sent;
  }

  /** Names of what was sent since the last call: `['100', '180']`. */
  takeNames(): readonly string[] {
    return this.take().map((each) => each.name);
  }

  /** The one message that was sent since the last call. */
  takeOne(): Sent {
    const sent = this.take();
    const [only] = sent;
    if (only === undefined || sent.length > 1) {
      throw new Error(`expected one message, got ${sent.map((each) => each.name).join(' ')}`);
    }
    return only;
  }

  /** Takes the ACK of the 2xx that was sent last, or is to be sent by an answer: `answer()` and its ACK. */
  answerAndAck(cseq: number, toTag: string, parts: Partial<RequestText> = {}): Sent {
    this.answer();
    const ok = this.take().at(-1);
    if (ok === undefined) throw new Error('nothing was answered');
    this.request({ method: 'ACK', ...parts, cseq, branch: `z9hG4bK-ack${cseq}`, toTag });
    return ok;
  }

  /** Makes a call of ours that is answered, and returns the tag of the peer and ours. */
  call(
    parts: ResponseParts & { readonly contact?: string } = {},
    call: Partial<OutgoingCall> = {},
  ): { readonly fromTag: string; readonly toTag: string; readonly callId: string } {
    this.command({ type: 'call', dialogId: 'ours', call: { ...OUTGOING_CALL, ...call } });
    const invite = this.takeOne();
    const contact = `Contact: ${parts.contact ?? '<sip:bob@198.51.100.7:5070>'}`;
    const lines = [contact, ...(parts.lines ?? [])];
    this.reply(invite, 200, { toTag: 'bob1', body: SDP, ...parts, lines });
    const { headers } = invite.message;
    const tag = /;tag=([^;\s]+)/.exec(headers.first('from') ?? '')?.[1] ?? '';
    return { fromTag: 'bob1', toTag: tag, callId: headers.first('call-id') ?? '' };
  }

  /** Types of all events so far. */
  get eventTypes(): readonly string[] {
    return this.events.map((event) => event.type);
  }

  /** Of the latest event. */
  get dialogId(): string {
    const last = this.events.findLast((event) => 'dialogId' in event);
    return last !== undefined && 'dialogId' in last ? last.dialogId : '';
  }

  /** Brings a call up to its ACK and returns our tag. */
  establish(parts: Partial<RequestText> = {}, flow: SipFlow = PEER_FLOW): string {
    this.request({ method: 'INVITE', body: SDP, ...parts }, flow);
    this.answer();
    const localTag = toTagOf(this.take().at(-1));
    this.request({ method: 'ACK', ...parts, branch: 'z9hG4bK-ack', toTag: localTag }, flow);
    return localTag;
  }

  #feed(input: SipInput): void {
    this.#perform(this.endpoint.handle(input, this.nowMs));
  }

  #perform(actions: readonly SipAction[]): void {
    for (const action of actions) {
      if (action.type === 'event') this.events.push(action.event);
      else if (action.type === 'log') this.logs.push(action);
      else if (action.type === 'send') this.#sent.push(sentMessage(action, this.nowMs));
    }
  }
}

function sentMessage(action: Extract<SipAction, { type: 'send' }>, atMs: number): Sent {
  const message = parseMessage(action.bytes);
  return {
    message,
    text: Buffer.from(action.bytes).toString('utf8'),
    flow: action.flow,
    host: action.host,
    port: action.port,
    atMs,
    name: message.kind === 'request' ? message.method : String(message.status),
  };
}

/** The tag in To of a message that was sent. */
export function toTagOf(sent: Sent | undefined): string {
  return /;tag=([^;\s]+)/.exec(sent?.message.headers.first('to') ?? '')?.[1] ?? '';
}

/** The pieces of a response that tests change. */
export interface ResponseParts {
  /** Added to To when the request has none there. */
  readonly toTag?: string;
  /** Further header lines, without line ends. */
  readonly lines?: readonly string[];
  readonly body?: string;
  /** How it comes; as most do unless told. */
  readonly flow?: SipFlow;
}

/** A response to a request that was sent, as its peer writes it. */
export function responseText(request: Sent, status: number, parts: ResponseParts = {}): string {
  const { headers } = request.message;
  const { lines = [], body = '' } = parts;
  const tag = parts.toTag === undefined ? '' : `;tag=${parts.toTag}`;
  return [
    `SIP/2.0 ${status} Whatever`,
    ...headers.lines('via').map((via) => `Via: ${via}`),
    `From: ${headers.first('from') ?? ''}`,
    `To: ${headers.first('to') ?? ''}${tag}`,
    `Call-ID: ${headers.first('call-id') ?? ''}`,
    `CSeq: ${headers.first('cseq') ?? ''}`,
    ...lines,
    ...(body === '' || lines.some((line) => line.startsWith('Content-Type'))
      ? []
      : ['Content-Type: application/sdp']),
    `Content-Length: ${Buffer.byteLength(body)}`,
    '',
    body,
  ].join('\r\n');
}

/** Header line of a body that `withIsup` makes. */
export const MULTIPART = 'Content-Type: multipart/mixed;boundary="unique-boundary-1"';

/** A session description as a telephone exchange sends it (SIP-I): beside the ISUP of its network. */
export function withIsup(sdp: string): string {
  return [
    '--unique-boundary-1',
    'Content-Type: application/sdp',
    '',
    sdp,
    '--unique-boundary-1',
    'Content-Type: application/isup;version=itu-t92+',
    'Content-Disposition: signal;handling=optional',
    '',
    '\u0001\u0011\u0000\u000a\u0003\u0002\u000a\u0008',
    '--unique-boundary-1--',
    '',
  ].join('\r\n');
}
