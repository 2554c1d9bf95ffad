import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { NEVER } from '../../../mixer/protocol/units.ts';
import { PEER_FLOW, responseText, SDP, SipLab, toTagOf } from './sip-lab.ts';

const INVITE = { method: 'INVITE', body: SDP } as const;

/** Lets every timer run out and shows that nothing is left. */
function assertNothingLeft(lab: SipLab): void {
  lab.advance(120_000);
  assert.is(lab.endpoint.deadlineMs, NEVER);
  assert.is(lab.endpoint.figures.transactions, 0);
  assert.is(lab.endpoint.figures.dialogs, 0);
}

test('sends 100 at once, without a tag, and raises the INVITE', () => {
  const lab = new SipLab();

  lab.request({ ...INVITE, lines: ['Timestamp: 54'] });

  const trying = lab.takeOne();
  assert.is(trying.name, '100');
  assert.is(toTagOf(trying), '');
  assert.is(trying.message.headers.first('timestamp'), '54');
  assert.equal([trying.host, trying.port], ['198.51.100.7', 5070]);
  const event = lab.events[0];
  assert.ok(event?.type === 'invite');
  const { callIdHeader, flow, calledUser, fromUser, fromDisplayName, offer } = event.invite;
  assert.equal([callIdHeader, flow, calledUser], ['call-1', PEER_FLOW, '908']);
  assert.equal([fromUser, fromDisplayName, offer], ['alice', 'Alice', SDP]);
});

test('answers a retransmitted INVITE with the latest provisional response', () => {
  const lab = new SipLab();
  lab.request(INVITE);
  lab.command({ type: 'ring', dialogId: lab.dialogId });
  const [, ringing] = lab.take();

  lab.request(INVITE);

  assert.is(lab.takeOne().text, ringing?.text);
  assert.equal(lab.eventTypes, ['invite']);
});

test('gives 180 and 200 the same tag, a Contact and the whole Record-Route in order', () => {
  const lab = new SipLab();
  const lines = [
    'Record-Route: <sip:198.51.100.3;lr>, <sip:198.51.100.2;lr>;x="a,b"',
    'Record-Route: <sip:198.51.100.1;lr>',
  ];
  lab.request({ ...INVITE, lines });

  lab.command({ type: 'ring', dialogId: lab.dialogId });
  lab.answer();

  const [, ringing, ok] = lab.take();
  assert.is(ringing?.name, '180');
  assert.is(ok?.name, '200');
  assert.is.not(toTagOf(ok), '');
  assert.is(toTagOf(ringing), toTagOf(ok));
  for (const response of [ringing, ok]) {
    assert.equal(response?.message.headers.list('record-route'), [
      '<sip:198.51.100.3;lr>',
      '<sip:198.51.100.2;lr>;x="a,b"',
      '<sip:198.51.100.1;lr>',
    ]);
    assert.is(response?.message.headers.first('contact'), '<sip:192.0.2.10:5060>');
  }
  assert.is(Buffer.from(ok?.message.body ?? []).toString(), 'v=0\r\nanswer');
});

test('raises established at the ACK, and absorbs copies of it', () => {
  const lab = new SipLab();

  const toTag = lab.establish();
  lab.request({ method: 'ACK', branch: 'z9hG4bK-ack', toTag });

  assert.equal(lab.events.slice(1), [
    { type: 'established', dialogId: lab.dialogId, answer: null },
  ]);
  assert.equal(lab.takeNames(), []);
});

test('takes the answer from the ACK when the INVITE had no offer', () => {
  const lab = new SipLab();
  lab.request({ method: 'INVITE' });
  const event = lab.events[0];
  assert.ok(event?.type === 'invite');
  assert.is(event.invite.offer, null);
  lab.answer();
  const toTag = toTagOf(lab.take().at(-1));

  lab.request({ method: 'ACK', branch: 'z9hG4bK-ack', toTag, body: SDP });

  assert.equal(lab.events.at(-1), { type: 'established', dialogId: lab.dialogId, answer: SDP });
});

test('retransmits the 200 every T1 doubling to T2, and after 64*T1 without ACK sends BYE (RFC 3261 §13.3.1.4)', () => {
  const lab = new SipLab();
  lab.request(INVITE);
  lab.answer();
  lab.take();

  lab.advance(32_000);

  const sent = lab.take();
  const repeats = sent.filter((each) => each.name === '200').map((each) => each.atMs);
  assert.equal(repeats, [500, 1500, 3500, 7500, 11500, 15500, 19500, 23500, 27500, 31500]);
  assert.is(sent.at(-1)?.name, 'BYE');
  assert.equal(lab.events.at(-1), { type: 'ended', dialogId: lab.dialogId, by: 'no-ack' });
  assertNothingLeft(lab);
});

test('sends the 200 again when the INVITE comes again before the ACK, and absorbs it after', () => {
  const lab = new SipLab();
  lab.request(INVITE);
  lab.answer();
  const ok = lab.take().at(-1);

  lab.request(INVITE);
  assert.is(lab.takeOne().text, ok?.text);

  lab.request({ method: 'ACK', branch: 'z9hG4bK-ack', toTag: toTagOf(ok) });
  lab.request(INVITE);
  assert.equal(lab.takeNames(), []);
  assert.equal(lab.eventTypes, ['invite', 'established']);
});

test('takes an ACK that bears the branch of its INVITE', () => {
  const lab = new SipLab();
  lab.request({ ...INVITE, branch: 'z9hG4bK-same' });
  lab.answer();
  const toTag = toTagOf(lab.take().at(-1));

  lab.request({ method: 'ACK', branch: 'z9hG4bK-same', toTag });

  assert.equal(lab.eventTypes, ['invite', 'established']);
});

test("answers the peer's BYE, and its retransmissions with the same 200", () => {
  const lab = new SipLab();
  const toTag = lab.establish();

  lab.request({ method: 'BYE', cseq: 2, toTag });
  const ok = lab.takeOne();
  lab.request({ method: 'BYE', cseq: 2, toTag });

  assert.is(ok.name, '200');
  assert.is(lab.takeOne().text, ok.text);
  assert.equal(lab.events.at(-1), { type: 'ended', dialogId: lab.dialogId, by: 'peer' });
  assert.is(lab.endpoint.figures.dialogs, 0);
  assertNothingLeft(lab);
});

test('refuses a second BYE of the same dialog with 481', () => {
  const lab = new SipLab();
  const toTag = lab.establish();
  lab.request({ method: 'BYE', cseq: 2, toTag });
  lab.take();

  lab.request({ method: 'BYE', cseq: 3, toTag });

  assert.is(lab.takeOne().name, '481');
});

test('sends BYE to hang up, with Reason, and repeats it until it is answered', () => {
  const lab = new SipLab();
  const toTag = lab.establish();
  const reason = { protocol: 'Q.850', cause: 16, text: 'say "bye"' } as const;

  lab.command({ type: 'hang-up', dialogId: lab.dialogId, reason });
  const bye = lab.takeOne();
  lab.advance(500);
  const again = lab.takeOne();
  lab.receive(responseText(again, 200));
  lab.advance(10_000);

  assert.is(bye.name, 'BYE');
  assert.ok(bye.message.kind === 'request');
  assert.is(bye.message.uri, 'sip:alice@198.51.100.7:5070');
  assert.equal([bye.host, bye.port], ['198.51.100.7', 5070]);
  assert.is(bye.message.headers.first('from'), `<sip:908@192.0.2.10>;tag=${toTag}`);
  assert.is(bye.message.headers.first('to'), '"Alice" <sip:alice@198.51.100.7>;tag=alice1');
  assert.is(bye.message.headers.first('reason'), 'Q.850;cause=16;text="say \\"bye\\""');
  assert.is(again.text, bye.text);
  assert.equal(lab.takeNames(), []);
  assert.equal(lab.events.at(-1), { type: 'ended', dialogId: lab.dialogId, by: 'us' });
  assertNothingLeft(lab);
});

test('forgets the call when nobody answers its BYE', () => {
  const lab = new SipLab();
  lab.establish();

  lab.hangUp();
  assert.is(lab.endpoint.figures.dialogs, 1);

  assertNothingLeft(lab);
  assert.equal(lab.eventTypes, ['invite', 'established', 'ended']);
});

test('holds BYE back until the ACK (RFC 3261 §15)', () => {
  const lab = new SipLab();
  lab.request(INVITE);
  lab.answer();
  const toTag = toTagOf(lab.take().at(-1));

  lab.hangUp();
  assert.equal(lab.takeNames(), []);
  lab.advance(500);
  assert.equal(lab.takeNames(), ['200']);
  lab.request({ method: 'ACK', branch: 'z9hG4bK-ack', toTag });

  assert.is(lab.takeOne().name, 'BYE');
  assert.equal(lab.events.at(-1), { type: 'ended', dialogId: lab.dialogId, by: 'us' });
  assertNothingLeft(lab);
});

test('takes a BYE that overtakes the ACK, and absorbs the late ACK', () => {
  const lab = new SipLab();
  lab.request(INVITE);
  lab.answer();
  const toTag = toTagOf(lab.take().at(-1));

  lab.request({ method: 'BYE', cseq: 2, toTag });
  lab.request({ method: 'ACK', branch: 'z9hG4bK-ack', toTag });

  assert.equal(lab.takeNames(), ['200']);
  assert.equal(lab.eventTypes, ['invite', 'ended']);
  assertNothingLeft(lab);
  assert.equal(lab.takeNames(), [], 'the 200 to the INVITE is not repeated any more');
});

test("answers the peer's BYE with 200 while its own is on the way", () => {
  const lab = new SipLab();
  const toTag = lab.establish();
  lab.hangUp();
  const bye = lab.takeOne();

  lab.request({ method: 'BYE', cseq: 2, toTag });

  assert.is(lab.takeOne().name, '200');
  lab.receive(responseText(bye, 200));
  assert.is(lab.eventTypes.filter((type) => type === 'ended').length, 1);
  assertNothingLeft(lab);
});

test('takes a BYE within the early dialog: 200 to it, 487 to the INVITE', () => {
  const lab = new SipLab();
  lab.request(INVITE);
  lab.command({ type: 'ring', dialogId: lab.dialogId });
  const toTag = toTagOf(lab.take().at(-1));

  lab.request({ method: 'BYE', cseq: 2, toTag });

  assert.equal(lab.takeNames(), ['200', '487']);
  assert.equal(lab.eventTypes, ['invite', 'cancelled']);
  assertNothingLeft(lab);
});

test('rejects as told, with Retry-After and Reason, every T1 doubling to T2 until ACK', () => {
  const lab = new SipLab();
  lab.request({ ...INVITE, branch: 'z9hG4bK-x' });
  lab.take();

  lab.command({
    type: 'reject',
    dialogId: lab.dialogId,
    status: 503,
    retryAfterS: 7,
    reason: { protocol: 'Q.850', cause: 42, text: 'busy' },
  });
  const refusal = lab.takeOne();
  lab.advance(8000);
  const repeats = lab.take();
  lab.request({ method: 'ACK', branch: 'z9hG4bK-x', toTag: toTagOf(refusal) });
  lab.advance(60_000);

  assert.is(refusal.message.headers.first('retry-after'), '7');
  assert.is(refusal.message.headers.first('reason'), 'Q.850;cause=42;text="busy"');
  assert.equal(
    repeats.map((each) => each.atMs),
    [500, 1500, 3500, 7500],
  );
  assert.ok(repeats.every((each) => each.text === refusal.text));
  assert.equal(lab.takeNames(), []);
  assertNothingLeft(lab);
});

test('forgets a refusal that is never acknowledged after 64*T1', () => {
  const lab = new SipLab();
  lab.request(INVITE);
  lab.reject(486);

  lab.advance(31_999);
  assert.is(lab.endpoint.figures.transactions, 1);
  lab.advance(1);

  assert.is(lab.endpoint.figures.transactions, 0);
  assertNothingLeft(lab);
});

test('refuses with 480 when told to hang up before an answer', () => {
  const lab = new SipLab();
  lab.request(INVITE);
  lab.take();

  lab.hangUp();

  assert.is(lab.takeOne().name, '480');
  assert.equal(lab.eventTypes, ['invite']);
  assertNothingLeft(lab);
});

test('keeps nothing after a thousand calls', () => {
  const lab = new SipLab();

  for (let i = 0; i < 1000; i += 1) {
    const parts = { callId: `c${i}`, branch: `z9hG4bK-${i}`, fromTag: `f${i}` };
    lab.request({ ...INVITE, ...parts });
    if (i % 3 === 0) {
      lab.answer();
      const toTag = toTagOf(lab.take().at(-1));
      lab.request({ method: 'ACK', ...parts, branch: `z9hG4bK-a${i}`, toTag });
      lab.request({ method: 'BYE', ...parts, branch: `z9hG4bK-b${i}`, toTag, cseq: 2 });
    } else if (i % 3 === 1) {
      lab.request({ method: 'CANCEL', ...parts });
    } else {
      lab.reject(404);
    }
    lab.advance(10);
  }

  assertNothingLeft(lab);
});

test.run();
