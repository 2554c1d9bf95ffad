import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { NEVER } from '../../../mixer/protocol/units.ts';
import { SDP, SipLab } from './sip-lab.ts';
import type { RequestText, Sent } from './sip-lab.ts';

const ANSWER = 'v=0\r\nanswer';

/** Names and instants of what was sent: `UPDATE@45`. */
function plan(sent: readonly Sent[]): readonly string[] {
  return sent.map((each) => `${each.name}@${each.atMs / 1000}`);
}

/** A session in one role: how it is set up with these lines of the peer, and what a request of the peer bears. */
interface Role {
  readonly name: string;
  readonly establish: (
    lab: SipLab,
    lines: readonly string[],
  ) => Pick<RequestText, 'toTag' | 'fromTag' | 'callId'>;
  /** `refresher` that makes us refresh, and the one that makes the peer. */
  readonly us: 'uac' | 'uas';
  readonly peer: 'uac' | 'uas';
}

const ROLES: readonly Role[] = [
  {
    name: 'a call that came in',
    establish: (lab, lines) => ({ toTag: lab.establish({ lines }) }),
    us: 'uas',
    peer: 'uac',
  },
  {
    name: 'a call of ours',
    establish: (lab, lines) => lab.call({ lines }),
    us: 'uac',
    peer: 'uas',
  },
];

for (const { name, establish, us, peer } of ROLES) {
  test(`refreshes ${name} by UPDATE at half the interval, again and again`, () => {
    const lab = new SipLab();
    establish(lab, [
      'Allow: INVITE, UPDATE',
      'Supported: timer',
      `Session-Expires: 90;refresher=${us}`,
    ]);
    lab.take();

    for (let i = 0; i < 5; i += 1) {
      lab.advance(45_000);
      const update = lab.takeOne();
      assert.equal(plan([update]), [`UPDATE@${45 * (i + 1)}`]);
      assert.is(update.message.headers.first('session-expires'), '90;refresher=uac');
      assert.is(update.message.body.length, 0);
      lab.reply(update, 200, { lines: ['Session-Expires: 90;refresher=uac'] });
    }

    assert.not.ok(lab.eventTypes.includes('ended'));
  });

  test(`refreshes ${name} by re-INVITE with the same description when the peer takes no UPDATE`, () => {
    const lab = new SipLab();
    establish(lab, [
      'Allow: INVITE, BYE',
      'Supported: timer',
      `Session-Expires: 90;refresher=${us}`,
    ]);
    lab.take();
    const before = us === 'uas' ? ANSWER : 'v=0\r\no=- 7 7 IN IP4 192.0.2.10\r\ns=-\r\n';

    lab.advance(45_000);
    const reinvite = lab.takeOne();
    lab.reply(reinvite, 200, {
      lines: ['Session-Expires: 90;refresher=uac', 'Contact: <sip:x@198.51.100.9:5099>'],
      body: SDP,
    });
    const ack = lab.takeOne();

    assert.is(reinvite.name, 'INVITE');
    assert.is(Buffer.from(reinvite.message.body).toString(), before);
    assert.equal([ack.name, ack.host, ack.port], ['ACK', '198.51.100.9', 5099]);
    assert.equal(lab.events.at(-1), { type: 'renegotiated', dialogId: lab.dialogId, answer: SDP });
    lab.reply(reinvite, 200, { body: SDP });
    assert.is(lab.takeOne().name, 'ACK', 'a 200 that comes again is acknowledged again');
    lab.advance(45_000);
    assert.is(lab.takeOne().name, 'INVITE');
  });

  test(`ends ${name} with BYE when the peer does not refresh (RFC 4028 §10)`, () => {
    const lab = new SipLab();
    establish(lab, ['Supported: timer', `Session-Expires: 90;refresher=${peer}`]);
    lab.take();

    lab.advance(60_000);

    const bye = lab.takeOne();
    assert.equal(plan([bye]), ['BYE@60']);
    assert.is(bye.message.headers.first('reason'), 'SIP;cause=408;text="Session Expired"');
    const { dialogId } = lab;
    assert.equal(lab.events.at(-1), { type: 'ended', dialogId, by: 'session-expired' });
    lab.advance(120_000);
    assert.is(lab.eventTypes.filter((type) => type === 'ended').length, 1);
    assert.is(lab.endpoint.deadlineMs, NEVER);
  });

  test(`keeps ${name} that the peer refreshes by UPDATE and by re-INVITE`, () => {
    const lab = new SipLab();
    const expires = `Session-Expires: 90;refresher=${peer}`;
    const dialog = establish(lab, ['Supported: timer', expires]);
    const lines = ['Supported: timer', 'Session-Expires: 90;refresher=uac'];
    lab.take();

    for (let cseq = 2; cseq < 12; cseq += 2) {
      lab.advance(45_000);
      lab.request({ method: 'UPDATE', cseq, lines, ...dialog });
      const ok = lab.takeOne();
      assert.is(ok.name, '200');
      assert.is(ok.message.headers.first('session-expires'), '90;refresher=uac');
      assert.is(ok.message.headers.first('require'), 'timer');
      lab.advance(45_000);
      lab.request({ method: 'INVITE', cseq: cseq + 1, body: SDP, lines, ...dialog });
      lab.answerAndAck(cseq + 1, dialog.toTag ?? '', dialog);
    }

    assert.not.ok(lab.eventTypes.includes('ended'));
  });

  test(`hands the refreshing of ${name} to the peer and takes it back`, () => {
    const lab = new SipLab();
    const dialog = establish(lab, [
      'Allow: UPDATE',
      'Supported: timer',
      `Session-Expires: 90;refresher=${us}`,
    ]);
    lab.take();
    const lines = (refresher: string) => [
      'Supported: timer',
      `Session-Expires: 90;refresher=${refresher}`,
    ];

    lab.request({ method: 'UPDATE', cseq: 2, lines: lines('uac'), ...dialog });
    lab.advance(50_000);
    assert.equal(lab.takeNames(), ['200'], 'the peer refreshes now');
    lab.request({ method: 'UPDATE', cseq: 3, lines: lines('uas'), ...dialog });
    lab.advance(45_000);

    assert.equal(plan(lab.take()), ['200@50', 'UPDATE@95']);
  });
}

test('asks for a longer interval after 422, at once and in the next refresh too', () => {
  const lab = new SipLab();
  lab.call({ lines: ['Allow: UPDATE', 'Session-Expires: 90;refresher=uac'] });
  lab.take();
  lab.advance(45_000);

  lab.reply(lab.takeOne(), 422, { lines: ['Min-SE: 120'] });

  const update = lab.takeOne();
  assert.is(update.message.headers.first('session-expires'), '120;refresher=uac');
  assert.is(update.message.headers.first('min-se'), '120');
  assert.is(update.message.headers.first('cseq'), '3 UPDATE');
  lab.reply(update, 200, { lines: ['Session-Expires: 120;refresher=uac'] });
  lab.advance(60_000);
  assert.is(lab.takeOne().message.headers.first('min-se'), '120');
});

test('does not argue with a 422 that asks for nothing', () => {
  const lab = new SipLab();
  lab.call({ lines: ['Allow: UPDATE', 'Session-Expires: 90;refresher=uac'] });
  lab.take();
  lab.advance(45_000);

  lab.reply(lab.takeOne(), 422);

  assert.equal(lab.takeNames(), []);
});

for (const method of ['INVITE', 'UPDATE'] as const) {
  test(`refuses ${method} that asks for less than Min-SE with 422, from who knows timers only (RFC 4028 §9)`, () => {
    const lab = new SipLab({ sessionTimers: { expiresSeconds: 1800, minSeconds: 300 } });
    const toTag = lab.establish();
    const short = 'Session-Expires: 299';
    const dialog = { method, toTag, body: '' };

    lab.request({ ...dialog, cseq: 2, lines: [short, 'Supported: timer'] });
    const refusal = lab.take().at(-1);
    lab.request({ ...dialog, cseq: 3, lines: [short] });
    const names = lab.takeNames();

    assert.is(refusal?.name, '422');
    assert.is(refusal?.message.headers.first('min-se'), '300');
    assert.is(names[0], method === 'INVITE' ? '100' : '200');
  });
}

test('refuses a first INVITE with an interval too short and makes no call of it', () => {
  const lab = new SipLab();

  lab.request({ method: 'INVITE', body: SDP, lines: ['x: 60', 'k: timer'] });

  const refusal = lab.takeOne();
  assert.equal([refusal.name, refusal.message.headers.first('min-se')], ['422', '90']);
  assert.equal(lab.events, []);
});

for (const [status, by] of [
  [481, 'peer'],
  [408, 'session-expired'],
] as const) {
  test(`ends the session when its refresh gets ${status}`, () => {
    const lab = new SipLab();
    lab.call({ lines: ['Allow: UPDATE', 'Session-Expires: 90;refresher=uac'] });
    lab.take();
    lab.advance(45_000);

    lab.reply(lab.takeOne(), status);

    assert.is(lab.takeOne().name, 'BYE');
    assert.equal(lab.events.at(-1), { type: 'ended', dialogId: 'ours', by });
  });
}

test('ends the session before its time when nobody answers the refresh', () => {
  const lab = new SipLab();
  lab.call({ lines: ['Allow: UPDATE', 'Session-Expires: 1800;refresher=uac'] });
  lab.take();

  lab.advance(900_000 + 32_000);
  assert.is(lab.take().at(-1)?.name, 'INVITE', 'the UPDATE may have been swallowed on its way');
  lab.advance(32_000);

  assert.is(lab.take().at(-1)?.name, 'BYE');
  assert.equal(lab.events.at(-1), { type: 'ended', dialogId: 'ours', by: 'session-expired' });
  lab.advance(60_000);
  assert.is(lab.endpoint.deadlineMs, NEVER);
});

test('refreshes by re-INVITE from then on when UPDATE gets 501 though it was allowed', () => {
  const lab = new SipLab();
  lab.call({ lines: ['Allow: UPDATE', 'Session-Expires: 90;refresher=uac'] });
  lab.take();
  lab.advance(45_000);

  lab.reply(lab.takeOne(), 501);
  const reinvite = lab.takeOne();
  lab.reply(reinvite, 200, {
    body: SDP,
    lines: ['Allow: UPDATE', 'Session-Expires: 90;refresher=uac'],
  });
  lab.take();
  lab.advance(45_000);

  assert.is(reinvite.name, 'INVITE');
  assert.is(lab.takeOne().name, 'INVITE');
});

test('tries a refresh that gets 503 again, and BYE goes out only when the session expires', () => {
  const lab = new SipLab();
  lab.call({ lines: ['Allow: UPDATE', 'Session-Expires: 120;refresher=uac'] });
  lab.take();
  lab.advance(60_000);

  lab.reply(lab.takeOne(), 503);
  lab.advance(14_000);
  const again = lab.takeOne();
  lab.reply(again, 503);
  lab.advance(7000);
  const third = lab.takeOne();
  lab.reply(third, 200, { lines: ['Session-Expires: 120;refresher=uac'] });

  assert.equal(plan([again, third]), ['UPDATE@74', 'UPDATE@81']);
  assert.not.ok(lab.eventTypes.includes('ended'));
});

test('stops refreshing when the call is over', () => {
  const lab = new SipLab();
  const dialog = lab.call({ lines: ['Allow: UPDATE', 'Session-Expires: 90;refresher=uac'] });
  lab.request({ method: 'BYE', cseq: 2, ...dialog });
  lab.take();

  lab.advance(200_000);

  assert.equal(lab.takeNames(), []);
  assert.is(lab.endpoint.deadlineMs, NEVER);
});

test('answers a peer that knows no timers without one, and never refreshes', () => {
  const lab = new SipLab();
  lab.request({ method: 'INVITE', body: SDP });
  lab.answer();
  const ok = lab.take().at(-1);

  assert.is(ok?.message.headers.first('session-expires'), undefined);
  assert.is(ok?.message.headers.first('supported'), 'timer, 100rel');
});

test('reads a Session-Expires that is none as malformed: 400 with a reason', () => {
  const lab = new SipLab();

  lab.request({ method: 'INVITE', body: SDP, lines: ['Session-Expires: soon'] });

  assert.match(lab.takeOne().text, /^SIP\/2\.0 400 Bad Session-Expires\r\n/);
});

test.run();
