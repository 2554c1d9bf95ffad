import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { CallingLab } from './calling-lab.ts';
import { MULTIPART, SDP, SipLab, toTagOf, withIsup } from './sip-lab.ts';

const THEIRS = 'v=0\r\ntheirs';
const OURS = 'v=0\r\nours';
/** A body in which SDP stands beside ISUP, as the pieces of a message. */
const WRAPPED = { body: withIsup(THEIRS), lines: [MULTIPART] };

test('hears the offer of an INVITE beside its ISUP, and answers it', () => {
  const lab = new SipLab();

  lab.request({ method: 'INVITE', ...WRAPPED });
  lab.answer();

  const invited = lab.events.find((event) => event.type === 'invite');
  assert.is(invited?.type === 'invite' ? invited.invite.offer : null, THEIRS);
  const ok = lab.take().at(-1);
  assert.ok(ok !== undefined && ok.name === '200');
  assert.is(ok.message.headers.first('content-type'), 'application/sdp', 'we send no ISUP');
});

test('rings reliably for an offer that stands beside ISUP, as for any other (RFC 3262 §5)', () => {
  const lab = new SipLab();
  lab.request({ method: 'INVITE', body: WRAPPED.body, lines: [MULTIPART, 'Supported: 100rel'] });
  lab.command({ type: 'ring', dialogId: lab.dialogId });
  const ring = lab.take().at(-1);
  const rack = `RAck: ${ring?.message.headers.first('rseq') ?? ''} 1 INVITE`;
  const toTag = toTagOf(ring);

  lab.request({
    method: 'PRACK',
    cseq: 2,
    toTag,
    body: WRAPPED.body,
    lines: [MULTIPART, rack],
  });

  assert.equal(lab.takeNames(), ['488'], 'an offer in a PRACK comes before its time');
});

test('hears the answer in an ACK beside its ISUP', () => {
  const lab = new SipLab();
  lab.request({ method: 'INVITE' });
  lab.answer();
  const toTag = toTagOf(lab.take().at(-1));

  lab.request({ method: 'ACK', branch: 'z9hG4bK-ack', toTag, ...WRAPPED });

  const { dialogId } = lab;
  assert.equal(lab.events.at(-1), { type: 'established', dialogId, answer: THEIRS });
});

test('takes the broken multipart of an ACK for an answer that is missing', () => {
  const lab = new SipLab();
  lab.request({ method: 'INVITE' });
  lab.answer();
  const toTag = toTagOf(lab.take().at(-1));

  const body = WRAPPED.body.replace('--unique-boundary-1--', '');
  lab.request({ method: 'ACK', branch: 'z9hG4bK-ack', toTag, body, lines: [MULTIPART] });

  const { dialogId } = lab;
  assert.equal(lab.events.at(-1), { type: 'established', dialogId, answer: null });
});

for (const method of ['INVITE', 'UPDATE']) {
  test(`hears the offer of ${method === 'INVITE' ? 'a re-INVITE' : 'an UPDATE'} beside its ISUP`, () => {
    const lab = new SipLab();
    const toTag = lab.establish();

    lab.request({ method, cseq: 2, toTag, ...WRAPPED });
    assert.equal(lab.events.at(-1), { type: 'reoffer', dialogId: lab.dialogId, offer: THEIRS });
    lab.answer();

    assert.is(lab.take().at(-1)?.name, '200');
  });
}

test('takes an UPDATE that bears nothing but ISUP for one without an offer', () => {
  const lab = new SipLab();
  const toTag = lab.establish();
  const lines = ['Content-Type: application/isup', 'Content-Disposition: signal;handling=optional'];

  lab.request({ method: 'UPDATE', cseq: 2, toTag, body: '\u0001\u0002', lines });

  const updated = lab.takeOne();
  assert.is(updated.name, '200');
  assert.is(updated.message.body.length, 0);
});

test('hears the answer to its own offers beside the ISUP of a 183 and of a 200', () => {
  const lab = new CallingLab();
  const invite = lab.call();

  lab.respond(invite, 183, WRAPPED);
  assert.equal(lab.lastEvent, { type: 'progress', dialogId: 'd1', status: 183, answer: THEIRS });
  lab.respond(invite, 200, WRAPPED);

  assert.equal(lab.lastEvent, { type: 'accepted', dialogId: 'd1', description: THEIRS });
  assert.equal(lab.takeNames(), ['ACK']);
});

test('keeps a call of its own whose 200 has a part that nobody here understands, though it must be', () => {
  const lab = new CallingLab();
  const invite = lab.call();

  lab.respond(invite, 200, { ...WRAPPED, body: WRAPPED.body.replace('optional', 'required') });

  assert.equal(lab.lastEvent, { type: 'accepted', dialogId: 'd1', description: THEIRS });
  assert.equal(lab.takeNames(), ['ACK']);
});

test('hears the answer to a re-INVITE of its own beside ISUP', () => {
  const lab = new SipLab();
  lab.call(WRAPPED);
  lab.take();
  const { dialogId } = lab;
  lab.command({ type: 'offer', dialogId, sdp: OURS });

  lab.reply(lab.takeOne(), 200, WRAPPED);

  assert.equal(lab.events.at(-1), { type: 'renegotiated', dialogId, answer: THEIRS });
});

test('hears the key of an INFO beside its ISUP, and passes ISUP alone over', () => {
  const lab = new SipLab();
  const toTag = lab.establish();
  const { dialogId } = lab;
  const body = withIsup('Signal=5\r\nDuration=200').replace('/sdp', '/dtmf-relay');

  lab.request({ method: 'INFO', cseq: 2, toTag, body, lines: [MULTIPART] });
  lab.request({
    method: 'INFO',
    cseq: 3,
    toTag,
    body: '\u0001\u0002',
    lines: ['Content-Type: application/isup;version=itu-t92+'],
  });

  assert.equal(lab.takeNames(), ['200', '200']);
  assert.equal(lab.events.at(-1), { type: 'info-key', dialogId, key: '5', durationMs: 200 });
});

const REFUSALS: readonly (readonly [name: string, body: string, status: string])[] = [
  [
    'a part that must be understood and is not with 415',
    withIsup(SDP).replace('optional', 'required'),
    '415',
  ],
  ['a multipart without a description with 415', withIsup(SDP).replace('/sdp', '/x-own'), '415'],
  ['a multipart without an end with 400', withIsup(SDP).replace('-1--', '-2'), '400'],
];

for (const [name, body, status] of REFUSALS) {
  test(`refuses an INVITE with ${name} (RFC 5621 §4)`, () => {
    const lab = new SipLab();

    lab.request({ method: 'INVITE', body, lines: [MULTIPART] });

    const refused = lab.takeOne();
    assert.is(refused.name, status);
    assert.equal(lab.events, []);
    if (refused.message.kind !== 'response') return;
    const { headers, reasonPhrase } = refused.message;
    const types = 'application/sdp, multipart/mixed, multipart/alternative';
    if (status === '415') assert.is(headers.first('accept'), types);
    else assert.is(reasonPhrase, 'Multipart Without an End');
  });
}

test.run();
