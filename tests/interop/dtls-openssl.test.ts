import { spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { DtlsFingerprint, SrtpKeying } from '../../mixer/protocol/media-security.ts';
import type { DtlsChannel, DtlsEvent } from '../../server/media/dtls-host.ts';
import { dtlsThreadHost } from '../../server/media/dtls-thread-host.ts';
import { makeIdentity } from '../../server/media/dtls/self-signed.ts';
import { interopTest } from '../support/interop.ts';
import { fingerprint } from '../server/media/dtls-rig.ts';
import { seededWords } from '../mixer/transport/srtp/srtp-rig.ts';

// Debian's openssl as the browser, over real sockets, against the DTLS thread.

const interop = interopTest(test, ['openssl']);
const TIME_LIMIT_MS = 20_000;

/** Share of datagrams that are dropped in each direction, and of those that are held back until the next has passed. */
interface Weather {
  readonly lost: number;
  readonly late: number;
  readonly seed: number;
}

const FAIR: Weather = { lost: 0, late: 0, seed: 1 };

/** Passes datagrams on as the weather lets them. */
function road(weather: Weather, deliver: (bytes: Uint8Array) => void) {
  // Spread over all bits: the first numbers of a small seed are small.
  const next = seededWords(Math.imul(weather.seed, 0x9e37_79b1));
  let held: Uint8Array | null = null;
  return (bytes: Uint8Array): void => {
    const chance = (next() % 1000) / 1000;
    if (chance < weather.lost) return;
    if (chance < weather.lost + weather.late && held === null) {
      held = bytes;
      return;
    }
    deliver(bytes);
    if (held !== null) deliver(held);
    held = null;
  };
}

interface Outcome {
  readonly event: DtlsEvent;
  /** What openssl has exported, in capitals. */
  readonly exported: string;
  readonly output: string;
}

async function shake(options: {
  readonly arguments: readonly string[];
  readonly fingerprints?: readonly DtlsFingerprint[];
  readonly weather?: Weather;
  /** Lines for openssl's own configuration. */
  readonly settings?: string;
  /** When openssl is to close; on the keys if left out. */
  readonly until?: DtlsEvent['type'];
}): Promise<Outcome> {
  const { weather = FAIR, until = 'keys' } = options;
  const folder = await mkdtemp(join(tmpdir(), 'konfa-dtls-'));
  const identity = makeIdentity();
  await writeFile(join(folder, 'certificate'), identity.certificatePem);
  await writeFile(join(folder, 'key'), identity.privateKeyPem);
  const socket = createSocket('udp4').bind(0, '127.0.0.1');
  await once(socket, 'listening');
  let peerPort = 0;
  let channel: DtlsChannel | null = null;
  const out = road(weather, (bytes) => {
    if (peerPort !== 0) socket.send(bytes, peerPort, '127.0.0.1');
  });
  const into = road({ ...weather, seed: weather.seed + 1000 }, (bytes) =>
    channel?.post({ type: 'packet', legId: 'leg', bytes: new Uint8Array(bytes) }),
  );
  socket.on('message', (bytes, { port }) => {
    peerPort = port;
    into(bytes);
  });
  const events: DtlsEvent[] = [];
  let tell = (): void => undefined;
  const ended = new Promise<void>((resolve) => {
    channel = dtlsThreadHost.spawn(
      (event) => {
        if (event.type === 'packet') out(event.bytes);
        else events.push(event);
        tell();
      },
      () => resolve(),
    );
  });
  const wait = (type: DtlsEvent['type']): Promise<DtlsEvent> =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`no ${type}`)), TIME_LIMIT_MS);
      tell = () => {
        const found = events.find((event) => event.type === type || event.type === 'failed');
        if (found === undefined) return;
        clearTimeout(timer);
        resolve(found);
      };
      tell();
    });
  const post: DtlsChannel['post'] = (command) => channel?.post(command);
  post({ type: 'start', identity: null });
  await wait('ready');
  const fingerprints = options.fingerprints ?? [fingerprint(identity.certificatePem)];
  post({ type: 'open', legId: 'leg', fingerprints });
  const settings = join(folder, 'settings');
  await writeFile(
    settings,
    `openssl_conf=a\n[a]\nssl_conf=b\n[b]\nsystem_default=c\n[c]\n${options.settings ?? ''}\n`,
  );
  const commandLine = [
    ...['s_client', '-dtls1_2', '-connect', `127.0.0.1:${socket.address().port}`],
    ...['-cert', join(folder, 'certificate'), '-key', join(folder, 'key')],
    ...['-keymatexport', 'EXTRACTOR-dtls_srtp', ...options.arguments],
  ];
  const openssl = spawn('openssl', commandLine, {
    env: { ...process.env, OPENSSL_CONF: settings },
  });
  let output = '';
  openssl.stdout.on('data', (text: Buffer) => (output += text.toString()));
  openssl.stderr.on('data', (text: Buffer) => (output += text.toString()));
  const closed = once(openssl, 'close');
  try {
    const event = await wait(until === 'closed' ? 'keys' : until);
    // Its last words come when our last flight has reached it.
    for (let look = 0; look < 200 && event.type === 'keys'; look += 1) {
      if (/Keying material: [0-9A-F]+/.test(output)) break;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    openssl.stdin.end('Q\n');
    const last = until === 'closed' ? await wait('closed') : event;
    const exported = /Keying material: ([0-9A-F]+)/.exec(output)?.[1] ?? '';
    return { event: last, exported, output };
  } finally {
    openssl.kill();
    await closed;
    post({ type: 'shut-down' });
    await ended;
    socket.close();
    await rm(folder, { recursive: true });
  }
}

function hexOf(...parts: readonly Uint8Array[]): string {
  return Buffer.concat(parts).toString('hex').toUpperCase();
}

/** Keying material as RFC 5764 §4.2 lays it out: client's key, server's key, client's salt, server's salt. */
function layout(inbound: SrtpKeying, outbound: SrtpKeying): string {
  return hexOf(inbound.masterKey, outbound.masterKey, inbound.masterSalt, outbound.masterSalt);
}

const GCM = ['-use_srtp', 'SRTP_AEAD_AES_128_GCM', '-keymatexportlen', '56'];
const CM = ['-use_srtp', 'SRTP_AES128_CM_SHA1_80', '-keymatexportlen', '60'];

const storms = [1, 2, 3, 4].map(
  (seed) => [`20 % lost, weather ${seed}`, GCM, { lost: 0.2, late: 0, seed }] as const,
);

for (const [name, list, weather] of [
  ['AEAD_AES_128_GCM', GCM, FAIR],
  ['AES_CM_128_HMAC_SHA1_80', CM, FAIR],
  ['messages in pieces', [...GCM, '-mtu', '256'], FAIR],
  ['messages in pieces, 10 % late', [...GCM, '-mtu', '256'], { lost: 0, late: 0.1, seed: 7 }],
  ['P-256', [...GCM, '-curves', 'P-256'], FAIR],
  ...storms,
] as const) {
  interop(`agrees with openssl on the keying material (${name})`, async () => {
    const { event, exported, output } = await shake({ arguments: list, weather });

    assert.ok(event.type === 'keys', `${JSON.stringify(event)} ${output}`);
    assert.is(layout(event.inbound, event.outbound), exported);
  });
}

interop('agrees with openssl without an extended master secret (RFC 7627 §5.2)', async () => {
  const settings = 'Options = -ExtendedMasterSecret';

  const { event, exported, output } = await shake({ arguments: GCM, settings });

  assert.ok(event.type === 'keys', `${JSON.stringify(event)} ${output}`);
  assert.is(layout(event.inbound, event.outbound), exported);
  assert.match(output, /Extended master secret: no/);
});

interop('hears the close_notify of openssl', async () => {
  const { event } = await shake({ arguments: GCM, until: 'closed' });

  assert.is(event.type, 'closed');
});

for (const [name, list, fingerprints, reason] of [
  [
    'a certificate that was not announced',
    GCM,
    [fingerprint(makeIdentity().certificatePem)],
    'another certificate than the signalling announced',
  ],
  ['no SRTP at all', ['-keymatexportlen', '60'], undefined, 'no SRTP profile in common'],
  [
    'a cipher suite of another kind',
    [...GCM, '-cipher', 'ECDHE-RSA-AES128-GCM-SHA256'],
    undefined,
    'the hello or the key of the peer cannot be used',
  ],
] as const) {
  interop(`refuses openssl with ${name}`, async () => {
    const outcome = await shake({
      arguments: list,
      until: 'failed',
      ...(fingerprints === undefined ? {} : { fingerprints }),
    });

    assert.equal(outcome.event, { type: 'failed', legId: 'leg', reason });
  });
}

test.run();
