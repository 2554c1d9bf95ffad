import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import type { IncomingHttpHeaders, RequestListener } from 'node:http';
import { request as secureRequest } from 'node:https';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { listenHttp } from '../../server/panel/http-server.ts';
import type { HttpServer } from '../../server/panel/http-server.ts';
import { staticFiles } from '../../server/panel/static-files.ts';
import { createLogger } from '../../server/runtime/logger.ts';
import { systemClock } from '../../server/runtime/clock.ts';
import { CERTIFICATE, ITS_KEY, OTHER_KEY } from '../server/config/test-certificate.ts';
import { inPanel } from '../server/panel/panel-world.ts';

const log = createLogger({ level: 'error', file: null });
const LISTEN = { host: '127.0.0.1', port: 0, certFile: null, keyFile: null };

function listen(
  handler: RequestListener,
  differences: Partial<Parameters<typeof listenHttp>[0]['listen']> = {},
): Promise<HttpServer> {
  return listenHttp({ listen: { ...LISTEN, ...differences }, handler, clock: systemClock, log });
}

async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'konfa-web-'));
  try {
    await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function messageOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return '';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

test('tells which setting keeps it from listening', () =>
  inFolder(async (folder) => {
    const first = await listen(() => undefined);
    const port = first.port;
    assert.is(
      await messageOf(listen(() => undefined, { port })),
      `http.listen: cannot listen on 127.0.0.1:${port} (the port is taken)`,
    );
    await first.close();
    const certFile = join(folder, 'cert.pem');
    const missing = await messageOf(listen(() => undefined, { certFile, keyFile: certFile }));
    assert.is(missing, `http.listen.certFile: cannot read ${certFile} (ENOENT)`);
    writeFileSync(certFile, 'no certificate');
    const bad = await messageOf(listen(() => undefined, { certFile, keyFile: certFile }));
    assert.match(bad, /^http\.listen\.certFile: .* are no certificate and key that fit/u);
    const half = await messageOf(listen(() => undefined, { certFile }));
    assert.match(half, /^http\.listen\.keyFile: missing/u);
  }));

test('tells the address it is bound to', async () => {
  const server = await listen(() => undefined);
  assert.is(server.origin, `http://127.0.0.1:${server.port}`);
  assert.ok(server.port > 0);
  await server.close();
});

test('speaks https with a certificate and its key, and refuses a key that is not its', () =>
  inFolder(async (folder) => {
    const [certFile, keyFile, otherKey] = ['cert.pem', 'key.pem', 'other.pem'].map((name) =>
      join(folder, name),
    );
    if (certFile === undefined || keyFile === undefined || otherKey === undefined) return;
    writeFileSync(certFile, CERTIFICATE);
    writeFileSync(keyFile, ITS_KEY);
    writeFileSync(otherKey, OTHER_KEY);

    const server = await listen((_request, response) => response.end('secret'), {
      ...{ certFile, keyFile },
    });
    assert.match(server.origin, /^https:/u);
    const status = await new Promise((resolve, reject) => {
      // The certificate is nobody's: what is tested is that TLS is spoken.
      const options = { rejectUnauthorized: false, agent: false };
      secureRequest(server.origin, options, (answer) => {
        answer.resume();
        answer.once('end', () => resolve(answer.statusCode));
      })
        .once('error', reject)
        .end();
    });
    assert.is(status, 200);
    await server.close();

    const wrong = await messageOf(listen(() => undefined, { certFile, keyFile: otherKey }));
    assert.match(wrong, /^http\.listen\.certFile: .* are no certificate and key that fit/u);
  }));

test('closing ends idle connections at once and lets a request finish', async () => {
  const answers: (() => void)[] = [];
  let asked: () => void = () => undefined;
  const isAsked = new Promise<void>((resolve) => (asked = resolve));
  const server = await listen((_request, response) => {
    answers.push(() => response.end('done'));
    asked();
  });
  const idle = connect(server.port, '127.0.0.1');
  await new Promise((resolve) => idle.once('connect', resolve));
  const idleEnds = ended(idle);
  const busy = get(`${server.origin}/slow`);
  await isAsked;

  const closing = server.close();
  await idleEnds;
  for (const answer of answers) answer();

  assert.is((await busy).body.toString(), 'done');
  await closing;
  assert.match(await messageOf(get(server.origin)), /ECONNREFUSED/u);
});

test('closing ends a request that never finishes', async () => {
  let asked: () => void = () => undefined;
  const isAsked = new Promise<void>((resolve) => (asked = resolve));
  const server = await listen(() => asked());
  const never = messageOf(get(server.origin));
  await isAsked;

  await server.close();

  assert.match(await never, /socket hang up|ECONNRESET/u);
});

test('serves the built pages: assets for ever, index.html anew each time, compressed', () =>
  inFolder(async (folder) => {
    mkdirSync(join(folder, 'assets'));
    const script = `console.log(${JSON.stringify('x'.repeat(5000))})`;
    writeFileSync(join(folder, 'assets', 'main-0a1b2c.js'), script);
    writeFileSync(join(folder, 'index.html'), '<!doctype html><title>Konfa</title>');
    writeFileSync(join(tmpdir(), 'konfa-outside.txt'), 'outside');
    await inPanel(
      async ({ origin, ask }) => {
        const asset = await get(`${origin}/assets/main-0a1b2c.js`, { 'accept-encoding': 'gzip' });
        assert.is(asset.headers['cache-control'], 'public, max-age=31536000, immutable');
        assert.is(asset.headers['content-encoding'], 'gzip');
        assert.is(asset.headers.vary, 'Accept-Encoding');
        assert.is(asset.headers['content-type'], 'text/javascript; charset=utf-8');
        assert.is(gunzipSync(asset.body).toString(), script);
        const plain = await get(`${origin}/assets/main-0a1b2c.js`);
        assert.is(plain.body.toString(), script);
        assert.is(plain.headers['content-encoding'], undefined);
        assert.is.not(plain.headers.etag, asset.headers.etag);
        const html = { accept: 'text/html,*/*;q=0.8' };
        for (const path of ['/', '/index.html', '/j/0a1b', '/conferences/new', '/confirm/a.b']) {
          const page = await ask('GET', path, { headers: html });
          assert.is(page.text, '<!doctype html><title>Konfa</title>', path);
          assert.is(page.headers['cache-control'], 'no-cache');
          assert.match(String(page.headers['content-security-policy']), /script-src 'self'/u);
        }
        const { headers } = await ask('GET', '/', { headers: html });
        const etag = { 'if-none-match': String(headers['etag']) };
        assert.is((await ask('GET', '/', { headers: { ...html, ...etag } })).status, 304);
        assert.is((await ask('GET', '/assets/old-ffff.js', { headers: html })).status, 404);
        assert.is((await ask('GET', '/x.png', { headers: { accept: 'image/png' } })).status, 404);
        assert.is((await ask('GET', '/api/v1/no', { headers: html })).json['code'], 'not-found');
        assert.is((await ask('POST', '/', { headers: html })).status, 404);
        const up = await ask('GET', '/assets/../../konfa-outside.txt', { headers: html });
        assert.not.ok(up.text.includes('outside'));
      },
      { pages: staticFiles({ folder, log }) },
    );
    rmSync(join(tmpdir(), 'konfa-outside.txt'));
  }));

test('says in one sentence that the pages are not built', () =>
  inFolder((folder) =>
    inPanel(
      async ({ ask }) => {
        const page = await ask('GET', '/', { headers: { accept: 'text/html' } });
        assert.is(page.status, 503);
        assert.match(page.text, /npm run build/u);
        assert.is((await ask('GET', '/api/v1/settings')).status, 200);
      },
      { pages: staticFiles({ folder: join(folder, 'none'), log }) },
    ),
  ));

function ended(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    socket.resume();
    socket.once('close', () => resolve());
    socket.once('error', () => undefined);
  });
}

function get(
  url: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<{ readonly headers: IncomingHttpHeaders; readonly body: Buffer }> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { headers, agent: false }, (answer) => {
      const parts: Buffer[] = [];
      answer.on('data', (part: Buffer) => parts.push(part));
      answer.on('end', () => resolve({ headers: answer.headers, body: Buffer.concat(parts) }));
    });
    sent.on('error', reject);
    sent.end();
  });
}

test.run();
