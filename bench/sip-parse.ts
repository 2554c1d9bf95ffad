import { readEnvelope } from '../server/sip/envelope.ts';
import { parseMessage } from '../server/sip/message-parser.ts';
import { parseUri } from '../server/sip/sip-uri.ts';

/** Measures what it costs to read an INVITE: `node --import tsx bench/sip-parse.ts`. */

const SDP = [
  'v=0',
  'o=- 3899 3899 IN IP4 198.51.100.7',
  's=-',
  'c=IN IP4 198.51.100.7',
  't=0 0',
  'm=audio 40000 RTP/AVP 8 0 101',
  'a=rtpmap:8 PCMA/8000',
  'a=rtpmap:0 PCMU/8000',
  'a=rtpmap:101 telephone-event/8000',
  'a=fmtp:101 0-16',
  'a=ptime:20',
  'a=sendrecv',
  '',
].join('\r\n');

const INVITE = Buffer.from(
  [
    'INVITE sip:223500908@192.0.2.10:5060 SIP/2.0',
    'Via: SIP/2.0/UDP 198.51.100.1:5060;branch=z9hG4bK8f2c.1a;rport',
    'Via: SIP/2.0/UDP 198.51.100.7:5070;received=198.51.100.7;branch=z9hG4bK-524287-1---9d1c2e;rport=5070',
    'Record-Route: <sip:198.51.100.1;lr;ftag=3a1f>',
    'Max-Forwards: 69',
    'From: "Zażółć Gęślą" <sip:+48501234567@198.51.100.7>;tag=3a1f9c',
    'To: <sip:223500908@192.0.2.10>',
    'Call-ID: 6b0f53c8-7d0e-4a4e-9d14-0c8e4f1f7c11@198.51.100.7',
    'CSeq: 4711 INVITE',
    'Contact: <sip:+48501234567@198.51.100.7:5070;transport=udp>',
    'Allow: INVITE, ACK, CANCEL, BYE, OPTIONS, INFO, UPDATE, PRACK, REFER, NOTIFY',
    'Supported: replaces, timer, 100rel',
    'User-Agent: Example PBX 4.2',
    'P-Asserted-Identity: <sip:+48501234567@198.51.100.7>',
    'Content-Type: application/sdp',
    `Content-Length: ${SDP.length}`,
    '',
    SDP,
  ].join('\r\n'),
  'utf8',
);

const ROUNDS = 20_000;

function readOnce(): number {
  const message = parseMessage(INVITE);
  const envelope = readEnvelope(message);
  const uri = message.kind === 'request' ? parseUri(message.uri) : null;
  return envelope.cseqNumber + (uri === null ? 0 : 1);
}

for (let i = 0; i < ROUNDS; i += 1) readOnce();
const bestUs = [1, 2, 3, 4, 5].reduce((best) => {
  const startMs = performance.now();
  for (let i = 0; i < ROUNDS; i += 1) readOnce();
  return Math.min(best, ((performance.now() - startMs) * 1000) / ROUNDS);
}, Number.POSITIVE_INFINITY);

console.log(`parsing an INVITE of ${INVITE.length} bytes: ${bestUs.toFixed(2)} µs (limit 40 µs)`);
if (bestUs > 40) process.exitCode = 1;
