import type { MediaAddress } from '../../mixer/protocol/mixer-command.ts';
import { PhoneAudio } from './phone-audio.ts';
import type { PhoneCodec, Tone } from './phone-audio.ts';
import type { SimClock } from './sim-clock.ts';
import type { SimNetwork } from './sim-network.ts';
import { header, parseSip, responseTo, uriOf, writeSip } from './sip-text.ts';
import type { SipText } from './sip-text.ts';

/** Where a simulated phone is plugged in. */
export interface SimLine {
  readonly clock: SimClock;
  readonly network: SimNetwork;
  /** Address of the phone; SIP comes from port 5060 of it. */
  readonly host: string;
  readonly number: string;
  readonly codec: PhoneCodec;
  /** Of its requests, beside those that all have. */
  readonly headers?: readonly (readonly [name: string, value: string])[];
  /** Takes a SIP message to the server. */
  readonly sendSip: (text: string) => void;
}

const PACKET_MS = 20;
let lastId = 0;

/** One call of a simulated phone: a caller that keeps to RFC 3261 on a network that loses nothing. */
export class SimCall {
  readonly callId: string;
  readonly audio: PhoneAudio;
  /** Every status that came for the INVITE, the final one last. */
  readonly statuses: number[] = [];
  /** The last final answer to the INVITE. */
  answer: SipText | null = null;
  /** The Reason header of the server's BYE; null while it has not come. */
  endedBecause: string | null = null;
  readonly #line: SimLine;
  readonly #called: string;
  readonly #media: MediaAddress;
  readonly #tag: string;
  #to: string;
  #target: string;
  #remote: MediaAddress | null = null;
  #cseq = 0;
  #inviteBranch = '';
  #talking: 'on' | 'off' = 'off';
  #plugged: 'in' | 'out' = 'in';
  #acks: 'sent' | 'withheld' = 'sent';
  #hold: 'on' | 'off' = 'off';

  /** `register` takes the Call-ID before the INVITE goes out. */
  constructor(line: SimLine, called: string, register: (callId: string, call: SimCall) => void) {
    lastId += 1;
    this.#line = line;
    this.#called = called;
    this.callId = `sim-${lastId}`;
    this.#tag = `tag-${lastId}`;
    this.#media = { host: line.host, port: 30_000 + 2 * lastId };
    this.#target = `sip:${called}@127.0.0.1`;
    this.#to = `<${this.#target}>`;
    this.audio = new PhoneAudio(line.codec, lastId);
    line.network.bind(this.#media, (bytes) => this.audio.receive(bytes));
    register(this.callId, this);
    this.invite('sendrecv');
  }

  get status(): number {
    return this.statuses.at(-1) ?? 0;
  }

  /** The call is up: answered, and nobody has ended it. */
  get isUp(): boolean {
    return this.status === 200 && this.endedBecause === null && this.#talking === 'on';
  }

  /** INVITE or re-INVITE. */
  invite(direction: 'sendrecv' | 'sendonly'): void {
    this.#cseq += 1;
    this.#inviteBranch = `z9hG4bK-${this.callId}-${this.#cseq}`;
    this.#send('INVITE', this.#inviteBranch, this.#offer(direction));
  }

  /** Puts the server on hold: nothing is sent to it meanwhile, not even silence. */
  hold(): void {
    this.#hold = 'on';
    this.invite('sendonly');
  }

  resume(): void {
    this.#hold = 'off';
    this.invite('sendrecv');
  }

  cancel(): void {
    this.#send('CANCEL', this.#inviteBranch, '');
  }

  hangUp(): void {
    this.#cseq += 1;
    this.#send('BYE', `z9hG4bK-${this.callId}-${this.#cseq}`, '');
    this.vanish();
  }

  /** Sends nothing any more and hears nothing, without a word. */
  vanish(): void {
    this.#talking = 'off';
    this.#line.network.unbind(this.#media);
  }

  /** Is gone without a word, and answers nothing. */
  unplug(): void {
    this.#plugged = 'out';
    this.vanish();
  }

  /** Answers no 200 with ACK from now on. */
  withholdAcks(): void {
    this.#acks = 'withheld';
  }

  /** The number that it calls from. */
  get number(): string {
    return this.#line.number;
  }

  /** Where the phone takes audio. */
  get mediaAddress(): MediaAddress {
    return this.#media;
  }

  /** Where the server takes this call's audio. */
  get serverAddress(): MediaAddress {
    if (this.#remote === null) throw new Error('the call was never answered');
    return this.#remote;
  }

  /** Presses keys; they take 180 ms each from now on. */
  press(keys: string): void {
    this.audio.press(keys);
  }

  play(tone: Tone | null): void {
    this.audio.play(tone);
  }

  /** Takes a message of the server. */
  receive(message: SipText): void {
    if (this.#plugged === 'out') return;
    if (message.status === null) return this.#request(message);
    if (!header(message, 'cseq').endsWith('INVITE')) return;
    this.statuses.push(message.status);
    if (message.status < 200) return;
    this.answer = message;
    this.#to = header(message, 'to');
    if (message.status >= 300) {
      this.#send('ACK', this.#inviteBranch, '');
      return this.vanish();
    }
    this.#target = uriOf(header(message, 'contact'));
    if (this.#acks === 'sent') this.#send('ACK', `${this.#inviteBranch}-ack`, '');
    const port = /^m=audio (\d+) /m.exec(message.body)?.[1];
    const host = /^c=IN IP4 (\S+)/m.exec(message.body)?.[1];
    if (port !== undefined && host !== undefined) this.#remote = { host, port: Number(port) };
    if (this.#talking === 'off') this.#talk();
  }

  #request(message: SipText): void {
    this.#line.sendSip(responseTo(message, '200 OK', this.#tag));
    if (message.method !== 'BYE') return;
    this.endedBecause = header(message, 'reason');
    this.vanish();
  }

  #talk(): void {
    const { clock, network } = this.#line;
    this.#talking = 'on';
    const tick = (): void => {
      if (this.#talking === 'off') return;
      for (const packet of this.audio.next()) {
        if (this.#remote !== null && this.#hold === 'off')
          network.send(this.#media, this.#remote, packet);
      }
      clock.schedule(clock.monotonicMs() + PACKET_MS, tick);
    };
    // Phones are not in step with the mixer: each has a phase of its own.
    clock.schedule(clock.monotonicMs() + (lastId % PACKET_MS), tick);
  }

  #send(method: string, branch: string, body: string): void {
    const { host, number, sendSip } = this.#line;
    const isFirst = this.#to.includes('tag=') ? 'no' : 'yes';
    const target = isFirst === 'yes' ? `sip:${this.#called}@127.0.0.1` : this.#target;
    sendSip(
      writeSip(
        `${method} ${target} SIP/2.0`,
        [
          ['Via', `SIP/2.0/UDP ${host}:5060;rport;branch=${branch}`],
          ['From', `<sip:${number}@${host}>;tag=${this.#tag}`],
          ['To', this.#to],
          ['Call-ID', this.callId],
          ['CSeq', `${this.#cseq} ${method}`],
          ['Contact', `<sip:${number}@${host}:5060>`],
          ['Max-Forwards', '70'],
          ...(this.#line.headers ?? []),
          ...(body === '' ? [] : [['Content-Type', 'application/sdp'] as const]),
        ],
        body,
      ),
    );
  }

  #offer(direction: string): string {
    const { host, port } = this.#media;
    const payloadTypes = this.#line.codec === 'PCMA' ? '8 101' : '0 101';
    return [
      'v=0',
      `o=phone 1 ${this.#cseq} IN IP4 ${host}`,
      's=-',
      `c=IN IP4 ${host}`,
      't=0 0',
      `m=audio ${port} RTP/AVP ${payloadTypes}`,
      'a=rtpmap:101 telephone-event/8000',
      'a=ptime:20',
      `a=${direction}`,
      '',
    ].join('\r\n');
  }
}

/** Reads a message that the server sent. */
export function readSip(bytes: Uint8Array): SipText {
  return parseSip(Buffer.from(bytes).toString('utf8'));
}
