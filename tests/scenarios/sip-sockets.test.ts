import { createSocket } from 'node:dgram';
import type { Socket as UdpSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { Socket } from 'node:net';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { CodedError } from '../../mixer/protocol/coded-error.ts';
import type { SipFlow } from '../../server/sip/user-agent.ts';
import { connected, flowOf, HOST, MESSAGE, SocketBench, textOf } from './sip-socket-bench.ts';

/** Made for this test and good for nothing else. */
const CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIIBkTCCATigAwIBAgIUTZJN4PJgevH8pE9XpiBuZ6mysAEwCgYIKoZIzj0EAwIw
FTETMBEGA1UEAwwKa29uZmEudGVzdDAgFw0yNjExMjIxMTE0MjRaGA8yMTI2MTAy
OTExMTQyNFowFTETMBEGA1UEAwwKa29uZmEudGVzdDBZMBMGByqGSM49AgEGCCqG
SM49AwEHA0IABFqTdfk+i8Gkuis1CqzDIXKUrfgBWsTATJ1jaVVY6xF02x9CqNn+
NeMKwW8kBtAwN532MGig7o9SKal3VJG7eGSjZDBiMB0GA1UdDgQWBBQlX9nB0Hky
DDqU3KBXejelFReHkzAfBgNVHSMEGDAWgBQlX9nB0HkyDDqU3KBXejelFReHkzAP
BgNVHRMBAf8EBTADAQH/MA8GA1UdEQQIMAaHBH8AAAEwCgYIKoZIzj0EAwIDRwAw
RAIgC7q13G5zn7he3zvt18w2k/x4f8sC7rm+vkup19XMcp0CIE2JAR0Ncn7cndA+
7m7+0AHBVKeguMduDLBS0c22CW1A
-----END CERTIFICATE-----
`;
const PRIVATE_KEY = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgV/G5pYgLQDcdmWyO
m+fX1YHhOFQ4eOW96MYITJU+s4ShRANCAARak3X5PovBpLorNQqswyFylK34AVrE
wEydY2lVWOsRdNsfQqjZ/jXjCsFvJAbQMDed9jBooO6PUimpd1SRu3hk
-----END PRIVATE KEY-----
`;

async function boundUdp(): Promise<UdpSocket> {
  const socket = createSocket('udp4');
  socket.bind(0, HOST);
  await once(socket, 'listening');
  return socket;
}

test('hands over datagrams with their source, and sends from the same port', async () => {
  const bench = new SocketBench();
  const sockets = await bench.open({ listen: [{ transport: 'udp', host: HOST, port: 0 }] });
  const phone = await boundUdp();

  phone.send(MESSAGE, bench.port, HOST);
  const [input] = await bench.received(1);
  const flow = flowOf(input);
  const answer = once(phone, 'message');
  const { port } = phone.address();
  sockets.perform({ type: 'send', flow, host: HOST, port, bytes: Buffer.from('answer') });
  const [bytes, from] = (await answer) as [Buffer, { port: number }];

  assert.is(textOf(input), MESSAGE);
  assert.equal([flow.transport, flow.remoteHost, flow.remotePort], ['udp', HOST, port]);
  assert.is(flow.localPort, bench.port);
  assert.is(bytes.toString(), 'answer');
  assert.is(from.port, bench.port);
  phone.close();
  await bench.close();
});

test('leads flows of WebSockets to their transport, and closes it with the rest', async () => {
  const asked: string[] = [];
  const bench = new SocketBench();
  const sockets = await bench.open({
    webSocket: {
      accept: () => {},
      has: () => true,
      send: ({ bytes }) => asked.push(Buffer.from(bytes).toString()),
      closeFlow: ({ flowId }) => asked.push(`close ${flowId}`),
      close: async () => Promise.resolve(void asked.push('close')),
      connections: 1,
    },
  });
  const flow: SipFlow = {
    transport: 'wss',
    flowId: 'wss#1',
    remoteHost: HOST,
    remotePort: 1,
    localPort: 443,
  };

  sockets.perform({ type: 'send', flow, host: HOST, port: 1, bytes: Buffer.from('answer') });
  sockets.perform({ type: 'close-flow', flow });
  await bench.close();

  assert.equal(asked, ['answer', 'close wss#1', 'close']);
});

test('sends what it was given before it closes', async () => {
  const bench = new SocketBench();
  const sockets = await bench.open({
    listen: [
      { transport: 'udp', host: HOST, port: 0 },
      { transport: 'tcp', host: HOST, port: 0 },
    ],
  });
  const phone = await boundUdp();
  const connection = await connected(sockets.addresses[1]?.port ?? 0);
  phone.send(MESSAGE, bench.port, HOST);
  connection.write(MESSAGE);
  const inputs = await bench.received(2);

  const answers = Promise.all([once(phone, 'message'), once(connection, 'data')]);
  for (const input of inputs) {
    const flow = flowOf(input);
    const { remotePort: port } = flow;
    sockets.perform({ type: 'send', flow, host: HOST, port, bytes: Buffer.from('BYE') });
  }
  await bench.close();

  for (const [bytes] of await answers) assert.is(String(bytes), 'BYE');
  phone.close();
});

test('cuts a connection into messages, answers pings, and sends back over it', async () => {
  const bench = new SocketBench();
  const sockets = await bench.open();
  const phone = await connected(bench.port);

  phone.write('\r\n\r\n');
  const [pong] = (await once(phone, 'data')) as [Buffer];
  phone.write(MESSAGE.slice(0, 50));
  phone.write(MESSAGE.slice(50) + MESSAGE);
  const inputs = await bench.received(2);
  const flow = flowOf(inputs[0]);
  // The port is nobody's: the answer must take the connection.
  sockets.perform({ type: 'send', flow, host: HOST, port: 9, bytes: Buffer.from('answer') });
  const [answer] = (await once(phone, 'data')) as [Buffer];

  assert.is(pong.toString(), '\r\n');
  assert.equal(inputs.map(textOf), [MESSAGE, MESSAGE]);
  assert.is(answer.toString(), 'answer');
  phone.destroy();
  await bench.received(3);
  assert.equal(bench.inputs[2], { type: 'flow-closed', flow });
  await bench.close();
});

test('connects anew when the connection of a flow is gone', async () => {
  const bench = new SocketBench();
  const sockets = await bench.open();
  const phone = await connected(bench.port);
  phone.write(MESSAGE);
  const flow = flowOf((await bench.received(1))[0]);
  phone.destroy();
  await bench.received(2);
  const listener = createServer();
  listener.listen(0, HOST);
  await once(listener, 'listening');
  const address = listener.address();
  assert.ok(address !== null && typeof address === 'object');

  const { port } = address;
  sockets.perform({ type: 'send', flow, host: HOST, port, bytes: Buffer.from('one') });
  sockets.perform({ type: 'send', flow, host: HOST, port, bytes: Buffer.from('two') });
  const [peer] = (await once(listener, 'connection')) as [Socket];
  let got = '';
  while (got.length < 6) got += String(((await once(peer, 'data')) as [Buffer])[0]);
  peer.write(MESSAGE);
  const inputs = await bench.received(3);

  assert.is(got, 'onetwo');
  assert.is(textOf(inputs[2]), MESSAGE);
  peer.destroy();
  await bench.received(5);
  assert.ok(
    bench.inputs.some((input) => input.type === 'flow-closed' && input.flow === flow),
    'the flow that the new connection stood in for is closed too',
  );
  listener.close();
  await bench.close();
});

test('carries SIP over TLS, and names the setting when the certificate is none', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'konfa-sip-'));
  const certFile = join(folder, 'cert.pem');
  const keyFile = join(folder, 'key.pem');
  writeFileSync(certFile, CERTIFICATE);
  writeFileSync(keyFile, PRIVATE_KEY);
  const bench = new SocketBench();
  const listen = [{ transport: 'tls', host: HOST, port: 0, certFile, keyFile }] as const;
  const sockets = await bench.open({ listen });
  const phone = connectTls({ port: bench.port, host: HOST, ca: CERTIFICATE });
  await once(phone, 'secureConnect');

  phone.write(MESSAGE);
  const [input] = await bench.received(1);
  const flow = flowOf(input);
  sockets.perform({ type: 'send', flow, host: HOST, port: 9, bytes: Buffer.from('answer') });
  const [answer] = (await once(phone, 'data')) as [Buffer];
  const failure = await new SocketBench()
    .open({ listen: [{ transport: 'tls', host: HOST, port: 0, certFile, keyFile: certFile }] })
    .catch((error: unknown) => error);

  assert.is(textOf(input), MESSAGE);
  assert.is(flow.transport, 'tls');
  assert.is(answer.toString(), 'answer');
  assert.ok(failure instanceof CodedError);
  assert.match(failure.message, 'sip.listen[0]');
  phone.destroy();
  await bench.close();
  rmSync(folder, { recursive: true });
});

test('says that a flow is closed when nobody listens at its address', async () => {
  const bench = new SocketBench();
  const sockets = await bench.open();
  const nobody = createServer();
  nobody.listen(0, HOST);
  await once(nobody, 'listening');
  const address = nobody.address();
  assert.ok(address !== null && typeof address === 'object');
  nobody.close();
  await once(nobody, 'close');
  const flow: SipFlow = {
    transport: 'tcp',
    flowId: 'gone',
    remoteHost: HOST,
    remotePort: address.port,
    localPort: bench.port,
  };

  sockets.perform({ type: 'send', flow, host: HOST, port: address.port, bytes: Buffer.from('x') });
  await bench.received(1);

  assert.ok(bench.inputs.some((input) => input.type === 'flow-closed' && input.flow === flow));
  await bench.close();
});

test('closes connections from strangers, and connections that do not speak SIP', async () => {
  let trusted = false;
  const bench = new SocketBench();
  await bench.open({ isTrusted: () => trusted });

  const stranger = connect(bench.port, HOST);
  stranger.on('error', () => {});
  await once(stranger, 'close');
  assert.equal(bench.inputs, []);

  trusted = true;
  const browser = await connected(bench.port);
  browser.on('error', () => {});
  browser.write('GET / HTTP/1.1\r\n\r\n');
  await once(browser, 'close');
  const inputs = await bench.received(1);
  assert.is(inputs[0]?.type, 'flow-closed');
  await bench.close();
});

test('cuts off a peer that does not read, and goes on serving others', async () => {
  const bench = new SocketBench();
  const sockets = await bench.open();
  const slow = await connected(bench.port);
  slow.pause();
  slow.on('error', () => {});
  slow.write(MESSAGE);
  const flow = flowOf((await bench.received(1))[0]);
  const quick = await connected(bench.port);
  quick.write(MESSAGE);
  const quickFlow = flowOf((await bench.received(2))[1]);

  const bytes = Buffer.alloc(60_000, 120);
  const isClosed = (): boolean => bench.inputs.some((input) => input.type === 'flow-closed');
  for (let i = 0; i < 1000 && !isClosed(); i += 1) {
    sockets.perform({ type: 'send', flow, host: HOST, port: 9, bytes });
    if (i % 10 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  await bench.received(3);
  sockets.perform({ type: 'send', flow: quickFlow, host: HOST, port: 9, bytes: Buffer.from('hi') });
  const [answer] = (await once(quick, 'data')) as [Buffer];

  assert.equal(bench.inputs[2], { type: 'flow-closed', flow });
  assert.is(answer.toString(), 'hi');
  slow.destroy();
  quick.destroy();
  await bench.close();
});

test('names the setting when a port is taken, and closes what it had opened', async () => {
  const taken = await boundUdp();
  const { port } = taken.address();
  const free = createServer();
  free.listen(0, HOST);
  await once(free, 'listening');
  const address = free.address();
  assert.ok(address !== null && typeof address === 'object');
  free.close();
  await once(free, 'close');

  const bench = new SocketBench();
  let failure: unknown;
  try {
    await bench.open({
      listen: [
        { transport: 'tcp', host: HOST, port: address.port },
        { transport: 'udp', host: HOST, port },
      ],
    });
  } catch (error) {
    failure = error;
  }

  assert.ok(failure instanceof CodedError);
  assert.is(failure.code, 'SIP_LISTEN');
  assert.is(failure.message, `sip.listen[1]: port ${port} on 127.0.0.1 (udp) is taken`);
  const again = createServer();
  again.listen(address.port, HOST);
  await once(again, 'listening');
  again.close();
  taken.close();
});

test('names the setting when a certificate is missing', async () => {
  const listen = [{ transport: 'tls', host: HOST, port: 0, certFile: '/nowhere.pem' }] as const;

  let failure: unknown;
  try {
    await new SocketBench().open({ listen });
  } catch (error) {
    failure = error;
  }

  assert.ok(failure instanceof CodedError);
  assert.is(failure.message, 'sip.listen[0].certFile: /nowhere.pem cannot be read');
});

test.run();
