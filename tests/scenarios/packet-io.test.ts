import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { freePort } from '../support/free-ports.ts';
import { createNative, IMPLEMENTATIONS, PacketBench } from './packet-bench.ts';

for (const [name, create] of IMPLEMENTATIONS) {
  test(`${name}: delivers packets with their leg, socket and source, and answers them`, async () => {
    const bench = await PacketBench.open(create());
    const port = await freePort();
    assert.equal(await bench.openLeg(7, '127.0.0.1', port), { result: 'ok' });

    await bench.fromPeer('audio', port);
    await bench.fromPeer('report', port + 1);
    await bench.until(() => bench.got.length === 2);
    const peerPort = bench.peer.address().port;
    bench.io.setDestination(7, 'rtp', { host: '127.0.0.1', port: peerPort });
    for (const text of ['one', 'two', 'three']) bench.io.send(7, 'rtp', Buffer.from(text));
    bench.io.flush();
    await bench.until(() => bench.peerGot.length === 3);

    const sorted = bench.got.toSorted((one, other) => one.text.localeCompare(other.text));
    const source = { legIndex: 7, sourceHost: '127.0.0.1', sourcePort: peerPort };
    assert.equal(sorted, [
      { ...source, kind: 'rtp', text: 'audio' },
      { ...source, kind: 'rtcp', text: 'report' },
    ]);
    assert.equal(bench.peerGot, ['one', 'two', 'three']);
    bench.close(7);
  });

  test(`${name}: says that a port is taken, RTP or RTCP, and then holds neither`, async () => {
    const bench = await PacketBench.open(create());
    const port = await freePort();
    const peerPort = bench.peer.address().port;
    await bench.openLeg(0, '127.0.0.1', port);

    const same = await bench.openLeg(1, '127.0.0.1', port);
    const rtcpTaken = await bench.openLeg(1, '127.0.0.1', peerPort - 1);
    const other = await PacketBench.open(create());
    const free = await other.openLeg(5, '127.0.0.1', peerPort - 1);

    assert.is(same.result, 'port-taken');
    assert.is(rtcpTaken.result, 'port-taken');
    // Still taken by the peer's own socket, but only there.
    assert.is(free.result, 'port-taken');
    bench.close(0);
    other.close();
  });

  test(`${name}: a parked leg can be taken over at once, and hears and answers again`, async () => {
    const bench = await PacketBench.open(create());
    const port = await freePort();
    const peer = { host: '127.0.0.1', port: bench.peer.address().port };
    await bench.openLeg(2, '127.0.0.1', port);
    bench.io.setDestination(2, 'rtp', peer);
    bench.io.setListensTo(2, 'destination-only');

    bench.io.park(2);
    const taken = await bench.takeOverLeg(9, '127.0.0.1', port);
    bench.io.setDestination(9, 'rtp', peer);
    await bench.fromPeer('after', port);
    await bench.until(() => bench.got.some(({ text }) => text === 'after'));
    bench.io.send(9, 'rtp', Buffer.from('answer'));
    bench.io.flush();
    await bench.until(() => bench.peerGot.length === 1);

    assert.is(taken.result, 'ok');
    assert.equal(
      bench.got.map(({ legIndex, text }) => [legIndex, text]),
      [[9, 'after']],
    );
    bench.close(9);
  });

  test(`${name}: frees both ports before close returns`, async () => {
    const one = create();
    const bench = await PacketBench.open(one);
    const other = await PacketBench.open(create());
    const port = await freePort();

    for (let turn = 0; turn < 20; turn += 1) {
      const [from, to] = turn % 2 === 0 ? [bench, other] : [other, bench];
      assert.is((await from.openLeg(3, '127.0.0.1', port)).result, 'ok');
      from.io.close(3);
      assert.is((await to.openLeg(3, '127.0.0.1', port)).result, 'ok');
      to.io.close(3);
    }

    bench.close();
    other.close();
  });

  test(`${name}: refuses what is no literal address`, async () => {
    const bench = await PacketBench.open(create());

    assert.is((await bench.openLeg(0, 'localhost', 20_000)).result, 'failed');
    assert.is((await bench.openLeg(0, '127.0.0.1', 65_535)).result, 'failed');
    bench.close();
  });

  test(`${name}: sends nothing to nowhere, nor for a leg that is closed`, async () => {
    const bench = await PacketBench.open(create());
    const port = await freePort();
    await bench.openLeg(0, '127.0.0.1', port);
    const there = { host: '127.0.0.1', port: bench.peer.address().port };

    bench.io.send(0, 'rtp', Buffer.from('no destination yet'));
    bench.io.setDestination(0, 'rtp', { host: '0.0.0.0', port: there.port });
    bench.io.send(0, 'rtp', Buffer.from('nowhere'));
    bench.io.setDestination(0, 'rtp', there);
    bench.io.send(0, 'rtp', Buffer.from('there'));
    bench.io.flush();
    await bench.until(() => bench.peerGot.length > 0);
    bench.io.close(0);
    bench.io.send(0, 'rtp', Buffer.from('closed'));
    bench.io.flush();
    bench.io.drain();

    assert.equal(bench.peerGot, ['there']);
    bench.close();
  });

  test(`${name}: lives on when the peer's port is closed`, async () => {
    const bench = await PacketBench.open(create());
    const port = await freePort();
    await bench.openLeg(0, '127.0.0.1', port);
    bench.io.setDestination(0, 'rtp', { host: '127.0.0.1', port: await freePort() });

    for (let turn = 0; turn < 5; turn += 1) {
      bench.io.send(0, 'rtp', Buffer.from('into the void'));
      bench.io.flush();
    }
    await bench.fromPeer('still there?', port);
    await bench.until(() => bench.got.some((packet) => packet.text === 'still there?'));

    bench.close(0);
  });

  test(`${name}: speaks IPv6`, async () => {
    const bench = await PacketBench.open(create(), '::1');
    const port = await freePort();
    assert.is((await bench.openLeg(0, '::1', port)).result, 'ok');

    await bench.fromPeer('six', port, '::1');
    await bench.until(() => bench.got.length === 1);
    bench.io.setDestination(0, 'rtp', { host: '::1', port: bench.peer.address().port });
    bench.io.send(0, 'rtp', Buffer.from('and back'));
    bench.io.flush();
    await bench.until(() => bench.peerGot.length === 1);

    assert.is(bench.got[0]?.sourceHost, '::1');
    assert.equal(bench.peerGot, ['and back']);
    bench.close(0);
  });

  test(`${name}: tells a stranger's packet from the peer's also after one that was empty`, async () => {
    const bench = await PacketBench.open(create());
    const stranger = await PacketBench.open(create(), '127.0.0.2');
    const port = await freePort();
    await bench.openLeg(0, '127.0.0.1', port);

    await bench.fromPeer('peer', port);
    await bench.until(() => bench.got.length === 1);
    await stranger.fromPeer('', port);
    for (let turn = 0; turn < 3; turn += 1) bench.io.drain();
    await stranger.fromPeer('stranger', port);
    await bench.until(() => bench.got.some(({ text }) => text === 'stranger'));

    const sources = bench.got
      .filter(({ text }) => text !== '')
      .map(({ text, sourceHost }) => [text, sourceHost]);
    assert.equal(sources, [
      ['peer', '127.0.0.1'],
      ['stranger', '127.0.0.2'],
    ]);
    stranger.close();
    bench.close(0);
  });

  test(`${name}: sends nothing to the unspecified address of IPv6 in any spelling`, async () => {
    const bench = await PacketBench.open(create(), '::1');
    const port = await freePort();
    await bench.openLeg(0, '::1', port);
    const there = { host: '::1', port: bench.peer.address().port };

    for (const host of ['::', '0::0', '0:0:0:0:0:0:0:0']) {
      bench.io.setDestination(0, 'rtp', { ...there, host });
      bench.io.send(0, 'rtp', Buffer.from(`to ${host}`));
    }
    bench.io.setDestination(0, 'rtp', there);
    bench.io.send(0, 'rtp', Buffer.from('there'));
    bench.io.flush();
    await bench.until(() => bench.peerGot.length > 0);

    assert.equal(bench.peerGot, ['there']);
    bench.close(0);
  });

  test(`${name}: begins anew with a leg in the place of one that is closed`, async () => {
    const bench = await PacketBench.open(create());
    const stranger = await PacketBench.open(create(), '127.0.0.2');
    const [before, after] = [await freePort(), await freePort()];
    await bench.openLeg(0, '127.0.0.1', before);
    bench.io.setDestination(0, 'rtp', { host: '127.0.0.1', port: bench.peer.address().port });
    await stranger.fromPeer('read', before);
    await bench.until(() => bench.got.length === 1);
    await bench.fromPeer('unread', before);

    bench.io.close(0);
    await bench.openLeg(0, '127.0.0.1', after);
    bench.io.send(0, 'rtp', Buffer.from('no destination yet'));
    await bench.fromPeer('after', after);
    await bench.until(() => bench.got.length === 2);
    bench.io.setDestination(0, 'rtp', { host: '127.0.0.1', port: bench.peer.address().port });
    bench.io.send(0, 'rtp', Buffer.from('there'));
    bench.io.flush();
    await bench.until(() => bench.peerGot.length > 0);

    assert.equal(
      bench.got.map(({ text, sourceHost }) => [text, sourceHost]),
      [
        ['read', '127.0.0.2'],
        ['after', '127.0.0.1'],
      ],
    );
    assert.equal(bench.peerGot, ['there']);
    stranger.close();
    bench.close(0);
  });
}

if (createNative === null) {
  test.skip('native: is not built on this machine', () => undefined);
} else {
  const create = createNative;

  test('native: refuses a packet that is longer than any of ours', async () => {
    const bench = await PacketBench.open(create());
    const port = await freePort();
    await bench.openLeg(0, '127.0.0.1', port);

    await bench.fromPeer('x'.repeat(5000), port);
    await bench.fromPeer('short', port);
    await bench.until(() => bench.got.length > 0);

    assert.equal(
      bench.got.map((packet) => packet.text),
      ['short'],
    );
    bench.close(0);
  });

  test('native: takes in and sends more than one batch holds', async () => {
    const bench = await PacketBench.open(create());
    const port = await freePort();
    await bench.openLeg(0, '127.0.0.1', port);
    const there = { host: '127.0.0.1', port: bench.peer.address().port };
    bench.io.setDestination(0, 'rtp', there);
    bench.peer.setRecvBufferSize(4_194_304);

    for (let index = 0; index < 100; index += 1) await bench.fromPeer(`in ${index}`, port);
    await bench.until(() => bench.got.length === 100);
    for (let index = 0; index < 600; index += 1) bench.io.send(0, 'rtp', Buffer.from(`${index}`));
    bench.io.flush();
    await bench.until(() => bench.peerGot.length > 150);

    assert.equal(
      bench.got.map((packet) => packet.text),
      Array.from({ length: 100 }, (_, index) => `in ${index}`),
    );
    bench.close(0);
  });

  test('native: tells when a packet came, not when it was read', async () => {
    const bench = await PacketBench.open(create());
    const port = await freePort();
    await bench.openLeg(0, '127.0.0.1', port);
    let arrivedAtMs = 0;
    bench.io.receive((packet) => {
      arrivedAtMs = packet.atMs;
    });

    const sentAtMs = performance.now();
    await bench.fromPeer('early', port);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 60);
    bench.io.drain();

    assert.ok(arrivedAtMs > 0);
    assert.ok(arrivedAtMs - sentAtMs < 40, `${arrivedAtMs - sentAtMs} ms after it was sent`);
    bench.close(0);
  });
}

const native = createNative;
if (native !== null) {
  test('native: what comes while a leg is parked waits for who takes it over', async () => {
    const bench = await PacketBench.open(native());
    const port = await freePort();
    await bench.openLeg(2, '127.0.0.1', port);

    bench.io.park(2);
    for (const text of ['a', 'b', 'c']) await bench.fromPeer(text, port);
    await bench.takeOverLeg(4, '127.0.0.1', port);
    await bench.until(() => bench.got.length === 3);

    assert.equal(
      bench.got.map(({ legIndex, text }) => `${legIndex}${text}`),
      ['4a', '4b', '4c'],
    );
    bench.close(4);
  });

  test('native: a new leg on a parked port gets nothing that was meant for the one before', async () => {
    const bench = await PacketBench.open(native());
    const port = await freePort();
    await bench.openLeg(2, '127.0.0.1', port);

    bench.io.park(2);
    await bench.fromPeer('old', port);
    const opened = await bench.openLeg(4, '127.0.0.1', port);
    await bench.fromPeer('new', port);
    await bench.until(() => bench.got.length > 0);

    assert.is(opened.result, 'ok');
    assert.equal(
      bench.got.map(({ text }) => text),
      ['new'],
    );
    bench.close(4);
  });
}

test.run();
