import { createSocket } from 'node:dgram';
import type { Socket as UdpSocket } from 'node:dgram';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { localPortFor, outboundFlow } from '../../server/sip/outbound-flow.ts';
import { SimClock } from '../support/sim-clock.ts';
import {
  connected,
  flowOf,
  HOST,
  listening,
  MESSAGE,
  read,
  SocketBench,
} from './sip-socket-bench.ts';

const HOST_6 = '::1';
const BOTH = [
  { transport: 'udp', host: HOST, port: 0 },
  { transport: 'udp', host: '::', port: 0 },
  { transport: 'tcp', host: HOST, port: 0 },
  { transport: 'tcp', host: '::', port: 0 },
] as const;

async function boundUdp(host: string): Promise<UdpSocket> {
  const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4');
  socket.bind(0, host);
  await once(socket, 'listening');
  return socket;
}

async function datagram(socket: UdpSocket): Promise<string> {
  const [bytes] = (await once(socket, 'message')) as [Buffer];
  return bytes.toString();
}

test('listens in both families at once, and answers each in its own', async () => {
  const trusted: string[] = [];
  const bench = new SocketBench();
  const sockets = await bench.open({
    listen: BOTH,
    isTrusted: (host) => trusted.push(host) > 0,
  });
  const ports = sockets.addresses.map(({ port }) => port);
  const phones = [await boundUdp(HOST), await boundUdp(HOST_6)] as const;
  phones[0].send(MESSAGE, ports[0] ?? 0, HOST);
  phones[1].send(MESSAGE, ports[1] ?? 0, HOST_6);
  const streams = [await connected(ports[2] ?? 0), await connected(ports[3] ?? 0, HOST_6)] as const;
  for (const stream of streams) stream.write(MESSAGE);
  const inputs = [...(await bench.received(4))];

  const answers = Promise.all([
    ...phones.map(datagram),
    ...streams.map((stream) => read(stream, 3)),
  ]);
  for (const input of inputs) bench.send(flowOf(input), 'yes');

  assert.equal(await answers, ['yes', 'yes', 'yes', 'yes']);
  assert.equal(inputs.map((input) => flowOf(input).remoteHost).sort(), [
    HOST,
    HOST,
    HOST_6,
    HOST_6,
  ]);
  assert.equal(trusted.sort(), [HOST, HOST_6]);
  for (const phone of phones) phone.close();
  for (const stream of streams) stream.destroy();
  await bench.close();
});

test('takes the socket of the address’s family for flows of ours, whatever way the address is written', async () => {
  const bench = new SocketBench();
  const sockets = await bench.open({ listen: BOTH });
  const peer4 = await boundUdp(HOST);
  const peer6 = await boundUdp(HOST_6);
  const { server, port } = await listening(HOST_6);
  const rows = [
    { transport: 'udp', host: `::ffff:${HOST}`, port: peer4.address().port },
    { transport: 'udp', host: '[0:0::1]', port: peer6.address().port },
    { transport: 'tcp', host: '[::1]', port },
  ] as const;
  const flows = rows.map((row) =>
    outboundFlow({ ...row, localPort: localPortFor(sockets.addresses, row.transport, row.host) }),
  );

  const heard = Promise.all([datagram(peer4), datagram(peer6)]);
  const joined = once(server, 'connection');
  for (const [index, flow] of flows.entries()) {
    const { host, port: toPort } = rows[index] ?? rows[0];
    const bytes = Buffer.from(`to ${index}`);
    sockets.perform({ type: 'send', flow, host, port: toPort, bytes });
  }
  const [connection] = (await joined) as [Socket];

  assert.equal(await heard, ['to 0', 'to 1']);
  assert.is(await read(connection, 4), 'to 2');
  assert.equal(
    flows.map(({ localPort }) => localPort),
    [0, 1, 3].map((index) => sockets.addresses[index]?.port),
  );
  peer4.close();
  peer6.close();
  await bench.close();
  server.close();
});

test('takes a port of its own for packets where nothing listens on UDP', async () => {
  const bench = new SocketBench();
  const sockets = await bench.open({ listen: [{ transport: 'tcp', host: HOST, port: 0 }] });
  const peer = await boundUdp(HOST);
  const { port } = peer.address();
  const localPort = localPortFor(sockets.addresses, 'udp', HOST);
  const flow = outboundFlow({ transport: 'udp', host: HOST, port, localPort });

  const heard = once(peer, 'message');
  bench.send(flow, 'REGISTER');
  const [bytes, from] = (await heard) as [Buffer, { port: number }];
  peer.send(MESSAGE, from.port, HOST);
  const [answer] = await bench.received(1);

  assert.is(localPort, 0);
  assert.is(bytes.toString(), 'REGISTER');
  assert.is(flowOf(answer).remotePort, port);
  peer.close();
  await bench.close();
});

test('says at once that a packet could not leave, with the very octets', async () => {
  const bench = new SocketBench();
  const sockets = await bench.open({ listen: [{ transport: 'udp', host: HOST, port: 0 }] });
  const flow = outboundFlow({ transport: 'udp', host: HOST, port: 5060, localPort: bench.port });
  const [large, small] = [Buffer.alloc(70_000, 120), Buffer.from('x')];

  sockets.perform({ type: 'send', flow, host: HOST, port: 5060, bytes: large });
  await bench.received(1);
  sockets.perform({ type: 'send', flow, host: HOST, port: 0, bytes: small });

  assert.equal(bench.inputs, [
    { type: 'send-failed', flow, host: HOST, port: 5060, bytes: large },
    { type: 'send-failed', flow, host: HOST, port: 0, bytes: small },
  ]);
  assert.ok(
    bench.inputs.every(
      (input) => input.type === 'send-failed' && (input.bytes === large || input.bytes === small),
    ),
  );
  assert.equal(
    bench.lines.map(({ facts }) => facts.why),
    ['EMSGSIZE', 'no port'],
  );
  assert.is(sockets.figures.sendsFailed, 2);
  await bench.close();
});

test('keeps the way to a peer by UDP open until it is told not to', async () => {
  const clock = new SimClock(0);
  const bench = new SocketBench();
  const listen = [{ transport: 'udp', host: HOST, port: 0 }] as const;
  const sockets = await bench.open({ listen, clock, keepAliveMs: 30_000 });
  const peer = await boundUdp(HOST);
  const heard: string[] = [];
  peer.on('message', (bytes) => heard.push(bytes.toString()));
  const { port } = peer.address();
  const flow = outboundFlow({ transport: 'udp', host: HOST, port, localPort: bench.port });

  sockets.keepAwake(flow);
  sockets.keepAwake(flow);
  await clock.advance(29_999);
  const first = once(peer, 'message');
  await clock.advance(1);
  await first;
  const second = once(peer, 'message');
  await clock.advance(30_000);
  await second;
  sockets.letSleep(flow);
  await clock.advance(120_000);
  bench.send(flow, 'last');
  await once(peer, 'message');

  assert.equal(heard, ['\r\n\r\n', '\r\n\r\n', 'last']);
  assert.is(clock.pending, 0);
  peer.close();
  await bench.close();
});

test.run();
