// run: alone, limit: 120 s
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { WebSocket } from 'ws';
import { memoryKb, startConference } from '../support/hostile-conference.ts';
import type { HostileConference } from '../support/hostile-conference.ts';
import { Half, until } from '../support/hostile-halves.ts';
import { pause } from '../support/phone-media.ts';

// WebSockets that are no page's: giants, floods, and viewers that do not read. Three people talk on.

let conference: HostileConference;

test.before(async () => {
  conference = await startConference();
});

test.after(() => conference.stop());

interface Opened {
  readonly socket: WebSocket;
  readonly closed: Promise<number>;
}

async function open(
  path: string,
  options: { readonly protocol?: string; readonly origin?: string; readonly from?: string } = {},
): Promise<Opened> {
  const socket = new WebSocket(
    `${conference.konfa.url.replace('http', 'ws')}${path}`,
    options.protocol === undefined ? [] : [options.protocol],
    {
      ...(options.origin === undefined ? {} : { origin: options.origin }),
      localAddress: options.from ?? '127.0.3.1',
    },
  );
  socket.on('error', () => undefined);
  const closed = new Promise<number>((resolve) => socket.once('close', resolve));
  await new Promise<void>((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('unexpected-response', (_, { statusCode }) => reject(new Error(`${statusCode}`)));
    socket.once('error', reject);
  });
  return { socket, closed };
}

test('other subprotocols, other pages and other paths are sent away', async () => {
  const statusOf = (path: string, options: Parameters<typeof open>[1]): Promise<string> =>
    open(path, options).then(
      ({ socket }) => {
        socket.terminate();
        return 'let in';
      },
      (error: unknown) => (error instanceof Error ? error.message : ''),
    );
  const evil = 'https://evil.example';

  await conference.undisturbedBy(async () => {
    assert.is(await statusOf('/sip', { protocol: 'chat' }), '400');
    assert.is(await statusOf('/sip', {}), '400');
    assert.is(await statusOf('/sip', { protocol: 'sip', origin: evil }), '403');
    assert.is(await statusOf('/sip', { protocol: 'sip', origin: 'null' }), '403');
    assert.is(await statusOf('/live', { origin: evil }), '403');
    assert.is(await statusOf('/live', { origin: `${conference.konfa.url}.evil.example` }), '403');
    assert.is(await statusOf('/other', { protocol: 'sip' }), '404');
    assert.is(await statusOf('/live', { origin: conference.konfa.url }), 'let in');
  });
});

test('giant messages close their connection and leave nothing behind', async () => {
  const giant = Buffer.alloc(8 * 1024 * 1024, 'a');
  await conference.undisturbedBy(async () => {
    for (let round = 0; round < 5; round += 1) {
      for (const [path, protocol] of [['/sip', 'sip'], ['/live']] as const) {
        const { socket, closed } = await open(path, protocol === undefined ? {} : { protocol });
        socket.send(giant);
        assert.is(await Promise.race([closed, pause(5000)]), 1009, path);
      }
    }
    // A message in 3,000 fragments, and one whose length claims 2^60 octets.
    const { socket, closed } = await open('/live');
    for (let piece = 0; piece < 3000; piece += 1) socket.send('{}', { fin: false });
    const code = await Promise.race([closed, pause(5000)]);
    assert.ok(code === 1009 || code === 1006, String(code));
    const raw = new Half(conference.konfa.url, '/sip', '127.0.3.2');
    await until(() => raw.status === 101, 5000);
    raw.socket.write(Buffer.from([0x81, 0xff, 0x10, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5]));
    await until(() => raw.endedAtMs !== null, 15_000);
  });
});

test('a viewer of 1,000 messages a second is closed, and so are 50 of them', async () => {
  const { credential } = await conference.seat();
  await conference.undisturbedBy(async () => {
    for (let round = 0; round < 50; round += 1) {
      const { socket, closed } = await open('/live');
      socket.send(JSON.stringify({ type: 'watch', credential }));
      for (let message = 0; message < 1000; message += 1) socket.send('{"type":"resync"}');
      assert.is(await Promise.race([closed, pause(5000)]), 1008);
    }
  });
});

test('viewers that never read cost no more than their buffer', async () => {
  const seats = await Promise.all(Array.from({ length: 20 }, () => conference.seat()));
  const before = memoryKb(conference.konfa.pid);
  await conference.undisturbedBy(async () => {
    const viewers: WebSocket[] = [];
    for (const { credential } of seats) {
      const { socket } = await open('/live');
      socket.send(JSON.stringify({ type: 'watch', credential }));
      socket.pause();
      viewers.push(socket);
    }
    for (let second = 0; second < 8; second += 1) {
      for (const socket of viewers) {
        for (let message = 0; message < 15; message += 1) socket.send('{"type":"resync"}');
      }
      await pause(1050);
    }
    for (const socket of viewers) socket.terminate();
  });
  assert.ok(memoryKb(conference.konfa.pid) - before < 60_000);
});

test.run();
