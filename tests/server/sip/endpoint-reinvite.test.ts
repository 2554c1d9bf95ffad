import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { SDP, SipLab, toTagOf } from './sip-lab.ts';

const REOFFER = 'v=0\r\na=sendonly\r\n';

test('raises a re-INVITE as reoffer and takes its answer', () => {
  const lab = new SipLab();
  const toTag = lab.establish();

  lab.request({ method: 'INVITE', cseq: 2, toTag, body: REOFFER });
  assert.equal(lab.takeNames(), ['100']);
  assert.equal(lab.events.at(-1), { type: 'reoffer', dialogId: lab.dialogId, offer: REOFFER });
  lab.answer();
  lab.request({ method: 'ACK', cseq: 2, branch: 'z9hG4bK-ack2', toTag });

  assert.is(lab.takeOne().name, '200');
  assert.equal(lab.eventTypes, ['invite', 'established', 'reoffer', 'established']);
});

test('raises a re-INVITE without a body with a null offer, and its answer from the ACK', () => {
  const lab = new SipLab();
  const toTag = lab.establish();

  lab.request({ method: 'INVITE', cseq: 2, toTag });
  assert.equal(lab.events.at(-1), { type: 'reoffer', dialogId: lab.dialogId, offer: null });
  lab.answer();
  lab.request({ method: 'ACK', cseq: 2, branch: 'z9hG4bK-ack2', toTag, body: SDP });

  assert.equal(lab.events.at(-1), { type: 'established', dialogId: lab.dialogId, answer: SDP });
});

test('refreshes the remote target from an accepted re-INVITE (RFC 3261 §12.2.2)', () => {
  const lab = new SipLab();
  const toTag = lab.establish();
  const contact = '<sip:alice@198.51.100.9:5099>';

  lab.request({ method: 'INVITE', cseq: 2, toTag, body: REOFFER, contact });
  lab.answer();
  lab.request({ method: 'ACK', cseq: 2, branch: 'z9hG4bK-ack2', toTag });
  lab.take();
  lab.hangUp();

  const bye = lab.takeOne();
  assert.ok(bye.message.kind === 'request');
  assert.is(bye.message.uri, 'sip:alice@198.51.100.9:5099');
  assert.equal([bye.host, bye.port], ['198.51.100.9', 5099]);
});

test('keeps the remote target and the call when a re-INVITE is rejected', () => {
  const lab = new SipLab();
  const toTag = lab.establish();
  const contact = '<sip:alice@198.51.100.9:5099>';

  lab.request({ method: 'INVITE', cseq: 2, toTag, body: REOFFER, contact, branch: 'z9hG4bK-r' });
  lab.reject(488);
  lab.request({ method: 'ACK', cseq: 2, branch: 'z9hG4bK-r', toTag });
  assert.equal(lab.takeNames(), ['100', '488']);
  lab.hangUp();

  assert.is(lab.takeOne().host, '198.51.100.7');
  assert.equal(lab.eventTypes, ['invite', 'established', 'reoffer', 'ended']);
});

test('refuses a second INVITE before the first is answered with 500 and Retry-After (RFC 3261 §14.2)', () => {
  const lab = new SipLab();
  const toTag = lab.establish();
  lab.request({ method: 'INVITE', cseq: 2, toTag, body: REOFFER });
  lab.take();

  lab.request({ method: 'INVITE', cseq: 3, toTag, body: REOFFER });

  const [, refusal] = lab.take();
  assert.ok(refusal);
  assert.is(refusal.name, '500');
  assert.match(refusal.message.headers.first('retry-after') ?? '', /^[0-9]$/);
  lab.answer();
  assert.is(lab.takeOne().message.headers.first('cseq'), '2 INVITE');
});

test('refuses an INVITE within the early dialog with 500', () => {
  const lab = new SipLab();
  lab.request({ method: 'INVITE', body: SDP });
  lab.command({ type: 'ring', dialogId: lab.dialogId });
  const toTag = toTagOf(lab.take().at(-1));

  lab.request({ method: 'INVITE', cseq: 2, toTag, body: SDP });

  assert.equal(lab.takeNames(), ['100', '500']);
});

test('takes a re-INVITE that overtakes the ACK as a sign that the 200 has arrived', () => {
  const lab = new SipLab();
  lab.request({ method: 'INVITE', body: SDP });
  lab.answer();
  const toTag = toTagOf(lab.take().at(-1));

  lab.request({ method: 'INVITE', cseq: 2, toTag, body: REOFFER });
  lab.request({ method: 'ACK', cseq: 1, branch: 'z9hG4bK-late', toTag });
  lab.answer();
  lab.request({ method: 'ACK', cseq: 2, branch: 'z9hG4bK-ack2', toTag });

  assert.equal(lab.eventTypes, ['invite', 'established', 'reoffer', 'established']);
  assert.equal(lab.takeNames(), ['100', '200']);
});

test('refuses a re-INVITE with 491 while the ACK is to bring the answer to our offer', () => {
  const lab = new SipLab();
  lab.request({ method: 'INVITE' });
  lab.answer();
  const toTag = toTagOf(lab.take().at(-1));

  lab.request({ method: 'INVITE', cseq: 2, toTag, body: REOFFER });

  assert.equal(lab.takeNames(), ['100', '491']);
  lab.request({ method: 'ACK', cseq: 1, branch: 'z9hG4bK-ack', toTag, body: SDP });
  assert.equal(lab.events.at(-1), { type: 'established', dialogId: lab.dialogId, answer: SDP });
});

test('ends the call when a re-INVITE is never acknowledged', () => {
  const lab = new SipLab();
  const toTag = lab.establish();
  lab.request({ method: 'INVITE', cseq: 2, toTag, body: REOFFER });
  lab.answer();

  lab.advance(32_000);

  assert.is(lab.take().at(-1)?.name, 'BYE');
  assert.equal(lab.events.at(-1), { type: 'ended', dialogId: lab.dialogId, by: 'no-ack' });
});

test('takes CANCEL of a re-INVITE: 487, and the call goes on', () => {
  const lab = new SipLab();
  const toTag = lab.establish();
  lab.request({ method: 'INVITE', cseq: 2, toTag, body: REOFFER, branch: 'z9hG4bK-r' });
  lab.take();

  lab.request({ method: 'CANCEL', cseq: 2, toTag, branch: 'z9hG4bK-r' });

  assert.equal(lab.takeNames(), ['200', '487']);
  lab.answer();
  assert.equal(lab.takeNames(), [], 'there is nothing left to answer');
  lab.request({ method: 'INVITE', cseq: 3, toTag, body: REOFFER });
  assert.is(lab.events.at(-1)?.type, 'reoffer');
});

test('answers a BYE during a re-INVITE with 200, and the re-INVITE with 487', () => {
  const lab = new SipLab();
  const toTag = lab.establish();
  lab.request({ method: 'INVITE', cseq: 2, toTag, body: REOFFER });
  lab.take();

  lab.request({ method: 'BYE', cseq: 3, toTag });

  assert.equal(lab.takeNames(), ['200', '487']);
  assert.equal(lab.eventTypes, ['invite', 'established', 'reoffer', 'ended']);
});

test('hangs up during a re-INVITE: 487 to it, then BYE', () => {
  const lab = new SipLab();
  const toTag = lab.establish();
  lab.request({ method: 'INVITE', cseq: 2, toTag, body: REOFFER });
  lab.take();

  lab.hangUp();

  assert.equal(lab.takeNames(), ['487', 'BYE']);
});

for (const [name, body] of [
  ['with an offer', REOFFER],
  ['without one', undefined],
] as const) {
  test(`hangs up at once after the 2xx to a re-INVITE ${name} that is not acknowledged (RFC 3261 §15)`, () => {
    const lab = new SipLab();
    const toTag = lab.establish();
    lab.request({ method: 'INVITE', cseq: 2, toTag, ...(body === undefined ? {} : { body }) });
    lab.answer();
    lab.take();

    lab.hangUp();

    const bye = lab.takeOne();
    assert.is(bye.name, 'BYE');
    assert.equal(lab.events.at(-1), { type: 'ended', dialogId: lab.dialogId, by: 'us' });
    lab.request({ method: 'ACK', cseq: 2, branch: 'z9hG4bK-ack2', toTag });
    lab.reply(bye, 200);
    lab.advance(64_000);
    assert.equal(lab.takeNames(), [], 'the late ACK is absorbed, and the 2xx no longer repeated');
    assert.equal(lab.endpoint.figures, { ...lab.endpoint.figures, dialogs: 0, transactions: 0 });
  });
}

test('refuses a re-INVITE that crosses our BYE with 481', () => {
  const lab = new SipLab();
  const toTag = lab.establish();
  lab.hangUp();
  lab.take();

  lab.request({ method: 'INVITE', cseq: 2, toTag, body: REOFFER });

  assert.equal(lab.takeNames(), ['100', '481']);
});

test('refuses a request whose CSeq is not above the last with 500 (RFC 3261 §12.2.2)', () => {
  const lab = new SipLab();
  const toTag = lab.establish({ cseq: 7 });

  for (const cseq of [6, 7]) {
    lab.request({ method: 'INVITE', cseq, toTag, body: REOFFER, branch: `z9hG4bK-low${cseq}` });
    assert.is(lab.takeOne().name, '500');
  }

  assert.equal(lab.eventTypes, ['invite', 'established']);
});

test('refuses a re-INVITE whose Contact cannot be read with 400, and the call goes on', () => {
  const lab = new SipLab();
  const toTag = lab.establish();

  lab.request({ method: 'INVITE', cseq: 2, toTag, body: REOFFER, contact: '"open <sip:a@b>' });

  assert.is(lab.takeOne().name, '400');
  assert.equal(lab.eventTypes, ['invite', 'established']);
});

test.run();
