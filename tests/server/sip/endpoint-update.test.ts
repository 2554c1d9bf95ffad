import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { NEVER } from '../../../mixer/protocol/units.ts';
import { SDP, SipLab, toTagOf } from './sip-lab.ts';
import type { RequestText } from './sip-lab.ts';

const HOLD = 'v=0\r\na=sendonly\r\n';

type DialogText = Pick<RequestText, 'toTag' | 'fromTag' | 'callId'>;

/** Both ways into a call. */
const ROLES: readonly (readonly [name: string, establish: (lab: SipLab) => DialogText])[] = [
  ['a call that came in', (lab) => ({ toTag: lab.establish() })],
  ['a call of ours', (lab) => lab.call()],
];

for (const [name, establish] of ROLES) {
  test(`raises an UPDATE with an offer in ${name} as reoffer, and its 200 bears the answer`, () => {
    const lab = new SipLab();
    const dialog = establish(lab);
    lab.take();
    const before = lab.events.length;

    lab.request({ method: 'UPDATE', cseq: 2, body: HOLD, ...dialog });
    assert.equal(lab.takeNames(), []);
    const { dialogId } = lab;
    assert.equal(lab.events.at(-1), { type: 'reoffer', dialogId, offer: HOLD });
    lab.answer();
    const ok = lab.takeOne();

    assert.is(ok.name, '200');
    assert.is(ok.message.headers.first('content-type'), 'application/sdp');
    assert.is(ok.message.headers.first('contact'), '<sip:192.0.2.10:5060>');
    assert.is(Buffer.from(ok.message.body).toString(), 'v=0\r\nanswer');
    lab.advance(31_000);
    assert.equal(lab.takeNames(), [], 'no ACK is waited for');
    assert.is(lab.events.length, before + 1);
    lab.request({ method: 'UPDATE', cseq: 2, body: HOLD, ...dialog });
    assert.is(lab.takeOne().text, ok.text, 'a copy gets the same answer');
  });

  test(`refuses an UPDATE of ${name} as told, and the call goes on`, () => {
    const lab = new SipLab();
    const dialog = establish(lab);
    lab.take();
    const contact = '<sip:x@198.51.100.9:5099>';

    lab.request({ method: 'UPDATE', cseq: 2, body: HOLD, contact, ...dialog });
    lab.reject(488);
    assert.is(lab.takeOne().name, '488');
    lab.hangUp();

    const bye = lab.takeOne();
    assert.equal([bye.name, bye.host], ['BYE', '198.51.100.7'], 'the target is not refreshed');
  });

  test(`takes over the Contact of an UPDATE in ${name}, with and without an offer`, () => {
    for (const body of ['', HOLD]) {
      const lab = new SipLab();
      const dialog = establish(lab);
      lab.take();

      const contact = '<sip:x@198.51.100.9:5099>';
      lab.request({ method: 'UPDATE', cseq: 2, body, contact, ...dialog });
      if (body !== '') lab.answer();
      assert.is(lab.takeOne().name, '200');
      lab.hangUp();

      const bye = lab.takeOne();
      assert.equal([bye.host, bye.port], ['198.51.100.9', 5099]);
    }
  });

  test(`refuses a second UPDATE of ${name} before the first is answered with 500 and Retry-After (RFC 3311 §5.2)`, () => {
    for (const body of ['', HOLD]) {
      const lab = new SipLab();
      const dialog = establish(lab);
      lab.request({ method: 'UPDATE', cseq: 2, body: HOLD, ...dialog });
      lab.take();

      lab.request({ method: 'UPDATE', cseq: 3, body, ...dialog });

      const refusal = lab.takeOne();
      assert.is(refusal.name, '500');
      assert.match(refusal.message.headers.first('retry-after') ?? '', /^[0-9]$/);
      lab.answer();
      assert.is(lab.takeOne().message.headers.first('cseq'), '2 UPDATE');
    }
  });

  test(`refuses an UPDATE with an offer in ${name} with 491 while an offer of ours is out, and takes one without`, () => {
    const lab = new SipLab();
    const dialog = establish(lab);
    lab.take();
    lab.command({ type: 'offer', dialogId: lab.dialogId, sdp: 'v=0\r\nours' });
    assert.is(lab.takeOne().name, 'INVITE');

    lab.request({ method: 'UPDATE', cseq: 2, body: HOLD, ...dialog });
    lab.request({ method: 'UPDATE', cseq: 3, ...dialog });

    assert.equal(lab.takeNames(), ['491', '200']);
  });

  test(`refuses an UPDATE with an offer in ${name} with 500 while a re-INVITE waits, and takes one without`, () => {
    const lab = new SipLab();
    const dialog = establish(lab);
    lab.request({ method: 'INVITE', cseq: 2, body: HOLD, ...dialog });
    lab.take();

    lab.request({ method: 'UPDATE', cseq: 3, body: HOLD, ...dialog });
    lab.request({ method: 'UPDATE', cseq: 4, ...dialog });

    assert.equal(lab.takeNames(), ['500', '200']);
    lab.answer();
    assert.is(lab.takeOne().message.headers.first('cseq'), '2 INVITE');
  });

  test(`answers a BYE during an UPDATE of ${name} with 200, the UPDATE with 487, and ends once`, () => {
    const lab = new SipLab();
    const dialog = establish(lab);
    lab.request({ method: 'UPDATE', cseq: 2, body: HOLD, ...dialog });
    lab.take();

    lab.request({ method: 'BYE', cseq: 3, ...dialog });
    lab.answer();

    assert.equal(lab.takeNames(), ['200', '487']);
    assert.equal(lab.events.at(-1), { type: 'ended', dialogId: lab.dialogId, by: 'peer' });
    lab.advance(60_000);
    assert.is(lab.endpoint.deadlineMs, NEVER);
  });
}

test('takes an UPDATE that overtakes the ACK as a sign that the 200 has arrived', () => {
  const lab = new SipLab();
  lab.request({ method: 'INVITE', body: SDP });
  lab.answer();
  const toTag = toTagOf(lab.take().at(-1));

  lab.request({ method: 'UPDATE', cseq: 2, toTag, body: HOLD });
  lab.answer();
  lab.request({ method: 'ACK', cseq: 1, branch: 'z9hG4bK-late', toTag });
  lab.advance(60_000);

  assert.equal(lab.takeNames(), ['200']);
  assert.equal(lab.eventTypes, ['invite', 'established', 'reoffer']);
});

test('refuses an UPDATE with an offer with 491 while the ACK is to bring the answer to ours', () => {
  const lab = new SipLab();
  lab.request({ method: 'INVITE' });
  lab.answer();
  const toTag = toTagOf(lab.take().at(-1));

  lab.request({ method: 'UPDATE', cseq: 2, toTag, body: HOLD });

  assert.is(lab.takeOne().name, '491');
});

test('refuses an offer within the early dialog with 500, and refreshes the target without one', () => {
  const lab = new SipLab();
  lab.request({ method: 'INVITE', body: SDP });
  lab.command({ type: 'ring', dialogId: lab.dialogId });
  const toTag = toTagOf(lab.take().at(-1));
  const contact = '<sip:x@198.51.100.9:5099>';

  lab.request({ method: 'UPDATE', cseq: 2, toTag, body: HOLD });
  lab.request({ method: 'UPDATE', cseq: 3, toTag, contact });
  const [refusal, ok] = lab.take();
  lab.answer();
  lab.request({ method: 'ACK', cseq: 1, branch: 'z9hG4bK-ack', toTag });
  lab.take();
  lab.hangUp();

  assert.equal([refusal?.name, ok?.name], ['500', '200']);
  assert.match(refusal?.message.headers.first('retry-after') ?? '', /^[0-9]$/);
  assert.is(lab.takeOne().host, '198.51.100.9');
});

for (const [name, parts, status] of [
  ['a Contact that cannot be read', { contact: '"open <sip:a@b>' }, '400'],
  ['a body that is no SDP', { body: '<x/>', lines: ['Content-Type: text/xml'] }, '415'],
  ['an extension that nobody knows', { lines: ['Require: precondition'] }, '420'],
] as const) {
  test(`refuses an UPDATE with ${name} with ${status}`, () => {
    const lab = new SipLab();
    const toTag = lab.establish();

    lab.request({ method: 'UPDATE', cseq: 2, toTag, ...parts });

    assert.is(lab.takeOne().name, status);
    assert.equal(lab.eventTypes, ['invite', 'established']);
  });
}

test('refuses an UPDATE that crosses our BYE with 481', () => {
  const lab = new SipLab();
  const toTag = lab.establish();
  lab.hangUp();
  lab.take();

  lab.request({ method: 'UPDATE', cseq: 2, toTag, body: HOLD });

  assert.is(lab.takeOne().name, '481');
});

test('refuses an UPDATE without a dialog with 481', () => {
  const lab = new SipLab();

  lab.request({ method: 'UPDATE', body: SDP });

  assert.is(lab.takeOne().name, '481');
});

test.run();
