import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { outboundFlow } from '../../../server/sip/outbound-flow.ts';
import { CALL, CallingLab, udpTarget } from './calling-lab.ts';
import type { CallingSent } from './calling-lab.ts';
import { SDP } from './sip-lab.ts';

const ANSWER = 'v=0\r\nanswer';
const RELIABLE = ['Require: 100rel'];

/** The one of these messages with that name. */
function named(sent: readonly CallingSent[], name: string): CallingSent {
  const found = sent.filter((each) => each.name === name);
  const [only] = found;
  if (only === undefined || found.length > 1) throw new Error(`${found.length} of ${name}`);
  return only;
}

test('offers timer, 100rel and the session interval in its INVITE (RFC 4028 §7.1, RFC 3262 §4)', () => {
  const lab = new CallingLab();

  const invite = lab.call();

  assert.is(invite.request.uri, 'sip:1234@trunk.example.net');
  assert.is(invite.header('supported'), 'timer, 100rel');
  assert.is(invite.header('session-expires'), '1800');
  assert.is(invite.header('min-se'), '90');
  assert.is(invite.header('contact'), '<sip:192.0.2.10:5060>');
  assert.is(invite.header('p-asserted-identity'), '<sip:908@192.0.2.10>');
  assert.match(invite.header('from'), /^"Konfa" <sip:908@192\.0\.2\.10>;tag=[0-9a-f]{16}$/);
  assert.match(invite.header('via'), /^SIP\/2\.0\/UDP 192\.0\.2\.10:5060;branch=z9hG4bK.*;rport$/);
  assert.is(Buffer.from(invite.request.body).toString(), SDP);
});

test('tells of ringing, and of the answer once; acknowledges every copy of the 2xx (RFC 3261 §13.2.2.4)', () => {
  const lab = new CallingLab();
  const invite = lab.call();

  lab.respond(invite, 100);
  lab.respond(invite, 180);
  lab.respond(invite, 200, { body: ANSWER });
  const ack = lab.takeOne();
  lab.respond(invite, 200, { body: ANSWER });
  const again = lab.takeOne();

  assert.equal(lab.events, [
    { type: 'progress', dialogId: 'd1', status: 180, answer: null },
    { type: 'accepted', dialogId: 'd1', description: ANSWER },
  ]);
  assert.equal([ack.name, ack.turn, again.name, again.turn], ['ACK', 'first', 'ACK', 'again']);
  assert.is(ack.header('cseq'), '1 ACK');
  assert.is(ack.header('to'), `${CALL.to};tag=bob`);
  assert.is.not(ack.header('via'), invite.header('via'), 'an ACK of a 2xx has a branch of its own');
  assert.is(lab.established.length, 1);
  assert.is(lab.established[0]?.dialog.remoteTag, 'bob');
  lab.advance(32_000);
  assert.equal(lab.leftovers, [0, 0, 0, 0]);
});

test('turns Record-Route around for its route set, loose and strict (RFC 3261 §12.1.2, §12.2.1.1)', () => {
  for (const [record, uri, routes] of [
    [
      '<sip:198.51.100.2;lr>, <sip:198.51.100.1:5080;lr>',
      'sip:1234@198.51.100.20:5060',
      ['<sip:198.51.100.1:5080;lr>', '<sip:198.51.100.2;lr>'],
    ],
    [
      '<sip:198.51.100.2>, <sip:198.51.100.1:5080>',
      'sip:198.51.100.1:5080',
      ['<sip:198.51.100.2>', '<sip:1234@198.51.100.20:5060>'],
    ],
  ] as const) {
    const lab = new CallingLab();
    const invite = lab.call();

    lab.respond(invite, 200, { body: ANSWER, lines: [`Record-Route: ${record}`] });
    const ack = lab.takeOne();

    assert.is(ack.request.uri, uri);
    assert.equal(ack.lines('route'), routes);
    assert.equal([ack.target.host, ack.target.port], ['198.51.100.1', 5080]);
  }
});

test('passes early media on, once for each fork', () => {
  const lab = new CallingLab();
  const invite = lab.call();

  lab.respond(invite, 183, { body: 'v=0\r\none', tag: 'one' });
  lab.respond(invite, 183, { body: 'v=0\r\none', tag: 'one' });
  lab.respond(invite, 183, { body: 'v=0\r\ntwo', tag: 'two' });

  assert.equal(
    lab.events.map((event) => (event.type === 'progress' ? event.answer : event.type)),
    ['v=0\r\none', null, 'v=0\r\ntwo'],
  );
});

test('takes the answer of a reliable provisional response when the 2xx has none (RFC 3262 §5)', () => {
  const lab = new CallingLab();
  const invite = lab.call();

  lab.respond(invite, 183, { body: ANSWER, lines: [...RELIABLE, 'RSeq: 7'] });
  lab.take();
  lab.respond(invite, 200);

  assert.equal(lab.lastEvent, { type: 'accepted', dialogId: 'd1', description: ANSWER });
});

test('answers reliable provisional responses by PRACK in order, each once (RFC 3262 §4)', () => {
  const lab = new CallingLab();
  const invite = lab.call();

  lab.respond(invite, 180, { lines: [...RELIABLE, 'RSeq: 41'] });
  const first = lab.takeOne();
  lab.respond(invite, 180, { lines: [...RELIABLE, 'RSeq: 41'] });
  assert.equal(lab.takeNames(), [], 'a copy');
  lab.respond(invite, 183, { lines: [...RELIABLE, 'RSeq: 43'] });
  assert.equal(lab.takeNames(), [], 'one that is too early');
  lab.respond(invite, 183, { lines: [...RELIABLE, 'RSeq: 42'] });
  const second = lab.takeOne();

  assert.equal([first.name, first.header('rack')], ['PRACK', '41 1 INVITE']);
  assert.equal([second.header('rack'), second.header('cseq')], ['42 1 INVITE', '3 PRACK']);
  assert.is(lab.events.length, 2);
  lab.respond(second, 200);
  lab.advance(500);
  assert.equal(lab.takeNames(), ['PRACK'], 'the first has no answer yet');
});

test('acknowledges and ends every fork that answers after the first (RFC 3261 §13.2.2.4)', () => {
  const lab = new CallingLab();
  const invite = lab.call();
  lab.respond(invite, 180, { tag: 'one' });
  lab.respond(invite, 180, { tag: 'two' });

  lab.respond(invite, 200, { tag: 'one', body: ANSWER });
  lab.take();
  lab.respond(invite, 200, { tag: 'two', body: ANSWER });
  const ended = lab.take();
  lab.respond(invite, 200, { tag: 'two', body: ANSWER });
  const again = lab.take();

  assert.equal(
    ended.map(({ name, header }) => [name, header('to'), header('cseq')]),
    [
      ['ACK', `${CALL.to};tag=two`, '1 ACK'],
      ['BYE', `${CALL.to};tag=two`, '2 BYE'],
    ],
  );
  assert.equal(
    again.map(({ name, turn }) => [name, turn]),
    [['ACK', 'again']],
  );
  assert.is(lab.established.length, 1);
  assert.is(lab.events.filter(({ type }) => type === 'accepted').length, 1);
  lab.respond(named(ended, 'BYE'), 200);
  lab.advance(40_000);
  assert.equal(lab.leftovers, [0, 0, 0, 0]);
});

test('sends CANCEL with the branch of the INVITE, and tells of the 487 once (RFC 3261 §9.1)', () => {
  const lab = new CallingLab();
  const invite = lab.call();
  lab.respond(invite, 180);

  lab.command({
    type: 'hang-up',
    dialogId: 'd1',
    reason: { protocol: 'Q.850', cause: 16, text: 'Normal' },
  });
  const cancel = lab.takeOne();
  lab.respond(cancel, 200);
  lab.respond(invite, 487);
  const ack = lab.takeOne();

  assert.is(cancel.name, 'CANCEL');
  for (const name of ['via', 'from', 'to', 'call-id']) {
    assert.is(cancel.header(name), invite.header(name), name);
  }
  assert.is(cancel.header('cseq'), '1 CANCEL');
  assert.match(cancel.header('reason'), /^Q\.850;cause=16/);
  assert.equal([ack.name, ack.header('via')], ['ACK', invite.header('via')]);
  assert.is(ack.header('to'), `${CALL.to};tag=bob`);
  assert.equal(lab.lastEvent, { type: 'refused', dialogId: 'd1', status: 487, why: 'cancelled' });
  lab.advance(40_000);
  assert.equal(lab.leftovers, [0, 0, 0, 0]);
});

test('sends INVITE, CANCEL and the ACK of a refusal by the routes that the call is to take (RFC 3608 §6.1)', () => {
  const lab = new CallingLab();
  const routeSet = ['<sip:192.0.2.1;lr>', '<sip:core.example.net;lr>'];
  const invite = lab.call({ routeSet });
  lab.respond(invite, 180);
  lab.hangUp();
  const cancel = lab.takeOne();
  lab.respond(invite, 487);
  const ack = lab.takeOne();

  for (const sent of [invite, cancel, ack]) assert.equal(sent.lines('route'), routeSet, sent.name);
  assert.is(invite.target.host, '198.51.100.20', 'the trunk is the first hop all the same');
});

test('holds CANCEL back until a provisional response is here (RFC 3261 §9.1)', () => {
  const lab = new CallingLab();
  const invite = lab.call();

  lab.hangUp();
  assert.equal(lab.takeNames(), []);
  lab.respond(invite, 100);

  assert.equal(lab.takeNames(), ['CANCEL']);
});

test('gives up by itself when nobody says anything after hanging up', () => {
  const lab = new CallingLab();
  lab.call();
  lab.hangUp();

  lab.advance(32_000);

  assert.equal(lab.events, [{ type: 'refused', dialogId: 'd1', status: 0, why: 'cancelled' }]);
  assert.equal(lab.leftovers, [0, 0, 0, 0]);
});

test('waits no longer than 64*T1 for the end of what was cancelled (RFC 3261 §9.1)', () => {
  const lab = new CallingLab();
  const invite = lab.call();
  lab.respond(invite, 180);
  lab.hangUp();
  lab.respond(named(lab.take(), 'CANCEL'), 200);

  lab.advance(32_000);

  assert.equal(lab.lastEvent, { type: 'refused', dialogId: 'd1', status: 0, why: 'cancelled' });
  lab.advance(5000);
  assert.equal(lab.leftovers, [0, 0, 0, 0]);
});

test('cancels a call that nobody answers in time', () => {
  const lab = new CallingLab();
  const invite = lab.call({ answerWithinMs: 20_000 });
  lab.respond(invite, 180);

  lab.advance(20_000);
  assert.equal(lab.takeNames(), ['CANCEL']);
  lab.respond(invite, 487);

  assert.equal(lab.lastEvent, { type: 'refused', dialogId: 'd1', status: 487, why: 'timeout' });
});

test('acknowledges and ends a call that is answered while CANCEL is on its way', () => {
  const lab = new CallingLab();
  const invite = lab.call();
  lab.respond(invite, 180);
  lab.hangUp();
  lab.take();

  lab.respond(invite, 200, { body: ANSWER });

  assert.equal(lab.takeNames(), ['ACK', 'BYE']);
  assert.equal(lab.lastEvent, { type: 'refused', dialogId: 'd1', status: 487, why: 'cancelled' });
  assert.is(lab.established.length, 0);
});

test('sends no offer when it has none, and the ACK with its answer (RFC 3261 §13.2.1)', () => {
  const lab = new CallingLab();
  const invite = lab.call({ offer: null });
  assert.is(invite.header('supported'), 'timer, 100rel');

  lab.respond(invite, 200, { body: 'v=0\r\noffer' });
  lab.respond(invite, 200, { body: 'v=0\r\noffer' });
  assert.equal(lab.takeNames(), [], 'the ACK waits for the answer');
  lab.command({ type: 'acknowledge', dialogId: 'd1', sdp: ANSWER });
  const ack = lab.takeOne();

  assert.equal(lab.events, [{ type: 'accepted', dialogId: 'd1', description: 'v=0\r\noffer' }]);
  assert.is(Buffer.from(ack.request.body).toString(), ANSWER);
  assert.is(lab.established[0]?.localSdp, ANSWER);
});

test('ends a call whose offer nobody answers for 64*T1, or that is hung up before', () => {
  const left = new CallingLab();
  left.respond(left.call({ offer: null }), 200, { body: SDP });
  left.advance(32_000);
  const hungUp = new CallingLab();
  hungUp.respond(hungUp.call({ offer: null }), 200, { body: SDP });
  hungUp.hangUp();

  assert.equal(
    left.take().map(({ name }) => name),
    ['ACK', 'BYE'],
  );
  assert.equal(left.lastEvent, { type: 'ended', dialogId: 'd1', by: 'no-ack' });
  assert.equal(hungUp.takeNames(), ['ACK', 'BYE']);
  assert.equal(hungUp.lastEvent, { type: 'ended', dialogId: 'd1', by: 'us' });
});

test('ends a call whose 2xx answers no offer', () => {
  const lab = new CallingLab();

  lab.respond(lab.call(), 200);

  assert.equal(lab.takeNames(), ['ACK', 'BYE']);
  assert.equal(lab.lastEvent, { type: 'refused', dialogId: 'd1', status: 488, why: 'peer' });
});

test('answers a request outside of dialogs to whoever asked for it, once', () => {
  const lab = new CallingLab();
  const request = {
    requestId: 'ping-1',
    method: 'OPTIONS',
    uri: 'sip:trunk.example.net',
    target: udpTarget(),
    localHost: '192.0.2.10',
    headers: [
      ['From', '<sip:192.0.2.10>;tag=a'],
      ['To', '<sip:trunk.example.net>'],
      ['Call-ID', 'c1'],
      ['CSeq', '1 OPTIONS'],
    ],
  } as const;

  lab.client.command({ type: 'request', request }, 0);
  const options = lab.takeOne();
  lab.respond(options, 200);
  lab.respond(options, 200);
  lab.client.command({ type: 'request', request: { ...request, requestId: 'ping-2' } }, 0);
  lab.advance(40_000);

  assert.is(options.header('max-forwards'), '70');
  assert.equal(
    lab.events.map((event) =>
      event.type === 'request-answered'
        ? [event.requestId, event.response.status]
        : event.type === 'request-failed'
          ? [event.requestId, event.why]
          : event.type,
    ),
    [
      ['ping-1', 200],
      ['ping-2', 'timeout'],
    ],
  );
  assert.equal(lab.leftovers, [0, 0, 0, 0]);
});

test('tells at once when the connection of a request breaks', () => {
  const lab = new CallingLab();
  const flow = outboundFlow({ transport: 'tcp', host: '198.51.100.20', port: 5060, localPort: 0 });

  const invite = lab.call({ targets: [{ flow, host: '198.51.100.20', port: 5060 }] });
  lab.flowClosed(flow);

  assert.match(invite.header('via'), /^SIP\/2\.0\/TCP 192\.0\.2\.10;branch=/, 'nobody listens');
  assert.is(invite.header('contact'), '<sip:192.0.2.10;transport=tcp>');
  assert.equal(lab.events, [{ type: 'refused', dialogId: 'd1', status: 0, why: 'transport' }]);
  assert.equal(lab.leftovers, [0, 0, 0, 0]);
});

test.run();
