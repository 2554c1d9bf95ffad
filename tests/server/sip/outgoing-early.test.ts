import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { CallingLab } from './calling-lab.ts';
import { SDP } from './sip-lab.ts';

const ANSWER = 'v=0\r\nanswer';
const RELIABLE = ['Require: 100rel'];

test('answers the requests of the peer within an early dialog (RFC 3311 §5.2)', () => {
  const lab = new CallingLab();
  const invite = lab.call();
  lab.respond(invite, 183, { body: SDP });

  lab.peerRequest(invite, 'UPDATE', { tag: 'bob', cseq: 1 });
  assert.equal(lab.takeNames(), ['200'], 'a new address only');
  lab.peerRequest(invite, 'UPDATE', { tag: 'bob', cseq: 2, body: SDP });
  assert.equal(lab.takeNames(), ['491'], 'our own offer has no sure answer yet');
  lab.peerRequest(invite, 'INFO', { tag: 'bob', cseq: 2 });
  assert.equal(lab.takeNames(), ['500'], 'a CSeq that was used');
  lab.respond(invite, 183, { body: SDP, lines: [...RELIABLE, 'RSeq: 1'] });
  lab.take();
  lab.peerRequest(invite, 'UPDATE', { tag: 'bob', cseq: 3, body: 'v=0\r\nupdated' });
  lab.peerRequest(invite, 'UPDATE', { tag: 'bob', cseq: 4, body: SDP });
  assert.equal(lab.takeNames(), ['500'], 'the offer before has no answer yet');
  lab.command({ type: 'answer', dialogId: 'd1', sdp: ANSWER, localHost: '192.0.2.10' });

  assert.equal(lab.lastEvent, { type: 'reoffer', dialogId: 'd1', offer: 'v=0\r\nupdated' });
  const answered = lab.takeOne();
  assert.equal([answered.name, answered.header('cseq')], ['200', '3 UPDATE']);
  assert.is(lab.peerRequest(invite, 'UPDATE', { tag: 'stranger', cseq: 1 }), 'foreign');
  lab.respond(invite, 200, { body: SDP });
  const accepted = { type: 'accepted', dialogId: 'd1', description: 'v=0\r\nupdated' };
  assert.equal(
    lab.lastEvent,
    accepted,
    'a 2xx that repeats the first answer does not undo the second',
  );
  assert.is(lab.established[0]?.localSdp, ANSWER);
});

test('serves within an early dialog what it serves within a call, and nothing else', () => {
  const lab = new CallingLab();
  const invite = lab.call();
  lab.respond(invite, 180);

  const answers = ['OPTIONS', 'INFO', 'REFER', 'NOTIFY', 'SUBSCRIBE', 'MESSAGE'].map(
    (method, index) => {
      lab.peerRequest(invite, method, { tag: 'bob', cseq: index + 1 });
      return lab.takeOne().name;
    },
  );

  assert.equal(answers, ['200', '200', '603', '489', '489', '405']);
});

test('refuses keys of a telephone that has not picked up with 480, not with a 200 that loses them', () => {
  const lab = new CallingLab();
  const invite = lab.call();
  lab.respond(invite, 180);

  lab.peerRequest(invite, 'INFO', { tag: 'bob', cseq: 1, body: '5', type: 'application/dtmf' });

  assert.is(lab.takeOne().name, '480');
});

const RING_WITH_OFFER = { body: 'v=0\r\noffer', lines: [...RELIABLE, 'RSeq: 1'] };
const ANSWERED = { type: 'answer', dialogId: 'd1', sdp: ANSWER, localHost: '192.0.2.10' } as const;

test('answers an offer in a reliable provisional answer by its PRACK, and acknowledges the 2xx at once (RFC 3262 §5)', () => {
  const lab = new CallingLab();
  const invite = lab.call({ offer: null });
  lab.respond(invite, 183, RING_WITH_OFFER);
  lab.respond(invite, 183, RING_WITH_OFFER);
  assert.equal(lab.takeNames(), [], 'the PRACK waits for the answer');
  assert.equal(lab.events, [
    { type: 'progress', dialogId: 'd1', status: 183, answer: null },
    { type: 'reoffer', dialogId: 'd1', offer: 'v=0\r\noffer' },
  ]);

  lab.command(ANSWERED);
  const prack = lab.takeOne();
  assert.equal([prack.name, prack.header('rack')], ['PRACK', '1 1 INVITE']);
  assert.is(Buffer.from(prack.request.body).toString(), ANSWER);
  assert.is(prack.header('content-type'), 'application/sdp');

  lab.respond(invite, 200);
  const ack = lab.takeOne();
  assert.equal([ack.name, ack.request.body.length], ['ACK', 0]);
  const accepted = { type: 'accepted', dialogId: 'd1', description: 'v=0\r\noffer' };
  assert.equal(lab.lastEvent, accepted);
  assert.is(lab.established[0]?.localSdp, ANSWER);
});

test('acknowledges later reliable answers of a call without an offer at once', () => {
  const lab = new CallingLab();
  const invite = lab.call({ offer: null });
  lab.respond(invite, 183, RING_WITH_OFFER);
  lab.command(ANSWERED);
  lab.take();

  lab.respond(invite, 180, { lines: [...RELIABLE, 'RSeq: 2'] });

  assert.is(lab.takeOne().header('rack'), '2 1 INVITE');
});

test('ends a call whose early offer will not do', () => {
  const lab = new CallingLab();
  const invite = lab.call({ offer: null });
  lab.respond(invite, 183, RING_WITH_OFFER);
  const reject = { type: 'reject', dialogId: 'd1', retryAfterS: null, reason: null } as const;

  lab.command({ ...reject, status: 488 });

  assert.equal(lab.takeNames(), ['PRACK', 'CANCEL']);
  lab.respond(invite, 487);
  assert.equal(lab.lastEvent, { type: 'refused', dialogId: 'd1', status: 487, why: 'peer' });
});

test('takes a 2xx that overtakes our answer to an early offer: the answer goes with the ACK', () => {
  const lab = new CallingLab();
  const invite = lab.call({ offer: null });
  lab.respond(invite, 183, RING_WITH_OFFER);

  lab.respond(invite, 200);
  lab.command(ANSWERED);
  assert.equal(lab.takeNames(), []);
  lab.command({ type: 'acknowledge', dialogId: 'd1', sdp: ANSWER });

  assert.is(Buffer.from(lab.takeOne().request.body).toString(), ANSWER);
  assert.is(lab.established.length, 1);
});

test('is not made to send ACK and BYE without end by a peer that answers with ever new tags', () => {
  const lab = new CallingLab();
  const invite = lab.call();
  lab.respond(invite, 200, { tag: 'first', body: ANSWER });
  lab.take();

  for (let fork = 0; fork < 500; fork += 1)
    lab.respond(invite, 200, { tag: `f${fork}`, body: ANSWER });

  assert.is(lab.takeNames().filter((name) => name === 'BYE').length, 63);
  assert.is(lab.established.length, 1);
  lab.advance(80_000);
  assert.equal(lab.leftovers, [0, 0, 0, 0]);
});

test('gives a call up whose peer has said BYE within an early dialog', () => {
  const lab = new CallingLab();
  const invite = lab.call();
  lab.respond(invite, 180);

  lab.peerRequest(invite, 'BYE', { tag: 'bob', cseq: 1 });
  assert.equal(lab.takeNames(), ['200', 'CANCEL']);
  lab.respond(invite, 487);

  assert.equal(lab.lastEvent, { type: 'refused', dialogId: 'd1', status: 487, why: 'peer' });
});

test.run();
