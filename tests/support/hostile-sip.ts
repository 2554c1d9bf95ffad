import { randomBytes } from 'node:crypto';
import { WebSocket } from 'ws';
import { header, parseSip, writeSip } from './sip-text.ts';
import type { SipText } from './sip-text.ts';

/** A WebSocket on `/sip` from any address of this machine that says whatever a test wants it to. */
export class HostileSip {
  readonly socket: WebSocket;
  readonly answers: SipText[] = [];
  /** Code of the close frame. */
  readonly closed: Promise<number>;
  #cseq = 0;

  private constructor(socket: WebSocket) {
    this.socket = socket;
    socket.on('error', () => undefined);
    this.closed = new Promise((resolve) => socket.once('close', resolve));
    socket.on('message', (data: Buffer) => {
      const message = parseSip(data.toString('utf8'));
      if (message.status !== null) this.answers.push(message);
    });
  }

  static async connect(url: string, localAddress: string): Promise<HostileSip> {
    const socket = new WebSocket(`${url.replace('http', 'ws')}/sip`, 'sip', { localAddress });
    const sip = new HostileSip(socket);
    await new Promise<void>((resolve, reject) => {
      socket.once('open', resolve);
      socket.once('error', reject);
    });
    return sip;
  }

  /** Sends a request outside any dialog, and does not wait. Returns its Call-ID. */
  send(
    method: string,
    uri: string,
    more: { readonly lines?: readonly (readonly [string, string])[]; readonly body?: string } = {},
  ): string {
    this.#cseq += 1;
    const callId = randomBytes(8).toString('hex');
    const text = writeSip(
      `${method} ${uri} SIP/2.0`,
      [
        ['Via', `SIP/2.0/WS x.invalid;branch=z9hG4bK${randomBytes(6).toString('hex')}`],
        ['Max-Forwards', '70'],
        ['From', `<sip:guest@x.invalid>;tag=${randomBytes(4).toString('hex')}`],
        ['To', `<${uri}>`],
        ['Call-ID', callId],
        ['CSeq', `${this.#cseq} ${method}`],
        ['Contact', '<sip:guest@x.invalid;transport=ws>'],
        ...(more.lines ?? []),
        ...(more.body === undefined ? [] : ([['Content-Type', 'application/sdp']] as const)),
      ],
      more.body,
    );
    if (this.socket.readyState === WebSocket.OPEN) this.socket.send(text);
    return callId;
  }

  /** Final statuses of this call so far. */
  statusesOf(callId: string): readonly number[] {
    return this.answers
      .filter((answer) => header(answer, 'call-id') === callId && (answer.status ?? 0) >= 200)
      .map(({ status }) => status ?? 0);
  }
}

const CANDIDATE = 'a=candidate:1 1 udp 2122260223 192.0.2.1 50000 typ host generation 0';

/** Offers that no browser makes, out of one that a browser makes. None is longer than a SIP message may be. */
export function hostileOffers(offer: string): readonly (readonly [name: string, sdp: string])[] {
  const [session = '', media = ''] = offer.split(/(?=^m=)/mu);
  const many = (line: string, count: number): string => `${line}\r\n`.repeat(count);
  const spoilt = (from: string | RegExp, to: string): string => offer.replace(from, () => to);
  return [
    ['60 KiB of attributes', offer + many('a=x-nothing:0123456789', 2400)],
    ['one attribute of 60 KiB', `${offer}a=x-nothing:${'y'.repeat(60_000)}\r\n`],
    ['1,000 sections', offer + many('m=audio 9 RTP/AVP 0', 1000)],
    ['100 sections of audio', session + media.repeat(60)],
    ['1,000 sections of nothing', `${session}${many('m=video 0 X 0', 1000)}`],
    ['900 candidates', offer + many(CANDIDATE, 900)],
    ['8,000 payload types', spoilt('111 0 8 110', Array(8000).fill('111').join(' '))],
    ['payload types that are none', spoilt('111 0 8 110', '-1 999 1e9 0x6f NaN')],
    ['control characters', spoilt('s=-', 's=\u0000\u0001\u0007\u001b[2J\u007f')],
    ['a control character in a name', spoilt('a=mid:0', 'a=mid:0\u0000\u000b')],
    ['line ends alone', offer.replaceAll('\r\n', '\r')],
    ['lines without an end', offer.replaceAll('\r\n', ' ')],
    ['half an offer', offer.slice(0, offer.length >> 1)],
    [
      'a user fragment of 10,000',
      spoilt(/^a=ice-ufrag:.*$/mu, `a=ice-ufrag:${'u'.repeat(10_000)}`),
    ],
    ['no user fragment', spoilt(/^a=ice-ufrag:.*\r\n/mu, '')],
    ['a fingerprint of nothing', spoilt(/^a=fingerprint:.*$/mu, 'a=fingerprint:sha-256 ')],
    ['a fingerprint by MD5', spoilt(/^a=fingerprint:.*$/mu, 'a=fingerprint:md5 00:11')],
    ['no fingerprint', spoilt(/^a=fingerprint:.*\r\n/mu, '')],
    ['both sides active', spoilt('a=setup:actpass', 'a=setup:passive')],
    ['plain audio', spoilt('UDP/TLS/RTP/SAVPF', 'RTP/AVP')],
    ['__proto__', spoilt('a=mid:0', 'a=__proto__:1\r\na=constructor:2\r\na=mid:__proto__')],
    ['a million Hz of Opus', spoilt('opus/48000/2', 'opus/999999999999/99')],
    ['nothing', ' '],
  ];
}
