// run: alone, limit: 120 s
import { once } from 'node:events';
import type { Server, Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import type { TLSSocket } from 'node:tls';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { freePort } from '../support/free-ports.ts';
import { startKonfa } from '../support/konfa-process.ts';
import { TestAuthority } from '../support/test-authority.ts';
import { HOST, portOf } from './sip-socket-bench.ts';
import { phone } from './sip-tls-bench.ts';

// A whole server, from its config file: certificates by name at its door, and wildcards of those whom it calls.

const authority = new TestAuthority();

test.after(() => authority.remove());

/** A provider with a wildcard certificate. `asked`: comes when a request has; `left`: when a connection is gone. */
async function provider(): Promise<{
  readonly server: Server;
  readonly asked: Promise<string>;
  readonly left: Promise<void>;
}> {
  const { cert, key } = authority.issue({ names: 'DNS:*.provider.test' });
  const server = createTlsServer({ cert, key });
  server.on('tlsClientError', () => {});
  const asked = new Promise<string>((resolve) => {
    server.on('secureConnection', (socket: TLSSocket) => {
      socket.on('error', () => {});
      socket.once('data', (bytes: Buffer) => resolve(bytes.toString('latin1')));
    });
  });
  const left = new Promise<void>((resolve) => {
    server.on('connection', (socket: Socket) => socket.once('close', () => resolve()));
  });
  server.listen(0, HOST);
  await once(server, 'listening');
  return { server, asked, left };
}

function trunk(name: string, server: Server, tls: Readonly<Record<string, unknown>>): unknown {
  return {
    name,
    hosts: [`${HOST}:${portOf(server)}`],
    transport: 'tls',
    tls: { caFile: authority.caFile, serverName: 'sip.provider.test', ...tls },
  };
}

test('takes wildcards of a trunk and further certificates of a listener from its settings', async () => {
  const [strict, lenient] = [await provider(), await provider()];
  const main = authority.issue({ names: 'DNS:one.test', subject: 'one' });
  const other = authority.issue({ names: 'DNS:two.test', subject: 'two' });
  const port = await freePort();
  const { certFile, keyFile } = main;
  const certificates = [{ certFile: other.certFile, keyFile: other.keyFile }];
  const konfa = await startKonfa({
    config: {
      sip: { listen: [{ transport: 'tls', host: HOST, port, certFile, keyFile, certificates }] },
      trunks: [
        { name: 'phones', allowFrom: ['127.0.0.0/8'] },
        trunk('strict', strict.server, {}),
        trunk('lenient', lenient.server, { allowWildcard: true }),
      ],
    },
  });

  const request = await lenient.asked;
  await strict.left;
  const shown: unknown[] = [];
  for (const servername of ['one.test', 'two.test']) {
    const peer = await phone(port, { ca: authority.ca, servername });
    shown.push(peer.getPeerCertificate().subject.CN);
    peer.destroy();
  }
  const code = await konfa.stop();
  strict.server.close();
  lenient.server.close();

  assert.match(request, /^OPTIONS sip:/);
  assert.equal(shown, ['one', 'two']);
  const refusals = konfa
    .output()
    .split('\n')
    .filter((line) => line.includes('its certificate bears the name by a wildcard only'));
  assert.ok(refusals.length > 0, konfa.output());
  assert.ok(refusals.every((line) => line.includes('"trunk":"strict"')));
  assert.is(code, 0);
});

test.run();
