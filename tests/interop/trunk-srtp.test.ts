// run: alone, limit: 300 s
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { until } from '../browser/until.ts';
import { freePort } from '../support/free-ports.ts';
import { interopTest } from '../support/interop.ts';
import { startKonfa } from '../support/konfa-process.ts';
import type { KonfaProcess } from '../support/konfa-process.ts';
import { pause } from '../support/phone-media.ts';
import { startPhone } from '../support/phone.ts';
import type { PhoneCall } from '../support/phone-call.ts';
import { steadyToneLevelDb, toneLevelDb } from '../support/tones.ts';
import { baresipRateHz, startBaresip } from './baresip-phone.ts';
import type { BaresipOptions } from './baresip-phone.ts';

const interop = interopTest(test, ['baresip', 'openssl']);

const ROOM = { number: '55501', pin: '13572', adminPin: '8642097', announcements: 'off' };
const STRAIGHT = '701';
const AMPLITUDE = 8000;
const SENT_DB = 20 * Math.log10(AMPLITUDE / 32_768);
const BARESIP_HZ = 440;
const PHONE_HZ = 700;
const PATIENCE_MS = 30_000;
const LISTEN_MS = 3000;

/** Konfa with one trunk for all of 127.0.0.0/8, and its TLS. */
interface Exchange {
  readonly konfa: KonfaProcess;
  readonly tlsPort: number;
  /** PEM with certificate and key. */
  readonly certificate: string;
}

async function withExchange(
  srtp: 'off' | 'optional' | 'required',
  play: (exchange: Exchange) => Promise<void>,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'konfa-tls-'));
  try {
    const { certFile, keyFile, certificate } = await makeCertificate(folder);
    const tlsPort = await freePort();
    const trunk = { name: 'local', allowFrom: ['127.0.0.0/8'], onNet: true, srtp };
    const konfa = await startKonfa({
      config: {
        sip: {
          listen: [{ transport: 'tls', host: '127.0.0.1', port: tlsPort, certFile, keyFile }],
        },
        trunks: [{ ...trunk, codecs: ['opus', 'PCMA', 'PCMU'] }],
        permanentRooms: [ROOM],
        accessNumbers: [{ number: STRAIGHT, room: ROOM.number, requirePin: false }],
        log: { level: 'info' },
      },
    });
    try {
      await play({ konfa, tlsPort, certificate });
      assert.not.match(konfa.output(), '"level":"error"');
    } finally {
      assert.is(await konfa.stop(), 0);
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function makeCertificate(
  folder: string,
): Promise<{ readonly certFile: string; readonly keyFile: string; readonly certificate: string }> {
  const [certFile, keyFile] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
  await promisify(execFile)('openssl', [
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'],
    ...['-days', '2', '-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1'],
    ...['-keyout', keyFile, '-out', certFile],
  ]);
  const certificate = join(folder, 'both.pem');
  await writeFile(certificate, Buffer.concat([await readFile(certFile), await readFile(keyFile)]));
  return { certFile, keyFile, certificate };
}

/** A call with an own phone, plain RTP; comes back with the answer. */
async function withPhone(
  { konfa }: Exchange,
  play: (call: PhoneCall, status: number) => Promise<void>,
): Promise<void> {
  const phone = await startPhone({ server: { host: '127.0.0.1', port: konfa.sipPort } });
  try {
    const call = await phone.dial(STRAIGHT);
    const { status } = await call.final;
    await play(call, status);
  } finally {
    phone.close();
  }
}

/** Level of a tone in the last second that a phone has heard. */
function phoneHearsDb({ media: { tape } }: PhoneCall, toneHz: number): number {
  return steadyToneLevelDb(tape.between(tape.durationMs - 1000), toneHz);
}

/** A baresip and a plain phone in the room hear each other, each at the level that was sent, and not themselves. */
async function talk(exchange: Exchange, how: Partial<BaresipOptions>): Promise<void> {
  await withPhone(exchange, async (call) => {
    call.media.play({ toneHz: PHONE_HZ, amplitude: AMPLITUDE });
    const { konfa, tlsPort } = exchange;
    const isTls = how.certificate !== undefined;
    const serverPort = isTls ? tlsPort : konfa.sipPort;
    const baresip = await startBaresip({ serverPort, toneHz: BARESIP_HZ, ...how });
    let heard: Int16Array;
    try {
      await baresip.dial(STRAIGHT);
      await until(
        'the phone hears baresip',
        () => (Math.abs(phoneHearsDb(call, BARESIP_HZ) - SENT_DB) < 1.5 ? true : null),
        PATIENCE_MS,
      );
      await pause(LISTEN_MS);
      assert.ok(phoneHearsDb(call, PHONE_HZ) < SENT_DB - 40, 'the phone hears itself');
      assert.match(baresip.output(), `Set audio encoder: ${how.codec ?? 'PCMA'}`);
      heard = await baresip.hangUp();
    } catch (error) {
      await baresip.stop();
      throw error;
    }
    const rateHz = baresipRateHz(how);
    // The last half second is left out: it has the end of the call in it.
    const stretch = heard.slice(-rateHz * 2, -rateHz / 2);
    const tone = toneLevelDb(stretch, PHONE_HZ, rateHz);
    const own = toneLevelDb(stretch, BARESIP_HZ, rateHz);
    assert.ok(Math.abs(tone - SENT_DB) < 1.5, `baresip hears the phone at ${tone.toFixed(1)} dB`);
    assert.ok(own < SENT_DB - 40, `baresip hears itself at ${own.toFixed(1)} dB`);
  });
}

/** What a baresip is told that calls in vain. */
async function refusal(exchange: Exchange, how: Partial<BaresipOptions>): Promise<string> {
  const serverPort = how.certificate === undefined ? exchange.konfa.sipPort : exchange.tlsPort;
  const baresip = await startBaresip({ serverPort, toneHz: BARESIP_HZ, ...how });
  try {
    return await baresip.dialInVain(STRAIGHT);
  } finally {
    await baresip.stop();
  }
}

interop('phones talk by SRTP, keys by SDES over TLS or by DTLS, in G.711 and in Opus', () =>
  withExchange('optional', async (exchange) => {
    const { certificate } = exchange;
    await talk(exchange, { certificate, mediaEncryption: 'srtp-mand' });
    await talk(exchange, { mediaEncryption: 'dtls_srtp' });
    await talk(exchange, { codec: 'opus' });
    await talk(exchange, { codec: 'opus', certificate, mediaEncryption: 'srtp-mand' });
  }),
);

interop('keys that come over open signalling are refused with 488', () =>
  withExchange('optional', async (exchange) => {
    assert.match(await refusal(exchange, { mediaEncryption: 'srtp-mand' }), /^488/);
  }),
);

interop('a trunk where SRTP is required refuses a plain call with 488 and takes one by SRTP', () =>
  withExchange('required', async (exchange) => {
    const { certificate } = exchange;
    await withPhone(exchange, async (_call, status) => assert.is(status, 488));
    assert.match(await refusal(exchange, {}), /^488/);
    assert.match(await refusal(exchange, { certificate }), /^488/);

    const baresip = await startBaresip({
      ...{ serverPort: exchange.tlsPort, toneHz: BARESIP_HZ },
      ...{ certificate, mediaEncryption: 'srtp-mand' },
    });
    try {
      await baresip.dial(STRAIGHT);
    } finally {
      await baresip.stop();
    }
  }),
);

interop('a trunk where SRTP is off refuses a call by SRTP with 488 and takes a plain one', () =>
  withExchange('off', async (exchange) => {
    const { certificate } = exchange;
    const mandatory = { certificate, mediaEncryption: 'srtp-mand' } as const;
    assert.match(await refusal(exchange, mandatory), /^488/);
    assert.match(await refusal(exchange, { mediaEncryption: 'dtls_srtp' }), /^488/);

    await talk(exchange, {});
  }),
);

test.run();
