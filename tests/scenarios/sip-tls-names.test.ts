import { copyFileSync, writeFileSync } from 'node:fs';
import type { ConnectionOptions } from 'node:tls';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { SipListen } from '../../server/sip/sip-sockets-options.ts';
import { SimClock } from '../support/sim-clock.ts';
import { TestAuthority } from '../support/test-authority.ts';
import type { TestCertificate } from '../support/test-authority.ts';
import { HOST, MESSAGE, SocketBench, textOf } from './sip-socket-bench.ts';
import { phone, tlsListener } from './sip-tls-bench.ts';

const authority = new TestAuthority();
const CA = { ca: authority.ca, checkServerIdentity: () => undefined };

const first = authority.issue({ names: `DNS:sip.first.test,IP:${HOST}`, subject: 'first' });
const second = authority.issue({ names: 'DNS:sip.second.test', subject: 'second' });
const wild = authority.issue({ names: 'DNS:*.second.test', subject: 'wild' });
const old = authority.issue({ names: 'email:sip@old.test', subject: 'sip.old.test' });

test.after(() => authority.remove());

function listener(
  certificates: readonly TestCertificate[],
  clientCaFile: string | null = null,
): SipListen {
  return { ...tlsListener(first, clientCaFile), certificates };
}

/** The common name of the certificate that a phone is shown which calls by this name; null: by none. */
async function shownTo(
  port: number,
  servername: string | null,
  options: ConnectionOptions = {},
): Promise<string | undefined> {
  const peer = await phone(port, { ...CA, servername: servername ?? '', ...options });
  const { CN } = peer.getPeerCertificate().subject;
  peer.destroy();
  return typeof CN === 'string' ? CN : undefined;
}

test('presents the certificate for the name that a peer calls it by (RFC 6066 §3)', async () => {
  const bench = new SocketBench();
  await bench.open({ listen: [listener([second, wild, old])] });
  const names = [
    'sip.first.test',
    'sip.second.test',
    'SIP.Second.Test',
    'pop1.second.test',
    'sip.old.test',
    'sip.nobody.test',
    null,
  ];

  const shown: unknown[] = [];
  for (const name of names) shown.push(await shownTo(bench.port, name));
  const by12 = await shownTo(bench.port, 'sip.second.test', { maxVersion: 'TLSv1.2' });

  const expected = ['first', 'second', 'second', 'wild', 'sip.old.test', 'first', 'first'];
  assert.equal(shown, expected);
  assert.is(by12, 'second');
  await bench.close();
});

test('asks for the same certificates of peers, whichever of its own it presents', async () => {
  const bench = new SocketBench();
  const stranger = new TestAuthority();
  const unknown = stranger.issue({ names: 'DNS:phone.test' });
  const known = authority.issue({ names: 'DNS:phone.test' });
  await bench.open({ listen: [listener([second], authority.caFile)] });
  const calling = { ...CA, servername: 'sip.second.test' };

  for (const { cert, key } of [unknown, { cert: undefined, key: undefined }]) {
    const peer = await phone(bench.port, { ...calling, cert, key });
    peer.resume();
    if (!peer.closed) await new Promise<void>((resolve) => peer.once('close', () => resolve()));
  }
  const peer = await phone(bench.port, { ...calling, cert: known.cert, key: known.key });
  peer.write(MESSAGE);
  const [input] = await bench.received(1);
  await bench.until(() => bench.lines.length >= 2);

  assert.is(textOf(input), MESSAGE);
  assert.equal(
    bench.lines.map(({ facts }) => facts.why),
    ['its certificate is of an unknown authority', 'it has shown no certificate'],
  );
  assert.is(bench.sockets?.figures.accepted, 1);
  peer.destroy();
  await bench.close();
  stranger.remove();
});

test('takes over further certificates without a restart, on demand and by itself', async () => {
  const renewed = authority.issue({ names: 'DNS:sip.second.test', subject: 'renewed' });
  const moved = authority.issue({ names: 'DNS:sip.third.test', subject: 'moved' });
  const certFile = authority.write('further.pem', second.cert);
  const keyFile = authority.write('further.key', second.key);
  const put = (certificate: TestCertificate): void => {
    copyFileSync(certificate.certFile, certFile);
    copyFileSync(certificate.keyFile, keyFile);
  };
  const clock = new SimClock(Date.now());
  const bench = new SocketBench();
  const sockets = await bench.open({
    listen: [listener([{ ...second, certFile, keyFile }])],
    clock,
  });
  const shown = [await shownTo(bench.port, 'sip.second.test')];

  put(renewed);
  await sockets.reloadCertificates();
  shown.push(await shownTo(bench.port, 'sip.second.test'));
  writeFileSync(certFile, 'nothing of use');
  await sockets.reloadCertificates();
  shown.push(await shownTo(bench.port, 'sip.second.test'));
  const [blamed] = bench.lines.filter(({ level }) => level === 'error');
  bench.lines.length = 0;
  put(moved);
  await clock.advance(60_000);
  await bench.logged('tls certificate taken over');
  shown.push(await shownTo(bench.port, 'sip.second.test'));
  shown.push(await shownTo(bench.port, 'sip.third.test'));

  assert.equal(shown, ['second', 'renewed', 'renewed', 'first', 'moved']);
  const setting = 'sip.listen[0].certificates[0].certFile';
  assert.is(blamed?.facts.reason, `${setting}: is no usable certificate`);
  // The phones of this test may be gone before our side has seen the end of their handshake.
  const taken = bench.lines.filter(({ message }) => message === 'tls certificate taken over');
  assert.equal(
    taken.map(({ facts }) => facts.setting),
    [setting],
  );
  await bench.close();
});

test('warns of a further certificate that ends soon, and does not start with one that is none', async () => {
  const bench = new SocketBench();
  const broken = new SocketBench();
  const ending = authority.issue({ names: 'DNS:sip.second.test', validity: 'ending' });
  const mismatched = { ...second, keyFile: wild.keyFile };

  await bench.open({ listen: [listener([ending])] });
  let refusal: unknown = null;
  await broken.open({ listen: [listener([second, mismatched])] }).catch((error: unknown) => {
    refusal = error;
  });

  const [line] = bench.lines;
  assert.equal([line?.level, line?.message], ['warn', 'tls certificate expires soon']);
  assert.is(line?.facts.setting, 'sip.listen[0].certificates[0].certFile');
  assert.ok(refusal instanceof Error);
  assert.match(refusal.message, 'sip.listen[0].certificates[1].keyFile: is no usable key');
  await bench.close();
});

test.run();
