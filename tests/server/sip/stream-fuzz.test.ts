import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Random } from '../../../server/runtime/random.ts';
import { parseMessage } from '../../../server/sip/message-parser.ts';
import { SipParseError } from '../../../server/sip/sip-parse-error.ts';
import { StreamFramer } from '../../../server/sip/stream-framer.ts';
import type { Framed } from '../../../server/sip/stream-framer.ts';
import { mutate, pick, REQUEST_SEEDS } from './mutant.ts';
import { seededRandom } from './sip-lab.ts';

const STREAMS = 4000;
const LIMIT_BYTES = 65_536;

/** What stands between messages: nothing, an answer to a ping, pings, and what does not belong there. */
const BETWEEN: readonly string[] = [
  '',
  '',
  '',
  '\r\n',
  '\r\n\r\n',
  '\r\n\r\n\r\n\r\n',
  '\n',
  '\0',
  'x',
];

/** Feeds a stream in pieces of up to `longest` octets, and holds the framer to its bounds. */
function frame(
  stream: Uint8Array,
  { random, longest }: { readonly random: Random; readonly longest: number },
): readonly Framed[] {
  const framer = new StreamFramer();
  const framed: Framed[] = [];
  for (let at = 0; at < stream.length;) {
    const length = 1 + random.integer(longest);
    framed.push(...framer.push(stream.subarray(at, at + length)));
    // What is kept is never more than one message and the piece that came last.
    assert.ok(framer.pendingBytes <= LIMIT_BYTES + longest, `${framer.pendingBytes} bytes kept`);
    at += length;
  }
  return framed;
}

function shown(framed: readonly Framed[]): readonly string[] {
  return framed.map((each) => {
    if (each.type === 'message') return Buffer.from(each.bytes).toString('latin1');
    return each.type === 'broken' ? each.why : each.type;
  });
}

/** A stream of a few messages, some of them changed. */
function streamOf(random: Random): Buffer {
  let text = '';
  for (let left = 1 + random.integer(6); left > 0; left -= 1) {
    const seed = pick(REQUEST_SEEDS, random);
    text += random.integer(3) === 0 ? mutate(seed, random, pick(REQUEST_SEEDS, random)) : seed;
    text += pick(BETWEEN, random);
  }
  return Buffer.from(text, 'latin1');
}

test(`cuts ${STREAMS} mutated streams the same whatever pieces they come in, and keeps within bounds`, () => {
  const random = seededRandom(5626);
  const counts = { message: 0, ping: 0, broken: 0, refused: 0 };

  for (let i = 0; i < STREAMS; i += 1) {
    const stream = streamOf(random);
    const whole = frame(stream, { random: seededRandom(1), longest: stream.length + 1 });
    for (const longest of [1, 7, 200, 1500]) {
      const pieces = frame(stream, { random, longest });
      const facts = `seed 5626, stream ${i}, pieces of ${longest}: ${JSON.stringify(stream.toString('latin1'))}`;
      assert.equal(shown(pieces), shown(whole), facts);
    }
    for (const each of whole) {
      counts[each.type] += 1;
      if (each.type !== 'message') continue;
      assert.ok(each.bytes.length <= LIMIT_BYTES);
      try {
        parseMessage(each.bytes);
      } catch (error) {
        assert.instance(error, SipParseError, `stream ${i}`);
        counts.refused += 1;
      }
    }
  }

  for (const [name, count] of Object.entries(counts)) {
    assert.ok(count > 200, `${name}: ${JSON.stringify(counts)}`);
  }
});

test('gives up within its bound on streams that never end a message', () => {
  for (const endless of ['INVITE sip:', 'a: b\r\n', 'x', '\r', ' ']) {
    const framer = new StreamFramer(4096);
    const start = endless === 'a: b\r\n' ? 'INVITE sip:a SIP/2.0\r\n' : '';
    let broken = framer.push(Buffer.from(start)).length;
    let fed = 0;

    for (; broken === 0 && fed < 10_000; fed += endless.length) {
      broken = framer.push(Buffer.from(endless)).length;
    }

    // Lone line ends are passed over and never kept.
    if (endless === '\r') assert.is(framer.pendingBytes, 0);
    else assert.ok(fed <= 4096 + endless.length, `${JSON.stringify(endless)} after ${fed}`);
  }
});

test('costs the same for each octet, in whatever pieces a long message comes', () => {
  const body = 'x'.repeat(60_000);
  const message = Buffer.from(
    `MESSAGE sip:a SIP/2.0\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
  );
  const cpuOf = (longest: number): number => {
    const before = process.cpuUsage();
    for (let i = 0; i < 5; i += 1) {
      assert.is(frame(message, { random: seededRandom(1), longest }).length, 1);
    }
    return process.cpuUsage(before).user / 1000;
  };

  cpuOf(100);
  const singleMs = cpuOf(1);

  // 300,000 pieces; looking at what has been looked at before would take minutes.
  assert.ok(singleMs < 3000, `${singleMs.toFixed(0)} ms`);
});

test.run();
