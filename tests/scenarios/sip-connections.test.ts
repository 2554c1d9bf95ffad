import { once } from 'node:events';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { outboundFlow } from '../../server/sip/outbound-flow.ts';
import type { SipFlow } from '../../server/sip/user-agent.ts';
import { SimClock } from '../support/sim-clock.ts';
import {
  connected,
  flowOf,
  HOST,
  listening,
  MESSAGE,
  read,
  SocketBench,
  textOf,
} from './sip-socket-bench.ts';

const PING = '\r\n\r\n';
const PONG = '\r\n';
const UDP_ONLY = [{ transport: 'udp', host: HOST, port: 0 }] as const;
const LIMITS = { connections: 2048, connectionsPerAddress: 2048, messageBytes: 65_536 };

function tcpFlow(port: number): SipFlow {
  return outboundFlow({ transport: 'tcp', host: HOST, port, localPort: 0 });
}

/** A connection of ours to a peer, which has heard one message by it. */
async function made(bench: SocketBench): Promise<{ flow: SipFlow; peer: Socket; end: () => void }> {
  const { server, port } = await listening();
  const flow = tcpFlow(port);
  bench.send(flow, MESSAGE);
  const [peer] = (await once(server, 'connection')) as [Socket];
  assert.is(await read(peer, MESSAGE.length), MESSAGE);
  return { flow, peer, end: () => server.close() };
}

test('uses a connection of ours again for all that goes to its host', async () => {
  const bench = new SocketBench();
  const sockets = await bench.open({ listen: UDP_ONLY });
  const { flow, peer, end } = await made(bench);

  bench.send(flow, 'ACK');
  const bytes = Buffer.from('BYE');
  sockets.perform({ type: 'send', flow: tcpFlow(flow.remotePort), host: HOST, port: 9, bytes });

  assert.is(await read(peer, 6), 'ACKBYE');
  assert.is(sockets.figures.made, 1);
  sockets.perform({ type: 'close-flow', flow });
  await bench.closed(flow.flowId);
  assert.is(sockets.figures.made, 0);
  end();
  await bench.close();
});

test('sends a BYE over a new connection when that of the INVITE was killed', async () => {
  const bench = new SocketBench();
  await bench.open({ listen: UDP_ONLY });
  const { server, port } = await listening();
  const flow = tcpFlow(port);
  bench.send(flow, 'INVITE');
  const [first] = (await once(server, 'connection')) as [Socket];
  await read(first, 6);

  first.resetAndDestroy();
  await bench.closed(flow.flowId);
  const joined = once(server, 'connection');
  bench.send(flow, 'BYE');
  const [second] = (await joined) as [Socket];

  assert.is(await read(second, 3), 'BYE');
  server.close();
  await bench.close();
});

test('says that a flow of ours is closed when nobody listens, and when nobody answers in time', async () => {
  const clock = new SimClock(0);
  const bench = new SocketBench();
  const sockets = await bench.open({ listen: UDP_ONLY, clock });
  const nobody = await listening();
  nobody.server.close();
  await once(nobody.server, 'close');
  const silent = await listening();
  const tls = { serverName: 'sip.test', trunk: 'test' };
  const refused = tcpFlow(nobody.port);
  const late = outboundFlow({
    ...{ transport: 'tls', host: HOST, port: silent.port, localPort: 0, tls },
  });

  bench.send(refused, MESSAGE);
  await bench.closed(refused.flowId);
  bench.send(late, MESSAGE);
  await once(silent.server, 'connection');
  await clock.advance(9999);
  const early = bench.inputs.length;
  await clock.advance(1);
  await bench.closed(late.flowId);

  assert.is(early, 1);
  assert.equal(
    bench.lines.map(({ facts }) => facts.why),
    ['nobody listens there', 'no answer in time'],
  );
  assert.is(sockets.figures.connectsFailed, 2);
  assert.is(sockets.figures.made, 0);
  silent.server.close();
  await bench.close();
});

test('pings a peer that we have connected to, and finds it gone when it answers no more', async () => {
  const clock = new SimClock(0);
  const bench = new SocketBench();
  const sockets = await bench.open({ listen: UDP_ONLY, clock, keepAliveMs: 30_000 });
  const { flow, peer, end } = await made(bench);

  await clock.advance(30_000);
  const first = await read(peer, 4);
  peer.write(PONG + MESSAGE);
  await bench.received(1);
  await clock.advance(30_000);
  const second = await read(peer, 4);
  await clock.advance(9999);
  const early = bench.inputs.length;
  await clock.advance(1);
  await bench.closed(flow.flowId);

  assert.equal([first, second], [PING, PING]);
  assert.is(early, 1);
  assert.is(sockets.figures.pingsUnanswered, 1);
  assert.is(bench.lines[0]?.facts.why, 'no answer to a ping');
  end();
  await bench.close();
});

test('goes on pinging a peer that answers requests, but has never answered a ping, and answers its own', async () => {
  const clock = new SimClock(0);
  const bench = new SocketBench();
  await bench.open({ listen: UDP_ONLY, clock, keepAliveMs: 30_000 });
  const { peer, end } = await made(bench);
  peer.write(MESSAGE);
  await bench.received(1);

  for (let i = 0; i < 5; i += 1) {
    await clock.advance(30_000);
    assert.is(await read(peer, 4), PING);
  }
  peer.write(PING);
  const pong = await read(peer, 2);
  await clock.advance(50_000);

  assert.is(pong, PONG);
  assert.is(bench.inputs.length, 1);
  end();
  await bench.close();
});

test('gives up a connection on which 64*T1 after a request nothing at all has come', async () => {
  const clock = new SimClock(0);
  const bench = new SocketBench();
  const sockets = await bench.open({ listen: UDP_ONLY, clock, keepAliveMs: 30_000 });
  const { flow, peer, end } = await made(bench);

  await clock.advance(30_000);
  assert.is(await read(peer, 4), PING);
  await clock.advance(29_999);
  const early = bench.inputs.length;
  await clock.advance(1);
  await bench.closed(flow.flowId);

  assert.is(early, 0);
  assert.is(bench.lines[0]?.facts.why, 'no answer to a request');
  assert.is(sockets.figures.pingsUnanswered, 1);
  end();
  await bench.close();
});

test('waits for no answer to responses and ACKs, nor after one to a request has come', async () => {
  const clock = new SimClock(0);
  const bench = new SocketBench();
  await bench.open({ listen: UDP_ONLY, clock, keepAliveMs: 30_000 });
  const { flow, peer, end } = await made(bench);
  peer.write(MESSAGE);
  await bench.received(1);

  bench.send(flow, 'SIP/2.0 200 OK\r\n');
  bench.send(flow, 'ACK sip:a@192.0.2.1 SIP/2.0\r\n');
  await clock.advance(300_000);

  assert.is(bench.inputs.length, 1);
  end();
  await bench.close();
});

test('closes a connection of ours that is unused for an hour, unless it is kept awake', async () => {
  const clock = new SimClock(0);
  const bench = new SocketBench();
  const sockets = await bench.open({ listen: UDP_ONLY, clock, keepAliveMs: 0 });
  const { flow: unused, end } = await made(bench);
  const { flow: awake, end: endOther } = await made(bench);

  sockets.keepAwake(awake);
  await clock.advance(3_600_000);
  await bench.closed(unused.flowId);
  const standing = sockets.figures.made;
  sockets.letSleep(awake);
  await clock.advance(3_600_000);
  await bench.closed(awake.flowId);

  assert.is(standing, 1);
  end();
  endOther();
  await bench.close();
});

test('sends over the connection that a peer has made anew when it cannot be connected to', async () => {
  const bench = new SocketBench();
  const sockets = await bench.open();
  const first = await connected(bench.port);
  first.write(MESSAGE);
  const flow = flowOf((await bench.received(1))[0]);
  first.destroy();
  await bench.closed(flow.flowId);
  const second = await connected(bench.port);
  second.write(MESSAGE);
  await bench.received(3);
  const nobody = await listening();
  nobody.server.close();
  await once(nobody.server, 'close');

  const { port } = nobody;
  sockets.perform({ type: 'send', flow, host: HOST, port, bytes: Buffer.from('BYE') });
  const got = await read(second, 3);
  const third = await connected(bench.port);
  third.write(MESSAGE);
  await bench.until(() => bench.inputs.filter(({ type }) => type === 'received').length === 3);
  const before = bench.inputs.length;
  sockets.perform({ type: 'send', flow, host: HOST, port, bytes: Buffer.from('BYE') });
  await bench.until(() =>
    bench.inputs.slice(before).some((input) => input.type === 'flow-closed' && input.flow === flow),
  );

  assert.is(got, 'BYE');
  second.destroy();
  third.destroy();
  await bench.close();
});

test('refuses 2,000 connections beyond its limit, and serves those that stand', async () => {
  const bench = new SocketBench();
  const sockets = await bench.open({ limits: { ...LIMITS, connections: 3 } });
  const standing = [
    await connected(bench.port),
    await connected(bench.port),
    await connected(bench.port),
  ];
  for (const socket of standing) socket.write(MESSAGE);
  await bench.received(3);

  for (let batch = 0; batch < 20; batch += 1) {
    await Promise.all(Array.from({ length: 100 }, () => refusedAt(bench.port)));
  }
  standing[2]?.write(MESSAGE);
  await bench.received(4);

  const { accepted, refused } = sockets.figures;
  assert.equal({ accepted, refused }, { accepted: 3, refused: 2000 });
  assert.is(bench.lines.length, 1, 'one line tells of all');
  for (const socket of standing) socket.destroy();
  await bench.close();
});

/** Connects, and waits until the other side has closed. */
function refusedAt(port: number): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect(port, HOST);
    socket.on('error', () => {});
    socket.resume();
    socket.once('close', () => resolve());
  });
}

test('refuses connections beyond the limit of their address, and those whom the guard keeps out', async () => {
  const bench = new SocketBench();
  const guarded: string[] = [];
  const sockets = await bench.open({
    limits: { ...LIMITS, connectionsPerAddress: 2 },
    guard: {
      admit: (source) =>
        guarded.push(typeof source === 'string' ? source : source.remoteHost) > 3 ? 'drop' : 'pass',
      offend: () => {},
    },
  });
  const first = await connected(bench.port);
  const second = await connected(bench.port);
  first.write(MESSAGE);
  second.write(MESSAGE);
  await bench.received(2);

  await refusedAt(bench.port);
  await refusedAt(bench.port);
  const { accepted, refused, dropped } = sockets.figures;

  assert.equal({ accepted, refused, dropped }, { accepted: 2, refused: 1, dropped: 1 });
  assert.equal(guarded, [HOST, HOST, HOST, HOST]);
  first.destroy();
  second.destroy();
  await bench.close();
});

test('tells the guard of connections from hosts on no trunk', async () => {
  const bench = new SocketBench();
  const offences: unknown[] = [];
  const sockets = await bench.open({
    isTrusted: () => false,
    guard: { admit: () => 'pass', offend: (source, offence) => offences.push([source, offence]) },
  });

  await refusedAt(bench.port);

  assert.equal(offences, [[HOST, 'unknown-source']]);
  assert.is(sockets.figures.strangers, 1);
  assert.equal(bench.inputs, []);
  await bench.close();
});

test('takes a message that comes octet by octet, and closes when the rest does not come', async () => {
  const clock = new SimClock(0);
  const bench = new SocketBench();
  await bench.open({ clock });
  const slow = await connected(bench.port);
  slow.setNoDelay(true);

  for (const octet of MESSAGE) {
    slow.write(octet);
    await new Promise((resolve) => setImmediate(resolve));
  }
  const [input] = await bench.received(1);
  slow.write(MESSAGE.slice(0, -1));
  const quick = await connected(bench.port);
  quick.write(MESSAGE);
  await bench.received(2);
  await clock.advance(30_000);
  await bench.closed(flowOf(input).flowId);

  assert.is(textOf(input), MESSAGE);
  assert.equal(
    bench.lines.map(({ facts }) => facts.why),
    ['no whole message in time'],
  );
  assert.is(bench.inputs.length, 3, 'the other connection goes on');
  quick.destroy();
  slow.destroy();
  await bench.close();
});

test('closes a connection that brings a message longer than the limit', async () => {
  const bench = new SocketBench();
  await bench.open({ limits: { ...LIMITS, messageBytes: 2048 } });
  const phone = await connected(bench.port);
  phone.on('error', () => {});

  phone.write(MESSAGE.replace('Length: 4', 'Length: 2048'));
  await bench.received(1);

  assert.is(bench.inputs[0]?.type, 'flow-closed');
  assert.is(bench.lines[0]?.facts.why, 'a message is too large');
  await bench.close();
});

test.run();
