import { createSocket } from 'node:dgram';
import type { Socket } from 'node:dgram';
import { header, parseSip, responseTo, uriOf, writeSip } from '../tests/support/sip-text.ts';
import type { SipText } from '../tests/support/sip-text.ts';
import type { LoadUser } from './load-user.ts';

interface LoadCall {
  readonly user: LoadUser;
  readonly called: string;
  to: string;
  target: string;
  state: 'calling' | 'up' | 'failed' | 'ended';
}

const RESEND_MS = 500;
const SETUP_TIMEOUT_MS = 60_000;

/** The signalling of a load: places one call for each user over one socket, and ends them. */
export class LoadCalls {
  readonly #socket: Socket;
  readonly #sipPort: number;
  readonly #calls = new Map<string, LoadCall>();

  private constructor(socket: Socket, sipPort: number) {
    this.#socket = socket;
    this.#sipPort = sipPort;
    socket.on('message', (bytes) => this.#receive(parseSip(bytes.toString('utf8'))));
  }

  static async open(sipPort: number): Promise<LoadCalls> {
    const socket = createSocket({ type: 'udp4', recvBufferSize: 4_194_304 });
    await new Promise<void>((resolve) => {
      socket.bind(0, '127.0.0.1', resolve);
    });
    return new LoadCalls(socket, sipPort);
  }

  get up(): number {
    return [...this.#calls.values()].filter((call) => call.state === 'up').length;
  }

  /** Calls for every user, so many in a second, and comes back when all are up. @throws when one is not in time. */
  async place(
    users: readonly LoadUser[],
    calledBy: (user: LoadUser) => string,
    callsPerSecond: number,
  ): Promise<void> {
    for (const [index, user] of users.entries()) {
      const called = calledBy(user);
      const target = `sip:${called}@127.0.0.1:${this.#sipPort}`;
      const callId = `bench-${process.pid}-${index}`;
      this.#calls.set(callId, { user, called, to: `<${target}>`, target, state: 'calling' });
      this.#invite(callId);
      if ((index + 1) % 4 === 0) await pause(4000 / callsPerSecond);
    }
    for (let waitedMs = 0; waitedMs < SETUP_TIMEOUT_MS; waitedMs += RESEND_MS) {
      if (this.up === users.length) return;
      await pause(RESEND_MS);
      for (const [callId, call] of this.#calls) {
        if (call.state === 'calling') this.#invite(callId);
      }
    }
    throw new Error(`${this.up} of ${users.length} calls are up after ${SETUP_TIMEOUT_MS} ms`);
  }

  /** Hangs up, and comes back when every BYE is answered or a moment has passed. */
  async end(): Promise<void> {
    for (const [callId, call] of this.#calls) {
      if (call.state === 'up') this.#send('BYE', callId, { cseq: 2, body: '' });
    }
    for (let turn = 0; turn < 20 && this.up > 0; turn += 1) await pause(100);
    this.#socket.close();
  }

  #invite(callId: string): void {
    const port = this.#calls.get(callId)?.user.port ?? 0;
    const body = [
      'v=0',
      'o=- 1 1 IN IP4 127.0.0.1',
      's=-',
      'c=IN IP4 127.0.0.1',
      't=0 0',
      `m=audio ${port} RTP/AVP 8 101`,
      'a=rtpmap:101 telephone-event/8000',
      '',
    ].join('\r\n');
    this.#send('INVITE', callId, { cseq: 1, body });
  }

  #send(
    method: string,
    callId: string,
    request: { readonly cseq: number; readonly body: string },
  ): void {
    const call = this.#calls.get(callId);
    if (call === undefined) return;
    const { port } = this.#socket.address();
    const branch = `z9hG4bK-${callId}-${request.cseq}${method === 'ACK' ? 'a' : ''}`;
    const text = writeSip(
      `${method} ${call.target} SIP/2.0`,
      [
        ['Via', `SIP/2.0/UDP 127.0.0.1:${port};rport;branch=${branch}`],
        ['From', `<sip:bench@127.0.0.1>;tag=${callId}`],
        ['To', call.to],
        ['Call-ID', callId],
        ['CSeq', `${request.cseq} ${method}`],
        ['Contact', `<sip:bench@127.0.0.1:${port}>`],
        ['Max-Forwards', '70'],
        ...(request.body === '' ? [] : [['Content-Type', 'application/sdp'] as const]),
      ],
      request.body,
    );
    this.#socket.send(text, this.#sipPort, '127.0.0.1');
  }

  #receive(message: SipText): void {
    const callId = header(message, 'call-id');
    const call = this.#calls.get(callId);
    if (call === undefined) return;
    if (message.status === null) {
      this.#socket.send(responseTo(message, '200 OK', callId), this.#sipPort, '127.0.0.1');
      if (message.method === 'BYE') call.state = 'ended';
      return;
    }
    if (message.status < 200) return;
    if (header(message, 'cseq').endsWith('BYE')) call.state = 'ended';
    else if (message.status < 300) this.#answered(callId, call, message);
    else call.state = 'failed';
  }

  #answered(callId: string, call: LoadCall, message: SipText): void {
    call.to = header(message, 'to');
    call.target = uriOf(header(message, 'contact'));
    this.#send('ACK', callId, { cseq: 1, body: '' });
    const port = Number(/^m=audio (\d+) /m.exec(message.body)?.[1] ?? 0);
    if (call.state === 'calling') call.state = 'up';
    void call.user.answered(port);
  }
}

/** Comes back after a while. */
export function pause(durationMs: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, durationMs);
  });
}
