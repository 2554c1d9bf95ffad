import { test } from 'uvu';
import * as assert from 'uvu/assert';

import { createSipTrace } from '../../../server/trace/sip-trace.ts';
import { createTraceBook } from '../../../server/trace/trace-book.ts';
import type { TraceBook } from '../../../server/trace/trace-book.ts';
import { seen, sipText, TRUNK_FLOW } from './seen-messages.ts';

const INVITE = 'INVITE sip:223500908@192.0.2.1 SIP/2.0';

/** An INVITE that is answered by 100. */
function callOf(book: TraceBook, callId: string): void {
  book.seen(seen('in', sipText(INVITE, { callId, cseq: '1 INVITE' })));
  book.seen(seen('out', sipText('SIP/2.0 100 Trying', { callId, cseq: '1 INVITE' })));
}

function idsOf(book: TraceBook, shelf: 'calls' | 'requests'): readonly string[] {
  return book.list(shelf, 500).map(({ callId }) => callId);
}

/** The first lines of what is kept. */
function startsOf(book: TraceBook, callId: string): readonly string[] {
  const found = book.find(callId);
  if (found.outcome !== 'found') return [];
  return found.call.messages.map(({ octets }) => octets.slice(0, octets.indexOf('\r\n')));
}

test('keeps the latest 500 of 10,000 calls, and no more of them in memory', () => {
  const book = createTraceBook({ calls: 500, messagesPerCall: 100 });

  for (let i = 0; i < 10_000; i += 1) {
    callOf(book, `call-${i}`);
    book.names(`call-${i}`, `dialog-${i}`);
  }

  assert.is(book.figures.calls, 500);
  assert.is(book.figures.requests, 0);
  assert.is(book.list('calls', 500)[0]?.callId, 'call-9999');
  assert.is(book.find('call-9500').outcome, 'found');
  assert.is(book.find('call-9499').outcome, 'absent');
  assert.is(book.find('dialog-9999').outcome, 'found');
  assert.is(book.find('dialog-42').outcome, 'absent');
  const kept = book.list('calls', 500).reduce((sum, { keptBytes }) => sum + keptBytes, 0);
  assert.is(book.figures.bytes, kept);
});

test('lets the call go that was idle for the longest', () => {
  const book = createTraceBook({ calls: 3, messagesPerCall: 10 });
  for (const callId of ['a', 'b', 'c']) callOf(book, callId);

  book.seen(seen('in', sipText('BYE sip:x SIP/2.0', { callId: 'a', cseq: '2 BYE' })));
  callOf(book, 'd');

  assert.equal(idsOf(book, 'calls'), ['d', 'a', 'c']);
});

test('keeps the first half of the messages and the latest', () => {
  const book = createTraceBook({ calls: 3, messagesPerCall: 10 });

  for (let i = 1; i <= 23; i += 1) {
    book.seen(
      seen('out', sipText(`INVITE sip:${i} SIP/2.0`, { callId: 'a', cseq: `${i} INVITE` })),
    );
  }

  const numbers = startsOf(book, 'a').map((start) => /sip:(\d+)/u.exec(start)?.[1]);
  assert.equal(numbers, ['1', '2', '3', '4', '5', '19', '20', '21', '22', '23']);
  const [call] = book.list('calls', 1);
  assert.equal([call?.count, call?.leftOut, call?.firstHalf], [23, 13, 5]);
});

test('cuts a long message, and tells by how much', () => {
  const book = createTraceBook({ calls: 3, messagesPerCall: 10 });
  const text = sipText(INVITE, { callId: 'a', cseq: '1 INVITE', body: 'x'.repeat(20_000) });

  book.seen(seen('in', text));

  const message = book.list('requests', 1)[0]?.messages[0];
  assert.is(message?.octets.length, 8192);
  assert.is(message?.cutBytes, text.length - 8192);
});

test('holds no more octets than it was told, whoever sends them', () => {
  const book = createTraceBook({ calls: 500, messagesPerCall: 1000, mostBytes: 100_000 });

  for (let i = 0; i < 300; i += 1) {
    const body = 'x'.repeat(5000);
    const callId = `call-${i % 30}`;
    book.seen(seen('out', sipText(INVITE, { callId, cseq: `${i} INVITE`, body })));
  }

  assert.ok(book.figures.bytes <= 100_000, String(book.figures.bytes));
  assert.ok(book.figures.calls >= 1);
});

test('lets no registration, ping or scanner push a call out', () => {
  const book = createTraceBook({ calls: 60, messagesPerCall: 10 });
  callOf(book, 'call');

  for (let i = 0; i < 1000; i += 1) {
    const options = { callId: `ping-${i}`, cseq: '1 OPTIONS' };
    book.seen(seen('in', sipText('OPTIONS sip:x SIP/2.0', options)));
    book.seen(seen('out', sipText('SIP/2.0 200 OK', options)));
    const register = { callId: `register-${i}`, cseq: '1 REGISTER' };
    book.seen(seen('out', sipText('REGISTER sip:x SIP/2.0', register)));
    book.seen(seen('in', sipText(INVITE, { callId: `scan-${i}`, cseq: '1 INVITE' })));
  }

  assert.equal(idsOf(book, 'calls'), ['call']);
  assert.is(book.figures.requests, 50);
  assert.is(idsOf(book, 'requests')[0], 'scan-999');
});

test('counts a call among the calls as soon as something of ours goes out', () => {
  const book = createTraceBook({ calls: 60, messagesPerCall: 10 });

  book.seen(seen('in', sipText(INVITE, { callId: 'a', cseq: '1 INVITE' })));
  assert.equal([idsOf(book, 'calls'), idsOf(book, 'requests')], [[], ['a']]);

  book.seen(seen('out', sipText('SIP/2.0 100 Trying', { callId: 'a', cseq: '1 INVITE' })));
  assert.equal([idsOf(book, 'calls'), idsOf(book, 'requests')], [['a'], []]);
  assert.equal(startsOf(book, 'a'), [INVITE, 'SIP/2.0 100 Trying']);
});

test('keeps OPTIONS within a call with the call', () => {
  const book = createTraceBook({ calls: 60, messagesPerCall: 10 });
  callOf(book, 'a');

  const options = { callId: 'a', cseq: '9 OPTIONS' };
  book.seen(seen('in', sipText('OPTIONS sip:x SIP/2.0', options)));

  assert.is(startsOf(book, 'a').length, 3);
  assert.is(book.figures.requests, 0);
});

const SPELLINGS = [
  'Call-ID: abc@x',
  'i: abc@x',
  'i:abc@x',
  'CALL-ID:abc@x',
  'call-id \t:  abc@x  ',
  'Call-ID:\r\n abc@x',
];

for (const spelling of SPELLINGS) {
  test(`finds the Call-ID in ${JSON.stringify(spelling)}`, () => {
    const book = createTraceBook({ calls: 60, messagesPerCall: 10 });

    book.seen(seen('out', `${INVITE}\r\nTo: <sip:a>\r\n${spelling}\r\nCSeq: 1 INVITE\r\n\r\n`));

    assert.equal(idsOf(book, 'calls'), ['abc@x']);
  });
}

test('takes no notice of what has no Call-ID, and survives whatever comes', () => {
  const book = createTraceBook({ calls: 60, messagesPerCall: 10 });

  for (const text of ['', '\r\n\r\n', 'x', `${INVITE}\r\n\r\n`, '\0\xff', 'Call-ID: first line']) {
    book.seen(seen('in', text));
  }
  book.names('unknown', 'dialog');

  const { calls, bytes } = book.figures;
  assert.equal([calls, bytes < 100], [0, true]);
});

test('cuts a Call-ID that would fill the memory', () => {
  const book = createTraceBook({ calls: 60, messagesPerCall: 10 });

  callOf(book, 'x'.repeat(5000));

  assert.is(idsOf(book, 'calls')[0]?.length, 256);
});

test('finds a call by the only beginning there is, and tells of several', () => {
  const book = createTraceBook({ calls: 60, messagesPerCall: 10 });
  for (const callId of ['abc1', 'abc2', 'xyz']) callOf(book, callId);
  book.names('xyz', 'room-call-7');

  assert.is(book.find('x').outcome, 'found');
  assert.is(book.find('room-').outcome, 'found');
  assert.equal(book.find('abc'), { outcome: 'ambiguous', callIds: ['abc1', 'abc2'] });
  assert.is(book.find('abc2').outcome, 'found');
  assert.equal(book.find('nobody'), { outcome: 'absent' });
  assert.equal(book.find(''), { outcome: 'absent' });
});

test('does not even keep keys, proofs of passwords and media keys', () => {
  const book = createTraceBook({ calls: 60, messagesPerCall: 10 });
  const callId = 'a';
  const info = 'INFO sip:x SIP/2.0';
  book.seen(seen('out', sipText(info, { callId, cseq: '1 INFO', body: 'Signal=7' })));
  const fields = ['Authorization: Digest response="6629fae4"'];
  const body = 'v=0\r\na=crypto:1 X inline:c2VjcmV0\r\na=ice-pwd:geheim\r\n';

  book.seen(seen('in', sipText(INVITE, { callId, cseq: '2 INVITE', fields, body })));

  const kept =
    book
      .list('calls', 1)[0]
      ?.messages.map(({ octets }) => octets)
      .join('') ?? '';
  assert.ok(kept.includes('Signal=*'));
  for (const secret of ['Signal=7', '6629fae4', 'c2VjcmV0', 'geheim']) {
    assert.not.ok(kept.includes(secret), secret);
  }
});

test('keeps nothing where no calls are to be kept', () => {
  const book = createTraceBook({ calls: 0, messagesPerCall: 10 });

  callOf(book, 'a');

  assert.equal(book.figures, { calls: 0, requests: 0, bytes: 0 });
});

test('hands what sockets receive and send to everybody who looks', () => {
  const book = createTraceBook({ calls: 60, messagesPerCall: 10 });
  const others: string[] = [];
  const note = {
    seen: ({ direction, remoteHost, remotePort, kind }: ReturnType<typeof seen>) =>
      void others.push(`${direction} ${remoteHost}:${remotePort} ${kind}`),
  };
  const trace = createSipTrace(book, [note]);
  const bytes = Buffer.from(sipText(INVITE, { callId: 'a', cseq: '1 INVITE' }));
  const answer = Buffer.from(sipText('SIP/2.0 200 OK', { callId: 'a', cseq: '1 INVITE' }));
  const to = { flow: TRUNK_FLOW, host: '192.0.2.9', port: 5070 };

  trace.received({ type: 'received', flow: TRUNK_FLOW, bytes }, 1);
  trace.received({ type: 'flow-closed', flow: TRUNK_FLOW }, 2);
  trace.sent({ type: 'send', ...to, bytes: answer }, 3);
  trace.sent({ type: 'send', ...to, bytes: answer, again: true }, 4);
  trace.sent({ type: 'close-flow', flow: TRUNK_FLOW }, 5);

  assert.equal(others, [
    'in 192.0.2.7:5060 first',
    'out 192.0.2.9:5070 first',
    'out 192.0.2.9:5070 again',
  ]);
  assert.is(startsOf(book, 'a').length, 3);
});

test.run();
