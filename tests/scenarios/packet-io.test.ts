import { createSocket } from 'node:dgram';
import type { Socket } from 'node:dgram';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { loadPacketBatch, NativePacketIo } from '../../mixer/transport/native-packet-io.ts';
import { NodePacketIo } from '../../mixer/transport/node-packet-io.ts';
import type { OpenOutcome, PacketIo } from '../../mixer/transport/packet-io.ts';
import { freePort } from '../support/free-ports.ts';

/** What a mixer got, copied out of the packet that serves all. */
interface Got {
  readonly legIndex: number;
  readonly kind: string;
  readonly text: string;
  readonly sourceHost: string;
  readonly sourcePort: number;
}

/** One implementation with what it delivered, and a peer on a socket of Node's own. */
class Bench {
  readonly io: PacketIo;
  readonly got: Got[] = [];
  readonly peer: Socket;
  readonly peerGot: string[] = [];

  private constructor(io: PacketIo, peer: Socket) {
    this.io = io;
    this.peer = peer;
    peer.on('message', (bytes) => this.peerGot.push(bytes.toString()));
    io.receive((packet) => {
      this.got.push({
        legIndex: packet.legIndex,
        kind: packet.kind,
        text: Buffer.from(packet.bytes.subarray(0, packet.lengthBytes)).toString(),
        sourceHost: packet.sourceHost,
        sourcePort: packet.sourcePort,
      });
    });
  }

  static async open(io: PacketIo, host: '127.0.0.1' | '::1' = '127.0.0.1'): Promise<Bench> {
    const peer = createSocket(host === '::1' ? 'udp6' : 'udp4');
    await new Promise<void>((resolve, reject) => {
      peer.once('error', reject).bind(0, host, resolve);
    });
    return new Bench(io, peer);
  }

  openLeg(legIndex: number, host: string, port: number): Promise<OpenOutcome> {
    return new Promise((done) => {
      this.io.open({ legIndex, host, port, done });
    });
  }

  fromPeer(text: string, port: number, host = '127.0.0.1'): Promise<void> {
    return new Promise((resolve) => {
      this.peer.send(text, port, host, () => resolve());
    });
  }

  /** Turns the event loop, draining, until something is so. @throws when it is not within 2 s. */
  async until(isSo: () => boolean): Promise<void> {
    for (let turn = 0; turn < 400; turn += 1) {
      this.io.drain();
      if (isSo()) return;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    throw new Error('nothing of the kind within 2 s');
  }

  close(...legs: readonly number[]): void {
    for (const leg of legs) this.io.close(leg);
    this.peer.close();
  }
}

const nowMs = (): number => performance.now();
const batch = loadPacketBatch();
const IMPLEMENTATIONS: readonly (readonly [string, () => PacketIo])[] = [
  ['dgram', () => new NodePacketIo(nowMs)],
  ...(batch === null ? [] : [['native', () => new NativePacketIo(batch, nowMs)] as const]),
];

for (const [name, create] of IMPLEMENTATIONS) {
  test(`${name}: delivers packets with their leg, socket and source, and answers them`, async () => {
    const bench = await Bench.open(create());
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
    const bench = await Bench.open(create());
    const port = await freePort();
    const peerPort = bench.peer.address().port;
    await bench.openLeg(0, '127.0.0.1', port);

    const same = await bench.openLeg(1, '127.0.0.1', port);
    const rtcpTaken = await bench.openLeg(1, '127.0.0.1', peerPort - 1);
    const other = await Bench.open(create());
    const free = await other.openLeg(5, '127.0.0.1', peerPort - 1);

    assert.is(same.result, 'port-taken');
    assert.is(rtcpTaken.result, 'port-taken');
    // Still taken by the peer's own socket, but only there.
    assert.is(free.result, 'port-taken');
    bench.close(0);
    other.close();
  });

  test(`${name}: frees both ports before close returns`, async () => {
    const one = create();
    const bench = await Bench.open(one);
    const other = await Bench.open(create());
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
    const bench = await Bench.open(create());

    assert.is((await bench.openLeg(0, 'localhost', 20_000)).result, 'failed');
    assert.is((await bench.openLeg(0, '127.0.0.1', 65_535)).result, 'failed');
    bench.close();
  });

  test(`${name}: sends nothing to nowhere, nor for a leg that is closed`, async () => {
    const bench = await Bench.open(create());
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
    const bench = await Bench.open(create());
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
    const bench = await Bench.open(create(), '::1');
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
}

if (batch === null) {
  test.skip('native: is not built on this machine', () => undefined);
} else {
  test('native: refuses a packet that is longer than any of ours', async () => {
    const bench = await Bench.open(new NativePacketIo(batch, nowMs));
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
    const bench = await Bench.open(new NativePacketIo(batch, nowMs));
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
    const bench = await Bench.open(new NativePacketIo(batch, nowMs));
    const port = await freePort();
    await bench.openLeg(0, '127.0.0.1', port);
    let arrivedAtMs = 0;
    bench.io.receive((packet) => {
      arrivedAtMs = packet.atMs;
    });

    const sentAtMs = nowMs();
    await bench.fromPeer('early', port);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 60);
    bench.io.drain();

    assert.ok(arrivedAtMs > 0);
    assert.ok(arrivedAtMs - sentAtMs < 40, `${arrivedAtMs - sentAtMs} ms after it was sent`);
    bench.close(0);
  });
}

test.run();
