import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { bindingRequest, readAnswer } from '../mixer/transport/ice/stun-client.ts';
import { seededRandom } from '../mixer/transport/ice/seeded-random.ts';
import { IceBench, implementations, TcpPeer, UdpPeer } from './ice-bench.ts';

const MEDIA = Buffer.concat([Buffer.from([0x80]), Buffer.alloc(171)]);
const DTLS = Buffer.concat([Buffer.from([22]), Buffer.alloc(60)]);

function check(name: string, nominates = true): Buffer {
  return bindingRequest({ localUfrag: name, password: `password-of-${name}`, nominates });
}

for (const [name, create] of implementations()) {
  for (const host of ['127.0.0.1', '::1']) {
    test(`${name}: answers checks and carries packets both ways over UDP on ${host}`, async () => {
      const bench = new IceBench(create());
      await bench.open([{ host, port: 0, transports: ['udp'] }]);
      const [candidate] = bench.candidates;
      assert.ok(candidate !== undefined && candidate.port > 0);
      bench.add(4, 'alfa');
      bench.add(5, 'bravo');
      const anna = await UdpPeer.open(host);
      const bela = await UdpPeer.open(host);

      // In one batch: what follows a check at once is not a stranger's.
      anna.send(check('alfa'), candidate);
      anna.send(DTLS, candidate);
      bela.send(check('bravo'), candidate);
      bela.send(MEDIA, candidate);
      await bench.until(() => bench.told.length >= 4);
      for (let each = 0; each < 100; each += 1) {
        bench.mux.send(4, Buffer.from('to anna'));
        bench.mux.send(5, Buffer.from('to bela'));
      }
      bench.mux.flush();
      await bench.until(() => anna.got.length === 101 && bela.got.length === 101);

      const [answer = Buffer.alloc(0), ...rest] = anna.got;
      const { mapped, integrity } = readAnswer(answer, 'password-of-alfa');
      const address = host === '::1' ? `${'0'.repeat(31)}1` : host;
      assert.is(mapped, `${address} ${anna.socket.address().port}`);
      assert.is(integrity, 'right');
      assert.ok(rest.every((bytes) => bytes.toString() === 'to anna'));
      assert.equal(bench.told.toSorted(), ['dtls 4 61', 'media 5 172', 'path 4 udp', 'path 5 udp']);
      assert.is(bench.mux.figures.strangers, 0);
      anna.socket.close();
      bela.socket.close();
      bench.mux.close();
    });

    test(`${name}: answers checks and carries packets both ways over TCP on ${host}`, async () => {
      const bench = new IceBench(create());
      await bench.open([{ host, port: 0, transports: ['tcp'] }]);
      const [candidate] = bench.candidates;
      assert.ok(candidate?.transport === 'tcp');
      bench.add(4, 'alfa');
      const peer = await TcpPeer.open(candidate);

      peer.send(check('alfa'));
      await bench.until(() => peer.got.length === 1);
      peer.send(DTLS);
      peer.send(MEDIA);
      bench.mux.send(4, MEDIA);
      await bench.until(() => peer.got.length === 2 && bench.told.length === 3);

      assert.is(readAnswer(peer.got[0] ?? MEDIA, 'password-of-alfa').integrity, 'right');
      assert.equal(peer.got[1], MEDIA);
      assert.equal(bench.told, ['path 4 tcp', 'dtls 4 61', 'media 4 172']);
      bench.mux.remove(4);
      await bench.until(() => peer.closed);
      bench.mux.close();
    });
  }

  test(`${name}: reports what was bound, and what was not, each by itself`, async () => {
    const first = new IceBench(create());
    const taken = await UdpPeer.open('127.0.0.1');
    const { port } = taken.socket.address();

    await first.open([
      { host: '127.0.0.1', port, transports: ['udp', 'tcp'] },
      { host: '::1', port, transports: ['udp'] },
      { host: 'no address', port, transports: ['udp', 'tcp'] },
    ]);

    assert.equal(first.candidates, [
      { transport: 'tcp', host: '127.0.0.1', port },
      { transport: 'udp', host: '::1', port },
    ]);
    const failures = first.failures.filter((text) => !text.includes('receive buffer'));
    assert.is(failures.length, 3, failures.join('; '));
    assert.ok(failures.some((text) => text === `udp 127.0.0.1 port ${port}: EADDRINUSE`));
    taken.socket.close();
    first.mux.close();
  });

  test(`${name}: lives through a flood of strangers and hears the leg in between`, async () => {
    const bench = new IceBench(create());
    await bench.open([{ host: '127.0.0.1', port: 0, transports: ['udp'] }]);
    const [candidate] = bench.candidates;
    assert.ok(candidate !== undefined);
    bench.add(0, 'alfa');
    const peer = await UdpPeer.open('127.0.0.1');
    const stranger = await UdpPeer.open('127.0.0.1');
    peer.send(check('alfa'), candidate);
    await bench.until(() => bench.told.length === 1);

    for (let round = 0; round < 50; round += 1) {
      for (let each = 0; each < 60; each += 1) stranger.send(MEDIA, candidate);
      peer.send(MEDIA, candidate);
      await bench.tick();
    }
    await bench.until(() => bench.told.length === 51);

    assert.ok(bench.mux.figures.strangers > 2000);
    stranger.socket.close();
    peer.socket.close();
    bench.mux.close();
  });

  test(`${name}: a path that was forgotten is a stranger's, and its number serves another`, async () => {
    const bench = new IceBench(create());
    await bench.open([{ host: '127.0.0.1', port: 0, transports: ['udp'] }]);
    const [candidate] = bench.candidates;
    assert.ok(candidate !== undefined);
    const peers = await Promise.all(Array.from({ length: 20 }, () => UdpPeer.open('127.0.0.1')));
    for (let round = 0; round < 3; round += 1) {
      bench.told.length = 0;
      for (const [leg, peer] of peers.entries()) {
        bench.add(leg, `leg${leg}`);
        peer.send(check(`leg${leg}`), candidate);
        peer.send(MEDIA, candidate);
      }
      await bench.until(() => bench.told.length === 40);
      for (const [leg] of peers.entries()) {
        assert.ok(bench.told.includes(`media ${leg} 172`));
        // Every third stays, so that numbers are taken again out of order.
        if (leg % 3 !== round) bench.mux.remove(leg);
      }
    }

    const before = bench.mux.figures.strangers;
    bench.told.length = 0;
    for (const peer of peers) peer.send(MEDIA, candidate);
    await bench.until(() => bench.mux.figures.strangers + bench.told.length - before === 20);

    const kept = peers.flatMap((_, leg) => (leg % 3 === 2 ? [`media ${leg} 172`] : []));
    assert.equal(bench.told.toSorted(), kept.toSorted());
    for (const peer of peers) peer.socket.close();
    bench.mux.close();
  });

  test(`${name}: tells 150 paths apart while legs come and go`, async () => {
    const bench = new IceBench(create());
    await bench.open([{ host: '127.0.0.1', port: 0, transports: ['udp'] }]);
    const [candidate] = bench.candidates;
    assert.ok(candidate !== undefined);
    const random = seededRandom(5);
    const peers = await Promise.all(Array.from({ length: 150 }, () => UdpPeer.open('127.0.0.1')));
    const inside = new Set<number>();

    for (let round = 0; round < 12; round += 1) {
      for (const [leg, peer] of peers.entries()) {
        if (random() < 0.5) continue;
        if (inside.delete(leg)) bench.mux.remove(leg);
        else {
          inside.add(leg);
          bench.add(leg, `leg${leg}`);
          peer.send(check(`leg${leg}`), candidate);
        }
      }
      await bench.until(() => [...inside].every((leg) => bench.mux.state(leg, 0) !== 'new'));
      bench.told.length = 0;
      const { strangers } = bench.mux.figures;
      for (const [leg, peer] of peers.entries())
        peer.send(Buffer.concat([MEDIA, Buffer.alloc(leg)]), candidate);
      await bench.until(() => bench.told.length + bench.mux.figures.strangers - strangers === 150);

      const expected = [...inside].map((leg) => `media ${leg} ${172 + leg}`);
      assert.equal(bench.told.toSorted(), expected.toSorted());
    }
    for (const peer of peers) peer.socket.close();
    bench.mux.close();
  });

  test(`${name}: closes a TCP connection that begins with anything but STUN, or breaks its frames`, async () => {
    const bench = new IceBench(create());
    await bench.open([{ host: '127.0.0.1', port: 0, transports: ['tcp'] }]);
    const [candidate] = bench.candidates;
    assert.ok(candidate !== undefined);
    bench.add(0, 'alfa');
    const web = await TcpPeer.open(candidate);
    const early = await TcpPeer.open(candidate);
    const proven = await TcpPeer.open(candidate);

    web.socket.write('GET / HTTP/1.1\r\n\r\n');
    early.send(MEDIA);
    proven.send(check('alfa'));
    await bench.until(() => web.closed && early.closed && proven.got.length === 1);
    assert.is(proven.closed, false);
    proven.socket.write(Buffer.from([0xff, 0xff]));
    await bench.until(() => proven.closed);

    bench.mux.send(0, MEDIA);
    assert.is(bench.mux.figures.checks, 1);
    bench.mux.close();
  });

  test(`${name}: lets one address have 16 unproven TCP connections and no more`, async () => {
    const bench = new IceBench(create());
    await bench.open([{ host: '127.0.0.1', port: 0, transports: ['tcp'] }]);
    const [candidate] = bench.candidates;
    assert.ok(candidate !== undefined);
    bench.add(0, 'alfa');
    const proven = await TcpPeer.open(candidate);
    proven.send(check('alfa'));
    await bench.until(() => proven.got.length === 1);
    const peers: TcpPeer[] = [];
    for (let each = 0; each < 20; each += 1) peers.push(await TcpPeer.open(candidate));

    await bench.until(() => peers.filter((peer) => peer.closed).length === 4);

    assert.is(proven.closed, false);
    for (const peer of [...peers, proven]) peer.socket.destroy();
    bench.mux.close();
  });
}

test.run();
