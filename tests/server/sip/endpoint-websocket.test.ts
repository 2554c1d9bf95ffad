import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { SipFlow } from '../../../server/sip/user-agent.ts';
import { PEER_FLOW, SDP, SipLab } from './sip-lab.ts';
import type { RequestText } from './sip-lab.ts';

/** A browser far from every trunk. */
const PAGE: SipFlow = {
  transport: 'wss',
  flowId: 'wss#1',
  remoteHost: '203.0.113.9',
  remotePort: 50_000,
  localPort: 8443,
};
const OTHER_PAGE: SipFlow = { ...PAGE, flowId: 'wss#2', remotePort: 50_001 };

const GUEST = {
  via: 'SIP/2.0/WSS abc123.invalid;branch=z9hG4bK-guest',
  contact: '<sip:guest@abc123.invalid;transport=ws>',
};

function invite(parts: Partial<RequestText> = {}): RequestText {
  return { method: 'INVITE', body: SDP, ...GUEST, ...parts };
}

function bearerOf(lines: readonly string[], flow: SipFlow = PAGE): string | null | undefined {
  const lab = new SipLab();
  lab.request(invite({ lines }), flow);
  const [event] = lab.events;
  assert.ok(event?.type === 'invite');
  return event.invite.bearer;
}

const BEARERS: readonly (readonly [string, string | null])[] = [
  ['Authorization: Bearer abc', 'abc'],
  ['authorization: bearer   a.B-c_d~e+f/g==', 'a.B-c_d~e+f/g=='],
  [`Authorization: Bearer ${'x'.repeat(256)}`, 'x'.repeat(256)],
  [`Authorization: Bearer ${'x'.repeat(257)}`, null],
  ['Authorization: Bearer', null],
  ['Authorization: Bearer a b', null],
  ['Authorization: Bearer "abc"', null],
  ['Authorization: Bearer a=b', null],
  ['Authorization: Digest username="guest"', null],
  ['X-Authorization: Bearer abc', null],
];
for (const [line, bearer] of BEARERS) {
  test(`reads "${line.slice(0, 40)}" as ${bearer === null ? 'no token' : 'a token'} (RFC 8898 §2.2)`, () => {
    assert.is(bearerOf([line]), bearer);
  });
}

test('takes the token among other credentials, and none from a telephone', () => {
  const lines = ['Authorization: Digest username="guest"', 'Authorization: Bearer abc'];

  assert.is(bearerOf(lines), 'abc');
  assert.is(bearerOf(lines, PEER_FLOW), null);
});

test('says the token in no log line and no answer', () => {
  const lab = new SipLab();

  lab.request(invite({ lines: ['Authorization: Bearer t0ps3cret'] }), PAGE);
  lab.request(invite({ lines: ['Authorization: Bearer t0ps3cret', 'Contact: <'] }), PAGE);
  lab.receive('INVITE sip:1 SIP/2.0\r\nAuthorization: Bearer t0ps3cret\r\n\r\n', PAGE);

  assert.not.match(JSON.stringify(lab.logs), 't0ps3cret');
  assert.not.match(
    lab
      .take()
      .map((sent) => sent.text)
      .join(''),
    't0ps3cret',
  );
});

test('listens to WebSockets whatever their address, and to no stranger by UDP', () => {
  const lab = new SipLab();

  lab.request(invite(), { ...PEER_FLOW, remoteHost: PAGE.remoteHost });
  assert.equal(lab.takeNames(), []);
  lab.request(invite(), PAGE);
  assert.equal(lab.takeNames(), ['100']);
});

test('answers with a Contact of transport=ws, and sends BYE over the flow alone (RFC 7118 §5)', () => {
  const lab = new SipLab();
  lab.request(invite(), PAGE);
  lab.answer();
  const ok = lab.take().at(-1);
  assert.is(ok?.message.headers.first('contact'), '<sip:192.0.2.10:8443;transport=ws>');
  const toTag = /;tag=([^;\s]+)/.exec(ok?.message.headers.first('to') ?? '')?.[1] ?? '';
  lab.request({ ...GUEST, method: 'ACK', toTag }, PAGE);

  lab.hangUp();

  const bye = lab.takeOne();
  assert.match(bye.text, /^BYE sip:guest@abc123\.invalid;transport=ws SIP\/2\.0/);
  assert.match(bye.text, 'Via: SIP/2.0/WSS 192.0.2.10:8443;');
  assert.equal([bye.host, bye.port], [PAGE.remoteHost, PAGE.remotePort]);
});

test('a page that names a reachable Contact and a route is called back over its flow all the same', () => {
  const lab = new SipLab();
  const lines = ['Record-Route: <sip:192.0.2.99;lr>'];
  const contact = '<sip:guest@192.0.2.77:5060>';
  lab.establish({ ...GUEST, lines, contact }, PAGE);

  lab.hangUp();
  assert.is(lab.takeOne().host, PAGE.remoteHost);

  lab.flowClosed(PAGE);
  assert.is(lab.eventTypes.at(-1), 'ended');
});

test('ends the dialog when its flow closes, and not when another one does', () => {
  const lab = new SipLab();
  lab.establish(GUEST, PAGE);

  lab.flowClosed(OTHER_PAGE);
  assert.is(lab.eventTypes.at(-1), 'established');
  lab.flowClosed(PAGE);

  const ended = lab.events.at(-1);
  assert.ok(ended?.type === 'ended');
  assert.is(ended.by, 'transport');
});

test('a caller whose flow closes before the answer has cancelled', () => {
  const lab = new SipLab();
  lab.request(invite(), PAGE);

  lab.flowClosed(PAGE);

  assert.is(lab.eventTypes.at(-1), 'cancelled');
  assert.is(lab.endpoint.figures.dialogs, 0);
});

test('moves the dialog to the flow of the latest request', () => {
  const lab = new SipLab();
  const toTag = lab.establish(GUEST, PAGE);

  lab.request(invite({ toTag, cseq: 2, via: `${GUEST.via}-2` }), OTHER_PAGE);
  lab.answer();
  lab.take();
  lab.flowClosed(PAGE);
  lab.request({ ...GUEST, method: 'ACK', toTag, cseq: 2 }, OTHER_PAGE);
  lab.hangUp();

  assert.is(lab.takeOne().port, OTHER_PAGE.remotePort);
});

test('no page speaks in a telephone’s dialog, and no telephone in a page’s', () => {
  const lab = new SipLab();
  const phoneTag = lab.establish();
  lab.request({ method: 'BYE', toTag: phoneTag, cseq: 2 }, PAGE);
  assert.equal(lab.takeNames(), ['481']);

  const guest = { ...GUEST, callId: 'guest-call', fromTag: 'guest' };
  const pageTag = lab.establish(guest, PAGE);
  lab.request({ ...guest, method: 'BYE', toTag: pageTag, cseq: 3, via: `${GUEST.via}-3` });
  assert.equal(lab.takeNames(), ['481']);

  assert.is(lab.endpoint.figures.dialogs, 2);
});

test('takes so many INVITEs of a flow in a minute, and 503 with Retry-After beyond', () => {
  const lab = new SipLab({ invitesPerMinute: 2 });
  const call = (n: number, flow: SipFlow): readonly string[] => {
    const via = `${GUEST.via}-${flow.flowId}-${n}`.replace('#', '-');
    lab.request(invite({ via, callId: `call-${flow.flowId}-${n}` }), flow);
    return lab.takeNames();
  };

  assert.equal([call(1, PAGE), call(2, PAGE), call(3, PAGE)], [['100'], ['100'], ['503']]);
  assert.equal(call(1, OTHER_PAGE), ['100']);
  lab.advance(30_001);
  assert.equal([call(4, PAGE), call(5, PAGE)], [['100'], ['503']]);
});

test('no page cancels, acknowledges or merges a telephone’s call, whatever it has heard of it', () => {
  const lab = new SipLab();
  const branch = 'z9hG4bK-heard';
  lab.request({ method: 'INVITE', branch, body: SDP });
  const { dialogId } = lab;
  lab.take();

  lab.request({ method: 'CANCEL', branch }, PAGE);
  assert.equal(lab.takeNames(), ['481']);
  lab.request({ method: 'INVITE', branch, body: SDP }, PAGE);
  assert.is(lab.takeNames()[0], '100', 'a call of its own');
  lab.command({ type: 'reject', dialogId, status: 486, retryAfterS: null, reason: null });
  lab.take();
  lab.request({ method: 'ACK', branch, toTag: 'any' }, PAGE);
  lab.advance(600);

  assert.equal(lab.takeNames(), ['486'], 'it is sent again until the telephone’s own ACK');
});

test.run();
