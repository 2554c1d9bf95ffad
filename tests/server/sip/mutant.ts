import type { Random } from '../../../server/runtime/random.ts';
import { MULTIPART, requestText, SDP, withIsup } from './sip-lab.ts';

/** Pieces that parsers stumble over. */
const PIECES: readonly string[] = [
  '\r\n',
  '\r\n ',
  '\r\n\r\n',
  '\n',
  '\r',
  '\0',
  '\u001b[2J',
  '"',
  '\\',
  '<',
  '>',
  ',',
  ';',
  ':',
  '@',
  '%',
  '%zz',
  '%00',
  '[::1]',
  '[',
  ';tag=',
  ';tag',
  ';rport=99999',
  ';rport',
  ';received=[',
  ';maddr=255.255.255.255',
  ';branch=',
  ';lr',
  'sips:',
  'tel:+1',
  '__proto__',
  'constructor: x\r\n',
  '-1',
  'Require: 100rel\r\n',
  'Require: timer, replaces, x\r\n',
  'Record-Route: <sip:[>\r\n',
  'Contact: <http://x>\r\n',
  'Contact: *\r\n',
  'Content-Type: ,\r\n',
  'Content-Type: application/dtmf-relay\r\n',
  `${MULTIPART}\r\n`,
  '--unique-boundary-1\r\n',
  '--unique-boundary-1--',
  'Content-Disposition: early-session;handling=required\r\n',
  'Session-Expires: 1\r\n',
  'Session-Expires: 90;refresher=uac\r\n',
  'Min-SE: 99999999999999999999\r\n',
  'RSeq: 4294967296\r\n',
  'RAck: 1 1 INVITE\r\n',
  'Replaces: a;to-tag=b;from-tag=c\r\n',
  'WWW-Authenticate: Digest realm="x", nonce="y", algorithm=SHA-256, qop="auth"\r\n',
  'Proxy-Authenticate: Digest realm="\\", nonce=\r\n',
  'Retry-After: -1\r\n',
  '\xff\xfe',
  '\xc3',
  'ż',
  '\u202e',
];

/** Numbers at the edges of what fields hold. */
const NUMBERS: readonly string[] = [
  '0',
  '00000000000000000001',
  '65535',
  '65536',
  '2147483648',
  '4294967295',
  '4294967296',
  '9007199254740993',
  '99999999999999999999999999',
];

const TIMER_LINES = [
  'Supported: timer, 100rel, replaces',
  'Session-Expires: 120;refresher=uac',
  'Min-SE: 90',
];

/** Requests of a peer. `TAG` stands for a tag of ours, `RSEQ` for the number of a reliable response of ours. */
export const REQUEST_SEEDS: readonly string[] = [
  requestText({
    method: 'INVITE',
    body: SDP,
    lines: [
      'Record-Route: <sip:198.51.100.1;lr>, <sip:198.51.100.7:5070;lr>',
      'P-Asserted-Identity: "A" <sip:+48501234567@198.51.100.7>, <tel:+48501234567>',
      'Privacy: id',
      'Diversion: <sip:1@x>;reason=no-answer',
      'History-Info: <sip:2@x?Reason=SIP%3Bcause%3D302>;index=1',
      ...TIMER_LINES,
    ],
  }),
  requestText({ method: 'INVITE', body: SDP, lines: TIMER_LINES }),
  requestText({ method: 'INVITE', lines: ['Supported: 100rel', 'Require: 100rel'] }),
  requestText({
    method: 'INVITE',
    body: SDP,
    lines: ['Replaces: call-1;to-tag=TAG;from-tag=alice1'],
  }),
  requestText({ method: 'INVITE', body: withIsup(SDP), lines: [MULTIPART, ...TIMER_LINES] }),
  requestText({ method: 'OPTIONS' }),
  requestText({ method: 'REGISTER', lines: ['Authorization: Digest username="a", realm="b"'] }),
  requestText({ method: 'CANCEL' }),
  requestText({ method: 'PRACK', toTag: 'TAG', cseq: 2, lines: ['RAck: RSEQ 1 INVITE'] }),
  requestText({ method: 'ACK', toTag: 'TAG' }),
  requestText({ method: 'ACK', toTag: 'TAG', branch: 'z9hG4bK-own', body: SDP }),
  requestText({ method: 'ACK', toTag: 'TAG', body: withIsup(SDP), lines: [MULTIPART] }),
  requestText({ method: 'INVITE', toTag: 'TAG', cseq: 4, body: SDP, lines: TIMER_LINES }),
  requestText({ method: 'UPDATE', toTag: 'TAG', cseq: 5, body: SDP, lines: TIMER_LINES }),
  requestText({
    method: 'UPDATE',
    toTag: 'TAG',
    cseq: 6,
    lines: ['Session-Expires: 90;refresher=uas'],
  }),
  requestText({
    method: 'INFO',
    toTag: 'TAG',
    cseq: 7,
    lines: ['Content-Type: application/dtmf-relay'],
    body: 'Signal=5\r\nDuration=160\r\n',
  }),
  requestText({
    method: 'INFO',
    toTag: 'TAG',
    cseq: 8,
    lines: ['Content-Type: application/dtmf'],
    body: '#',
  }),
  requestText({
    method: 'REFER',
    toTag: 'TAG',
    cseq: 9,
    lines: ['Refer-To: <sip:b@x?Replaces=c>'],
  }),
  requestText({ method: 'OPTIONS', toTag: 'TAG', cseq: 10 }),
  requestText({ method: 'BYE', toTag: 'TAG', cseq: 11 }),
];

/** Answers of a peer to a request of ours: what is in capitals is taken from the request. */
const RESPONSE_LINES: readonly (readonly string[])[] = [
  ['100 Trying'],
  ['180 Ringing', 'Require: 100rel', 'RSeq: 1'],
  ['183 Session Progress', 'Contact: <sip:b@198.51.100.7:5070>', 'Require: 100rel', 'RSeq: 2'],
  ['200 OK', 'Contact: <sip:b@198.51.100.7:5070>', 'Session-Expires: 90;refresher=uas'],
  ['200 OK', 'Contact: <sip:b@198.51.100.7>', 'Record-Route: <sip:198.51.100.7;lr>'],
  ['302 Moved', 'Contact: <sip:c@198.51.100.7:5070>;q=0.5, <sip:d@198.51.100.7>'],
  ['401 Who', 'WWW-Authenticate: Digest realm="x", nonce="n1", algorithm=SHA-256, qop="auth"'],
  ['407 Who', 'Proxy-Authenticate: Digest realm="x", nonce="n2", stale=true, qop="auth,auth-int"'],
  ['422 Small', 'Min-SE: 600'],
  ['423 Brief', 'Min-Expires: 600'],
  ['481 Gone'],
  ['486 Busy'],
  ['491 Glare'],
  ['503 Full', 'Retry-After: 5 (soon);duration=3'],
];

/** An answer to a request that the endpoint sent. */
export function responseSeed(request: string, random: Random): string {
  const [status = '', ...lines] = RESPONSE_LINES[random.integer(RESPONSE_LINES.length)] ?? [];
  const kept = request.split('\r\n').filter((line) => /^(?:Via|From|Call-ID|CSeq): /.test(line));
  const to = /^To: ([^\r\n]*)/m.exec(request)?.[1] ?? '';
  const tag = to.includes(';tag=') ? '' : `;tag=peer${random.integer(3)}`;
  const body = ['', '', SDP, withIsup(SDP)][random.integer(4)] ?? '';
  const ofSdp = body === SDP ? ['Content-Type: application/sdp'] : [MULTIPART];
  const type = body === '' ? [] : ofSdp;
  const length = `Content-Length: ${body.length}`;
  return [
    `SIP/2.0 ${status}`,
    ...kept,
    `To: ${to}${tag}`,
    ...lines,
    ...type,
    length,
    '',
    body,
  ].join('\r\n');
}

/** Changes a message in one of many ways. `other` is a message that it may be spliced with. */
type Mutation = (text: string, random: Random, other: string) => string;

const MUTATIONS: readonly Mutation[] = [
  // Something is lost.
  (text, random) => {
    const at = random.integer(text.length + 1);
    return text.slice(0, at) + text.slice(at + random.integer(12));
  },
  // Something is put in.
  (text, random) => {
    const at = random.integer(text.length + 1);
    return text.slice(0, at) + pick(PIECES, random) + text.slice(at);
  },
  // One bit is turned over.
  (text, random) => {
    const at = random.integer(text.length + 1);
    const flipped = String.fromCharCode((text.charCodeAt(at) & 255) ^ (1 << random.integer(8)));
    return text.slice(0, at) + flipped + text.slice(at + 1);
  },
  // The end is missing.
  (text, random) => text.slice(0, random.integer(text.length + 1)),
  // The rest is that of another message.
  (text, random, other) =>
    text.slice(0, random.integer(text.length + 1)) + other.slice(random.integer(other.length + 1)),
  // Something is there twice.
  (text, random) => {
    const at = random.integer(text.length + 1);
    return text.slice(0, at) + text.slice(at, at + random.integer(48)) + text.slice(at);
  },
  // Two words have changed places.
  (text, random) => {
    const words = text.split(/([ ;:,<>="\r\n]+)/);
    const one = random.integer(words.length);
    const two = random.integer(words.length);
    const [first = '', second = ''] = [words[one], words[two]];
    words[one] = second;
    words[two] = first;
    return words.join('');
  },
  // A header is there more than once, or gone, or elsewhere, or that of another message.
  (text, random, other) => {
    const lines = text.split('\r\n');
    const at = random.integer(lines.length);
    const line = lines[at] ?? '';
    const foreign = pick(other.split('\r\n'), random);
    const what = random.integer(4);
    if (what === 0) lines.splice(at, 1);
    else if (what === 1) lines.splice(at, 0, ...Array<string>(1 + random.integer(70)).fill(line));
    else if (what === 2) lines.splice(random.integer(lines.length), 0, line);
    else lines.splice(at, 1, foreign);
    return lines.join('\r\n');
  },
  // Lines end otherwise, or are folded.
  (text, random) => {
    const end = pick(['\n', '\r', '\r\n ', '\r\n\t', '\n\r', '\r\r\n'], random);
    const at = random.integer(text.length + 1);
    return text.slice(0, at) + text.slice(at).replace('\r\n', end);
  },
  // A number is at an edge.
  (text, random) => {
    const numbers = [...text.matchAll(/\d+/g)];
    const match = numbers[random.integer(Math.max(1, numbers.length))];
    if (match === undefined) return text;
    const rest = text.slice(match.index + match[0].length);
    return text.slice(0, match.index) + pick(NUMBERS, random) + rest;
  },
  // A value is a thousand times as long.
  (text, random) => {
    const at = random.integer(text.length + 1);
    const piece = text.slice(at, at + 1 + random.integer(4));
    return text.slice(0, at) + piece.repeat(random.integer(1000)) + text.slice(at);
  },
];

/** A message with up to four changes; one in eight has none, so that calls come about. */
export function mutate(text: string, random: Random, other: string): string {
  let mutant = text;
  if (random.integer(8) === 0) return mutant;
  for (let left = 1 + random.integer(4); left > 0; left -= 1) {
    // The long one seldom: it costs most and finds least.
    const one = random.integer(MUTATIONS.length * 4);
    const mutation = MUTATIONS[one % (one < 4 ? MUTATIONS.length : MUTATIONS.length - 1)];
    mutant = mutation?.(mutant, random, other) ?? mutant;
  }
  return mutant;
}

/** One of a list. */
export function pick(list: readonly string[], random: Random): string {
  return list[random.integer(list.length)] ?? '';
}
