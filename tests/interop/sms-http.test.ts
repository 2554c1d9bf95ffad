import { createServer as createHttpServer } from 'node:http';
import type { IncomingMessage, RequestListener } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { createServer as createTcpServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { SmsProvider } from '../../server/notice/notice.ts';
import { createSmsProvider } from '../../server/notice/sms/create-sms-provider.ts';
import { SimClock } from '../support/sim-clock.ts';
import { CERTIFICATE, ITS_KEY } from '../server/config/test-certificate.ts';
import { at, seededRandom } from '../server/reservation/sample-reservations.ts';
import { keptLog, sampleSms, smsSettings } from '../server/notice/sms/sample-sms.ts';

// The gateways here are real HTTP servers; time is a clock that the test moves.

const ID = sampleSms().noticeId;

interface Stage {
  readonly provider: SmsProvider;
  readonly clock: SimClock;
  readonly lines: readonly string[];
}

function stage(http: object): Stage {
  const clock = new SimClock(at('2026-11-10T14:36Z'));
  const { lines, log } = keptLog();
  const settings = smsSettings({ provider: 'http', http });
  return {
    provider: createSmsProvider(settings, { clock, log, random: seededRandom(1) }),
    clock,
    lines,
  };
}

function portOf(server: Server): number {
  const address: AddressInfo | string | null = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

async function withServer(server: Server, work: (origin: string) => Promise<void>): Promise<void> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  try {
    await work(`http://127.0.0.1:${portOf(server)}`);
  } finally {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => {
      server.close(resolve);
    });
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk as Uint8Array));
  return Buffer.concat(chunks).toString('utf8');
}

/** Answers every request the same way, and counts them. */
function gateway(answer: RequestListener): {
  readonly server: Server;
  readonly count: () => number;
} {
  let count = 0;
  const server = createHttpServer((request, response) => {
    count += 1;
    request.resume();
    answer(request, response);
  });
  return { server, count: () => count };
}

test('posts the filled template and takes the id from the answer', async () => {
  const seen: { method?: string; url?: string; type?: string; key?: unknown; body?: string } = {};
  const server = createHttpServer((request, response) => {
    void bodyOf(request).then((body) => {
      const { method = '', url = '', headers } = request;
      Object.assign(seen, {
        method,
        url,
        type: headers['content-type'],
        key: headers['x-key'],
        body,
      });
      response.end('{"status":"queued","message":"m-42"}');
    });
  });
  await withServer(server, async (origin) => {
    const { provider } = stage({
      url: `${origin}/v1/{to}?ref={id}`,
      headers: { 'Content-Type': 'application/json', 'x-key': 'k1' },
      body: '{"from":"{from}","text":"{text}"}',
      successPattern: '"message":"([^"]+)"',
    });

    const outcome = await provider.send(sampleSms({ text: 'a "quoted" ż\nline' }));

    assert.equal(outcome, { outcome: 'sent', providerId: 'm-42' });
    assert.is(seen.method, 'POST');
    assert.is(seen.url, `/v1/%2B48501234567?ref=${ID}`);
    assert.is(seen.type, 'application/json');
    assert.is(seen.key, 'k1');
    const body: unknown = JSON.parse(seen.body ?? '');
    assert.equal(body, { from: 'HaloNet', text: 'a "quoted" ż\nline' });
    assert.is(provider.health().state, 'good');
  });
});

test('a GET has no body', async () => {
  const bodies: string[] = [];
  const server = createHttpServer((request, response) => {
    void bodyOf(request).then((body) => {
      bodies.push(`${request.method ?? ''} ${request.url ?? ''} ${body}`);
      response.end('OK');
    });
  });
  await withServer(server, async (origin) => {
    const { provider } = stage({ url: `${origin}/?t={text}`, method: 'GET' });

    assert.is((await provider.send(sampleSms({ text: 'x y' }))).outcome, 'sent');
    assert.equal(bodies, ['GET /?t=x%20y ']);
  });
});

for (const [status, outcome, reason] of [
  [400, 'failed', 'http-400'],
  [401, 'failed', 'http-401'],
  [404, 'failed', 'http-404'],
  [429, 'retry', 'http-429'],
  [500, 'unknown', 'http-500'],
  [503, 'retry', 'http-503'],
  [504, 'unknown', 'http-504'],
] as const) {
  test(`status ${status} is ${outcome}`, async () => {
    const { server, count } = gateway((_, response) => response.writeHead(status).end('no'));
    await withServer(server, async (origin) => {
      const { provider, lines } = stage({ url: origin });

      assert.equal(await provider.send(sampleSms()), { outcome, reason });
      assert.is(count(), 1);
      assert.is(provider.health().detail, reason);
      assert.not.match(lines.join(''), /70214|501234567/);
    });
  });
}

test('does not follow a redirect', async () => {
  const { server, count } = gateway((_, response) =>
    response.writeHead(307, { location: '/elsewhere' }).end(),
  );
  await withServer(server, async (origin) => {
    const { provider } = stage({ url: origin });

    assert.equal(await provider.send(sampleSms()), { outcome: 'failed', reason: 'http-307' });
    assert.is(count(), 1);
  });
});

test('a success whose answer says otherwise is a failure', async () => {
  const { server } = gateway((_, response) => response.end('ERR 104 no credit'));
  await withServer(server, async (origin) => {
    const { provider } = stage({ url: origin, successPattern: '^OK' });

    assert.equal(await provider.send(sampleSms()), { outcome: 'failed', reason: 'http-answer' });
  });
});

test('an answer that is far too long is looked at in its first 64 KiB', async () => {
  const { server } = gateway((_, response) => {
    response.write(`OK 7 ${'x'.repeat(100_000)}`);
  });
  await withServer(server, async (origin) => {
    const { provider } = stage({ url: origin, successPattern: '^OK ([0-9]+)' });

    assert.equal(await provider.send(sampleSms()), { outcome: 'sent', providerId: '7' });
  });
});

test('an answer cut off after the status is unknown when its body matters', async () => {
  const { server } = gateway((request, response) => {
    response.writeHead(200, { 'content-length': '100' });
    response.write('OK');
    setImmediate(() => request.socket.destroy());
  });
  await withServer(server, async (origin) => {
    const { provider } = stage({ url: origin, successPattern: '^OK ([0-9]+)' });

    assert.equal(await provider.send(sampleSms()), {
      outcome: 'unknown',
      reason: 'http-answer-cut',
    });
  });
});

test('a refused connection is worth another try', async () => {
  const server = createTcpServer();
  let origin = '';
  await withServer(server, async (its) => {
    origin = its;
  });
  const { provider } = stage({ url: origin });

  assert.equal(await provider.send(sampleSms()), { outcome: 'retry', reason: 'ECONNREFUSED' });
});

test('a connection that breaks after the request was written is unknown', async () => {
  let received = 0;
  const server = createTcpServer((socket) => {
    socket.once('data', (data) => {
      received = data.length;
      socket.destroy();
    });
  });
  await withServer(server, async (origin) => {
    const { provider } = stage({ url: origin });

    const outcome = await provider.send(sampleSms());

    assert.is(outcome.outcome, 'unknown');
    assert.ok(received > 0);
  });
});

test('a server that closes without a word is unknown, as the request may have been read', async () => {
  const server = createTcpServer((socket) => {
    socket.end();
    socket.resume();
  });
  await withServer(server, async (origin) => {
    const { provider } = stage({ url: origin });

    assert.is((await provider.send(sampleSms())).outcome, 'unknown');
  });
});

test('an answer that does not come in time is unknown, and the connection is closed', async () => {
  let arrived = (): void => undefined;
  let closed = (): void => undefined;
  const whenArrived = new Promise<void>((resolve) => {
    arrived = resolve;
  });
  const whenClosed = new Promise<void>((resolve) => {
    closed = resolve;
  });
  const { server } = gateway((request) => {
    request.socket.on('close', closed);
    arrived();
  });
  await withServer(server, async (origin) => {
    const { provider, clock } = stage({ url: origin, timeoutSeconds: 15 });

    const sending = provider.send(sampleSms());
    await whenArrived;
    await clock.advance(14_999);
    assert.is(clock.pending, 1);
    await clock.advance(1);

    assert.equal(await sending, { outcome: 'unknown', reason: 'timeout' });
    await whenClosed;
  });
});

test('a TLS handshake that fails is worth another try, as nothing was sent', async () => {
  const { server, count } = gateway((_, response) => response.end('OK'));
  await withServer(server, async (origin) => {
    const { provider } = stage({ url: origin.replace('http:', 'https:') });

    assert.is((await provider.send(sampleSms())).outcome, 'retry');
    assert.is(count(), 0);
  });
});

test('a gateway whose certificate is not trusted gets nothing', async () => {
  let count = 0;
  const server = createSecureServer({ cert: CERTIFICATE, key: ITS_KEY }, (_, response) => {
    count += 1;
    response.end('OK');
  });
  await withServer(server, async (origin) => {
    const { provider } = stage({ url: origin.replace('http:', 'https:') });

    assert.equal(await provider.send(sampleSms()), {
      outcome: 'retry',
      reason: 'DEPTH_ZERO_SELF_SIGNED_CERT',
    });
    assert.is(count, 0);
  });
});

test('what is no HTTP is unknown', async () => {
  const server = createTcpServer((socket) => {
    socket.once('data', () => socket.end('220 mail.example ESMTP\r\n'));
  });
  await withServer(server, async (origin) => {
    const { provider } = stage({ url: origin });

    assert.is((await provider.send(sampleSms())).outcome, 'unknown');
  });
});

test('a header that cannot be sent reaches nobody', async () => {
  const { server, count } = gateway((_, response) => response.end('OK'));
  await withServer(server, async (origin) => {
    const { provider } = stage({ url: origin, headers: { 'x-key': 'a\r\nb: c' } });

    assert.equal(await provider.send(sampleSms()), {
      outcome: 'retry',
      reason: 'ERR_INVALID_CHAR',
    });
    assert.is(count(), 0);
  });
});

test('every message has a connection of its own', async () => {
  const ports = new Set<number | undefined>();
  const { server } = gateway((request, response) => {
    ports.add(request.socket.remotePort);
    response.end('OK');
  });
  await withServer(server, async (origin) => {
    const { provider } = stage({ url: origin });

    for (let message = 0; message < 3; message += 1) await provider.send(sampleSms());

    assert.is(ports.size, 3);
  });
});

test.run();
