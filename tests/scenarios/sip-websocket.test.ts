import { connect } from 'node:net';
import { once } from 'node:events';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { HandClock, ORIGIN, SipWeb, webRequest } from './sip-web.ts';
import type { WebClient } from './sip-web.ts';

const OFFER = 'v=0\r\noffer';
const ANSWER = 'v=0\r\nanswer';
const INVITE = { method: 'INVITE', branch: 'inv1', cseq: 1, body: OFFER };

function tagIn(message: string): string {
  return /\r\nTo:.*;tag=([^\r\n;]+)/.exec(message)?.[1] ?? '';
}

/** Brings a call of this client up to its ACK. */
async function established(
  web: SipWeb,
  client: WebClient,
): Promise<{ readonly dialogId: string; readonly toTag: string }> {
  client.socket.send(webRequest({ ...INVITE, lines: ['Authorization: Bearer abc.DEF~1='] }));
  const { dialogId } = await web.event('invite');
  web.answer(dialogId, ANSWER);
  const toTag = tagIn(await client.message('SIP/2.0 200'));
  client.socket.send(webRequest({ method: 'ACK', branch: 'ack1', cseq: 1, toTag }));
  await web.event('established');
  return { dialogId, toTag };
}

test('a plain RFC 7118 client calls, is answered on its connection, and is hung up on it', async () => {
  const web = await SipWeb.open();
  const client = await web.connect();

  client.socket.send(webRequest({ ...INVITE, lines: ['Authorization: Bearer abc.DEF~1='] }));
  const { dialogId, invite } = await web.event('invite');
  web.answer(dialogId, ANSWER);
  const ok = await client.message('SIP/2.0 200');

  assert.is(invite.bearer, 'abc.DEF~1=');
  assert.is(invite.calledUser, '90801');
  assert.is(invite.flow.transport, 'ws');
  assert.is(invite.offer, OFFER);
  assert.match(ok, 'Via: SIP/2.0/WS df7jal23ls0d.invalid;branch=z9hG4bKinv1;received=127.0.0.1');
  assert.match(ok, `Contact: <sip:127.0.0.1:${web.port};transport=ws>`);
  assert.ok(ok.endsWith(ANSWER));
  assert.not.match(JSON.stringify(web.logs), 'abc.DEF');

  client.socket.send(webRequest({ method: 'ACK', branch: 'ack1', cseq: 1, toTag: tagIn(ok) }));
  await web.event('established');
  web.command({ type: 'hang-up', dialogId, reason: null });
  const bye = await client.message('BYE ');
  assert.match(bye, /^BYE sip:guest@df7jal23ls0d\.invalid;transport=ws SIP\/2\.0\r\n/);
  assert.match(bye, /\r\nVia: SIP\/2\.0\/WS /);
  await web.close();
});

test('answers in the kind of frame that it was asked in (RFC 7118 §5.3)', async () => {
  const web = await SipWeb.open();
  const client = await web.connect();
  const options = { method: 'OPTIONS', cseq: 1 };

  client.socket.send(webRequest({ ...options, branch: 'o1' }));
  await client.message('SIP/2.0 200').then(() => assert.is(client.messages.length, 0));
  client.socket.send(Buffer.from(webRequest({ ...options, branch: 'o2', callId: 'b' })));
  await once(client.socket, 'message');

  assert.is(client.messages[0]?.frameType, 'binary');
  await web.close();
});

test('serves no other request: 405 to REGISTER, 481 to a BYE of nobody', async () => {
  const web = await SipWeb.open();
  const client = await web.connect();

  client.socket.send(webRequest({ method: 'REGISTER', branch: 'r', cseq: 1 }));
  assert.match(await client.message('SIP/2.0'), 'SIP/2.0 405 ');
  client.socket.send(webRequest({ method: 'MESSAGE', branch: 'm', cseq: 1, callId: 'm' }));
  assert.match(await client.message('SIP/2.0'), 'SIP/2.0 405 ');
  client.socket.send(webRequest({ method: 'BYE', branch: 'b', cseq: 1, callId: 'b', toTag: 'x' }));
  assert.match(await client.message('SIP/2.0'), 'SIP/2.0 481 ');
  assert.is(web.events.length, 0);
  await web.close();
});

test('answers a double CRLF by a single one, and takes a single one in silence (RFC 5626 §3.5.1)', async () => {
  const web = await SipWeb.open();
  const client = await web.connect();

  client.socket.send('\r\n');
  client.socket.send('\r\n\r\n');

  assert.is(await client.message('\r\n'), '\r\n');
  assert.is(client.messages.length, 0);
  await web.close();
});

test('a lost connection ends its dialog at once', async () => {
  const web = await SipWeb.open();
  const client = await web.connect();
  const { dialogId } = await established(web, client);

  client.socket.terminate();
  const ended = await web.event('ended');

  assert.equal([ended.dialogId, ended.by], [dialogId, 'transport']);
  assert.is(web.transport.connections, 0);
  await web.close();
});

test('a re-INVITE over another connection moves the dialog there, and it outlives the first', async () => {
  const web = await SipWeb.open();
  const first = await web.connect();
  const { dialogId, toTag } = await established(web, first);
  const second = await web.connect();

  second.socket.send(webRequest({ ...INVITE, branch: 'inv2', cseq: 2, toTag }));
  await web.event('reoffer');
  web.answer(dialogId, ANSWER);
  await second.message('SIP/2.0 200');
  second.socket.send(webRequest({ method: 'ACK', branch: 'ack2', cseq: 2, toTag }));
  await web.event('established');
  first.socket.terminate();
  await first.closed;
  web.command({ type: 'hang-up', dialogId, reason: null });

  assert.match(await second.message('BYE '), 'CSeq: 1 BYE');
  assert.equal(
    web.events.map((event) => event.type === 'ended' && event.by),
    ['us'],
  );
  await web.close();
});

test('refuses pages of other origins, other subprotocols and too many connections', async () => {
  const web = await SipWeb.open({ connectionsPerAddress: 2, maxConnections: 3 });

  assert.is(await web.refusedWith(['sip'], { origin: 'https://elsewhere.example' }), 403);
  assert.is(await web.refusedWith(['chat']), 400);
  assert.is(await web.refusedWith([]), 400);
  await web.connect({ origin: ORIGIN });
  await web.connect();
  assert.is(await web.refusedWith(['sip']), 429);
  web.remoteAddress = '127.0.0.2';
  await web.connect();
  web.remoteAddress = '127.0.0.3';
  assert.is(await web.refusedWith(['sip']), 503);
  await web.close();
});

test('one page of IPv6 is one address, whatever the last 64 bits say', async () => {
  const web = await SipWeb.open({ connectionsPerAddress: 1 });
  web.remoteAddress = '2001:db8:1:2::1';
  await web.connect();

  web.remoteAddress = '2001:db8:1:2:ffff::9';
  assert.is(await web.refusedWith(['sip']), 429);
  web.remoteAddress = '2001:db8:1:3::1';
  await web.connect();
  await web.close();
});

test('closes a connection that brings no call within 30 s, and keeps one that does', async () => {
  const clock = new HandClock();
  const web = await SipWeb.open({ clock });
  const idle = await web.connect();
  const guest = await web.connect();
  await established(web, guest);

  clock.advance(30_001);

  assert.is(await idle.closed, 1008);
  await web.connectionsBecome(1);
  assert.is(guest.socket.readyState, guest.socket.OPEN);
  await web.close();
});

test('asks a silent peer after 25 s and cuts it 10 s later; one that answers stays', async () => {
  const clock = new HandClock();
  const web = await SipWeb.open({ clock });
  const guest = await web.connect();
  await established(web, guest);

  clock.advance(25_001);
  await once(guest.socket, 'ping');
  // The pong is on its way: what comes after it on the same connection has come after it.
  guest.socket.send('\r\n\r\n');
  await guest.message('\r\n');
  clock.advance(10_001);
  assert.is(web.transport.connections, 1);

  guest.socket.pause();
  clock.advance(15_001);
  clock.advance(10_001);
  const ended = await web.event('ended');
  assert.is(ended.by, 'transport');
  await web.close();
});

test('a giant message closes its connection with 1009, garbage frames with 1002, others go on', async () => {
  const web = await SipWeb.open();
  const giant = await web.connect();
  const other = await web.connect();

  giant.socket.send('x'.repeat(65_537));
  assert.is(await giant.closed, 1009);

  const raw = connect(web.port, '127.0.0.1');
  raw.write(
    'GET /sip HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n' +
      'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r\n' +
      'Sec-WebSocket-Protocol: sip\r\n\r\n',
  );
  await once(raw, 'data');
  raw.write(Buffer.from([0xff, 0xff, 0xff, 0xff, 0xff, 0xff]));
  const [frame] = (await once(raw, 'data')) as [Buffer];
  // A close frame with code 1002.
  assert.equal([...frame.subarray(0, 4)], [0x88, 0x02, 0x03, 0xea]);
  raw.destroy();

  other.socket.send('\u0000\u0001 not sip at all');
  other.socket.send(webRequest({ method: 'OPTIONS', branch: 'o', cseq: 1 }));
  await other.message('SIP/2.0 200');
  await web.close();
});

test('closes a connection that floods with 1008, and lets a burst through', async () => {
  const web = await SipWeb.open({ messagesPerSecond: 10, clock: new HandClock() });
  const client = await web.connect();
  const flood = await web.connect();

  for (let i = 0; i < 20; i += 1) client.socket.send('\r\n\r\n');
  for (let i = 0; i < 20; i += 1) await client.message('\r\n');
  for (let i = 0; i < 21; i += 1) flood.socket.send('\r\n\r\n');

  assert.is(await flood.closed, 1008);
  assert.is(client.socket.readyState, client.socket.OPEN);
  await web.close();
});

test('a flood of INVITEs over one connection meets 503, and other connections call', async () => {
  const web = await SipWeb.open({ invitesPerMinute: 3 });
  const flood = await web.connect();
  const guest = await web.connect();

  for (let i = 0; i < 4; i += 1) {
    flood.socket.send(webRequest({ ...INVITE, branch: `f${i}`, callId: `flood-${i}` }));
  }
  assert.match(await flood.message('SIP/2.0 503'), 'Retry-After: ');
  for (let i = 0; i < 3; i += 1) await web.event('invite');
  await established(web, guest);

  assert.is(web.endpoint.figures.dialogs, 4);
  await web.close();
});

test('1,000 half-open connections leave room for a guest', async () => {
  const clock = new HandClock();
  const web = await SipWeb.open({ clock, maxConnections: 1000, connectionsPerAddress: 1000 });
  const idle: WebClient[] = [];
  for (let round = 0; round < 10; round += 1) {
    idle.push(...(await Promise.all(Array.from({ length: 100 }, () => web.connect()))));
  }
  assert.is(web.transport.connections, 1000);
  web.remoteAddress = '127.0.0.2';

  // Those that have just come are not cut: there is no room yet.
  assert.is(await web.refusedWith(['sip']), 503);
  clock.advance(2000);
  const guest = await web.connect();
  await established(web, guest);
  await idle[0]?.closed;
  await web.connectionsBecome(1000);
  clock.advance(28_001);
  await Promise.all(idle.map((each) => each.closed));
  await web.connectionsBecome(1);

  assert.is(web.endpoint.figures.dialogs, 1);
  await web.close();
});

test('cuts a peer that does not read, and keeps no more than a bound for it', async () => {
  const web = await SipWeb.open();
  const client = await web.connect();
  client.socket.send(webRequest(INVITE));
  const { invite } = await web.event('invite');
  client.socket.pause();
  const bytes = Buffer.alloc(32_768, 'x');
  let sent = 0;

  for (; sent < 5000 && web.transport.connections > 0; sent += 1) {
    const { flow } = invite;
    web.transport.send({ type: 'send', flow, host: '127.0.0.1', port: 1, bytes });
    await new Promise<void>((resolve) => setImmediate(resolve));
  }

  assert.ok(sent < 5000);
  assert.is((await web.event('cancelled')).type, 'cancelled');
  assert.ok(web.logs.some((entry) => entry.facts['why'] === 'the peer does not read'));
  await web.close();
});

test('says good-bye to everybody when it closes, after what was sent', async () => {
  const web = await SipWeb.open();
  const client = await web.connect();
  const { dialogId } = await established(web, client);

  web.command({ type: 'hang-up', dialogId, reason: null });
  await web.close();

  assert.is(await client.closed, 1001);
  assert.match(await client.message('BYE '), 'BYE ');
});

test.run();
