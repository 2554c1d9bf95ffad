import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { staticFiles } from '../../server/panel/static-files.ts';
import type { PanelAnswer } from '../support/panel-client.ts';
import { withPanel } from '../support/panel-rig.ts';
import type { PanelRig } from '../support/panel-rig.ts';
import { heardLog } from '../support/heard-log.ts';

const INDEX = '<!doctype html><title>Konfa</title>';

/** A panel with pages in a folder, beside which lies what nobody must read. */
async function withPages(work: (rig: PanelRig) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'konfa-pages-'));
  try {
    mkdirSync(join(folder, 'web', 'assets'), { recursive: true });
    writeFileSync(join(folder, 'secret.json'), '"the secret"');
    writeFileSync(join(folder, 'web', 'index.html'), INDEX);
    writeFileSync(join(folder, 'web', 'assets', 'main.js'), 'export {};');
    const pages = staticFiles({ log: heardLog([]), folder: join(folder, 'web') });
    await withPanel(work, { pages });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Sends bytes as they are; all that comes back until the other side closes. */
function raw(rig: PanelRig, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = [];
    const socket = connect(rig.port, '127.0.0.1', () => socket.write(text, 'latin1'));
    socket.on('data', (part) => parts.push(part));
    socket.on('error', reject);
    socket.on('close', () => resolve(Buffer.concat(parts).toString('latin1')));
  });
}

function assertHeaders({ headers }: PanelAnswer, name: string): void {
  const policy = String(headers['content-security-policy']);
  assert.match(policy, "default-src 'none'", name);
  assert.match(policy, "frame-ancestors 'none'", name);
  assert.not.match(policy, /unsafe|\*/u, name);
  assert.is(headers['x-content-type-options'], 'nosniff', name);
  assert.is(headers['x-frame-options'], 'DENY', name);
  assert.is(headers['referrer-policy'], 'no-referrer', name);
  assert.match(String(headers['strict-transport-security']), /^max-age=31536000/u, name);
  assert.match(String(headers['permissions-policy']), 'camera=()', name);
  assert.is(headers['x-powered-by'], undefined, name);
  assert.is(headers['server'], undefined, name);
  assert.is(headers['access-control-allow-origin'], undefined, name);
}

test('every kind of answer carries the security headers, and none lets other sites read it', () =>
  withPages(async (rig) => {
    const anna = await rig.member('anna@example.org');
    const origin = { origin: 'https://evil.example' };
    const wide = 'x'.repeat(70_000);
    const seen = new Set<number>();
    for (const [method, path, ask] of [
      ['GET', '/', {}],
      ['GET', '/assets/main.js', {}],
      ['GET', '/assets/none.js', {}],
      ['GET', '/conferences/new', {}],
      ['POST', '/', { body: {} }],
      ['GET', '/%', {}],
      ['GET', '/api', {}],
      ['GET', '/api/v1', {}],
      ['GET', '/api/v2/x', {}],
      ['GET', '/api/v1/settings', { headers: origin }],
      ['OPTIONS', '/api/v1/reservations', { headers: origin }],
      ['GET', '/api/v1/reservations', {}],
      ['GET', '/api/v1/reservations/%', {}],
      ['GET', '/api/v1/admin/health', {}],
      ['PUT', '/api/v1/reservations', {}],
      ['TRACE', '/api/v1/reservations', {}],
      ['POST', '/api/v1/reservations', { raw: '{' }],
      ['POST', '/api/v1/contacts', { raw: wide }],
      ['POST', '/api/v1/contacts', { raw: 'x', headers: { 'content-type': 'text/plain' } }],
      ['POST', '/api/v1/reservations', { body: {}, headers: origin }],
      ['PATCH', '/api/v1/reservations/x', { body: {} }],
      [
        'POST',
        '/api/v1/password-resets/complete',
        { body: { token: 'x', password: 'wet paint 99' } },
      ],
      ['GET', '/api/v1/reservations', { headers: { authorization: 'Bearer x' } }],
      ['DELETE', '/api/v1/account/sessions', {}],
    ] as const) {
      const answer = await anna.ask(method, path, ask);
      seen.add(answer.status);
      assertHeaders(answer, `${method} ${path}: ${answer.status}`);
      if (!path.startsWith('/api')) continue;
      assert.is(answer.headers['cache-control'], 'no-store', path);
      assert.not.match(answer.headers['content-type'] ?? '', /html/u, path);
    }
    assert.equal([...seen].sort(), [200, 204, 400, 401, 403, 404, 405, 410, 413, 415, 428]);
  }));

test('no path below /api is ever answered with HTML, whatever the browser accepts', () =>
  withPages(async (rig) => {
    const headers = { accept: 'text/html' };
    for (const path of [
      ...['/api', '/api/', '/api/v1', '/api/v1/', '/api/index.html', '/api/v1/../index.html'],
      ...['/api/v1/%2e%2e/index.html', '/api/v1/<script>alert(1)</script>', '/api//v1/settings'],
      ...['/api/v1/settings/', '/api/v1/settings/x.html', '/api/v1/join/x.html'],
    ]) {
      const answer = await rig.browser().ask('GET', path, { headers });
      assert.is(answer.status, 404, path);
      assert.match(String(answer.headers['content-type']), /^application\/problem\+json/u, path);
      assert.not.match(answer.text, /<script|<!doctype/iu, path);
    }
  }));

test('no path leads out of the folder of the pages', () =>
  withPages(async (rig) => {
    for (const path of [
      ...[
        '/../secret.json',
        '/%2e%2e/secret.json',
        '/..%2fsecret.json',
        '/assets/../../secret.json',
      ],
      ...[
        '/assets/..%2f..%2fsecret.json',
        '/..%5csecret.json',
        '/....//secret.json',
        '//secret.json',
      ],
      ...['/assets/%2e%2e/%2e%2e/secret.json', '/%00/../secret.json', '/secret.json%00.js'],
      ...['/../../../../../../etc/passwd', '/%252e%252e/secret.json', '/web/../../secret.json'],
    ]) {
      for (const accept of ['*/*', 'application/json']) {
        const answer = await rig.browser().ask('GET', path, { headers: { accept } });
        assert.not.match(answer.text, /the secret|root:/u, path);
        assert.ok(answer.status === 404 || answer.status === 400 || answer.text === INDEX, path);
      }
    }
    const absolute = await raw(
      rig,
      'GET http://127.0.0.1/../secret.json HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
    );
    assert.not.match(absolute, 'the secret');
  }));

test('a request whose length can be read in two ways is refused, and the connection closed', () =>
  withPanel(async (rig) => {
    const head = 'POST /api/v1/session HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n';
    const hidden = 'GET /api/v1/settings HTTP/1.1\r\nHost: x\r\n\r\n';
    for (const lengths of [
      'Content-Length: 2\r\nContent-Length: 60\r\n',
      'Content-Length: 2, 60\r\n',
      'Content-Length: 2\r\nTransfer-Encoding: chunked\r\n',
      'Transfer-Encoding: chunked\r\nContent-Length: 2\r\n',
      'Transfer-Encoding: chunked, identity\r\n',
      'Transfer-Encoding: xchunked\r\nContent-Length: 2\r\n',
      'Transfer-Encoding : chunked\r\n',
      'Content-Length: +2\r\n',
      'Content-Length: 0x2\r\n',
      'Content-Length: -1\r\n',
      'X: y\r\n folded: Content-Length: 2\r\nContent-Length : 2\r\n',
      'X: a\0b\r\nContent-Length: 2\r\n',
    ]) {
      const answer = await raw(rig, `${head}${lengths}\r\n{}${hidden}`);
      const name = JSON.stringify(lengths);
      assert.match(answer, /^HTTP\/1\.1 400 /u, name);
      assert.is(answer.split('HTTP/1.1 ').length, 2, `${name}: one answer only`);
      assert.not.match(answer, '"product"', name);
    }
  }));

test('a header that is too long, or a request line that is none, is refused', () =>
  withPanel(async (rig) => {
    const long = `GET / HTTP/1.1\r\nHost: x\r\nX: ${'a'.repeat(20_000)}\r\n\r\n`;
    assert.match(await raw(rig, long), /^HTTP\/1\.1 431 /u);
    for (const line of ['GET / HTTP/9.9', '\x16\x03\x01\x02', 'FOO BAR BAZ', 'GET / HTTP/1.1']) {
      const answer = await raw(rig, `${line}\r\n\r\n`);
      assert.match(answer, /^HTTP\/1\.1 (?:400|505) /u, line);
    }
    const still = await rig.browser().api('GET', '/settings');
    assert.is(still.status, 200, 'others are served');
  }));

test.run();
