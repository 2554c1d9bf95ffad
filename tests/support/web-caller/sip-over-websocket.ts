import { randomBytes } from 'node:crypto';
import { WebSocket } from 'ws';
import { header, parseSip, uriOf, writeSip } from '../sip-text.ts';
import type { SipText } from '../sip-text.ts';

/** Whom to call, and as whom. */
export interface WebSocketCall {
  /** `ws://127.0.0.1:8080/sip`. */
  readonly socketUrl: string;
  /** Of the page that would call; null: none, as a program has it. */
  readonly origin: string | null;
  readonly sipUri: string;
  /** For `Authorization: Bearer`; null: none. */
  readonly credential: string | null;
  readonly offer: string;
}

/** Longest that any answer is waited for. */
const ANSWER_MS = 10_000;

/** One call by a plain RFC 7118 client, apart from the product's SIP. */
export class SipOverWebSocket {
  readonly #call: WebSocketCall;
  readonly #socket: WebSocket;
  readonly #callId = randomBytes(8).toString('hex');
  readonly #fromTag = randomBytes(4).toString('hex');
  readonly #host = `${randomBytes(4).toString('hex')}.invalid`;
  readonly #waiting = new Set<(message: SipText) => void>();
  /** Every request that the server has sent, answered already. */
  readonly requests: SipText[] = [];
  /** Told of each of them. */
  onRequest: (message: SipText) => void = () => undefined;
  #cseq = 0;
  #to = '';
  #target = '';

  private constructor(call: WebSocketCall, socket: WebSocket) {
    this.#call = call;
    this.#socket = socket;
    socket.on('message', (data: Buffer) => this.#message(data.toString('utf8')));
  }

  /** Connects. Rejects when the server refuses the connection; the message has its status. */
  static async connect(call: WebSocketCall): Promise<SipOverWebSocket> {
    const socket = new WebSocket(call.socketUrl, 'sip', {
      ...(call.origin === null ? {} : { origin: call.origin }),
    });
    socket.on('error', () => undefined);
    await new Promise<void>((resolve, reject) => {
      socket.once('open', resolve);
      socket.once('error', reject);
    });
    return new SipOverWebSocket(call, socket);
  }

  get socket(): WebSocket {
    return this.#socket;
  }

  /** Calls; resolves with the final response, an ACK sent. */
  async invite(): Promise<SipText> {
    this.#to = `<${this.#call.sipUri}>`;
    this.#target = this.#call.sipUri;
    return await this.#inviteWith(this.#call.offer);
  }

  /** A re-INVITE with another offer. */
  async reinvite(offer: string): Promise<SipText> {
    return await this.#inviteWith(offer);
  }

  /** Hangs up and waits for the answer. */
  async bye(): Promise<SipText> {
    this.#cseq += 1;
    const cseq = this.#cseq;
    this.#send('BYE', cseq, '');
    return await this.#answerTo(cseq);
  }

  /** Cuts the connection, without a word of SIP. */
  cut(): void {
    this.#socket.terminate();
  }

  close(): void {
    this.#socket.close();
  }

  async #inviteWith(offer: string): Promise<SipText> {
    this.#cseq += 1;
    const cseq = this.#cseq;
    this.#send('INVITE', cseq, offer);
    const answer = await this.#answerTo(cseq);
    this.#to = header(answer, 'to');
    if (answer.status === 200) this.#target = uriOf(header(answer, 'contact'));
    this.#send('ACK', cseq, '');
    return answer;
  }

  #send(method: string, cseq: number, body: string): void {
    const { credential } = this.#call;
    const bearer = credential === null || method !== 'INVITE' ? [] : [`Bearer ${credential}`];
    const text = writeSip(
      `${method} ${this.#target} SIP/2.0`,
      [
        ['Via', `SIP/2.0/WS ${this.#host};branch=z9hG4bK${randomBytes(6).toString('hex')}`],
        ['Max-Forwards', '70'],
        ['From', `<sip:guest@${this.#host}>;tag=${this.#fromTag}`],
        ['To', this.#to],
        ['Call-ID', this.#callId],
        ['CSeq', `${cseq} ${method}`],
        ['Contact', `<sip:guest@${this.#host};transport=ws>`],
        ...bearer.map((value) => ['Authorization', value] as const),
        ...(body === '' ? [] : ([['Content-Type', 'application/sdp']] as const)),
      ],
      body,
    );
    this.#socket.send(text);
  }

  #answerTo(cseq: number): Promise<SipText> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(look);
        reject(new Error(`no final response to CSeq ${cseq}`));
      }, ANSWER_MS);
      const look = (message: SipText): void => {
        const isMine = Number.parseInt(header(message, 'cseq'), 10) === cseq;
        if (!isMine || message.status === null || message.status < 200) return;
        clearTimeout(timer);
        this.#waiting.delete(look);
        resolve(message);
      };
      this.#waiting.add(look);
    });
  }

  #message(text: string): void {
    if (text.trim() === '') return;
    const message = parseSip(text);
    if (message.status !== null) {
      for (const look of [...this.#waiting]) look(message);
      return;
    }
    this.requests.push(message);
    if (message.method !== 'ACK') this.#accept(message);
    this.onRequest(message);
  }

  #accept(message: SipText): void {
    const copied = message.headers.filter(([name]) =>
      ['via', 'from', 'to', 'call-id', 'cseq'].includes(name),
    );
    this.#socket.send(writeSip('SIP/2.0 200 OK', copied));
  }
}
