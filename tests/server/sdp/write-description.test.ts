import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { writeAnswer } from '../../../server/sdp/write-description.ts';
import type { SessionOrigin } from '../../../server/sdp/write-description.ts';
import { agreed, linesOf, offer, ORIGIN } from './offers.ts';

const G711 = ['m=audio 4000 RTP/AVP 8 0 101', 'a=rtpmap:101 telephone-event/8000'];

function originOf(call: number): SessionOrigin {
  return {
    ...ORIGIN,
    sessionId: String(900 + call),
    sessionVersion: 7 + call,
    port: 20_000 + call,
  };
}

/** Lines of an answer that differ from those of another. */
function difference(one: string, other: string): readonly string[] {
  const others = new Set(linesOf(other));
  return linesOf(one).filter((line) => !others.has(line));
}

test('calls that agree on the same get answers that differ in the session and the port', () => {
  const negotiated = agreed(offer(G711));

  const first = writeAnswer(negotiated, originOf(1));
  const second = writeAnswer(negotiated, originOf(2));

  assert.equal(difference(first, second), [
    `o=- 901 8 IN IP4 ${ORIGIN.host}`,
    'm=audio 20001 RTP/AVP 8 0 101',
  ]);
  assert.equal(difference(second, first), [
    `o=- 902 9 IN IP4 ${ORIGIN.host}`,
    'm=audio 20002 RTP/AVP 8 0 101',
  ]);
});

test('answers are written alike whether one like it was written before or not', () => {
  const negotiated = agreed(offer(G711));
  const first = writeAnswer(negotiated, originOf(1));
  for (let port = 5000; port < 5600; port += 1) {
    writeAnswer(
      agreed(offer(['m=audio 4000 RTP/AVP 8', `a=ptime:${(port % 6) * 10}`, `a=mid:${port}`])),
      ORIGIN,
    );
  }

  assert.is(writeAnswer(negotiated, originOf(1)), first);
});

test('an address, a direction or a format that differs is never taken from another call', () => {
  const answers = [
    writeAnswer(agreed(offer(G711)), ORIGIN),
    writeAnswer(agreed(offer(G711)), { ...ORIGIN, host: '198.51.100.9' }),
    writeAnswer(agreed(offer([...G711, 'a=sendonly'])), ORIGIN),
    writeAnswer(agreed(offer([...G711, 'a=mid:x'])), ORIGIN),
    writeAnswer(agreed(offer(['m=audio 4000 RTP/AVP 0 8'])), ORIGIN),
  ];

  assert.is(new Set(answers).size, answers.length);
  assert.match(answers[1] ?? '', 'c=IN IP4 198.51.100.9\r\n');
  assert.match(answers[2] ?? '', 'a=recvonly\r\n');
});

test('what a peer writes never passes for what is filled in', () => {
  for (const mid of ['m=audio 1 ', 'o=- 1 1 ', '$&', "$'"]) {
    const negotiated = agreed(offer([...G711, `a=mid:${mid}x`]));
    for (const call of [1, 2]) {
      const lines = linesOf(writeAnswer(negotiated, originOf(call)));
      assert.ok(lines.includes(`o=- ${900 + call} ${7 + call} IN IP4 ${ORIGIN.host}`), mid);
      assert.ok(lines.includes(`m=audio ${20_000 + call} RTP/AVP 8 0 101`), mid);
      assert.is(lines.filter((line) => line.startsWith('m=')).length, 1, mid);
    }
  }
});

test.run();
