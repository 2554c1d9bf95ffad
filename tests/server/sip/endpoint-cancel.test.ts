import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { NEVER } from '../../../mixer/protocol/units.ts';
import { SDP, SipLab, toTagOf } from './sip-lab.ts';

const INVITE = { method: 'INVITE', body: SDP } as const;

/** Lets every timer run out and shows that nothing is left. */
function assertNothingLeft(lab: SipLab): void {
  lab.advance(120_000);
  assert.is(lab.endpoint.deadlineMs, NEVER);
  assert.is(lab.endpoint.figures.transactions, 0);
  assert.is(lab.endpoint.figures.dialogs, 0);
}

test('takes CANCEL: 200 to it with the tag of the INVITE, 487 to the INVITE until the ACK', () => {
  const lab = new SipLab();
  lab.request({ ...INVITE, branch: 'z9hG4bK-x' });
  lab.take();

  lab.request({ method: 'CANCEL', branch: 'z9hG4bK-x' });
  const [ok, terminated] = lab.take();
  lab.advance(500);
  assert.equal(lab.takeNames(), ['487']);
  lab.request({ method: 'ACK', branch: 'z9hG4bK-x', toTag: toTagOf(terminated) });
  lab.advance(4000);

  assert.ok(ok && terminated);
  assert.is(ok.name, '200');
  assert.is(ok.message.headers.first('cseq'), '1 CANCEL');
  assert.is(terminated.name, '487');
  assert.is(terminated.message.headers.first('cseq'), '1 INVITE');
  assert.is(toTagOf(ok), toTagOf(terminated));
  assert.equal(lab.takeNames(), []);
  assert.equal(lab.eventTypes, ['invite', 'cancelled']);
  assertNothingLeft(lab);
});

test('answers a CANCEL that lost the race against 200 with 200, and the call goes on', () => {
  const lab = new SipLab();
  lab.request({ ...INVITE, branch: 'z9hG4bK-x' });
  lab.answer();
  const toTag = toTagOf(lab.take().at(-1));

  lab.request({ method: 'CANCEL', branch: 'z9hG4bK-x' });

  assert.is(lab.takeOne().name, '200');
  lab.request({ method: 'ACK', branch: 'z9hG4bK-ack', toTag });
  assert.equal(lab.eventTypes, ['invite', 'established']);
});

test('answers a retransmitted CANCEL with the same 200', () => {
  const lab = new SipLab();
  lab.request({ ...INVITE, branch: 'z9hG4bK-x' });
  lab.request({ method: 'CANCEL', branch: 'z9hG4bK-x' });
  const ok = lab.take().find((each) => each.name === '200');

  lab.request({ method: 'CANCEL', branch: 'z9hG4bK-x' });

  assert.is(lab.takeOne().text, ok?.text);
});

test('refuses a CANCEL of nothing with 481', () => {
  const lab = new SipLab();

  lab.request({ method: 'CANCEL' });

  assert.is(lab.takeOne().name, '481');
  assertNothingLeft(lab);
});

test('ignores commands for a call that was cancelled', () => {
  const lab = new SipLab();
  lab.request({ ...INVITE, branch: 'z9hG4bK-x' });
  lab.request({ method: 'CANCEL', branch: 'z9hG4bK-x' });
  lab.take();

  lab.answer();
  lab.hangUp();
  lab.reject(486);

  assert.equal(lab.takeNames(), []);
});

test.run();
