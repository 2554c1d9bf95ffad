import { get } from 'node:http';
import { connect } from 'node:net';
import type { Socket } from 'node:net';

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { WebSocket } from 'ws';

import type { LiveWatch } from '../../server/guest/live-watch.ts';
import type { LiveClientMessage, LiveServerMessage } from '../../server/panel/api/live-api.ts';
import { listenHttp } from '../../server/panel/http-server.ts';
import { createLiveSocket } from '../../server/panel/live-socket.ts';
import type { LiveSocketLimits } from '../../server/panel/live-socket.ts';
import { createUpgradeRouter } from '../../server/panel/upgrades.ts';
import type { Upgrade, UpgradeOptions } from '../../server/panel/upgrades.ts';
import { systemClock } from '../../server/runtime/clock.ts';
import { heardLog } from '../support/heard-log.ts';

/** A server with `/live` and an `/echo` that keeps what it is handed. */
interface Stage {
  readonly origin: string;
  readonly port: number;
  readonly heard: LiveClientMessage[];
  readonly watched: string[];
  readonly closed: string[];
  readonly upgrades: Upgrade[];
  /** Sends to the viewer who came last. */
  send(message: LiveServerMessage): void;
  open(path?: string, headers?: Readonly<Record<string, string>>): WebSocket;
}

async function onStage(
  work: (stage: Stage) => Promise<void>,
  options: Partial<UpgradeOptions> & { readonly limits?: Partial<LiveSocketLimits> } = {},
): Promise<void> {
  const { limits = {}, ...rest } = options;
  const heard: LiveClientMessage[] = [];
  const watched: string[] = [];
  const closed: string[] = [];
  const upgrades: Upgrade[] = [];
  let send: (message: LiveServerMessage) => void = () => undefined;
  const live: LiveWatch = {
    watch(credential, toViewer) {
      watched.push(credential);
      if (credential !== 'good') return null;
      send = toViewer;
      toViewer({ type: 'pong' });
      return {
        receive: (message) => heard.push(message),
        close: () => closed.push(credential),
      };
    },
  };
  const socket = createLiveSocket({ live, clock: systemClock, limits });
  const onUpgrade = createUpgradeRouter(
    {
      '/live': socket.handle,
      '/keep': (upgrade) => void upgrades.push(upgrade),
    },
    {
      trustProxy: [],
      publicUrl: null,
      maxConnections: 1_000,
      connectionsPerAddress: 1_000,
      ...rest,
    },
  );
  const server = await listenHttp({
    listen: { host: '127.0.0.1', port: 0, certFile: null, keyFile: null },
    handler: (_, response) => response.end('page'),
    onUpgrade,
    clock: systemClock,
    log: heardLog([]),
  });
  const sockets: WebSocket[] = [];
  try {
    await work({
      ...{ origin: server.origin, port: server.port, heard, watched, closed, upgrades },
      send: (message) => send(message),
      open(path = '/live', headers = {}) {
        const opened = new WebSocket(`ws://127.0.0.1:${server.port}${path}`, { headers });
        opened.on('error', () => undefined);
        sockets.push(opened);
        return opened;
      },
    });
  } finally {
    for (const one of sockets) one.terminate();
    socket.close();
    await server.close();
  }
}

function opened(socket: WebSocket): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
  });
}

function closeCode(socket: WebSocket): Promise<number> {
  return new Promise((resolve) => {
    socket.once('close', resolve);
  });
}

function nextMessage(socket: WebSocket): Promise<unknown> {
  return new Promise((resolve) => {
    socket.once('message', (data: Buffer) => resolve(JSON.parse(data.toString('utf8'))));
  });
}

/** Status of the answer to an upgrade that is refused. */
function refusal(socket: WebSocket): Promise<number> {
  return new Promise((resolve, reject) => {
    socket.once('unexpected-response', (_, answer) => resolve(answer.statusCode ?? 0));
    socket.once('open', () => reject(new Error('it was let in')));
  });
}

async function watching(stage: Stage): Promise<WebSocket> {
  const socket = stage.open();
  await opened(socket);
  const first = nextMessage(socket);
  socket.send('{"type":"watch","credential":"good"}');
  assert.equal(await first, { type: 'pong' });
  return socket;
}

test('leads a viewer to the feed, and what each says to the other', () =>
  onStage(async (stage) => {
    const socket = await watching(stage);
    const next = nextMessage(socket);

    socket.send('{"type":"act","requestId":1,"action":{"type":"mute-all"}}');
    socket.send('{"type":"resync"}');
    socket.send('{"type":"ping"}');
    await until(() => stage.heard.length === 3);
    stage.send({ type: 'left', seq: 4, personId: 'p' });

    assert.equal(await next, { type: 'left', seq: 4, personId: 'p' });
    assert.equal(
      stage.heard.map(({ type }) => type),
      ['act', 'resync', 'ping'],
    );
    socket.close();
    await until(() => stage.closed.length === 1);
  }));

test('ends the connection after the end, and tells who has no seat', () =>
  onStage(async (stage) => {
    const socket = await watching(stage);
    const last = nextMessage(socket);
    const ended = closeCode(socket);
    stage.send({ type: 'end', why: 'removed' });
    assert.equal(await last, { type: 'end', why: 'removed' });
    assert.is(await ended, 1000);
    const stranger = stage.open();
    await opened(stranger);
    const told = nextMessage(stranger);
    const closed = closeCode(stranger);

    stranger.send('{"type":"watch","credential":"bad"}');

    assert.equal(await told, { type: 'end', why: 'seat-expired' });
    assert.is(await closed, 1000);
  }));

/** What a viewer must not begin with, and how it is closed. */
const BEGINNINGS: readonly (readonly [name: string, data: string | Buffer, code: number])[] = [
  ['no JSON', 'hello', 1007],
  ['an array', '[]', 1007],
  ['nothing', '', 1007],
  ['another type', '{"type":"open"}', 1007],
  ['a field too many', '{"type":"watch","credential":"good","x":1}', 1007],
  ['a credential that is none', '{"type":"watch","credential":7}', 1007],
  ['__proto__', '{"__proto__":{"type":"watch"},"credential":"good"}', 1007],
  ['a binary frame', Buffer.from('{"type":"watch","credential":"good"}'), 1007],
  ['an action before watching', '{"type":"ping"}', 1008],
  ['4 KiB and a byte', `{"type":"watch","credential":"${'g'.repeat(4_066)}"}`, 1009],
];

for (const [name, data, code] of BEGINNINGS) {
  test(`closes a connection that begins with ${name}`, () =>
    onStage(async (stage) => {
      const socket = stage.open();
      await opened(socket);
      const closed = closeCode(socket);

      socket.send(data);

      assert.is(await closed, code);
      assert.equal(stage.watched, []);
    }));
}

test('watching twice ends the connection, and its feed', () =>
  onStage(async (stage) => {
    const socket = await watching(stage);
    const closed = closeCode(socket);

    socket.send('{"type":"watch","credential":"good"}');

    assert.is(await closed, 1008);
    assert.equal(stage.closed, ['good']);
    assert.equal(stage.watched, ['good']);
  }));

test('more than 20 messages in a second end the connection', () =>
  onStage(async (stage) => {
    const socket = await watching(stage);
    const closed = closeCode(socket);

    for (let message = 0; message < 40; message += 1) socket.send('{"type":"ping"}');

    assert.is(await closed, 1008);
    assert.is(stage.heard.length, 19, 'watch was one of the 20');
    assert.equal(stage.closed, ['good']);
  }));

test('who says nothing is closed', () =>
  onStage(
    async (stage) => {
      const socket = stage.open();
      const closed = closeCode(socket);
      await opened(socket);

      assert.is(await closed, 1008);
    },
    { limits: { watchWithinMs: 50 } },
  ));

test('who answers no ping is dropped', () =>
  onStage(
    async (stage) => {
      const socket = await watching(stage);
      socket.pong = () => undefined;
      // The library answers by itself: its own way out is cut.
      Reflect.set(socket, '_autoPong', false);
      const closed = closeCode(socket);

      assert.is(await closed, 1006);
      await until(() => stage.closed.length === 1);
    },
    { limits: { pingEveryMs: 40 } },
  ));

test('who reads nothing is dropped, others hear on', () =>
  onStage(
    async (stage) => {
      const slow = await watching(stage);
      slow.pause();
      const piece = { type: 'left', seq: 1, personId: 'p'.repeat(60_000) } as const;

      for (let turn = 0; turn < 2_000 && stage.closed.length === 0; turn += 1) {
        stage.send(piece);
        await new Promise((resolve) => {
          setImmediate(resolve);
        });
      }

      assert.equal(stage.closed, ['good']);
      const other = await watching(stage);
      assert.is(other.readyState, WebSocket.OPEN);
    },
    { limits: { waitingBytes: 100_000 } },
  ));

test('other paths are 404, other protocols 400, and a page of another site 403', () =>
  onStage(async (stage) => {
    assert.is(await refusal(stage.open('/nothing')), 404);
    assert.is(await refusal(stage.open('/live/')), 404);
    assert.is(await refusal(stage.open('/__proto__')), 404);
    assert.is(await statusOf(stage.port, 'h2c'), 400);
    for (const origin of ['https://evil.example', 'null', `${stage.origin}.evil.example`]) {
      assert.is(await refusal(stage.open('/live', { origin })), 403, origin);
    }
    await opened(stage.open('/live', { origin: stage.origin }));
    await opened(stage.open('/live?x=1'));
    const page = await fetch(stage.origin);
    assert.is(await page.text(), 'page');
  }));

test('the configured address counts as ours too', () =>
  onStage(
    async (stage) => {
      await opened(stage.open('/live', { origin: 'https://konfa.example' }));
      assert.is(await refusal(stage.open('/live', { origin: 'http://konfa.example' })), 403);
    },
    { publicUrl: 'https://konfa.example' },
  ));

test('an address has its share of connections, and gets it back when they end', () =>
  onStage(
    async (stage) => {
      const from = (address: string): Record<string, string> => ({ 'x-forwarded-for': address });
      const [one, two] = [
        stage.open('/live', from('192.0.2.1')),
        stage.open('/live', from('192.0.2.1')),
      ];
      await Promise.all([opened(one), opened(two)]);

      assert.is(await refusal(stage.open('/live', from('192.0.2.1'))), 429);
      await opened(stage.open('/live', from('192.0.2.2')));
      one.close();
      await closeCode(one);
      await opened(stage.open('/live', from('192.0.2.1')));
      assert.is(await refusal(stage.open('/live', from('192.0.2.3'))), 503);
    },
    { trustProxy: ['127.0.0.1'], connectionsPerAddress: 2, maxConnections: 3 },
  ));

test('handlers are told the address behind trusted proxies, and the scheme', () =>
  onStage(
    async (stage) => {
      const headers = { 'x-forwarded-for': '198.51.100.7', 'x-forwarded-proto': 'https' };
      const { host } = new URL(stage.origin);
      stage.open('/keep', { ...headers, origin: `https://${host}` });
      await until(() => stage.upgrades.length === 1);

      const [upgrade] = stage.upgrades;
      assert.is(upgrade?.remoteAddress, '198.51.100.7');
      assert.is(upgrade?.scheme, 'wss');
      assert.is(upgrade?.origin, 'own');
      upgrade?.socket.destroy();
    },
    { trustProxy: ['127.0.0.1'] },
  ));

test('1,000 half-open connections are closed, and others are served meanwhile', () =>
  onStage(
    async (stage) => {
      const halves = await Promise.all(Array.from({ length: 1_000 }, () => half(stage.port)));

      const socket = await watching(stage);

      assert.is(socket.readyState, WebSocket.OPEN);
      await Promise.all(halves.map(ended));
    },
    { limits: { watchWithinMs: 1_000 }, maxConnections: 2_000, connectionsPerAddress: 2_000 },
  ));

/** Status of an upgrade of `/live` to another protocol. */
function statusOf(port: number, upgrade: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = { connection: 'Upgrade', upgrade };
    get({ host: '127.0.0.1', port, path: '/live', headers }, (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    }).once('error', reject);
  });
}

/** A connection that is upgraded and says nothing more, nor answers anything. */
function half(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.write(
        `GET /live HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${Buffer.alloc(16).toString('base64')}\r\n\r\n`,
      );
    });
    socket.once('data', () => resolve(socket));
    socket.once('error', reject);
  });
}

function ended(socket: Socket): Promise<void> {
  socket.resume();
  return new Promise((resolve) => {
    if (socket.closed) resolve();
    socket.once('close', () => resolve());
    socket.on('error', () => undefined);
  });
}

async function until(holds: () => boolean): Promise<void> {
  for (let turn = 0; turn < 500 && !holds(); turn += 1) {
    await new Promise((resolve) => {
      setTimeout(resolve, 5);
    });
  }
  assert.ok(holds());
}

test.run();
