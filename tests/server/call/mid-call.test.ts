import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { CallSipEvent } from '../../../server/call/call-message.ts';
import { NEVER } from '../../../mixer/protocol/units.ts';
import { Bench, endOf, HOLD, OFFER, OPUS_ONLY, STATISTICS } from './call-bench.ts';

const dialogId = 'dialog';
const HELD_2543 = OFFER.replace('IN IP4 127.0.0.1', 'IN IP4 0.0.0.0');
const T38 = `${OFFER.replace('m=audio 4000', 'm=audio 0')}m=image 4004 udptl t38\r\n`;
const OFF = OFFER.replace('m=audio 4000', 'm=audio 0');

function reoffer(bench: Bench, offer: string | null): readonly string[] {
  return bench.feed({ type: 'sip', event: { type: 'reoffer', dialogId, offer } });
}

/** The last description that the call gave, for this offer. */
function answerTo(bench: Bench, offer: string | null): string {
  const out = bench.call.handle(
    { type: 'sip', event: { type: 'reoffer', dialogId, offer } },
    bench.nowMs,
  );
  const answer = out.find((action) => action.type === 'sip');
  return answer?.type === 'sip' && answer.command.type === 'answer' ? answer.command.sdp : '';
}

test('rings for as long as the trunk wants, with the leg open and silent, then answers', () => {
  const bench = new Bench(OFFER, 'spoken', 3000);
  const [open] = bench.call.handle({ type: 'begin' }, 0);
  assert.is(open?.type === 'open-leg' ? open.media.direction : '', 'inactive');

  assert.equal(bench.feed({ type: 'leg-opened', candidates: [], port: 20_000 }), ['ring']);
  assert.is(bench.call.deadlineMs, 3000);
  bench.nowMs = 3000;
  assert.equal(bench.feed({ type: 'timeout' }), ['update-leg sendrecv', 'answer', 'answered']);
  assert.is(bench.call.deadlineMs, NEVER);
});

test('a caller may give up while it rings', () => {
  const bench = new Bench(OFFER, 'spoken', 3000);
  bench.feed({ type: 'begin' });
  bench.feed({ type: 'leg-opened', candidates: [], port: 20_000 });

  assert.equal(bench.feed({ type: 'sip', event: { type: 'cancelled', dialogId } }), ['close-leg']);
  assert.equal(bench.feed({ type: 'leg-closed', statistics: STATISTICS }), [
    'finished cancelled not-answered -',
  ]);
});

test('the end of the server refuses what rings', () => {
  const bench = new Bench(OFFER, 'spoken', 3000);
  bench.feed({ type: 'begin' });
  bench.feed({ type: 'leg-opened', candidates: [], port: 20_000 });

  assert.equal(bench.feed({ type: 'release', cause: 'shutting-down' }), [
    'reject 503',
    'close-leg',
  ]);
});

test('answers an UPDATE while it rings, and keeps the leg silent until it is answered (RFC 3311)', () => {
  const bench = new Bench(OFFER, 'spoken', 3000);
  bench.feed({ type: 'begin' });
  bench.feed({ type: 'leg-opened', candidates: [], port: 20_000 });

  assert.equal(reoffer(bench, OFFER.replace('4000', '4010')), ['answer']);
  assert.equal(reoffer(bench, OPUS_ONLY), ['reject 488']);
  bench.nowMs = 3000;
  assert.equal(bench.feed({ type: 'timeout' }), ['update-leg sendrecv', 'answer', 'answered']);
});

test('an UPDATE before the leg is open is answered when it is', () => {
  const bench = new Bench(OFFER, 'spoken', 3000);
  bench.feed({ type: 'begin' });

  assert.equal(reoffer(bench, OFFER.replace('4000', '4010')), []);
  assert.equal(bench.feed({ type: 'leg-opened', candidates: [], port: 20_000 }), [
    'update-leg sendrecv',
    'answer',
    'ring',
  ]);
});

for (const [what, offer, ours, answered] of [
  ['a=sendonly', HOLD, 'recvonly', 'a=recvonly'],
  ['a=inactive', `${OFFER}a=inactive\r\n`, 'inactive', 'a=inactive'],
  ['c=0.0.0.0', HELD_2543, 'recvonly', 'a=recvonly'],
  ['c=0.0.0.0 and a=sendonly', `${HELD_2543}a=sendonly\r\n`, 'recvonly', 'a=recvonly'],
  ['c=0.0.0.0 and a=inactive', `${HELD_2543}a=inactive\r\n`, 'inactive', 'a=inactive'],
  ['c=0.0.0.0 and a=recvonly', `${HELD_2543}a=recvonly\r\n`, 'inactive', 'a=inactive'],
] as const) {
  test(`is held by ${what}, goes on sending reports to where the peer was, and resumes`, () => {
    const bench = new Bench().answered();
    const { session } = bench;

    assert.match(answerTo(bench, offer), answered);
    assert.is(session.media.direction, ours);
    assert.equal(session.media.remote, { host: '127.0.0.1', port: 4000 });
    assert.equal(reoffer(bench, OFFER), ['update-leg sendrecv', 'answer']);
  });
}

test('takes a new codec and a new address within the call', () => {
  const bench = new Bench().answered();
  const moved = OFFER.replace('RTP/AVP 8 0', 'RTP/AVP 0')
    .replace('m=audio 4000', 'm=audio 4100')
    .replace('IP4 127.0.0.1', 'IP4 127.0.0.9');

  assert.equal(reoffer(bench, moved), ['update-leg sendrecv', 'answer']);

  assert.is(bench.session.media.codec, 'PCMU');
  assert.equal(bench.session.media.remote, { host: '127.0.0.9', port: 4100 });
});

test('a refresh that changes nothing is answered by the same text and does not touch the leg', () => {
  const bench = new Bench().answered();

  const first = answerTo(bench, HOLD);
  assert.equal(reoffer(bench, HOLD), ['answer']);
  assert.is(answerTo(bench, HOLD), first);
  assert.is.not(answerTo(bench, OFFER), first);
});

for (const [what, offer, status] of [
  ['no codec of ours', OPUS_ONLY, 488],
  ['T.38 in the place of the audio', T38, 488],
  ['T.38 alone', 'v=0\r\nc=IN IP4 127.0.0.1\r\nm=image 4004 udptl t38\r\n', 488],
  ['rubbish', 'rubbish', 400],
] as const) {
  test(`refuses a re-offer with ${what} by ${status} and goes on as before`, () => {
    const bench = new Bench().answered();
    const { media } = bench.session;

    assert.equal(reoffer(bench, offer), [`reject ${status}`]);
    assert.is(bench.session.media, media);
    assert.equal(reoffer(bench, OFFER), ['answer']);
  });
}

test('T.38 and video beside the audio are refused by port 0 (RFC 3264 §6)', () => {
  const bench = new Bench().answered();
  const sections = 'm=video 4002 RTP/AVP 31\r\nm=image 4004 udptl t38\r\n';

  const answer = answerTo(bench, OFFER + sections);

  assert.match(answer, 'm=audio 20000 RTP/AVP 8 0');
  assert.match(answer, 'm=video 0 RTP/AVP 31');
  assert.match(answer, 'm=image 0 udptl t38');
});

test('audio may be switched off by port 0 and on again (RFC 3264 §8.2)', () => {
  const bench = new Bench().answered();

  const off = answerTo(bench, OFF);
  assert.match(off, 'm=audio 0 RTP/AVP 8 0');
  assert.is(bench.session.media.direction, 'inactive');
  assert.match(answerTo(bench, null), 'm=audio 20000 RTP/AVP 8 0');
  assert.match(answerTo(bench, OFFER), 'm=audio 20000 RTP/AVP 8 0');
  assert.is(bench.session.media.direction, 'sendrecv');
});

test('a call does not begin with audio that is off', () => {
  assert.equal(new Bench(OFF).feed({ type: 'begin' }), [
    'reject 488',
    'finished no-common-codec not-answered -',
  ]);
});

test('offers all codecs to a re-INVITE without an offer, and an answer that will not do changes nothing', () => {
  const bench = new Bench().answered();
  reoffer(bench, OFFER.replace('8 0', '0'));

  assert.match(answerTo(bench, null), /m=audio 20000 RTP\/AVP 0 8 /);
  const { media } = bench.session;
  const event: CallSipEvent = { type: 'established', dialogId, answer: OPUS_ONLY };
  assert.equal(bench.feed({ type: 'sip', event }), []);
  assert.is(bench.session.media, media);
});

test('ends a call whose ACK brings no answer to our offer', () => {
  const bench = new Bench(null);
  bench.feed({ type: 'begin' });
  bench.feed({ type: 'leg-opened', candidates: [], port: 20_002 });

  assert.equal(
    bench.feed({ type: 'sip', event: { type: 'established', dialogId, answer: null } }),
    ['bye no codec in common', 'close-leg'],
  );
});

test('takes the answer to an offer of ours, and lives on where it is refused', () => {
  const bench = new Bench().answered();
  const sip = (event: CallSipEvent): readonly string[] => bench.feed({ type: 'sip', event });

  assert.equal(sip({ type: 'renegotiated', dialogId, answer: HOLD }), ['update-leg recvonly']);
  assert.equal(sip({ type: 'renegotiated', dialogId, answer: HOLD }), []);
  assert.equal(sip({ type: 'renegotiated', dialogId, answer: OPUS_ONLY }), []);
  assert.equal(sip({ type: 'offer-refused', dialogId, status: 488 }), []);
  assert.is(bench.session.media.direction, 'recvonly');
});

test('events of calls that we make mean nothing to one that came in', () => {
  const bench = new Bench().answered();
  const events: readonly CallSipEvent[] = [
    { type: 'progress', dialogId, status: 180, answer: null },
    { type: 'accepted', dialogId, description: OFFER },
    { type: 'refused', dialogId, status: 486, why: 'peer' },
  ];

  assert.equal(
    events.flatMap((event) => bench.feed({ type: 'sip', event })),
    [],
  );
});

test('a session that nobody refreshed is over, and its seat waits', () => {
  const bench = new Bench().inRoom();

  assert.equal(
    bench.feed({ type: 'sip', event: { type: 'ended', dialogId, by: 'session-expired' } }),
    ['leave-room lost', 'close-leg'],
  );
  assert.equal(bench.feed({ type: 'leg-closed', statistics: STATISTICS }), [
    'finished session-expired answered 777',
  ]);
});

test('a key by INFO cuts short what a key may, and is in the record', () => {
  const bench = new Bench().answered();
  bench.dialogue.next = [
    { type: 'say', utterances: [{ say: 'ask-number' }], interruptible: 'by-key' },
  ];
  bench.feed({ type: 'key', key: '1', method: 'in-band' });
  bench.nowMs = 1000;

  const event: CallSipEvent = { type: 'info-key', dialogId, key: '5', durationMs: 160 };
  assert.equal(bench.feed({ type: 'sip', event }), ['stop-play']);
  assert.equal(bench.dialogue.inputs.at(-1), { type: 'key', key: '5' });

  bench.feed({ type: 'sip', event: { type: 'ended', dialogId, by: 'peer' } });
  const end = endOf(bench.last({ type: 'leg-closed', statistics: STATISTICS }));
  assert.is(end?.statistics?.dtmfMethod, 'info');
});

test('a key by INFO leaves alone what no key may cut short', () => {
  const bench = new Bench().answered();
  bench.dialogue.next = [
    { type: 'say', utterances: [{ say: 'welcome' }], interruptible: 'not-by-key' },
  ];
  bench.feed({ type: 'key', key: '1', method: 'rfc4733' });
  bench.nowMs = 1000;

  const event: CallSipEvent = { type: 'info-key', dialogId, key: '5', durationMs: 160 };
  assert.equal(bench.feed({ type: 'sip', event }), []);
});

test('a key by RFC 4733 and by INFO counts once', () => {
  const bench = new Bench().answered();

  bench.feed({ type: 'key', key: '7', method: 'rfc4733' });
  bench.nowMs = 100;
  bench.feed({ type: 'sip', event: { type: 'info-key', dialogId, key: '7', durationMs: 100 } });

  assert.equal(
    bench.dialogue.inputs.filter((input) => input.type === 'key'),
    [{ type: 'key', key: '7' }],
  );
});

test.run();
