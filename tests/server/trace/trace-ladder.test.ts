import { test } from 'uvu';
import * as assert from 'uvu/assert';

import { lookAtSdp } from '../../../server/trace/sdp-look.ts';
import { traceAnswerSchema, traceListAnswerSchema } from '../../../server/trace/trace-answer.ts';
import type { TraceAnswer } from '../../../server/trace/trace-answer.ts';
import { createTraceBook } from '../../../server/trace/trace-book.ts';
import type { TraceBook } from '../../../server/trace/trace-book.ts';
import { traceCommands } from '../../../server/trace/trace-commands.ts';
import { traceLines } from '../../../server/trace/trace-ladder.ts';
import { seen, sipText, TRUNK_FLOW } from './seen-messages.ts';

const CALL_ID = 'a84b4c76e66710@192.0.2.7';
const OFFER = [
  'v=0',
  'o=48501234567 1 1 IN IP4 192.0.2.7',
  's=-',
  'c=IN IP4 192.0.2.7',
  't=0 0',
  'm=audio 4000 RTP/AVP 8 0 101',
  'a=rtpmap:101 telephone-event/8000',
  '',
].join('\r\n');
const ANSWER = OFFER.replaceAll('192.0.2.7', '192.0.2.1').replace('8 0 101', '8 101');
const SDP = ['Content-Type: application/sdp'];

/** A call with a retransmitted 200, a key by INFO, and a BYE that comes from a proxy by TCP. */
function recordCall(messagesPerCall = 100): TraceBook {
  const book = createTraceBook({ calls: 10, messagesPerCall });
  const proxy = { ...TRUNK_FLOW, transport: 'tcp', remoteHost: '2001:db8::9' } as const;
  const invite = { cseq: '1 INVITE' };
  const fields = ['Authorization: Digest response="6629fae4"', ...SDP];
  const info = { cseq: '2 INFO', fields: ['Content-Type: application/dtmf'], body: '7' };
  const ok = sipText('SIP/2.0 200 OK', { ...invite, fields: SDP, body: ANSWER });
  const called = 'sip:223500908,12345#@192.0.2.1';
  const sdp = { fields, body: OFFER };
  book.seen(seen('in', sipText(`INVITE ${called} SIP/2.0`, { ...invite, ...sdp })));
  book.seen(seen('out', sipText('SIP/2.0 100 Trying', invite), { afterMs: 1 }));
  book.names(CALL_ID, 'dialog-7');
  book.seen(seen('out', ok, { afterMs: 12 }));
  book.seen(seen('out', ok, { afterMs: 512, kind: 'again' }));
  book.seen(seen('in', sipText(`ACK ${called} SIP/2.0`, { cseq: '1 ACK' }), { afterMs: 540 }));
  book.seen(seen('in', sipText(`INFO ${called} SIP/2.0`, info), { afterMs: 2000 }));
  book.seen(seen('in', sipText(`INFO ${called} SIP/2.0`, info), { afterMs: 2500 }));
  book.seen(seen('out', sipText('SIP/2.0 200 OK', { cseq: '2 INFO' }), { afterMs: 2501 }));
  const bye = sipText(`BYE ${called} SIP/2.0`, { cseq: '3 BYE' });
  book.seen(seen('in', bye, { afterMs: 63_212, flow: proxy }));
  const over = sipText('SIP/2.0 200 OK', { cseq: '3 BYE' });
  book.seen(seen('out', over, { afterMs: 63_213, flow: proxy }));
  return book;
}

async function traced(
  book: TraceBook,
  call: string,
  numbers: 'masked' | 'shown' = 'masked',
): Promise<TraceAnswer> {
  const answer = await traceCommands(book).trace({ call, numbers });
  return traceAnswerSchema.parse(JSON.parse(JSON.stringify(answer)));
}

const LADDER: readonly string[] = [
  'Call-ID  a84b4c76e66710@192.0.2.7',
  'Call     dialog-7',
  'From     A*** <+48******567>',
  'To       223500908',
  'Began    2026-12-01T09:00:00.000Z',
  'Outcome  ended after 63.2 s, 10 messages',
  '',
  '          192.0.2.7:5060 udp',
  '          |                         [2001:db8::9]:5060 tcp                  Konfa',
  '    0.000 |---------------------------- INVITE 1 ---------------------------->|  PCMA, PCMU, telephone-event sendrecv 192.0.2.7:4000',
  '    0.001 |<--------------------- 100 Trying (INVITE 1) ----------------------|',
  '    0.012 |<----------------------- 200 OK (INVITE 1) ------------------------|  PCMA, telephone-event sendrecv 192.0.2.1:4000',
  '    0.512 |<----------------------- 200 OK (INVITE 1) ------------------------|  again; PCMA, telephone-event sendrecv 192.0.2.1:4000',
  '    0.540 |------------------------------ ACK 1 ----------------------------->|',
  '    2.000 |----------------------------- INFO 2 ----------------------------->|  application/dtmf',
  '    2.500 |----------------------------- INFO 2 ----------------------------->|  again; application/dtmf',
  '    2.501 |<------------------------ 200 OK (INFO 2) -------------------------|',
  '   63.212 |                         |----------------- BYE 3 ---------------->|',
  '   63.213 |                         |<----------- 200 OK (BYE 3) -------------|',
];

test('draws a ladder: a line of life for each peer, an arrow for each message', async () => {
  const lines = traceLines(await traced(recordCall(), 'dialog-7'), 'ladder');

  assert.equal(lines, LADDER);
});

test('prints the messages below their arrows, without what opens doors', async () => {
  const text = traceLines(await traced(recordCall(), CALL_ID), 'full').join('\n');

  assert.match(text, /^ {4}INVITE sip:223500908,\*\*\*@192\.0\.2\.1 SIP\/2\.0$/mu);
  assert.match(text, /^ {4}From: "A\*\*\*" <sip:\+48\*{6}567@192\.0\.2\.7>;tag=1$/mu);
  assert.match(text, /^ {4}To: <sip:223500908@192\.0\.2\.1>$/mu);
  assert.match(text, /^ {4}Authorization: Digest response="\*\*\*"$/mu);
  assert.match(text, /^ {4}\*$/mu);
  for (const secret of ['12345', '6629fae4', '501234567', 'Nowak']) {
    assert.not.ok(text.includes(secret), secret);
  }
});

test('shows numbers and names to who asks for them, and no PIN', async () => {
  const text = traceLines(await traced(recordCall(), CALL_ID, 'shown'), 'full').join('\n');

  assert.match(text, /^From {5}Anna Nowak <\+48501234567>$/mu);
  assert.match(text, /^ {4}o=48501234567 1 1 /mu);
  for (const secret of ['12345#', '6629fae4']) assert.not.ok(text.includes(secret), secret);
});

test('tells where messages were not kept', async () => {
  const lines = traceLines(await traced(recordCall(4), CALL_ID), 'ladder');

  const at = lines.findIndex((line) => line.includes('6 messages were not kept'));
  assert.match(lines[at - 1] ?? '', /100 Trying/u);
  assert.match(lines[at + 1] ?? '', /BYE 3/u);
});

test('lets a peer neither move the cursor nor add lines', async () => {
  const book = createTraceBook({ calls: 10, messagesPerCall: 10 });
  const nasty = 'SIP/2.0 486 \x1b[2J\x07\u202eevil';
  book.seen(seen('out', sipText('INVITE sip:a SIP/2.0', { cseq: '1 INVITE' })));
  book.seen(seen('in', sipText(nasty, { cseq: '1 INVITE', fields: ['X: \x9b31m\x00'] })));

  const lines = traceLines(await traced(book, CALL_ID), 'full');

  // eslint-disable-next-line no-control-regex -- They are what must not be there.
  assert.not.match(lines.join(''), /[\u0000-\u001f\u007f-\u009f\u202a-\u202e]/u);
  assert.ok(lines.some((line) => line.includes('486 \\x1b[2J\\x07\\u202eevil')));
});

test('cuts a long phrase, and says all the same what was answered', async () => {
  const book = createTraceBook({ calls: 10, messagesPerCall: 10 });
  book.seen(seen('in', sipText('INVITE sip:a SIP/2.0', { cseq: '1 INVITE' })));
  const phrases = ['Control Character in Header Field', 'x'];
  for (const phrase of phrases) {
    book.seen(seen('out', sipText(`SIP/2.0 400 ${phrase}`, { cseq: '1 INVITE' })));
  }
  book.seen(seen('out', sipText('SIP/2.0 400 x', { cseq: `1 ${'M'.repeat(40)}` })));

  const lines = traceLines(await traced(book, CALL_ID), 'ladder');

  const arrows = lines.filter((line) => line.includes('|<'));
  assert.ok(arrows[0]?.includes('|<- 400 Control Character i… (INVITE 1) --|'), arrows[0]);
  assert.equal(
    arrows.map((line) => line.length),
    [53, 53, 53],
  );
});

test('draws more peers than there is room for', async () => {
  const book = createTraceBook({ calls: 10, messagesPerCall: 100 });
  for (let i = 1; i <= 6; i += 1) {
    const flow = { ...TRUNK_FLOW, remoteHost: `192.0.2.${i}` };
    const text = sipText('INVITE sip:a SIP/2.0', { cseq: `${i} INVITE` });
    book.seen(seen('out', text, { flow }));
  }

  const lines = traceLines(await traced(book, CALL_ID), 'ladder');

  assert.ok(
    lines.some((line) =>
      / 192\.0\.2\.4:5060 udp and 2 more +Konfa$|\| *192\.0\.2\.4:5060 udp and 2 more +Konfa$/u.test(
        line,
      ),
    ),
  );
  assert.is(lines.filter((line) => line.includes('|<--')).length, 6);
});

test('marks what is the same and went the same way as come again', async () => {
  const { messages } = await traced(recordCall(), CALL_ID);

  assert.equal(
    messages.map(({ kind }) => kind),
    ['first', 'first', 'first', 'again', 'first', 'first', 'again', 'first', 'first', 'first'],
  );
});

test('writes a log of octets that are no UTF-8, and of what is no SIP', async () => {
  const book = createTraceBook({ calls: 10, messagesPerCall: 100 });
  book.seen(seen('out', 'nonsense\r\nCall-ID: x\r\n\r\n'));
  book.seen(seen('in', '', { bytes: Buffer.from('Call-ID\xff\r\nCall-ID: x\r\n', 'latin1') }));

  const lines = traceLines(await traced(book, 'x'), 'full');

  assert.is(lines.filter((line) => line.includes(' not SIP ')).length, 2);
  assert.ok(lines.some((line) => line.includes('Call-ID\ufffd')));
});

test('tells how calls went in a list, the latest first', async () => {
  const book = createTraceBook({ calls: 10, messagesPerCall: 100 });
  const invite = (callId: string): string =>
    sipText('INVITE sip:223500908@a SIP/2.0', { callId, cseq: '1 INVITE' });
  const answer = (callId: string, status: string, cseq = '1 INVITE'): string =>
    sipText(`SIP/2.0 ${status}`, { callId, cseq });
  for (const callId of ['trying', 'refused', 'answered', 'ended', 'challenged']) {
    book.seen(seen('in', invite(callId)));
    book.seen(seen('out', answer(callId, '100 Trying')));
  }
  book.seen(seen('out', answer('refused', '486 Busy Here'), { afterMs: 10 }));
  book.seen(seen('out', answer('answered', '200 OK'), { afterMs: 10 }));
  book.seen(seen('out', answer('ended', '200 OK'), { afterMs: 1000 }));
  const bye = sipText('BYE sip:a SIP/2.0', { callId: 'ended', cseq: '2 BYE' });
  book.seen(seen('in', bye, { afterMs: 4500 }));
  book.seen(seen('in', answer('challenged', '407 Again'), { afterMs: 5000 }));
  const answered = answer('challenged', '200 OK', '2 INVITE');
  book.seen(seen('in', answered, { afterMs: 6000 }));
  book.seen(seen('in', invite('stranger')));

  const ask = async (shelf: string): Promise<readonly string[]> => {
    const list = await traceCommands(book)['trace-list']({ shelf, most: 10, numbers: 'masked' });
    return traceListAnswerSchema
      .parse(list)
      .calls.map(({ callId, state, status, durationMs, from, to }) =>
        [callId, state, status, durationMs, from, to].join(' | '),
      );
  };

  const parties = 'A*** <+48******567> | 223500908';
  assert.equal(await ask('calls'), [
    `challenged | answered | 200 | 0 | ${parties}`,
    `ended | ended | 200 | 3500 | ${parties}`,
    `answered | answered | 200 | 0 | ${parties}`,
    `refused | refused | 486 |  | ${parties}`,
    `trying | trying |  |  | ${parties}`,
  ]);
  assert.equal(await ask('requests'), [`stranger | unanswered |  |  | ${parties}`]);
});

test('refuses arguments that are wrong, and calls that are not there', async () => {
  const commands = traceCommands(recordCall());
  const codeOf = async (asked: Promise<unknown>): Promise<string> =>
    asked.then(
      () => 'answered',
      (error: unknown) => (error as { code?: string; name: string }).code ?? (error as Error).name,
    );

  assert.is(await codeOf(commands.trace({ call: 'nobody', numbers: 'masked' })), 'NO_SUCH_TRACE');
  for (const args of [{}, null, { call: '', numbers: 'masked' }, { call: 'a', numbers: 1 }]) {
    assert.is(await codeOf(commands.trace(args)), 'ZodError');
  }
  const beyond = { shelf: 'calls', most: 501, numbers: 'masked' };
  assert.is(await codeOf(commands['trace-list'](beyond)), 'ZodError');
});

const DESCRIPTIONS: readonly (readonly [sdp: string, shown: string | null])[] = [
  [OFFER, 'PCMA, PCMU, telephone-event sendrecv 192.0.2.7:4000'],
  [`${OFFER}a=sendonly\r\n`, 'PCMA, PCMU, telephone-event sendonly 192.0.2.7:4000'],
  [
    'v=0\nc=IN IP6 2001:db8::1\na=inactive\nm=audio 4000/2 RTP/SAVP 9\nc=IN IP6 2001:db8::2\n',
    'G722 SRTP inactive [2001:db8::2]:4000',
  ],
  [
    'v=0\nm=audio 9 UDP/TLS/RTP/SAVPF 111\na=rtpmap:111 opus/48000/2\nm=video 0 X 96\n',
    'opus DTLS sendrecv ?:9 and 1 more',
  ],
  ['v=0\nm=image 4000 udptl t38\n', 'image t38 sendrecv ?:4000'],
  ['v=0\nm=audio 1 RTP/AVP 0 8 9 3 18 13 96\n', 'PCMU, PCMA, G722, GSM, G729, CN, … sendrecv ?:1'],
  ['v=0\nm=broken\n', 'SDP that cannot be read'],
  ['v=0\r\n', null],
  ['hello', null],
  ['', null],
];

for (const [sdp, shown] of DESCRIPTIONS) {
  test(`writes SDP in one line: ${String(shown)}`, () => {
    assert.is(lookAtSdp(sdp), shown);
  });
}

test.run();
