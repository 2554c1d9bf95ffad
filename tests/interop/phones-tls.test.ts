// run: alone, limit: 240 s
import { writeFile } from 'node:fs/promises';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { until } from '../browser/until.ts';
import { freePort } from '../support/free-ports.ts';
import { interopTest } from '../support/interop.ts';
import { TestAuthority } from '../support/test-authority.ts';
import type { TestCertificate } from '../support/test-authority.ts';
import { BARESIP_HZ, EAR_HZ, LINPHONE_HZ, PATIENCE_MS, STRAIGHT } from './phone-bench.ts';
import { hears, withPhoneBench } from './phone-bench.ts';
import type { PhoneBench } from './phone-bench.ts';

const interop = interopTest(test, ['baresip', 'linphonec', 'openssl']);

/** linphonec reads names only, and baresip calls an address. */
const OUR_NAMES = 'DNS:localhost,IP:127.0.0.1';
const TLS = { transport: 'tls', serverHost: 'localhost' } as const;

/** A bench with TLS; `anybody` takes every phone, `members` those with a certificate of the authority. */
interface TlsBench extends PhoneBench {
  readonly authority: TestAuthority;
  readonly stranger: TestAuthority;
  /** Where Konfa looks for its certificate and its key. */
  readonly own: { readonly certFile: string; readonly keyFile: string };
  readonly anybody: number;
  readonly members: number;
}

async function withTls(play: (bench: TlsBench) => Promise<void>): Promise<void> {
  const [authority, stranger] = [new TestAuthority(), new TestAuthority()];
  try {
    const { cert, key } = authority.issue({ names: OUR_NAMES });
    const own = {
      certFile: authority.write('konfa.pem', cert),
      keyFile: authority.write('konfa.key', key),
    };
    const [anybody, members] = [await freePort(), await freePort()];
    const tls = { transport: 'tls', host: '127.0.0.1', ...own };
    const listen = [
      { ...tls, port: anybody },
      { ...tls, port: members, clientCaFile: authority.caFile },
    ];
    await withPhoneBench({ sip: { listen } }, (bench) =>
      play({ ...bench, authority, stranger, own, anybody, members }),
    );
  } finally {
    authority.remove();
    stranger.remove();
  }
}

/** Certificate and key in one file, as baresip wants them. */
async function together({ cert, key, certFile }: TestCertificate): Promise<string> {
  const file = `${certFile}.both`;
  await writeFile(file, `${cert}${key}`);
  return file;
}

interop('phones talk over TLS, and linphonec leaves when our certificate is of a stranger', () =>
  withTls(async (bench) => {
    const { authority, stranger, anybody, ear } = bench;
    const tls = { ...TLS, serverPort: anybody };
    // This baresip, 1.0.0, encrypts but verifies nobody.
    const [baresip, linphone] = await Promise.all([
      bench.baresip(tls),
      bench.linphone({ ...tls, authorityFile: authority.caFile }),
    ]);
    await Promise.all([baresip.dial(STRAIGHT), linphone.dial(STRAIGHT)]);
    await Promise.all([
      hears(ear, [BARESIP_HZ, LINPHONE_HZ]),
      hears(baresip, [LINPHONE_HZ, EAR_HZ]),
      hears(linphone, [BARESIP_HZ, EAR_HZ]),
    ]);
    await Promise.all([baresip.hangUp(), linphone.hangUp()]);

    const wary = await bench.linphone({ ...tls, authorityFile: stranger.caFile });
    assert.match(await wary.dialInVain(STRAIGHT), 'error');
    await logged(bench, 'our certificate is of an authority that it does not know');
    await hears(ear, []);
  }),
);

interop('where a certificate is asked of phones, only those with one of our authority get in', () =>
  withTls(async (bench) => {
    const { authority, stranger, members, ear } = bench;
    const tls = { ...TLS, serverPort: members, authorityFile: authority.caFile };
    const member = authority.issue({ names: 'DNS:phone.test', subject: 'phone' });
    const other = stranger.issue({ names: 'DNS:phone.test', subject: 'phone' });

    const [bare, without, withOther] = await Promise.all([
      bench.baresip(tls),
      bench.linphone(tls),
      bench.linphone({ ...tls, certificate: other }),
    ]);
    // It says nothing of a connection that is closed on it.
    bare.ring(STRAIGHT);
    await logged(bench, 'it has shown no certificate');
    assert.match(await without.dialInVain(STRAIGHT), 'Password');
    assert.match(await withOther.dialInVain(STRAIGHT), 'error');
    const [baresip, linphone] = await Promise.all([
      bench.baresip({ ...tls, certificate: await together(member) }),
      bench.linphone({ ...tls, certificate: member }),
    ]);
    await Promise.all([baresip.dial(STRAIGHT), linphone.dial(STRAIGHT)]);

    await hears(ear, [BARESIP_HZ, LINPHONE_HZ]);
    assert.not.match(bare.output(), /^SIP\/2\.0 /m);
    assert.is(bench.konfa.output().match(/"call came in"/gu)?.length, 3);
  }),
);

interop('a call outlasts the change of our certificate, and the next one sees the new one', () =>
  withTls(async (bench) => {
    const { authority, stranger, own, anybody, ear, konfa } = bench;
    const tls = { ...TLS, serverPort: anybody };
    const old = { ...tls, authorityFile: authority.caFile };
    const linphone = await bench.linphone(old);
    await linphone.dial(STRAIGHT);
    await hears(ear, [LINPHONE_HZ]);

    const { cert, key } = stranger.issue({ names: OUR_NAMES });
    await writeFile(own.certFile, cert);
    await writeFile(own.keyFile, key);
    konfa.reload();
    await logged(bench, 'tls certificate taken over');

    const next = { ...tls, authorityFile: stranger.caFile, toneHz: BARESIP_HZ };
    const [late, fresh] = await Promise.all([bench.linphone(old), bench.linphone(next)]);
    assert.match(await late.dialInVain(STRAIGHT), 'error');
    await fresh.dial(STRAIGHT);
    await Promise.all([
      hears(ear, [BARESIP_HZ, LINPHONE_HZ]),
      hears(linphone, [BARESIP_HZ, EAR_HZ]),
    ]);
    // The connection of the first call still serves.
    await linphone.hold();
    await hears(ear, [BARESIP_HZ]);
    await linphone.resume();
    await hears(ear, [BARESIP_HZ, LINPHONE_HZ]);
    const handshakes = (await linphone.sipLog()).match(/SSL handshake finished/gu);
    assert.is(handshakes?.length, 1);
  }),
);

async function logged({ konfa }: PhoneBench, words: string): Promise<void> {
  const look = (): true | null => (konfa.output().includes(words) ? true : null);
  await until(`Konfa logs: ${words}`, look, PATIENCE_MS);
}

test.run();
