import type { PhoneMedia } from './phone-media.ts';
import { header, parseSip, responseTo, uriOf, writeSip } from './sip-text.ts';
import type { SipText } from './sip-text.ts';

/** How a phone reaches its server, and what it calls itself. */
export interface PhoneLine {
  readonly host: string;
  readonly port: number;
  readonly server: { readonly host: string; readonly port: number };
  readonly fromUser: string;
  /** Payload types in the order of the offer, such as `8 101`. */
  readonly payloadTypes: string;
  send(text: string): void;
}

/** Which way audio goes, in the words of SDP and as the phone sees it. */
export type SdpDirection = 'sendrecv' | 'sendonly' | 'recvonly' | 'inactive';

/** The final answer to an INVITE. */
export interface FinalAnswer {
  readonly status: number;
  readonly message: SipText;
}

const T1_MS = 500;
const T2_MS = 4000;
const GIVE_UP_AFTER_MS = 64 * T1_MS;

/** A request that is sent again until an answer comes (RFC 3261 §17.1). */
interface Pending {
  readonly method: string;
  readonly branch: string;
  readonly text: string;
  answered(response: SipText): void;
  timer: NodeJS.Timeout | null;
}

let lastId = 0;

/** A word that no other call of this process has. */
function freshId(): string {
  lastId += 1;
  return `${process.pid.toString(36)}x${lastId.toString(36)}`;
}

/** One call of a test phone, from INVITE to BYE, by the rules of RFC 3261 that a caller must keep. */
export class PhoneCall {
  readonly callId = `${freshId()}@test`;
  readonly media: PhoneMedia;
  /** The final answer to the INVITE. Rejected when none comes within 64*T1. */
  readonly final: Promise<FinalAnswer>;
  /** When and by whom the call was ended; `reason` is the Reason header of a BYE. */
  readonly ended: Promise<{ readonly by: 'server' | 'phone'; readonly reason: string }>;
  /** Provisional answers in the order in which they came. */
  readonly provisional: number[] = [];
  readonly #line: PhoneLine;
  readonly #called: string;
  readonly #localTag = freshId();
  readonly #pending = new Map<string, Pending>();
  #inviteBranch = '';
  #remoteTo: string;
  #target: string;
  #routeSet: readonly string[] = [];
  #cseq = 0;
  #sdpVersion = 0;
  #ack: string | null = null;
  #phase: 'calling' | 'up' | 'over' = 'calling';
  #end: (ending: { by: 'server' | 'phone'; reason: string }) => void = () => {};

  constructor(line: PhoneLine, called: string, media: PhoneMedia) {
    this.#line = line;
    this.#called = called;
    this.media = media;
    this.#target = `sip:${called}@${line.server.host}:${line.server.port}`;
    this.#remoteTo = `<${this.#target}>`;
    this.ended = new Promise((resolve) => {
      this.#end = (ending) => {
        this.#phase = 'over';
        resolve(ending);
      };
    });
    this.final = this.#invite('sendrecv');
  }

  /** Gives the call up before it is answered. `final` becomes 487, or 200 when they crossed: then it is ended. */
  async cancel(): Promise<void> {
    await this.#request('CANCEL', { branch: this.#inviteBranch, cseq: this.#cseq });
  }

  /** Ends the call and comes back with the status of the answer. */
  async hangUp(): Promise<number> {
    const response = await this.#request('BYE', {});
    this.#end({ by: 'phone', reason: '' });
    return response.status ?? 0;
  }

  /** Re-INVITE with a direction: `sendonly` puts the server on hold. */
  async direct(direction: SdpDirection): Promise<FinalAnswer> {
    return this.#invite(direction);
  }

  /** Asks within the call what the server can do, and comes back with the status of the answer. */
  async ping(): Promise<number> {
    return (await this.#request('OPTIONS', {})).status ?? 0;
  }

  /** Presses keys, one after another, by RFC 4733. */
  press(keys: string): Promise<void> {
    return this.media.press(keys);
  }

  /** Takes a message of this call from the socket. */
  receive(message: SipText): void {
    if (message.status !== null) this.#receiveResponse(message, message.status);
    else if (message.method !== 'ACK') this.#receiveRequest(message);
  }

  /** Sends a last BYE when the call is still up, and then nothing any more. */
  close(): void {
    if (this.#phase === 'up') {
      const branch = `z9hG4bK${freshId()}`;
      this.#line.send(this.#write('BYE', { cseq: this.#cseq + 1, branch, body: '' }));
    }
    for (const pending of this.#pending.values()) stopSending(pending);
    this.#pending.clear();
    this.media.close();
  }

  async #invite(direction: SdpDirection): Promise<FinalAnswer> {
    this.#sdpVersion += 1;
    this.#ack = null;
    const body = this.#offer(direction);
    const message = await this.#request('INVITE', { body });
    const status = message.status ?? 0;
    if (status < 300) {
      const audio = /^m=audio (\d+) /m.exec(message.body)?.[1];
      const host = /^c=IN IP4 (\S+)/m.exec(message.body)?.[1];
      if (audio !== undefined && host !== undefined) this.media.sendTo(host, Number(audio));
    }
    return { status, message };
  }

  #offer(direction: SdpDirection): string {
    const { host, payloadTypes } = this.#line;
    return [
      'v=0',
      `o=phone 1 ${this.#sdpVersion} IN IP4 ${host}`,
      's=-',
      `c=IN IP4 ${host}`,
      't=0 0',
      `m=audio ${this.media.port} RTP/AVP ${payloadTypes}`,
      'a=rtpmap:101 telephone-event/8000',
      'a=fmtp:101 0-15',
      'a=ptime:20',
      `a=${direction}`,
      '',
    ].join('\r\n');
  }

  /** Sends a request until a final answer comes. */
  #request(
    method: string,
    options: { readonly body?: string; readonly branch?: string; readonly cseq?: number },
  ): Promise<SipText> {
    const cseq = options.cseq ?? (this.#cseq += 1);
    const branch = options.branch ?? `z9hG4bK${freshId()}`;
    if (method === 'INVITE') this.#inviteBranch = branch;
    const text = this.#write(method, { cseq, branch, body: options.body ?? '' });
    return new Promise((resolve, reject) => {
      const pending: Pending = { method, branch, text, answered: resolve, timer: null };
      this.#pending.set(`${method} ${branch}`, pending);
      this.#sendAgain(pending, {
        afterMs: T1_MS,
        untilMs: performance.now() + GIVE_UP_AFTER_MS,
        reject,
      });
    });
  }

  #sendAgain(
    pending: Pending,
    plan: { readonly afterMs: number; readonly untilMs: number; reject(error: Error): void },
  ): void {
    if (performance.now() >= plan.untilMs) {
      plan.reject(new Error(`no answer to ${pending.method} within ${GIVE_UP_AFTER_MS} ms`));
      return;
    }
    this.#line.send(pending.text);
    pending.timer = setTimeout(() => {
      const afterMs = Math.min(plan.afterMs * 2, pending.method === 'INVITE' ? Infinity : T2_MS);
      this.#sendAgain(pending, { ...plan, afterMs });
    }, plan.afterMs);
  }

  #write(
    method: string,
    request: { readonly cseq: number; readonly branch: string; readonly body: string },
  ): string {
    const { host, port, fromUser } = this.#line;
    const outside = method === 'CANCEL';
    const initial = `sip:${this.#called}@${this.#line.server.host}:${this.#line.server.port}`;
    return writeSip(
      `${method} ${outside ? initial : this.#target} SIP/2.0`,
      [
        ['Via', `SIP/2.0/UDP ${host}:${port};rport;branch=${request.branch}`],
        ...this.#routeSet.map((route) => ['Route', route] as const),
        ['From', `"${fromUser}" <sip:${fromUser}@${host}>;tag=${this.#localTag}`],
        ['To', outside ? `<${initial}>` : this.#remoteTo],
        ['Call-ID', this.callId],
        ['CSeq', `${request.cseq} ${method}`],
        ['Contact', `<sip:${fromUser}@${host}:${port}>`],
        ['Max-Forwards', '70'],
        ...(request.body === '' ? [] : [['Content-Type', 'application/sdp'] as const]),
      ],
      request.body,
    );
  }

  #receiveResponse(message: SipText, status: number): void {
    const branch = /branch=([^;,\s]+)/.exec(header(message, 'via'))?.[1] ?? '';
    const method = header(message, 'cseq').split(' ')[1] ?? '';
    const pending = this.#pending.get(`${method} ${branch}`);
    if (status < 200) {
      if (method === 'INVITE') this.provisional.push(status);
      if (pending !== undefined) stopSending(pending);
      return;
    }
    if (method === 'INVITE') this.#acknowledge(message, { status, branch });
    if (pending === undefined) return;
    stopSending(pending);
    this.#pending.delete(`${method} ${branch}`);
    pending.answered(message);
  }

  /** A 2xx is acknowledged end to end, with a branch of its own; anything else within the transaction. */
  #acknowledge(
    message: SipText,
    answer: { readonly status: number; readonly branch: string },
  ): void {
    if (answer.branch !== this.#inviteBranch) return;
    if (answer.status < 300) {
      if (this.#phase === 'calling') {
        this.#phase = 'up';
        // It stays what it was when the call began (RFC 3261 §12.2).
        this.#routeSet = message.headers
          .filter(([name]) => name === 'record-route')
          .map(([, value]) => value)
          .reverse();
      }
      this.#remoteTo = header(message, 'to');
      this.#target = uriOf(header(message, 'contact'));
      this.#ack ??= this.#write('ACK', {
        cseq: parseInt(header(message, 'cseq'), 10),
        branch: `z9hG4bK${freshId()}`,
        body: '',
      });
      this.#line.send(this.#ack);
      return;
    }
    const ack = this.#write('ACK', { cseq: this.#cseq, branch: answer.branch, body: '' });
    this.#line.send(ack.replace(/^To: .*$/m, `To: ${header(message, 'to')}`));
  }

  #receiveRequest(message: SipText): void {
    if (message.method === 'INVITE') {
      this.#line.send(responseTo(message, '488 Not Acceptable Here', this.#localTag));
      return;
    }
    this.#line.send(responseTo(message, '200 OK', this.#localTag));
    if (message.method === 'BYE') this.#end({ by: 'server', reason: header(message, 'reason') });
  }
}

function stopSending(pending: Pending): void {
  if (pending.timer !== null) clearTimeout(pending.timer);
  pending.timer = null;
}

/** Reads a datagram and tells its Call-ID. */
export function readMessage(bytes: Buffer): { readonly message: SipText; readonly callId: string } {
  const message = parseSip(bytes.toString('utf8'));
  return { message, callId: header(message, 'call-id') };
}
