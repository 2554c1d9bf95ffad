import { test } from 'uvu';
import * as assert from 'uvu/assert';
import {
  PEER_FLOW,
  PEER_TCP_FLOW,
  requestText,
  responseText,
  SDP,
  SipLab,
  toTagOf,
} from './sip-lab.ts';
import type { RequestText } from './sip-lab.ts';

/** What each request is refused with, and a header that must say why. */
const REFUSALS: readonly {
  readonly name: string;
  readonly request: RequestText;
  readonly status: string;
  readonly header?: readonly [name: string, value: string];
}[] = [
  {
    name: 'REGISTER with 405 and Allow',
    request: { method: 'REGISTER' },
    status: '405',
    header: ['allow', 'INVITE, ACK, CANCEL, BYE, OPTIONS, PRACK, UPDATE, INFO'],
  },
  {
    name: 'a method that nobody knows with 501 and Allow',
    request: { method: 'DANCE' },
    status: '501',
    header: ['allow', 'INVITE, ACK, CANCEL, BYE, OPTIONS, PRACK, UPDATE, INFO'],
  },
  {
    name: 'an unknown method within no dialog with 405 before 481',
    request: { method: 'MESSAGE', toTag: 'none' },
    status: '405',
  },
  {
    name: 'a body that is no SDP with 415 and Accept',
    request: { method: 'INVITE', body: '<x/>', lines: ['Content-Type: text/xml'] },
    status: '415',
    header: ['accept', 'application/sdp, multipart/mixed, multipart/alternative'],
  },
  {
    name: 'a packed body with 415 and Accept-Encoding',
    request: {
      method: 'INVITE',
      body: SDP,
      lines: ['Content-Type: application/sdp', 'Content-Encoding: gzip'],
    },
    status: '415',
    header: ['accept-encoding', 'identity'],
  },
  {
    name: 'an unknown URI scheme with 416',
    request: { method: 'INVITE', uri: 'soap.beep://192.0.2.10', body: SDP },
    status: '416',
  },
  {
    name: 'a Request-URI with headers with 400',
    request: { method: 'INVITE', uri: 'sip:a@192.0.2.10?Subject=x', body: SDP },
    status: '400',
  },
  {
    name: 'a required extension with 420 and Unsupported',
    request: { method: 'INVITE', body: SDP, lines: ['Require: 100rel, precondition'] },
    status: '420',
    header: ['unsupported', 'precondition'],
  },
  {
    name: 'an INVITE within an unknown dialog with 481',
    request: { method: 'INVITE', toTag: 'none', body: SDP },
    status: '481',
  },
  { name: 'BYE without a dialog with 481', request: { method: 'BYE' }, status: '481' },
  {
    name: 'BYE of an unknown dialog with 481',
    request: { method: 'BYE', toTag: 'x' },
    status: '481',
  },
  {
    name: 'a Record-Route that cannot be read with 400',
    request: { method: 'INVITE', body: SDP, lines: ['Record-Route: <sip:>'] },
    status: '400',
  },
];

for (const { name, request, status, header } of REFUSALS) {
  test(`refuses ${name}`, () => {
    const lab = new SipLab();

    lab.request(request);

    const refusal = lab.takeOne();
    assert.is(refusal.name, status);
    assert.is.not(toTagOf(refusal), '');
    if (header !== undefined) assert.is(refusal.message.headers.first(header[0]), header[1]);
    assert.equal(lab.events, []);
    lab.request(request);
    assert.is(lab.takeOne().text, refusal.text, 'a retransmission gets the same answer');
    lab.advance(60_000);
    assert.is(lab.endpoint.figures.transactions, 0);
  });
}

test('refuses a body without a Content-Type with 400', () => {
  const lab = new SipLab();

  lab.receive(
    requestText({ method: 'INVITE', body: SDP }).replace('Content-Type: application/sdp\r\n', ''),
  );

  assert.match(lab.takeOne().text, /^SIP\/2\.0 400 Missing Content-Type\r\n/);
});

test('passes over a body that its sender calls optional', () => {
  const lab = new SipLab();
  const lines = ['Content-Type: image/png', 'Content-Disposition: icon; handling=optional'];

  lab.request({ method: 'INVITE', body: 'png', lines });

  const event = lab.events[0];
  assert.ok(event?.type === 'invite');
  assert.is(event.invite.offer, null);
});

test('refuses an INVITE without hops left with 483, but not an OPTIONS or a BYE that has arrived', () => {
  const lab = new SipLab();
  const noHops = (parts: RequestText): string =>
    requestText(parts).replace('Max-Forwards: 70', 'Max-Forwards: 0');

  lab.receive(noHops({ method: 'INVITE', body: SDP }));
  assert.is(lab.takeOne().name, '483');
  lab.receive(noHops({ method: 'OPTIONS' }));
  assert.is(lab.takeOne().name, '200');
  const toTag = lab.establish({ callId: 'other', branch: 'z9hG4bK-other' });
  lab.receive(noHops({ method: 'BYE', callId: 'other', cseq: 2, toTag }));
  assert.is(lab.takeOne().name, '200');
});

test('refuses a copy of an INVITE that came another way with 482 (RFC 3261 §8.2.2.2)', () => {
  const lab = new SipLab();
  lab.request({ method: 'INVITE', body: SDP, branch: 'z9hG4bK-one' });
  lab.take();

  lab.request({ method: 'INVITE', body: SDP, branch: 'z9hG4bK-two' });
  lab.request({ method: 'INVITE', body: SDP, branch: 'z9hG4bK-three', fromTag: 'other' });

  assert.equal(lab.takeNames(), ['482', '100']);
  assert.equal(lab.eventTypes, ['invite', 'invite']);
});

test('takes two requests with the same branch from different senders for two', () => {
  const lab = new SipLab();
  const via = (host: string): string => `SIP/2.0/UDP ${host};branch=z9hG4bK-collision`;

  lab.request({ method: 'INVITE', callId: 'a', body: SDP, via: via('198.51.100.7') });
  lab.request({ method: 'INVITE', callId: 'b', body: SDP, via: via('198.51.100.8') });

  assert.equal(lab.eventTypes, ['invite', 'invite']);
});

test('answers OPTIONS with Allow, Accept and Supported, within a dialog and without', () => {
  const lab = new SipLab();
  lab.request({ method: 'OPTIONS', callId: 'ping' });
  const outside = lab.takeOne();
  const toTag = lab.establish();
  lab.request({ method: 'OPTIONS', cseq: 2, toTag });
  const inside = lab.takeOne();

  for (const sent of [outside, inside]) {
    assert.is(sent.name, '200');
    const { headers } = sent.message;
    assert.is(headers.first('allow'), 'INVITE, ACK, CANCEL, BYE, OPTIONS, PRACK, UPDATE, INFO');
    assert.is(
      headers.first('accept'),
      'application/sdp, multipart/mixed, multipart/alternative, application/dtmf-relay, application/dtmf',
    );
    assert.is(headers.first('supported'), 'timer, 100rel');
    assert.is(headers.first('server'), 'Konfa/test');
  }
});

test('drops requests from hosts that are not trusted without an answer, and counts them', () => {
  const lab = new SipLab();
  const flow = { ...PEER_FLOW, remoteHost: '203.0.113.1' };

  for (let i = 0; i < 3; i += 1) lab.request({ method: 'INVITE', body: SDP }, flow);
  lab.receive('garbage', flow);

  assert.equal(lab.takeNames(), []);
  assert.equal(lab.events, []);
  assert.is(lab.endpoint.figures.untrustedMessages, 4);
  assert.is(lab.logs.filter((log) => log.level === 'warn').length, 1, 'one warning, not four');
});

test('takes a response to its BYE from whatever host it comes', () => {
  const lab = new SipLab();
  lab.establish();
  lab.hangUp();

  lab.receive(responseText(lab.takeOne(), 200), { ...PEER_FLOW, remoteHost: '203.0.113.1' });
  lab.advance(5000);

  assert.is(lab.endpoint.figures.dialogs, 0);
  assert.equal(lab.takeNames(), []);
});

test('answers a malformed request with 400 and says what is wrong in its own words', () => {
  const lab = new SipLab();

  lab.receive(requestText({ method: 'OPTIONS' }).replace('From: "Alice"', 'From: "Alice'));
  assert.match(lab.takeOne().text, /^SIP\/2\.0 400 Unbalanced Quotes\r\n/);

  lab.receive(requestText({ method: 'ACK' }).replace('From: "Alice"', 'From: "Alice'));
  lab.receive('total garbage\r\n\r\n');
  assert.equal(lab.takeNames(), [], 'an ACK and garbage are not answered');
  assert.is(lab.endpoint.figures.malformedMessages, 3);
});

test('passes over keep-alives and strays', () => {
  const lab = new SipLab();

  lab.receive('\r\n\r\n');
  lab.receive('');
  lab.receive(new Uint8Array(4));
  lab.request({ method: 'ACK', toTag: 'none' });
  lab.receive(
    'SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP 192.0.2.10;branch=z9hG4bKx\r\nFrom: <sip:a@b>;tag=1\r\n' +
      'To: <sip:c@d>;tag=2\r\nCall-ID: none\r\nCSeq: 1 BYE\r\n\r\n',
  );

  assert.equal(lab.takeNames(), []);
  assert.is(lab.endpoint.figures.malformedMessages, 0);
});

test('refuses new calls with 503 and Retry-After at the limit of dialogs, and takes them again below it', () => {
  const lab = new SipLab({ limits: { transactions: 50_000, dialogs: 1 } });
  const toTag = lab.establish();

  lab.request({ method: 'INVITE', callId: 'two', branch: 'z9hG4bK-two', body: SDP });
  const refusal = lab.takeOne();
  lab.request({ method: 'BYE', cseq: 2, toTag });
  lab.take();
  lab.request({ method: 'INVITE', callId: 'three', branch: 'z9hG4bK-three', body: SDP });

  assert.is(refusal.name, '503');
  assert.is(refusal.message.headers.first('retry-after'), '5');
  assert.is(lab.takeOne().name, '100');
});

test('refuses new requests at the limit of transactions, and goes on with calls that stand', () => {
  const lab = new SipLab({ limits: { transactions: 2, dialogs: 4000 } });
  const toTag = lab.establish();
  lab.request({ method: 'OPTIONS', callId: 'one', branch: 'z9hG4bK-1' });
  lab.take();

  lab.request({ method: 'OPTIONS', callId: 'two', branch: 'z9hG4bK-2' });
  assert.is(lab.takeOne().name, '503');
  lab.request({ method: 'BYE', cseq: 2, toTag });
  assert.is(lab.takeOne().name, '200');
  assert.is(lab.endpoint.figures.transactions, 3);
});

test('loses a caller who can be reached only over a connection together with it', () => {
  const lab = new SipLab();
  const contact = '<sip:alice@abc.invalid;transport=ws>';
  const flow = { ...PEER_TCP_FLOW, transport: 'ws' } as const;
  lab.establish({ contact }, flow);
  lab.request({ method: 'INVITE', callId: 'two', branch: 'z9hG4bK-2', body: SDP, contact }, flow);

  lab.flowClosed(flow);

  assert.equal(lab.eventTypes, ['invite', 'established', 'invite', 'ended', 'cancelled']);
  const ended = lab.events[3];
  assert.ok(ended?.type === 'ended');
  assert.is(ended.by, 'transport');
  lab.advance(120_000);
  assert.equal([lab.endpoint.figures.dialogs, lab.endpoint.figures.transactions], [0, 0]);
});

test('keeps a call whose connection closed while its peer listens elsewhere', () => {
  const lab = new SipLab();
  lab.establish({}, PEER_TCP_FLOW);

  lab.flowClosed(PEER_TCP_FLOW);
  lab.hangUp();

  const bye = lab.takeOne();
  assert.equal([bye.name, bye.host, bye.port], ['BYE', '198.51.100.7', 5070]);
});

test('sends a BYE once more over a new connection when its own closes, and then gives it up', () => {
  const lab = new SipLab();
  lab.establish({}, PEER_TCP_FLOW);
  lab.hangUp();
  assert.is(lab.endpoint.figures.dialogs, 1);

  lab.flowClosed(PEER_TCP_FLOW);
  assert.equal(lab.takeNames().slice(-2), ['BYE', 'BYE']);
  lab.flowClosed(PEER_TCP_FLOW);

  assert.is(lab.endpoint.figures.dialogs, 0);
  assert.equal(lab.eventTypes, ['invite', 'established', 'ended']);
});

test.run();
