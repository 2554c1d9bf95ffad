import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { PEER_FLOW, PEER_TCP_FLOW, requestText, SDP, SipLab, toTagOf } from './sip-lab.ts';
import type { RequestText, Sent } from './sip-lab.ts';
import type { SipFlow } from '../../../server/sip/user-agent.ts';

/** The BYE of a call that was set up with such an INVITE. */
function byeOf(parts: Partial<RequestText>, flow: SipFlow = PEER_FLOW): Sent {
  const lab = new SipLab();
  lab.establish(parts, flow);
  lab.hangUp();
  return lab.takeOne();
}

function uriOf(sent: Sent): string {
  return sent.message.kind === 'request' ? sent.message.uri : '';
}

test('answers to the source port when the sender asks for rport, and writes it into Via (RFC 3581)', () => {
  const lab = new SipLab();
  const via = 'SIP/2.0/UDP 10.0.0.1:5060;rport;branch=z9hG4bK-n;alias';

  lab.request({ method: 'OPTIONS', via });

  const sent = lab.takeOne();
  assert.equal([sent.host, sent.port], ['198.51.100.7', 5070]);
  assert.is(
    sent.message.headers.first('via'),
    'SIP/2.0/UDP 10.0.0.1:5060;branch=z9hG4bK-n;received=198.51.100.7;rport=5070;alias',
  );
});

test('answers to the port of sent-by when rport is not asked for (RFC 3261 §18.2.2)', () => {
  for (const [sentBy, port] of [
    ['198.51.100.7:5099', 5099],
    ['198.51.100.7', 5060],
    ['pbx.example.com', 5060],
  ] as const) {
    const lab = new SipLab();

    lab.request({ method: 'OPTIONS', via: `SIP/2.0/UDP ${sentBy};branch=z9hG4bK-p` });

    const sent = lab.takeOne();
    assert.equal([sent.host, sent.port], ['198.51.100.7', port]);
    const stamped = sentBy.startsWith('pbx') ? ';received=198.51.100.7' : '';
    assert.is(
      sent.message.headers.first('via'),
      `SIP/2.0/UDP ${sentBy};branch=z9hG4bK-p${stamped}`,
    );
  }
});

test('overwrites what a sender claims in received and does not follow its maddr', () => {
  const lab = new SipLab();
  const via =
    'SIP/2.0/UDP 198.51.100.7:5070;received=203.0.113.9;maddr=203.0.113.9;branch=z9hG4bK-m';

  lab.request({ method: 'OPTIONS', via });

  const sent = lab.takeOne();
  assert.is(sent.host, '198.51.100.7');
  assert.not.match(sent.message.headers.first('via') ?? '', 'received');
});

test('echoes all Vias in order', () => {
  const lab = new SipLab();
  const via =
    'SIP/2.0/UDP 198.51.100.7:5070;branch=z9hG4bK-1;rport, SIP/2.0/TCP b.example.com;branch=z9hG4bK-2';

  lab.request({ method: 'OPTIONS', via, lines: ['v: SIP/2.0/UDP c.example.com;branch=z9hG4bK-3'] });

  assert.equal(lab.takeOne().message.headers.list('via').slice(1), [
    'SIP/2.0/TCP b.example.com;branch=z9hG4bK-2',
    'SIP/2.0/UDP c.example.com;branch=z9hG4bK-3',
  ]);
});

test('sends to the first loose router, with the whole route set and the Contact as Request-URI', () => {
  const routes = ['<sip:198.51.100.3:5080;lr>', '<sip:198.51.100.2;lr>'];

  const bye = byeOf({ lines: routes.map((route) => `Record-Route: ${route}`) });

  assert.equal([bye.host, bye.port], ['198.51.100.3', 5080]);
  assert.is(uriOf(bye), 'sip:alice@198.51.100.7:5070');
  assert.equal(bye.message.headers.list('route'), routes);
});

test('connects to a peer or a proxy that is heard by UDP and asks to be called by TCP (RFC 3261 §19.1.1)', () => {
  const byContact = byeOf({ contact: '<sip:alice@198.51.100.7:5090;transport=tcp>' });
  const byRoute = byeOf({ lines: ['Record-Route: <sip:198.51.100.3;transport=TCP;lr>'] });

  for (const [bye, host, port] of [
    [byContact, '198.51.100.7', 5090],
    [byRoute, '198.51.100.3', 5060],
  ] as const) {
    assert.equal([bye.host, bye.port], [host, port]);
    // Not the port of UDP, which stands in Contact: there may be no listener for TCP on it.
    assert.match(bye.message.headers.first('via') ?? '', /^SIP\/2\.0\/TCP 192\.0\.2\.10;/);
  }
});

for (const [what, parts, flowId, port] of [
  [
    'the Contact names another host',
    { contact: '<sip:alice@198.51.100.8:5090>' },
    'out-tcp-198.51.100.8:5090',
    5090,
  ],
  [
    'the first route names another host',
    { lines: ['Record-Route: <sip:198.51.100.3;transport=tcp;lr>'] },
    'out-tcp-198.51.100.3:5060',
    5060,
  ],
  [
    'the Contact names the host of the connection',
    { contact: '<sip:alice@198.51.100.7:5090>' },
    PEER_TCP_FLOW.flowId,
    5090,
  ],
  [
    'the first route names the host of the connection',
    { contact: '<sip:alice@198.51.100.8>', lines: ['Record-Route: <sip:198.51.100.7;lr>'] },
    PEER_TCP_FLOW.flowId,
    5060,
  ],
  [
    'the Contact is a name',
    { contact: '<sip:alice@pbx.example.com>' },
    PEER_TCP_FLOW.flowId,
    43_210,
  ],
  [
    'the peer is behind a translator',
    { via: 'SIP/2.0/TCP 10.0.0.5:5060;branch=z9hG4bK-nat', contact: '<sip:alice@10.0.0.5:5060>' },
    PEER_TCP_FLOW.flowId,
    43_210,
  ],
] as const) {
  test(`sends over ${flowId} when ${what}`, () => {
    const bye = byeOf(parts, PEER_TCP_FLOW);

    assert.equal([bye.flow.flowId, bye.port], [flowId, port]);
    assert.match(bye.message.headers.first('via') ?? '', /^SIP\/2\.0\/TCP 192\.0\.2\.10:5060;/);
  });
}

test('goes on over the connection of the call when one of our own to another host cannot be made', () => {
  const lab = new SipLab();
  const contact = '<sip:alice@198.51.100.8:5090>';
  const toTag = lab.establish({ contact }, PEER_TCP_FLOW);
  lab.hangUp();
  const bye = lab.takeOne();

  lab.flowClosed(bye.flow);
  const again = lab.take();
  lab.flowClosed(bye.flow);

  assert.equal(
    again.map(({ name, flow }) => [name, flow.flowId]),
    [['BYE', PEER_TCP_FLOW.flowId]],
  );
  lab.request({ method: 'OPTIONS', cseq: 9, toTag }, PEER_TCP_FLOW);
  assert.equal(lab.takeNames(), ['481']);
});

test('sends to a strict router by its URI, with the Contact as the last route (RFC 3261 §12.2.1.1)', () => {
  const bye = byeOf({
    lines: ['Record-Route: <sip:198.51.100.3;method=BYE>, <sip:198.51.100.2;lr>'],
  });

  assert.equal([bye.host, bye.port], ['198.51.100.3', 5060]);
  assert.is(uriOf(bye), 'sip:198.51.100.3');
  assert.equal(bye.message.headers.list('route'), [
    '<sip:198.51.100.2;lr>',
    '<sip:alice@198.51.100.7:5070>',
  ]);
});

test('sends back where the INVITE came from when a router is known by name only', () => {
  const bye = byeOf({ lines: ['Record-Route: <sip:proxy.example.com;lr>'] });

  assert.equal([bye.host, bye.port], ['198.51.100.7', 5070]);
  assert.equal(bye.message.headers.list('route'), ['<sip:proxy.example.com;lr>']);
});

for (const [name, contact, uri] of [
  ['a name', '<sip:alice@pbx.example.com>', 'sip:alice@pbx.example.com'],
  ['no Contact', '', 'sip:alice@198.51.100.7'],
  ['a Contact of another scheme', '<tel:+48501234567>', 'sip:alice@198.51.100.7'],
] as const) {
  test(`sends back where the INVITE came from when the peer gave ${name}`, () => {
    const bye = byeOf({ contact });

    assert.equal([bye.host, bye.port], ['198.51.100.7', 5070]);
    assert.is(uriOf(bye), uri);
  });
}

test('makes a Request-URI of the source address when neither Contact nor From has one', () => {
  const lab = new SipLab();
  const odd = (text: string): string =>
    text.replace(/From: .*/, 'From: <isbn:1 2>;tag=a').replace(/Contact: .*\r\n/, '');
  lab.receive(odd(requestText({ method: 'INVITE', body: SDP })));
  lab.answer();
  const toTag = toTagOf(lab.take().at(-1));
  lab.receive(odd(requestText({ method: 'ACK', toTag })));
  lab.hangUp();

  assert.is(uriOf(lab.takeOne()), 'sip:198.51.100.7:5070');
});

test('sends back through the address translator that the Via shows', () => {
  const bye = byeOf({
    via: 'SIP/2.0/UDP 10.0.0.5:5060;branch=z9hG4bK-nat;rport',
    contact: '<sip:alice@10.0.0.5:5060>',
  });

  assert.equal([bye.host, bye.port], ['198.51.100.7', 5070]);
  assert.is(uriOf(bye), 'sip:alice@10.0.0.5:5060');
});

test('names its transport in Via and Contact over a connection', () => {
  const lab = new SipLab();
  lab.request({ method: 'INVITE', body: SDP }, PEER_TCP_FLOW);
  lab.answer();
  const ok = lab.take().at(-1);

  assert.is(ok?.message.headers.first('contact'), '<sip:192.0.2.10:5060;transport=tcp>');
  const bye = byeOf({}, PEER_TCP_FLOW);
  assert.match(bye.message.headers.first('via') ?? '', /^SIP\/2\.0\/TCP 192\.0\.2\.10:5060;/);
});

test('writes IPv6 addresses in brackets', () => {
  const lab = new SipLab({ isTrusted: () => true });
  const flow = { ...PEER_FLOW, remoteHost: '2001:db8::7' };
  const via = 'SIP/2.0/UDP [2001:db8::7]:5070;branch=z9hG4bK-6';
  const contact = '<sip:alice@[2001:db8::7]:5075>';
  lab.request({ method: 'INVITE', body: SDP, via, contact }, flow);
  const { dialogId } = lab;
  lab.command({ type: 'answer', dialogId, sdp: 'v=0', localHost: '2001:db8::1' });
  const ok = lab.take().at(-1);
  assert.ok(ok);

  assert.equal([ok.host, ok.port], ['2001:db8::7', 5070]);
  assert.is(ok.message.headers.first('via'), via);
  assert.is(ok.message.headers.first('contact'), '<sip:[2001:db8::1]:5060>');
});

test('makes tags and branches that differ from call to call', () => {
  const seen = new Set<string>();
  const lab = new SipLab();

  for (let i = 0; i < 50; i += 1) {
    seen.add(lab.establish({ callId: `c${i}`, branch: `z9hG4bK-i${i}` }));
    lab.hangUp();
    seen.add(/branch=([^;]+)/.exec(lab.takeOne().message.headers.first('via') ?? '')?.[1] ?? '');
  }

  assert.is(seen.size, 100);
});

test('describes the caller: numbers, names, asserted identity and the wish for privacy', () => {
  const lab = new SipLab();
  lab.request({
    method: 'INVITE',
    uri: 'sip:+48223500908;npdi=yes@192.0.2.10;user=phone',
    body: SDP,
    lines: [
      'P-Asserted-Identity: <http://x>, "Jan" <tel:+48-501-234-567>',
      'Privacy: header;id',
      'User-Agent: Telefon \u202e 1.0',
    ],
  });

  const event = lab.events[0];
  assert.ok(event?.type === 'invite');
  assert.is(event.invite.calledUser, '+48223500908');
  assert.is(event.invite.assertedUser, '+48501234567');
  assert.is(event.invite.privacy, 'withheld');
  assert.is(event.invite.userAgent, 'Telefon  1.0');
});

for (const [uri, user] of [
  ['sip:22%20350%2009%2008@192.0.2.10', '22 350 09 08'],
  ['tel:22-350-09-08', '223500908'],
  ['sip:192.0.2.10', ''],
  ['sip:908:secret@192.0.2.10', '908'],
  ['sips:za%C5%BC%C3%B3%C5%82%C4%87@192.0.2.10', 'zażółć'],
  ['sip:a%00b%0D%0A@192.0.2.10', 'ab'],
] as const) {
  test(`reads ${JSON.stringify(user)} as the user of ${uri}`, () => {
    const lab = new SipLab();

    lab.request({ method: 'INVITE', uri, body: SDP });

    const event = lab.events[0];
    assert.ok(event?.type === 'invite');
    assert.is(event.invite.calledUser, user);
  });
}

test.run();
