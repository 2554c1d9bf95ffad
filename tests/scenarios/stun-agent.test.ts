import { createSocket } from 'node:dgram';
import type { Socket } from 'node:dgram';
import { once } from 'node:events';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { startStunAgent } from '../../server/address/stun-agent.ts';
import type { StunAgent } from '../../server/address/stun-agent.ts';
import type { Logger } from '../../server/runtime/logger.ts';
import { systemRandom } from '../../server/runtime/random.ts';
import { SimClock } from '../support/sim-clock.ts';

const REFRESH_MS = 180_000;

/** A STUN server on this machine that sees everybody by the address it is told to. */
async function openServer(): Promise<{ readonly socket: Socket; sees: string; port: number }> {
  const socket = createSocket('udp4');
  const server = { socket, sees: '203.0.113.7', port: 0 };
  socket.on('message', (request, { address, port }) => {
    const octets = server.sees.split('.').map(Number);
    const head = Buffer.from([0x01, 0x01, 0, 12, ...request.subarray(4, 20)]);
    const mapped = Buffer.from([0, 1, 0, 8, 0, 1, 0x0d, 0x96, ...octets]);
    socket.send(Buffer.concat([head, mapped]), port, address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  server.port = socket.address().port;
  return server;
}

function logger(): Logger {
  const ignore = (): void => undefined;
  const log: Logger = {
    ...{ error: ignore, warn: ignore, info: ignore, debug: ignore, setLevel: ignore },
    ...{ reopen: ignore, close: ignore, child: () => log },
  };
  return log;
}

/** Nobody tells when a datagram has come and gone: looks a bounded number of times. */
async function until(condition: () => boolean): Promise<void> {
  for (let turn = 0; turn < 2000 && !condition(); turn += 1) {
    await new Promise((resolve) => setImmediate(resolve));
  }
}

test('learns the public address from a server over UDP, and tells when it has changed', async () => {
  const server = await openServer();
  const clock = new SimClock(0);
  const changes: string[] = [];
  const agent: StunAgent = startStunAgent({
    servers: [`127.0.0.1:${server.port}`],
    ...{ clock, random: systemRandom, log: logger() },
    changed: (address) => changes.push(address),
  });
  try {
    await clock.advance(1);
    await until(() => agent.seenAs('ipv4') !== null);
    await agent.ready;
    assert.is(agent.seenAs('ipv4'), '203.0.113.7');
    assert.is(agent.seenAs('ipv6'), null);
    assert.equal(changes, []);

    server.sees = '203.0.113.8';
    await clock.advance(REFRESH_MS);
    await until(() => changes.length > 0);
    assert.is(agent.seenAs('ipv4'), '203.0.113.8');
    assert.equal(changes, ['203.0.113.8']);
  } finally {
    agent.stop();
    server.socket.close();
  }
});

test('is ready at once without servers, and after three seconds when none answers', async () => {
  const clock = new SimClock(0);
  const parts = { clock, random: systemRandom, log: logger(), changed: () => undefined };
  const nobody = startStunAgent({ ...parts, servers: [] });
  await nobody.ready;

  const silent = createSocket('udp4');
  silent.bind(0, '127.0.0.1');
  await once(silent, 'listening');
  const agent = startStunAgent({ ...parts, servers: [`127.0.0.1:${silent.address().port}`] });
  let isReady = false;
  void agent.ready.then(() => {
    isReady = true;
  });
  await clock.advance(2999);
  assert.not.ok(isReady);
  await clock.advance(2);
  await agent.ready;

  assert.is(agent.seenAs('ipv4'), null);
  agent.stop();
  nobody.stop();
  silent.close();
});

test.run();
