import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { SDP, SipLab, toTagOf } from './sip-lab.ts';
import type { RequestText } from './sip-lab.ts';

const RELAY = 'Content-Type: application/dtmf-relay';
const KEY = 'Signal=5\r\nDuration=200';

type DialogText = Pick<RequestText, 'toTag' | 'fromTag' | 'callId'>;

const ROLES: readonly (readonly [name: string, establish: (lab: SipLab) => DialogText])[] = [
  ['a call that came in', (lab) => ({ toTag: lab.establish() })],
  ['a call of ours', (lab) => lab.call()],
];

/** Requests that change nothing, and what they get. */
const ANSWERS: readonly {
  readonly name: string;
  readonly request: RequestText;
  readonly status: string;
  readonly header?: readonly [name: string, value: string];
}[] = [
  { name: 'OPTIONS', request: { method: 'OPTIONS' }, status: '200' },
  { name: 'INFO without a body', request: { method: 'INFO' }, status: '200' },
  {
    name: 'INFO with a hook flash',
    request: { method: 'INFO', body: 'Signal=16', lines: [RELAY] },
    status: '200',
  },
  {
    name: 'INFO with a signal that is none',
    request: { method: 'INFO', body: 'x', lines: [RELAY] },
    status: '400',
  },
  {
    name: 'INFO of another type',
    request: { method: 'INFO', body: '<x/>', lines: ['Content-Type: text/xml'] },
    status: '415',
    header: ['accept', 'application/dtmf-relay, application/dtmf'],
  },
  {
    name: 'INFO of a package (RFC 6086)',
    request: { method: 'INFO', lines: ['Info-Package: dtmf'] },
    status: '469',
    header: ['recv-info', ''],
  },
  {
    name: 'REFER, politely',
    request: { method: 'REFER', lines: ['Refer-To: <sip:c@198.51.100.9>'] },
    status: '603',
  },
  {
    name: 'SUBSCRIBE',
    request: { method: 'SUBSCRIBE', lines: ['Event: dialog'] },
    status: '489',
  },
  {
    name: 'NOTIFY',
    request: { method: 'NOTIFY', lines: ['Event: refer', 'Subscription-State: active'] },
    status: '489',
  },
  { name: 'MESSAGE', request: { method: 'MESSAGE' }, status: '405' },
  { name: 'a method that nobody knows', request: { method: 'DANCE' }, status: '501' },
];

for (const [role, establish] of ROLES) {
  for (const { name, request, status, header } of ANSWERS) {
    test(`answers ${name} within ${role} with ${status}; nothing changes`, () => {
      const lab = new SipLab();
      const dialog = establish(lab);
      lab.take();
      const before = lab.events.length;

      lab.request({ ...request, cseq: 2, ...dialog });
      const answer = lab.takeOne();
      lab.request({ ...request, cseq: 2, ...dialog });

      assert.is(answer.name, status);
      if (header !== undefined) assert.is(answer.message.headers.first(header[0]), header[1]);
      assert.is(lab.takeOne().text, answer.text);
      assert.is(lab.events.length, before);
      lab.hangUp();
      assert.is(lab.takeOne().name, 'BYE');
    });
  }

  test(`raises a key by INFO within ${role} once, however often the INFO comes`, () => {
    const lab = new SipLab();
    const dialog = establish(lab);
    lab.take();
    const { dialogId } = lab;

    lab.request({ method: 'INFO', cseq: 2, body: KEY, lines: [RELAY], ...dialog });
    lab.request({ method: 'INFO', cseq: 2, body: KEY, lines: [RELAY], ...dialog });
    lab.request({
      method: 'INFO',
      cseq: 3,
      body: '#',
      lines: ['Content-Type: application/dtmf'],
      ...dialog,
    });

    assert.equal(lab.takeNames(), ['200', '200', '200']);
    assert.equal(lab.events.slice(-2), [
      { type: 'info-key', dialogId, key: '5', durationMs: 200 },
      { type: 'info-key', dialogId, key: '#', durationMs: 160 },
    ]);
  });
}

test('writes no key into the log', () => {
  const lab = new SipLab();
  const toTag = lab.establish();

  lab.request({ method: 'INFO', cseq: 2, toTag, body: 'Signal=7', lines: [RELAY] });

  assert.not.match(JSON.stringify(lab.logs), 'Signal');
});

test('says why a REFER is refused', () => {
  const lab = new SipLab();
  const toTag = lab.establish();

  lab.request({ method: 'REFER', cseq: 2, toTag, lines: ['Refer-To: <sip:c@198.51.100.9>'] });

  assert.match(lab.takeOne().text, /^SIP\/2\.0 603 Calls Are Not Transferred Here\r\n/);
});

test('takes keys by INFO within the early dialog', () => {
  const lab = new SipLab();
  lab.request({ method: 'INVITE', body: SDP });
  lab.command({ type: 'ring', dialogId: lab.dialogId });
  const toTag = toTagOf(lab.take().at(-1));

  lab.request({ method: 'INFO', cseq: 2, toTag, body: KEY, lines: [RELAY] });

  assert.is(lab.takeOne().name, '200');
  assert.equal(lab.eventTypes, ['invite', 'info-key']);
});

for (const method of ['INFO', 'REFER', 'NOTIFY', 'UPDATE', 'PRACK', 'OPTIONS']) {
  test(`refuses ${method} within a dialog that is none with 481`, () => {
    const lab = new SipLab();

    lab.request({ method, toTag: 'none' });

    assert.is(lab.takeOne().name, '481');
  });
}

for (const [lines, status, unsupported] of [
  [['Require: replaces', 'Replaces: a;to-tag=b;from-tag=c'], '420', 'replaces'],
  [['Replaces: a;to-tag=b;from-tag=c'], '603', undefined],
  [['Join: a;to-tag=b;from-tag=c'], '603', undefined],
  [['Require: timer, 100rel, join'], '420', 'join'],
] as const) {
  test(`refuses an INVITE with ${lines.join(' and ')} with ${status}: it becomes no new call`, () => {
    const lab = new SipLab();
    lab.request({ method: 'INVITE', body: SDP, lines });

    const refusal = lab.takeOne();
    assert.is(refusal.name, status);
    assert.is(refusal.message.headers.first('unsupported'), unsupported);
    assert.equal(lab.events, []);
  });
}

test('tells dialogs apart by the tags of both sides', () => {
  const lab = new SipLab();
  const toTag = lab.establish();

  lab.request({ method: 'BYE', cseq: 2, toTag, fromTag: 'mallory' });
  lab.request({ method: 'BYE', cseq: 2, toTag, callId: 'other', branch: 'z9hG4bK-x' });

  assert.equal(lab.takeNames(), ['481', '481']);
  assert.equal(lab.eventTypes, ['invite', 'established']);
});

test.run();
