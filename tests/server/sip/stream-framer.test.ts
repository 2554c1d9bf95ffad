import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { StreamFramer } from '../../../server/sip/stream-framer.ts';
import type { Framed } from '../../../server/sip/stream-framer.ts';
import { requestText, SDP, seededRandom } from './sip-lab.ts';

const FIRST = requestText({ method: 'INVITE', body: SDP });
const SECOND = requestText({ method: 'OPTIONS', cseq: 2 });

/** What came out, in short: messages as text, the others by name. */
function shown(framed: readonly Framed[]): readonly string[] {
  return framed.map((each) =>
    each.type === 'message' ? Buffer.from(each.bytes).toString() : each.type,
  );
}

test('cuts two messages in one piece', () => {
  const framer = new StreamFramer();

  const framed = framer.push(Buffer.from(FIRST + SECOND));

  assert.equal(shown(framed), [FIRST, SECOND]);
  assert.is(framer.pendingBytes, 0);
});

test('puts messages together that come octet by octet', () => {
  const framer = new StreamFramer();
  const framed: Framed[] = [];

  for (const octet of Buffer.from(FIRST + SECOND))
    framed.push(...framer.push(Buffer.from([octet])));

  assert.equal(shown(framed), [FIRST, SECOND]);
});

test('cuts a stream the same whatever pieces it comes in', () => {
  const random = seededRandom(7);
  const stream = Buffer.from(
    `${FIRST}\r\n${SECOND}\r\n\r\n${FIRST}${FIRST}\r\n\r\n\r\n\r\n${SECOND}`,
  );
  const expected = [FIRST, SECOND, 'ping', FIRST, FIRST, 'ping', 'ping', SECOND];

  for (let run = 0; run < 500; run += 1) {
    const framer = new StreamFramer();
    const framed: Framed[] = [];
    for (let at = 0; at < stream.length;) {
      const length = 1 + random.integer(run < 250 ? 20 : 900);
      framed.push(...framer.push(stream.subarray(at, at + length)));
      at += length;
    }
    assert.equal(shown(framed), expected);
  }
});

test('asks for a pong for CRLF CRLF and not for a single CRLF (RFC 5626 §3.5.1)', () => {
  const framer = new StreamFramer();

  assert.equal(shown(framer.push(Buffer.from('\r\n'))), []);
  assert.equal(shown(framer.push(Buffer.from('\r\n'))), ['ping']);
  assert.equal(shown(framer.push(Buffer.from(`\r\n${FIRST}\r\n`))), [FIRST]);
  assert.equal(shown(framer.push(Buffer.from(SECOND))), [SECOND]);
});

test('reads Content-Length in its compact form and with blanks', () => {
  const framer = new StreamFramer();
  const text = 'OPTIONS sip:a SIP/2.0\r\nl :  3 \r\n\r\nabc';

  assert.equal(shown(framer.push(Buffer.from(text))), [text]);
});

test('keeps the octets of the caller apart from its own', () => {
  const framer = new StreamFramer();
  const chunk = Buffer.from(FIRST);

  const [framed] = framer.push(chunk);
  chunk.fill(0);

  assert.ok(framed);
  assert.equal(shown([framed]), [FIRST]);
});

for (const [name, text] of [
  ['another protocol', 'GET / HTTP/1.1\r\nHost: x\r\n\r\n'],
  ['a TLS handshake', '\x16\x03\x01\x02\x00'],
  ['a message without Content-Length', 'OPTIONS sip:a SIP/2.0\r\nVia: x\r\n\r\n'],
  ['a negative Content-Length', 'OPTIONS sip:a SIP/2.0\r\nContent-Length: -1\r\n\r\n'],
  ['two Content-Lengths', 'OPTIONS sip:a SIP/2.0\r\nContent-Length: 1\r\nl: 1\r\n\r\nx'],
  ['a Content-Length above the limit', 'OPTIONS sip:a SIP/2.0\r\nl: 65536\r\n\r\n'],
  ['a start line without an end', `INVITE ${'x'.repeat(70_000)}`],
  ['a head without an end', `INVITE sip:a SIP/2.0\r\n${'a: b\r\n'.repeat(12_000)}`],
] as const) {
  test(`gives a stream up that holds ${name}`, () => {
    const framer = new StreamFramer();

    const framed = framer.push(Buffer.from(text, 'latin1'));

    assert.is(framed.at(-1)?.type, 'broken');
    assert.equal(framer.push(Buffer.from(FIRST)), [], 'nothing comes any more');
  });
}

test('takes a message of exactly 64 KiB', () => {
  const head = 'OPTIONS sip:a SIP/2.0\r\nContent-Length: 65488\r\n\r\n';
  const text = head + 'x'.repeat(65_488);
  assert.is(text.length, 65_536);

  assert.is(new StreamFramer().push(Buffer.from(text)).length, 1);
});

test('keeps to the limit it is given', () => {
  const head = 'OPTIONS sip:a SIP/2.0\r\nContent-Length: ';
  const framed = (length: number): readonly string[] =>
    shown(new StreamFramer(2048).push(Buffer.from(`${head}${length}\r\n\r\n`)));

  assert.equal(framed(2000), [], 'the body is waited for');
  assert.equal(framed(2048), ['broken']);
});

test.run();
