import { BAD, IN, INVITE, OK, REGISTRAR, STRAY, message, response } from './torture-message.ts';
import type { TorturePoint } from './torture-message.ts';

/** Messages that are well-formed and mean something odd, RFC 4475 §3.2 to §3.4. */
export const MEANING_POINTS: readonly TorturePoint[] = [
  {
    name: 'badbranch',
    section: '3.2.1',
    text: message({ change: { Via: 'SIP/2.0/UDP 198.51.100.7:5070;branch=z9hG4bK' } }),
    ...OK,
    why: 'A cookie with nothing behind it names no transaction: it is matched as RFC 2543 did.',
  },
  {
    name: 'insuf',
    section: '3.3.1',
    text: message({ ...INVITE, change: { From: null, To: null, 'Call-ID': null } }),
    ...BAD,
    says: 'Missing From',
    why: 'A request must say from whom, to whom, and which call; Via and CSeq are enough to answer.',
  },
  {
    name: 'unkscm',
    section: '3.3.2',
    text: message({ uri: 'nobodyKnowsThis:totallyopaquecontent' }),
    outcome: '416',
    says: 'Unsupported URI Scheme',
    why: 'A scheme that nobody knows.',
  },
  {
    name: 'novelsc',
    section: '3.3.3',
    text: message({ uri: 'soap.beep://192.0.2.103:3002' }),
    outcome: '416',
    says: 'Unsupported URI Scheme',
    why: 'A scheme that is not of SIP.',
  },
  {
    name: 'unksm2',
    section: '3.3.4',
    text: message({
      method: 'REGISTER',
      change: { To: '<isbn:2983792873>', From: '<name:dave>;tag=d1', Contact: '<name:dave>' },
    }),
    ...REGISTRAR,
  },
  {
    name: 'bext01',
    section: '3.3.5',
    text: message({
      lines: [
        'Require: nothingSupportsThis, nothingSupportsThisEither',
        'Proxy-Require: noProxiesSupportThis',
      ],
    }),
    outcome: '420',
    says: 'Bad Extension',
    why: 'What is required is not supported; Proxy-Require is for proxies.',
  },
  {
    name: 'invut',
    section: '3.3.6',
    text: message({
      method: 'INVITE',
      change: { 'Content-Type': 'application/unknownformat' },
      body: '<audio/>',
    }),
    outcome: '415',
    says: 'Unsupported Media Type',
    why: 'An offer in a format that we cannot read.',
  },
  {
    name: 'regaut01',
    section: '3.3.7',
    text: message({
      method: 'REGISTER',
      lines: ['Authorization: NoOneKnowsThisScheme opaque-data=here'],
    }),
    ...REGISTRAR,
  },
  {
    name: 'multi01',
    section: '3.3.8',
    text: message({
      ...INVITE,
      lines: ['From: <sip:other@example.org>;tag=d2', 'Call-ID: torture-2', 'CSeq: 8 INVITE'],
    }),
    ...BAD,
    says: 'More Than One From',
    why: 'Which one counts, two implementations would judge differently.',
  },
  {
    name: 'mcl01',
    section: '3.3.9',
    text: message({ lines: ['Content-Length: 5'] }),
    ...BAD,
    says: 'More Than One Content-Length',
    why: 'Which one counts, two implementations would judge differently: a way to smuggle messages.',
  },
  {
    name: 'bcast',
    section: '3.3.10',
    text: response('SIP/2.0 200 OK', {
      Via: 'SIP/2.0/UDP 198.51.100.7;branch=z9hG4bK1, SIP/2.0/UDP 255.255.255.255;branch=z9hG4bK2',
    }),
    ...STRAY,
    why: 'Responses are never passed on, so no Via can make us send to all.',
  },
  {
    name: 'zeromf',
    section: '3.3.11',
    text: message({ change: { 'Max-Forwards': '0' } }),
    ...OK,
    why: 'It has arrived at its last hop: an OPTIONS without hops left is for us.',
  },
  {
    name: 'cparam01',
    section: '3.3.12',
    text: message({
      method: 'REGISTER',
      change: { Contact: 'sip:+19725552222@gw1.example.net;unknownparam' },
    }),
    ...REGISTRAR,
  },
  {
    name: 'cparam02',
    section: '3.3.13',
    text: message({
      method: 'REGISTER',
      change: { Contact: '<sip:+19725552222@gw1.example.net;unknownparam>' },
    }),
    ...REGISTRAR,
  },
  {
    name: 'regescrt',
    section: '3.3.14',
    text: message({
      method: 'REGISTER',
      change: { Contact: '<sip:dave@example.org?Route=%3Csip:sip.example.com%3E>' },
    }),
    ...REGISTRAR,
  },
  {
    name: 'sdp01',
    section: '3.3.15',
    text: message({ ...INVITE, lines: ['Accept: text/nobodyKnowsThis'] }),
    ...IN,
    why: 'Accept names no type that we could answer with, but the INVITE is as good as any other until then.',
  },
  {
    name: 'inv2543',
    section: '3.4.1',
    text: message({
      ...INVITE,
      change: {
        Via: 'SIP/2.0/UDP 198.51.100.7:5070',
        From: '<sip:dave@example.org>',
        'Max-Forwards': null,
        'Content-Length': null,
      },
      lines: ['Record-Route: <sip:room@example.net;maddr=198.51.100.7>'],
    }),
    ...IN,
    why: 'As RFC 2543 wrote it: no branch, no tag in From, no Max-Forwards, no Content-Length.',
  },
];
