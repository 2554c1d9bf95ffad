import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { NEVER } from '../../../mixer/protocol/units.ts';
import type { CallInput } from '../../../server/call/call-message.ts';
import type { Timeout } from '../../../server/runtime/core.ts';
import { Bench, endOf, HOLD, OFFER, OPUS_ONLY, STATISTICS } from './call-bench.ts';

test('opens the leg before it answers, and begins the dialogue at the ACK', () => {
  const bench = new Bench();

  assert.equal(bench.feed({ type: 'begin' }), ['open-leg']);
  assert.equal(bench.feed({ type: 'leg-opened', candidates: [], port: 20_000 }), [
    'answer',
    'answered',
  ]);
  assert.equal(bench.dialogue.inputs, []);

  bench.feed({ type: 'sip', event: { type: 'established', dialogId: 'dialog', answer: null } });
  assert.equal(bench.dialogue.inputs, [
    { type: 'start', entryPoint: { type: 'menu', createByPhone: 'allowed' } },
  ]);
});

test('refuses an offer without a codec of ours with 488 and one that is no SDP with 400', () => {
  assert.equal(new Bench(OPUS_ONLY).feed({ type: 'begin' }), [
    'reject 488',
    'finished no-common-codec not-answered -',
  ]);
  assert.equal(new Bench('rubbish').feed({ type: 'begin' }), [
    'reject 400',
    'finished bad-offer not-answered -',
  ]);
});

test('refuses with 503 when no port is free', () => {
  const bench = new Bench();
  bench.feed({ type: 'begin' });

  assert.equal(bench.feed({ type: 'leg-failed', why: 'no-port' }), [
    'reject 503',
    'finished no-media-port not-answered -',
  ]);
});

test('closes the leg of a caller who cancels while it opens, and answers nothing more', () => {
  const bench = new Bench();
  bench.feed({ type: 'begin' });

  const cancelled = bench.feed({ type: 'sip', event: { type: 'cancelled', dialogId: 'dialog' } });

  assert.equal(cancelled, ['close-leg']);
  assert.equal(bench.feed({ type: 'leg-opened', candidates: [], port: 20_000 }), []);
  assert.equal(bench.feed({ type: 'leg-closed', statistics: STATISTICS }), [
    'finished cancelled not-answered -',
  ]);
});

test('offers codecs of its own when the INVITE has none, and takes the answer from the ACK', () => {
  const bench = new Bench(null);
  bench.feed({ type: 'begin' });
  const [answer] = bench.call.handle({ type: 'leg-opened', candidates: [], port: 20_002 }, 0);

  const established = bench.feed({
    type: 'sip',
    event: { type: 'established', dialogId: 'dialog', answer: OFFER },
  });

  const sdp = answer?.type === 'sip' && answer.command.type === 'answer' ? answer.command.sdp : '';
  assert.match(sdp, 'm=audio 20002 RTP/AVP 8 0 101');
  assert.equal(established, ['update-leg sendrecv']);
});

test('ends a call whose ACK brings no codec of ours', () => {
  const bench = new Bench(null);
  bench.feed({ type: 'begin' });
  bench.feed({ type: 'leg-opened', candidates: [], port: 20_002 });

  const out = bench.feed({
    type: 'sip',
    event: { type: 'established', dialogId: 'dialog', answer: OPUS_ONLY },
  });

  assert.equal(out, ['bye no codec in common', 'close-leg']);
});

test('answers hold and resume, and leaves the session alone when a re-INVITE has no codec', () => {
  const bench = new Bench().answered();
  const reoffer = (offer: string | null): readonly string[] =>
    bench.feed({ type: 'sip', event: { type: 'reoffer', dialogId: 'dialog', offer } });

  assert.equal(reoffer(HOLD), ['update-leg recvonly', 'answer']);
  assert.equal(reoffer(OPUS_ONLY), ['reject 488']);
  assert.equal(reoffer(OFFER), ['update-leg sendrecv', 'answer']);
  assert.equal(reoffer(null), ['answer']);
});

test('tells the dialogue that all was said only for what was said last', () => {
  const bench = new Bench().answered();
  bench.dialogue.next = [
    { type: 'say', utterances: [{ say: 'welcome' }], interruptible: 'by-key' },
    { type: 'say', utterances: [{ say: 'ask-number' }], interruptible: 'by-key' },
  ];
  bench.feed({ type: 'key', key: '1', method: 'rfc4733' });
  bench.dialogue.inputs.length = 0;

  bench.feed({ type: 'play-ended', playId: 1, outcome: 'stopped' });
  assert.equal(bench.dialogue.inputs, []);
  bench.feed({ type: 'play-ended', playId: 2, outcome: 'finished' });
  assert.equal(bench.dialogue.inputs, [{ type: 'said' }]);
});

test('leaves the room when the caller hangs up, and the record names the room', () => {
  const bench = new Bench().inRoom();

  const ended = bench.feed({
    type: 'sip',
    event: { type: 'ended', dialogId: 'dialog', by: 'peer' },
  });
  const finished = bench.last({ type: 'leg-closed', statistics: STATISTICS });

  assert.equal(ended, ['leave-room', 'close-leg']);
  assert.equal(endOf(finished), {
    cause: 'caller-hung-up',
    answered: 'answered',
    visit: { roomId: 'permanent-777', number: '777', role: 'participant', enteredAtMs: 0 },
    codec: 'PCMA',
    statistics: { ...STATISTICS, dtmfMethod: 'rfc4733' },
  });
});

test('says why to somebody who is put out, then ends with BYE', () => {
  const bench = new Bench().inRoom();

  assert.equal(bench.feed({ type: 'expelled', why: 'removed' }), ['play-to-leg']);
  assert.equal(bench.feed({ type: 'play-ended', playId: 1, outcome: 'finished' }), [
    'bye removed by a moderator',
    'close-leg',
  ]);
  assert.equal(bench.feed({ type: 'leg-closed', statistics: STATISTICS }), [
    'finished removed-by-moderator answered 777',
  ]);
});

test('does not wait for ever for the words of a farewell, nor for a worker', () => {
  const bench = new Bench().inRoom();
  bench.feed({ type: 'expelled', why: 'removed' });

  bench.nowMs = bench.call.deadlineMs;
  assert.equal(bench.feed({ type: 'timeout' }), ['bye removed by a moderator', 'close-leg']);
  bench.nowMs = bench.call.deadlineMs;
  assert.equal(bench.feed({ type: 'timeout' }), ['finished removed-by-moderator answered 777']);
  assert.is(bench.call.deadlineMs, NEVER);
});

test('keeps the first cause when the caller hangs up during the farewell', () => {
  const bench = new Bench().inRoom();
  bench.feed({ type: 'expelled', why: 'reservation-ended' });

  assert.equal(
    bench.feed({ type: 'sip', event: { type: 'ended', dialogId: 'dialog', by: 'peer' } }),
    ['close-leg'],
  );
  assert.equal(bench.feed({ type: 'leg-closed', statistics: STATISTICS }), [
    'finished reservation-ended answered 777',
  ]);
});

test('names why the caller was sent away when the caller hangs up at the last words', () => {
  const bench = new Bench().answered();
  bench.dialogue.leavingFor = 'too-many-tries';

  bench.feed({ type: 'sip', event: { type: 'ended', dialogId: 'dialog', by: 'peer' } });

  assert.equal(bench.feed({ type: 'leg-closed', statistics: STATISTICS }), [
    'finished too-many-tries answered -',
  ]);
});

test('hands the dialogue a key that has overtaken the ACK', () => {
  const bench = new Bench();
  bench.feed({ type: 'begin' });
  bench.feed({ type: 'leg-opened', candidates: [], port: 20_000 });

  bench.feed({ type: 'key', key: '1', method: 'rfc4733' });

  assert.equal(bench.dialogue.inputs, [{ type: 'key', key: '1' }]);
});

test('keeps keys by INFO that come while it rings, for the dialogue that begins after the answer', () => {
  const bench = new Bench(OFFER, 'spoken', 4000);
  bench.feed({ type: 'begin' });
  bench.feed({ type: 'leg-opened', candidates: [], port: 20_000 });
  const key = { type: 'info-key', dialogId: 'dialog', key: '7', durationMs: 160 } as const;

  assert.equal(bench.feed({ type: 'sip', event: key }), []);
  bench.nowMs = 4000;
  bench.feed({ type: 'timeout' });
  bench.feed({ type: 'sip', event: { type: 'established', dialogId: 'dialog', answer: null } });

  assert.equal(
    bench.dialogue.inputs.map(({ type }) => type),
    ['key', 'start'],
  );
});

test('ends at once with BYE when the worker is lost, in the room and before it', () => {
  const bench = new Bench().inRoom();

  assert.equal(bench.feed({ type: 'leg-lost' }), [
    'leave-room lost',
    'bye media worker failed',
    'finished media-fault answered 777',
  ]);
  assert.equal(new Bench().answered().feed({ type: 'leg-lost' }), [
    'bye media worker failed',
    'finished media-fault answered -',
  ]);
});

test('ends with words a call whose room is lost while its leg is on the way there', () => {
  const bench = new Bench().inRoom();

  assert.equal(bench.feed({ type: 'room-lost', roomId: 'permanent-778' }), []);
  assert.equal(bench.feed({ type: 'room-lost', roomId: 'permanent-777' }), [
    'leave-room lost',
    'play-to-leg',
  ]);
  assert.equal(bench.feed({ type: 'play-ended', playId: 1, outcome: 'finished' }), [
    'bye media worker failed',
    'close-leg',
  ]);
});

test('leaves the room when its leg is closed unasked', () => {
  const bench = new Bench().inRoom();

  assert.equal(bench.feed({ type: 'leg-closed', statistics: STATISTICS }), [
    'leave-room lost',
    'bye media worker failed',
    'close-leg',
    'finished media-fault answered 777',
  ]);
});

test('ends a call that has been silent for too long', () => {
  const bench = new Bench().inRoom();

  assert.equal(bench.feed({ type: 'leg-silent' }), [
    'leave-room lost',
    'bye no audio from the caller',
    'close-leg',
  ]);
});

test('hands keys to the room menu and its actions to the room', () => {
  const bench = new Bench().inRoom();
  bench.menu.next = [{ type: 'act', action: { type: 'toggle-lock' } }];

  assert.equal(bench.feed({ type: 'key', key: '2', method: 'rfc4733' }), ['room-action']);
  assert.equal(bench.menu.inputs, [{ type: 'key', key: '2' }]);
});

test('keeps from the room menu the # behind an entry that was complete without it', () => {
  const bench = new Bench().inRoom();
  bench.dialogue.closing = '#';

  assert.equal(bench.feed({ type: 'key', key: '#', method: 'rfc4733' }), []);
  assert.equal(bench.menu.inputs, []);
});

test('hands keys that were typed ahead to the room menu', () => {
  const bench = new Bench();
  bench.dialogue.typedAhead = ['*', '1'];

  bench.inRoom();

  assert.equal(bench.menu.inputs, [
    { type: 'key', key: '*' },
    { type: 'key', key: '1' },
  ]);
});

test('is silent once it is over, whatever comes', () => {
  const bench = new Bench().inRoom();
  bench.feed({ type: 'leg-lost' });
  const late: readonly (CallInput | Timeout)[] = [
    { type: 'timeout' },
    { type: 'leg-closed', statistics: STATISTICS },
    { type: 'leg-opened', candidates: [], port: 1 },
    { type: 'key', key: '1', method: 'rfc4733' },
    { type: 'play-ended', playId: 1, outcome: 'finished' },
    { type: 'expelled', why: 'removed' },
    { type: 'release', cause: 'shutting-down' },
    { type: 'sip', event: { type: 'ended', dialogId: 'dialog', by: 'us' } },
    { type: 'sip', event: { type: 'reoffer', dialogId: 'dialog', offer: OFFER } },
  ];

  assert.equal(
    late.flatMap((input) => bench.feed(input)),
    [],
  );
});

test('a guest is put out without words: the page has them', () => {
  const bench = new Bench(OFFER, 'silent').inRoom();

  assert.equal(bench.feed({ type: 'expelled', why: 'removed' }), [
    'bye removed by a moderator',
    'close-leg',
  ]);
});

for (const [input, how] of [
  [{ type: 'leg-insecure' }, 'leave-room lost'],
  [
    { type: 'sip', event: { type: 'ended', dialogId: 'dialog', by: 'transport' } },
    'leave-room lost',
  ],
  [{ type: 'sip', event: { type: 'ended', dialogId: 'dialog', by: 'no-ack' } }, 'leave-room lost'],
  [{ type: 'sip', event: { type: 'ended', dialogId: 'dialog', by: 'peer' } }, 'leave-room'],
  [{ type: 'release', cause: 'taken-over' }, 'leave-room'],
  [{ type: 'release', cause: 'caller-hung-up' }, 'leave-room'],
] as const) {
  const { type } = input;
  const name = type === 'sip' ? `the end by ${input.event.by}` : `${type} ${how}`;
  test(`${name} is ${how === 'leave-room' ? 'leaving for good' : 'no wish to leave'}`, () => {
    assert.is(new Bench(OFFER, 'silent').inRoom().feed(input)[0], how);
  });
}

test.run();
