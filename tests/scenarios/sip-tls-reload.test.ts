import { once } from 'node:events';
import { copyFileSync, writeFileSync } from 'node:fs';
import type { TLSSocket } from 'node:tls';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { TrunkTlsFiles } from '../../server/sip/sip-sockets-options.ts';
import { SimClock } from '../support/sim-clock.ts';
import { TestAuthority } from '../support/test-authority.ts';
import type { TestCertificate } from '../support/test-authority.ts';
import { HOST, MESSAGE, read, SocketBench } from './sip-socket-bench.ts';
import { carrier, NAME, phone, tlsListener, TRUNK, UDP_ONLY } from './sip-tls-bench.ts';

const authority = new TestAuthority();
const ours = authority.issue({ names: `DNS:konfa.test,IP:${HOST}` });
const theirs = authority.issue({ names: `DNS:${NAME}` });
const CA = { ca: authority.ca };
const OUR_TRUNK: TrunkTlsFiles = {
  trunk: TRUNK,
  caFile: authority.caFile,
  certFile: null,
  keyFile: null,
};

test.after(() => authority.remove());

test('takes over certificates without a restart while connections stand', async () => {
  const first = authority.issue({ names: `IP:${HOST},DNS:first.test` });
  const second = authority.issue({ names: `IP:${HOST},DNS:second.test` });
  const third = authority.issue({ names: `IP:${HOST},DNS:third.test` });
  const expired = authority.issue({ names: `IP:${HOST},DNS:old.test`, validity: 'past' });
  const certFile = authority.write('live.pem', first.cert);
  const keyFile = authority.write('live.key', first.key);
  const put = (certificate: TestCertificate): void => {
    copyFileSync(certificate.certFile, certFile);
    copyFileSync(certificate.keyFile, keyFile);
  };
  const clock = new SimClock(Date.now());
  const bench = new SocketBench();
  const sockets = await bench.open({
    listen: [tlsListener({ ...first, certFile, keyFile })],
    clock,
  });
  const shown = async (): Promise<string | undefined> => {
    const peer = await phone(bench.port, CA);
    const name = peer.getPeerCertificate().subjectaltname?.split('DNS:')[1];
    peer.destroy();
    return name;
  };
  const standing = await phone(bench.port, CA);
  standing.write(MESSAGE);
  await bench.received(1);
  const names = [await shown()];

  put(second);
  await sockets.reloadCertificates();
  names.push(await shown());
  writeFileSync(certFile, 'nothing of use');
  await sockets.reloadCertificates();
  names.push(await shown());
  copyFileSync(third.certFile, certFile);
  await sockets.reloadCertificates();
  names.push(await shown());
  put(expired);
  await sockets.reloadCertificates();
  names.push(await shown());
  bench.lines.length = 0;
  put(third);
  await clock.advance(60_000);
  await bench.logged('tls certificate taken over');
  names.push(await shown());
  standing.write(MESSAGE);
  await bench.until(() => bench.inputs.filter(({ type }) => type === 'received').length === 2);

  assert.equal(names, [
    'first.test',
    'second.test',
    'second.test',
    'second.test',
    'second.test',
    'third.test',
  ]);
  standing.destroy();
  await bench.close();
});

test('says which setting is to blame for a certificate that is not taken over', async () => {
  const { cert, keyFile } = authority.issue({ names: `IP:${HOST}` });
  const certFile = authority.write('blamed.pem', cert);
  const bench = new SocketBench();
  const sockets = await bench.open({ listen: [tlsListener({ ...ours, certFile, keyFile })] });

  writeFileSync(certFile, 'nothing of use');
  await sockets.reloadCertificates();
  writeFileSync(certFile, theirs.cert);
  await sockets.reloadCertificates();

  assert.equal(
    bench.lines.map(({ level, facts }) => [level, facts.reason]),
    [
      ['error', 'sip.listen[0].certFile: is no usable certificate'],
      ['error', 'sip.listen[0].keyFile: is no usable key of the certificate'],
    ],
  );
  await bench.close();
});

test('takes the authorities of a trunk that has come by a reload', async () => {
  const bench = new SocketBench();
  const trunks: TrunkTlsFiles[] = [];
  const sockets = await bench.open({ listen: UDP_ONLY, trunkTls: () => trunks });
  const { server, flow } = await carrier(theirs);

  bench.send(flow, MESSAGE);
  await bench.closed(flow.flowId);
  trunks.push(OUR_TRUNK);
  await sockets.reloadCertificates();
  const joined = once(server, 'secureConnection');
  bench.send(flow, MESSAGE);
  const [peer] = (await joined) as [TLSSocket];

  assert.is(await read(peer, MESSAGE.length), MESSAGE);
  await bench.close();
  server.close();
});

test('looks at the files of a trunk that has come by a reload, when there were none before', async () => {
  const stranger = new TestAuthority();
  const caFile = authority.write('late-ca.pem', stranger.ca);
  const clock = new SimClock(Date.now());
  const bench = new SocketBench();
  const trunks: TrunkTlsFiles[] = [];
  const sockets = await bench.open({ listen: UDP_ONLY, trunkTls: () => trunks, clock });
  trunks.push({ ...OUR_TRUNK, caFile });
  await sockets.reloadCertificates();
  bench.lines.length = 0;

  copyFileSync(authority.caFile, caFile);
  await clock.advance(60_000);
  await bench.logged('tls certificate taken over');

  await bench.close();
  stranger.remove();
});

test('warns of a certificate that ends soon, and of one that is over', async () => {
  const late = new SocketBench();
  const over = new SocketBench();

  const ending = authority.issue({ names: `IP:${HOST}`, validity: 'ending' });
  await late.open({ listen: [tlsListener(ending)] });
  const expired = authority.issue({ names: `IP:${HOST}`, validity: 'past' });
  await over.open({ listen: [tlsListener(expired)] });

  const [line] = late.lines;
  assert.equal([line?.level, line?.message], ['warn', 'tls certificate expires soon']);
  assert.equal(line?.facts, { setting: 'sip.listen[0].certFile', daysLeft: 1 });
  assert.equal(over.lines[0]?.level, 'error');
  await late.close();
  await over.close();
});

test.run();
