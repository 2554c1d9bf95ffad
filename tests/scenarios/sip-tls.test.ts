import { once } from 'node:events';
import { connect as connectTcp } from 'node:net';
import type { Socket } from 'node:net';

import type { TlsOptions, TLSSocket } from 'node:tls';

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { TrunkTlsFiles } from '../../server/sip/sip-sockets-options.ts';
import { SimClock } from '../support/sim-clock.ts';
import { TestAuthority } from '../support/test-authority.ts';
import { flowOf, HOST, MESSAGE, read, SocketBench, textOf } from './sip-socket-bench.ts';
import { carrier, flowTo, NAME, phone, tlsListener, TRUNK, UDP_ONLY } from './sip-tls-bench.ts';

const authority = new TestAuthority();
const stranger = new TestAuthority();
const ours = authority.issue({ names: `DNS:konfa.test,IP:${HOST}` });
const theirs = authority.issue({ names: `DNS:${NAME}` });
const CA = { ca: authority.ca };
const OUR_TRUNK: TrunkTlsFiles = {
  trunk: TRUNK,
  caFile: authority.caFile,
  certFile: ours.certFile,
  keyFile: ours.keyFile,
};

test.after(() => {
  authority.remove();
  stranger.remove();
});

async function closedBy(socket: Socket): Promise<void> {
  socket.resume();
  if (!socket.closed) await new Promise<void>((resolve) => socket.once('close', () => resolve()));
}

test('connects by TLS to a trunk while nothing but UDP listens, with its server name and our certificate', async () => {
  const bench = new SocketBench();
  await bench.open({ listen: UDP_ONLY, trunkTls: () => [OUR_TRUNK] });
  const seen: unknown[] = [];
  const peers: TLSSocket[] = [];
  const { server, flow } = await carrier(
    { ...theirs, requestCert: true, rejectUnauthorized: true, ca: authority.ca },
    (socket) => {
      seen.push((socket as TLSSocket & { servername: unknown }).servername);
      seen.push(socket.getPeerCertificate().subjectaltname, socket.getProtocol());
      peers.push(socket);
    },
  );
  const joined = once(server, 'secureConnection');

  bench.send(flow, 'one');
  bench.send(flow, 'two');
  await joined;
  const [peer] = peers;
  assert.ok(peer !== undefined);
  const got = await read(peer, 6);
  peer.write(MESSAGE);
  const [input] = await bench.received(1);

  assert.is(got, 'onetwo');
  assert.equal(seen, [NAME, `DNS:konfa.test, IP Address:${HOST}`, 'TLSv1.3']);
  assert.equal(flowOf(input), flow, 'what the peer sends comes by the flow that was made');
  assert.is(peers.length, 1);
  assert.is(bench.sockets?.figures.made, 1);
  peer.destroy();
  await bench.closed(flow.flowId);
  server.close();
  await bench.close();
});

const REFUSALS: readonly {
  readonly why: string;
  readonly server: () => TlsOptions;
  readonly trunk?: Partial<TrunkTlsFiles>;
}[] = [
  {
    why: 'its certificate is for another name',
    server: () => authority.issue({ names: 'DNS:sip.other.test' }),
  },
  {
    why: 'its certificate bears the name by a wildcard only, and tls.allowWildcard is not set',
    server: () => authority.issue({ names: 'DNS:*.carrier.test' }),
  },
  {
    why: 'its certificate is for another name',
    server: () => authority.issue({ names: 'DNS:*.other.test' }),
    trunk: { wildcards: 'allowed' },
  },
  {
    why: 'its certificate bears no name',
    server: () => authority.issue({ names: 'email:sip@carrier.test', subject: NAME }),
  },
  {
    why: 'its certificate has expired',
    server: () => authority.issue({ names: `DNS:${NAME}`, validity: 'past' }),
  },
  {
    why: 'its certificate is of an unknown authority',
    server: () => stranger.issue({ names: `DNS:${NAME}` }),
  },
  {
    why: 'its certificate is of an unknown authority',
    server: () => ({}),
    trunk: { caFile: null },
  },
  {
    why: 'it wants another version of TLS',
    server: () => ({ minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' }),
  },
  {
    why: 'it wants a certificate of ours',
    server: () => ({ requestCert: true, rejectUnauthorized: true, ca: authority.ca }),
    trunk: { certFile: null, keyFile: null },
  },
  {
    why: 'it closed the connection after the handshake: it may not accept our certificate',
    server: () => ({ requestCert: true, rejectUnauthorized: true, ca: authority.ca }),
    trunk: (({ certFile, keyFile }) => ({ certFile, keyFile }))(
      stranger.issue({ names: 'DNS:konfa.test' }),
    ),
  },
];

for (const [index, { why, server: serverOptions, trunk }] of REFUSALS.entries()) {
  test(`closes the flow and says why a trunk is not reached: ${why} (${index + 1})`, async () => {
    const bench = new SocketBench();
    await bench.open({ listen: UDP_ONLY, trunkTls: () => [{ ...OUR_TRUNK, ...trunk }] });
    const { server, flow } = await carrier({ ...theirs, ...serverOptions() });
    server.on('tlsClientError', () => {});

    bench.send(flow, MESSAGE);
    await bench.closed(flow.flowId);
    const facts = await bench.logged('sip connection not made');

    assert.equal([facts.why, facts.trunk, facts.remoteHost], [why, TRUNK, HOST]);
    assert.is(bench.sockets?.figures.handshakesFailed, 1);
    server.close();
    await bench.close();
  });
}

test('connects to a trunk with a wildcard certificate where that is allowed', async () => {
  const bench = new SocketBench();
  await bench.open({
    listen: UDP_ONLY,
    trunkTls: () => [{ ...OUR_TRUNK, wildcards: 'allowed' }],
  });
  const { server, flow } = await carrier(authority.issue({ names: 'DNS:*.carrier.test' }));
  const joined = once(server, 'secureConnection');

  bench.send(flow, MESSAGE);
  const [peer] = (await joined) as [TLSSocket];

  assert.is(await read(peer, MESSAGE.length), MESSAGE);
  await bench.close();
  server.close();
});

test('says once a minute that a trunk is not reached, however often it is tried', async () => {
  const clock = new SimClock(Date.now());
  const bench = new SocketBench();
  await bench.open({ listen: UDP_ONLY, trunkTls: () => [OUR_TRUNK], clock });
  const { server, flow } = await carrier(stranger.issue({ names: `DNS:${NAME}` }));
  const failures = (): number => bench.inputs.length;

  for (let attempt = 1; attempt <= 5; attempt += 1) {
    bench.send(flow, MESSAGE);
    await bench.until(() => failures() >= attempt);
  }
  const early = bench.lines.map(({ facts }) => facts.unlogged);
  await clock.advance(60_000);
  bench.send(flow, MESSAGE);
  await bench.until(() => failures() >= 6);

  assert.equal(early, [0]);
  assert.equal(
    bench.lines.map(({ facts }) => facts.unlogged),
    [0, 4],
  );
  server.close();
  await bench.close();
});

test('gives each trunk a connection of its own, with its own authorities', async () => {
  const bench = new SocketBench();
  const other = { ...OUR_TRUNK, trunk: 'other', caFile: stranger.caFile };
  await bench.open({ listen: UDP_ONLY, trunkTls: () => [OUR_TRUNK, other] });
  const { server, flow } = await carrier(theirs);
  const joined = once(server, 'secureConnection');
  const otherFlow = flowTo(flow.remotePort, 'other');

  bench.send(flow, MESSAGE);
  await joined;
  bench.send(otherFlow, MESSAGE);
  await bench.closed(otherFlow.flowId);

  assert.is(bench.inputs.length, 1, 'the first goes on');
  await bench.close();
  server.close();
});

test('lets only those in by TLS who show a certificate of the right authority', async () => {
  const bench = new SocketBench();
  await bench.open({ listen: [tlsListener(ours, authority.caFile)] });
  const { cert, key } = stranger.issue({ names: 'DNS:phone.test' });

  const known = await phone(bench.port, { ...CA, cert: theirs.cert, key: theirs.key });
  known.write(MESSAGE);
  const [input] = await bench.received(1);
  const unknown = await phone(bench.port, { ...CA, cert, key });
  await closedBy(unknown);
  const nobody = await phone(bench.port, CA);
  await closedBy(nobody);
  await bench.until(() => bench.lines.length >= 2);

  assert.is(textOf(input), MESSAGE);
  assert.equal(
    bench.lines.map(({ level, message, facts }) => [level, message, facts.why]),
    [
      ['warn', 'tls handshake failed', 'its certificate is of an unknown authority'],
      ['warn', 'tls handshake failed', 'it has shown no certificate'],
    ],
  );
  assert.is(bench.sockets?.figures.handshakesFailed, 2);
  assert.is(bench.sockets?.figures.accepted, 1);
  known.destroy();
  await bench.close();
});

test('speaks no TLS below 1.2, and no other protocol, and says so', async () => {
  const bench = new SocketBench();
  await bench.open({ listen: [tlsListener(ours)] });

  const old = {
    minVersion: 'TLSv1',
    maxVersion: 'TLSv1.1',
    ciphers: 'DEFAULT@SECLEVEL=0',
  } as const;
  const outdated = await phone(bench.port, { ...CA, ...old });
  const plain = connectTcp(bench.port, HOST);
  plain.on('error', () => {});
  plain.write(MESSAGE);
  await closedBy(plain);
  const modern = await phone(bench.port, { ...CA, maxVersion: 'TLSv1.2' });
  await bench.until(() => bench.lines.length >= 2);

  assert.ok(outdated.destroyed);
  assert.equal(
    bench.lines.map(({ facts }) => facts.why),
    ['it offers no TLS 1.2', 'it does not speak TLS'],
  );
  assert.is(modern.getProtocol(), 'TLSv1.2');
  assert.match(modern.getCipher().name, /^ECDHE-ECDSA-/);
  modern.destroy();
  await bench.close();
});

test('knows a trunk again by TLS that had called us and whose connection is gone', async () => {
  const bench = new SocketBench();
  await bench.open({
    listen: [tlsListener(ours)],
    trunkTls: () => [OUR_TRUNK],
    tlsFor: (host) => (host === HOST ? { serverName: NAME, trunk: TRUNK } : null),
  });
  const { server, flow } = await carrier(theirs);
  const caller = await phone(bench.port, CA);
  caller.write(MESSAGE);
  const inbound = flowOf((await bench.received(1))[0]);
  caller.destroy();
  await bench.closed(inbound.flowId);
  const joined = once(server, 'secureConnection');

  const bytes = Buffer.from('BYE');
  const port = flow.remotePort;
  bench.sockets?.perform({ type: 'send', flow: inbound, host: HOST, port, bytes });
  const [peer] = (await joined) as [TLSSocket];

  assert.is(await read(peer, 3), 'BYE');
  await bench.close();
  server.close();
});

test.run();
