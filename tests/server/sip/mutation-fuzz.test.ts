import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { NEVER } from '../../../mixer/protocol/units.ts';
import type { Random } from '../../../server/runtime/random.ts';
import { createSipEndpoint } from '../../../server/sip/endpoint.ts';
import { StreamFramer } from '../../../server/sip/stream-framer.ts';
import { PEER_FLOW, PEER_TCP_FLOW, requestText, SDP, seededRandom } from './sip-lab.ts';

const MESSAGES = 20_000;

/** Pieces that parsers stumble over. */
const PIECES: readonly string[] = [
  '\r\n',
  '\r\n ',
  '\n',
  '\r',
  '\0',
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
  '[::1]',
  '[',
  ';tag=',
  ';rport=99999',
  ';branch=',
  ';lr',
  'sips:',
  'tel:+1',
  '99999999999',
  '-1',
  'Require: 100rel\r\n',
  'Record-Route: <sip:[>\r\n',
  'Contact: <http://x>\r\n',
  'Content-Type: ,\r\n',
  '\xff\xfe',
  'ż',
];

const SEEDS: readonly string[] = [
  requestText({
    method: 'INVITE',
    body: SDP,
    lines: [
      'Record-Route: <sip:198.51.100.1;lr>, <sip:198.51.100.2:5070>',
      'P-Asserted-Identity: "A" <sip:+48501234567@198.51.100.7>, <tel:+48501234567>',
      'Privacy: id',
      'Supported: timer, 100rel',
    ],
  }),
  requestText({ method: 'OPTIONS' }),
  requestText({ method: 'CANCEL' }),
  requestText({ method: 'BYE', toTag: 'TAG', cseq: 3 }),
  requestText({ method: 'ACK', toTag: 'TAG' }),
  requestText({ method: 'INVITE', toTag: 'TAG', cseq: 4, body: SDP }),
  'SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP 192.0.2.10:5060;branch=z9hG4bKx\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:c@d>;tag=2\r\nCall-ID: x\r\nCSeq: 1 BYE\r\nContent-Length: 0\r\n\r\n',
];

function mutate(text: string, random: Random): string {
  let mutant = text;
  for (let i = random.integer(4); i >= 0; i -= 1) {
    const at = random.integer(mutant.length + 1);
    const length = random.integer(12);
    switch (random.integer(6)) {
      case 0:
        mutant = mutant.slice(0, at) + mutant.slice(at + length);
        break;
      case 1:
        mutant =
          mutant.slice(0, at) + (PIECES[random.integer(PIECES.length)] ?? '') + mutant.slice(at);
        break;
      case 2:
        mutant = `${mutant.slice(0, at)}${String.fromCharCode(random.integer(256))}${mutant.slice(at + 1)}`;
        break;
      case 3:
        mutant = mutant.slice(0, at);
        break;
      case 4: {
        const other = SEEDS[random.integer(SEEDS.length)] ?? '';
        mutant = mutant.slice(0, at) + other.slice(random.integer(other.length));
        break;
      }
      default:
        mutant = mutant.slice(0, at) + mutant.slice(at, at + length * 4) + mutant.slice(at);
    }
  }
  return mutant;
}

test('survives mutated messages, answers within bounds and forgets them all', () => {
  const random = seededRandom(4475);
  const endpoint = createSipEndpoint({
    random: seededRandom(1),
    isTrusted: () => true,
    userAgent: 'test',
    limits: { transactions: 50_000, dialogs: 200 },
  });
  let nowMs = 0;
  let invites = 0;
  let tag = 'TAG';
  const runTimeouts = (untilMs: number): void => {
    for (let left = 100_000; left > 0 && endpoint.deadlineMs <= untilMs; left -= 1) {
      nowMs = Math.max(nowMs, endpoint.deadlineMs);
      endpoint.handle({ type: 'timeout' }, nowMs);
    }
    nowMs = untilMs;
  };

  for (let i = 0; i < MESSAGES; i += 1) {
    const seed = (SEEDS[i % SEEDS.length] ?? '')
      .replace('TAG', tag)
      .replaceAll('call-1', `c${i >> 5}`)
      .replaceAll('z9hG4bK-', `z9hG4bK-${i >> 3}-`);
    const bytes = Buffer.from(mutate(seed, random), i % 2 === 0 ? 'latin1' : 'utf8');
    const flow = i % 3 === 0 ? PEER_TCP_FLOW : PEER_FLOW;
    for (const action of endpoint.handle({ type: 'received', flow, bytes }, nowMs)) {
      if (action.type === 'send') {
        const text = Buffer.from(action.bytes).toString('latin1');
        tag = /^To: .*;tag=([0-9a-f]{16})/m.exec(text)?.[1] ?? tag;
        assert.ok(action.port > 0 && action.port < 65_536);
        assert.is(action.host, '198.51.100.7');
      } else if (
        action.type === 'event' &&
        'dialogId' in action.event &&
        action.event.type !== 'ended'
      ) {
        const { dialogId } = action.event;
        if (action.event.type === 'invite') invites += 1;
        const answer = { type: 'answer', dialogId, sdp: 'v=0', localHost: '192.0.2.10' } as const;
        const reject = {
          type: 'reject',
          dialogId,
          status: 488,
          retryAfterS: null,
          reason: null,
        } as const;
        endpoint.handle({ type: 'command', command: i % 4 === 0 ? reject : answer }, nowMs);
      }
    }
    runTimeouts(nowMs + random.integer(50));
  }
  runTimeouts(nowMs + 300_000);

  assert.ok(invites > 200, `${invites} mutants were good enough for a call`);
  assert.is(endpoint.deadlineMs, NEVER);
  assert.equal([endpoint.figures.dialogs, endpoint.figures.transactions], [0, 0]);
});

test('survives mutated streams', () => {
  const random = seededRandom(5626);

  for (let i = 0; i < 2000; i += 1) {
    const framer = new StreamFramer();
    const stream = Buffer.from(mutate(SEEDS.join('\r\n\r\n'), random), 'latin1');
    for (let at = 0; at < stream.length; at += 700) framer.push(stream.subarray(at, at + 700));
    assert.ok(framer.pendingBytes <= 65_536);
  }
});

test.run();
