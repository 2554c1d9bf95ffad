import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import type { RequestListener } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { createServer as createTcpServer } from 'node:net';
import type { AddressInfo, Server as TcpServer, Socket } from 'node:net';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createWebhookStore } from '../../db/webhook-store.ts';
import { parseConfig } from '../../server/config/config.ts';
import { systemClock } from '../../server/runtime/clock.ts';
import { systemRandom } from '../../server/runtime/random.ts';
import { createPost } from '../../server/webhook/deliver.ts';
import type { DeliverOptions } from '../../server/webhook/deliver.ts';
import type { Post, PostRequest } from '../../server/webhook/post.ts';
import { createWebhooks } from '../../server/webhook/webhooks.ts';
import { withDatabase } from '../db/temporary-database.ts';
import { until } from '../interop/sms-centre.ts';
import { keptLog } from '../server/notice/sms/sample-sms.ts';
import { CERTIFICATE, ITS_KEY } from '../server/config/test-certificate.ts';
import { sampleReservation } from '../server/reservation/sample-reservations.ts';
import { SimClock } from '../support/sim-clock.ts';

// Real receivers on the loopback network; names are resolved by the test, and time is a clock that it moves.

interface Receiver {
  readonly port: number;
  readonly seen: readonly string[];
}

async function withReceiver(
  answer: RequestListener,
  work: (receiver: Receiver) => Promise<void>,
  host = '127.0.0.1',
): Promise<void> {
  const seen: string[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString('utf8');
      seen.push(
        `${request.method ?? ''} ${request.url ?? ''} ${request.headers.host ?? ''} ${body}`,
      );
      answer(request, response);
    });
  });
  await withServer(server, host, (port) => work({ port, seen }));
}

async function withServer(
  server: TcpServer,
  host: string,
  work: (port: number) => Promise<void>,
): Promise<void> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, host, resolve);
  });
  const address: AddressInfo | string | null = server.address();
  try {
    await work(typeof address === 'object' && address !== null ? address.port : 0);
  } finally {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => {
      server.close(resolve);
    });
  }
}

function poster(
  given: Partial<DeliverOptions['settings']> & Pick<DeliverOptions, 'resolve'> = {},
): { readonly post: Post; readonly clock: SimClock } {
  const { resolve, ...settings } = given;
  const clock = new SimClock(0);
  const post = createPost({
    settings: { allowInsecure: true, allowNetworks: [], timeoutSeconds: 10, ...settings },
    clock,
    ...(resolve === undefined ? {} : { resolve }),
  });
  return { post, clock };
}

const LOOPBACK = { allowNetworks: ['127.0.0.0/8'] };

function to(url: string): PostRequest {
  return { url, headers: { 'konfa-event': 'notice.sent' }, body: '{"ż":1}' };
}

test('posts the body to the name, connecting to the address it resolved to', async () => {
  await withReceiver(
    (_, response) => response.writeHead(202).end('thanks'),
    async ({ port, seen }) => {
      const { post, clock } = poster({
        ...LOOPBACK,
        resolve: (host) => Promise.resolve(host === 'hooks.example.org' ? ['127.0.0.1'] : []),
      });

      const outcome = await post(to(`http://hooks.example.org:${port}/in?x=1`));

      assert.equal(outcome, { outcome: 'answered', status: 202 });
      assert.equal(seen, [`POST /in?x=1 hooks.example.org:${port} {"ż":1}`]);
      assert.is(clock.pending, 0);
    },
  );
});

for (const url of [
  'http://127.0.0.1:PORT/',
  'http://127.1:PORT/',
  'http://2130706433:PORT/',
  'http://0x7f000001:PORT/',
  'http://0177.0.0.1:PORT/',
  'http://0.0.0.0:PORT/',
  'http://0:PORT/',
  'http://[::1]:PORT/',
  'http://[::ffff:127.0.0.1]:PORT/',
  'http://[::ffff:10.0.0.1]:PORT/',
  'http://[::127.0.0.1]:PORT/',
  'http://169.254.169.254:PORT/',
  'http://localhost:PORT/',
]) {
  test(`does not reach ${url}`, async () => {
    await withReceiver(
      (_, response) => response.end(),
      async ({ port, seen }) => {
        const { post } = poster();

        const outcome = await post(to(url.replace('PORT', String(port))));

        assert.equal(outcome, { outcome: 'refused', reason: 'private-address' });
        assert.equal(seen, []);
      },
    );
  });
}

test('refuses a name that resolves to a private address', async () => {
  const { post } = poster({ resolve: () => Promise.resolve(['10.0.0.1', '192.168.0.1', '::1']) });

  assert.equal(await post(to('http://innocent.example.org/')), {
    outcome: 'refused',
    reason: 'private-address',
  });
});

test('of several addresses takes only those that are allowed', async () => {
  await withReceiver(
    (_, response) => response.end(),
    async ({ port, seen }) => {
      const { post } = poster({
        allowNetworks: ['127.0.0.2'],
        resolve: () => Promise.resolve(['127.0.0.1', '10.0.0.1', '127.0.0.2']),
      });

      assert.is((await post(to(`http://x.example.org:${port}/`))).outcome, 'answered');
      assert.is(seen.length, 1);
    },
    '127.0.0.2',
  );
});

test('a name that changes between the check and the connection changes nothing', async () => {
  await withReceiver(
    (_, response) => response.end(),
    async ({ port, seen }) => {
      let asked = 0;
      const { post } = poster({
        allowNetworks: ['127.0.0.2'],
        resolve: () => {
          asked += 1;
          return Promise.resolve([asked === 1 ? '127.0.0.2' : '127.0.0.1']);
        },
      });

      // Nobody listens at 127.0.0.2, where the first answer led; the receiver at 127.0.0.1 must not be reached.
      const outcome = await post(to(`http://rebind.example.org:${port}/`));

      assert.equal(outcome, { outcome: 'no-answer', reason: 'ECONNREFUSED' });
      assert.is(asked, 1);
      assert.equal(seen, []);
    },
  );
});

test('does not follow a redirect', async () => {
  await withReceiver(
    (_, response) => response.writeHead(302, { location: '/inside' }).end(),
    async ({ port, seen }) => {
      const { post } = poster(LOOPBACK);

      const outcome = await post(to(`http://127.0.0.1:${port}/`));

      assert.equal(outcome, { outcome: 'answered', status: 302 });
      assert.is(seen.length, 1);
    },
  );
});

test('reads no more than a little of an endless answer', async () => {
  let closed = (): void => undefined;
  const whenClosed = new Promise<void>((resolve) => {
    closed = resolve;
  });
  await withReceiver(
    (request, response) => {
      request.socket.on('close', closed);
      response.writeHead(200);
      response.write('x'.repeat(5_000));
    },
    async ({ port }) => {
      const { post } = poster(LOOPBACK);

      const outcome = await post(to(`http://127.0.0.1:${port}/`));

      assert.equal(outcome, { outcome: 'answered', status: 200 });
      await whenClosed;
    },
  );
});

test('an answer that does not come in time is none', async () => {
  let arrived = (): void => undefined;
  const whenArrived = new Promise<void>((resolve) => {
    arrived = resolve;
  });
  await withReceiver(
    () => arrived(),
    async ({ port }) => {
      const { post, clock } = poster({ ...LOOPBACK, timeoutSeconds: 7 });

      const posting = post(to(`http://127.0.0.1:${port}/`));
      await whenArrived;
      await clock.advance(7_000);

      assert.equal(await posting, { outcome: 'no-answer', reason: 'timeout' });
    },
  );
});

test('a name server that does not answer is met with the same patience', async () => {
  const { post, clock } = poster({ resolve: () => new Promise(() => undefined) });

  const posting = post(to('http://slow.example.org/'));
  await clock.advance(10_000);

  assert.equal(await posting, { outcome: 'no-answer', reason: 'timeout' });
});

test('a name that does not resolve, a closed port and a broken answer are no answer', async () => {
  const failing = poster({
    resolve: () => Promise.reject(Object.assign(new Error('no'), { code: 'ENOTFOUND' })),
  });
  assert.equal(await failing.post(to('http://gone.example.org/')), {
    outcome: 'no-answer',
    reason: 'ENOTFOUND',
  });

  let closedPort = 0;
  const rude = createTcpServer((socket) => {
    socket.once('data', () => socket.end('not http'));
  });
  await withServer(rude, '127.0.0.1', async (port) => {
    closedPort = port;
    const { post } = poster(LOOPBACK);
    assert.is((await post(to(`http://127.0.0.1:${port}/`))).outcome, 'no-answer');
  });
  const { post } = poster(LOOPBACK);
  assert.equal(await post(to(`http://127.0.0.1:${closedPort}/`)), {
    outcome: 'no-answer',
    reason: 'ECONNREFUSED',
  });
});

test('http is refused unless it is allowed, other schemes always', async () => {
  const { post } = poster({ ...LOOPBACK, allowInsecure: false });

  assert.equal(await post(to('http://127.0.0.1/')), { outcome: 'refused', reason: 'insecure-url' });
  assert.equal(await post(to('file:///etc/passwd')), { outcome: 'refused', reason: 'bad-url' });
  assert.equal(await post(to('nonsense')), { outcome: 'refused', reason: 'bad-url' });
});

test('a receiver that does not speak TLS is no answer', async () => {
  await withReceiver(
    (_, response) => response.end(),
    async ({ port, seen }) => {
      const { post } = poster(LOOPBACK);

      assert.is((await post(to(`https://127.0.0.1:${port}/`))).outcome, 'no-answer');
      assert.equal(seen, []);
    },
  );
});

test('nothing is posted to a receiver whose certificate is not trusted', async () => {
  let seen = 0;
  const receiver = createSecureServer({ cert: CERTIFICATE, key: ITS_KEY }, (_, response) => {
    seen += 1;
    response.end();
  });
  await withServer(receiver, '127.0.0.1', async (port) => {
    const { post } = poster(LOOPBACK);

    assert.equal(await post(to(`https://127.0.0.1:${port}/`)), {
      outcome: 'no-answer',
      reason: 'DEPTH_ZERO_SELF_SIGNED_CERT',
    });
    assert.is(seen, 0);
  });
});

test('a booking reaches the receiver, whose own computation agrees with the signature', async () => {
  const signed: { readonly given: string; readonly computed: string }[] = [];
  let secret = '';
  const listener = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const header = (name: string): string => String(request.headers[name]);
      const mac = createHmac('sha256', secret)
        .update(`${header('konfa-timestamp')}.`)
        .update(Buffer.concat(chunks));
      signed.push({ given: header('konfa-signature'), computed: `v1=${mac.digest('hex')}` });
      response.end();
    });
  });
  await withServer(listener, '127.0.0.1', (port) =>
    withDatabase(async (connection) => {
      const { webhooks: settings } = parseConfig({
        webhooks: { allowInsecure: true, allowNetworks: ['127.0.0.0/8'] },
      });
      const store = createWebhookStore(connection);
      const clock = systemClock;
      const webhooks = createWebhooks({
        store,
        settings,
        clock,
        random: systemRandom,
        log: keptLog().log,
        post: createPost({ settings, clock }),
      });
      const made = webhooks.create(
        'local',
        { url: `http://127.0.0.1:${port}/`, events: ['reservation.booked'], state: 'on' },
        clock.wallclockMs(),
      );
      assert.is(made.outcome, 'done');
      const [webhook] = webhooks.list('local');
      secret = webhook?.secret ?? '';
      webhooks.start();

      store.transaction(() =>
        webhooks.recorder.record(
          { type: 'booked', reservation: sampleReservation({ title: 'Zażółć' }) },
          clock.wallclockMs(),
        ),
      );
      const delivered = (): boolean =>
        store.deliveries(webhook?.webhookId ?? '', null, 1).deliveries[0]?.state === 'delivered';
      await until('the delivery', delivered);
      await webhooks.stop();

      assert.is(signed.length, 1);
      assert.is(signed[0]?.given, signed[0]?.computed);
    }),
  );
});

test.run();
