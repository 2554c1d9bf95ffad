import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { bindingRequest } from '../mixer/transport/ice/stun-client.ts';
import { IceBench, implementations, TcpPeer } from './ice-bench.ts';

/** An Opus packet at 64 kbit/s, protected. */
const AUDIO = Buffer.concat([Buffer.from([0x80]), Buffer.alloc(189)]);
const CHECK = bindingRequest({ localUfrag: 'alfa', password: 'password-of-alfa' });

for (const [name, create] of implementations()) {
  test(`${name}: closes a connection that no valid check came over within 10 s, and no other`, async () => {
    let clockMs = 0;
    const bench = new IceBench(
      create(() => clockMs),
      () => clockMs,
    );
    await bench.open([{ host: '127.0.0.1', port: 0, transports: ['tcp'] }]);
    const [candidate] = bench.candidates;
    assert.ok(candidate !== undefined);
    bench.add(0, 'alfa');
    const silent = await TcpPeer.open(candidate);
    const guessing = await TcpPeer.open(candidate);
    const proven = await TcpPeer.open(candidate);
    guessing.send(bindingRequest({ localUfrag: 'alfa', password: 'guessed' }));
    proven.send(CHECK);
    await bench.until(() => proven.got.length === 1 && bench.mux.figures.badStun === 1);

    clockMs = 9900;
    await bench.tick();
    assert.is(silent.closed || guessing.closed, false);
    clockMs = 11_000;
    await bench.until(() => silent.closed && guessing.closed);

    assert.equal(guessing.got, []);
    assert.is(proven.closed, false);
    proven.socket.destroy();
    bench.mux.close();
  });

  test(`${name}: drops packets for a peer that does not read, and the peer after 10 s; others hear all`, async () => {
    let clockMs = 0;
    const bench = new IceBench(
      create(() => clockMs),
      () => clockMs,
    );
    await bench.open([{ host: '127.0.0.1', port: 0, transports: ['tcp'] }]);
    const [candidate] = bench.candidates;
    assert.ok(candidate !== undefined);
    const slow = await TcpPeer.open(candidate);
    const quick = await TcpPeer.open(candidate);
    for (const [leg, peer] of [slow, quick].entries()) {
      bench.add(leg, `leg${leg}`);
      peer.send(bindingRequest({ localUfrag: `leg${leg}`, password: `password-of-leg${leg}` }));
      await bench.until(() => peer.got.length === 1);
    }

    slow.socket.pause();
    // The two kernels take some; how much is their own affair.
    for (let each = 0; each < 51_000; each += 1) {
      bench.mux.send(0, AUDIO);
      if (each % 170 === 0) await bench.tick();
    }
    for (let packet = 0; packet < 100; packet += 1) {
      clockMs += 20;
      bench.mux.send(0, AUDIO);
      bench.mux.send(1, AUDIO);
      await bench.tick();
    }
    await bench.until(() => quick.got.length === 101);
    assert.is(slow.closed, false);
    // Checks are still to come from the quick one only.
    for (let second = 0; second < 12; second += 1) {
      clockMs += 1000;
      await bench.tick();
    }
    slow.socket.resume();
    await bench.until(() => slow.closed);

    assert.ok(slow.got.length < 51_000, `${slow.got.length} packets got through`);
    assert.is(quick.closed, false);
    quick.socket.destroy();
    bench.mux.close();
  });

  test(`${name}: a flood of unproven connections of many kinds leaves the proven one alone`, async () => {
    const bench = new IceBench(create());
    await bench.open([{ host: '127.0.0.1', port: 0, transports: ['tcp'] }]);
    const [candidate] = bench.candidates;
    assert.ok(candidate !== undefined);
    bench.add(0, 'alfa');
    const proven = await TcpPeer.open(candidate);
    proven.send(CHECK);
    await bench.until(() => proven.got.length === 1);

    const peers: TcpPeer[] = [];
    for (let each = 0; each < 100; each += 1) {
      const peer = await TcpPeer.open(candidate);
      const kind = each % 4;
      if (kind === 0) peer.socket.write(Buffer.alloc(1000, each));
      if (kind === 1) peer.socket.write(Buffer.from([0]));
      if (kind === 2) for (let time = 0; time < 40; time += 1) peer.send(CHECK.subarray(0, 40));
      if (kind === 3) peer.socket.resetAndDestroy();
      peers.push(peer);
      await bench.tick();
    }
    proven.send(AUDIO);
    await bench.until(() => bench.told.includes('media 0 190'));

    assert.is(proven.closed, false);
    for (const peer of [...peers, proven]) peer.socket.destroy();
    bench.mux.close();
  });

  test(`${name}: takes a proven peer's flood a piece at a time, and loses nothing of it`, async () => {
    const bench = new IceBench(create());
    await bench.open([{ host: '127.0.0.1', port: 0, transports: ['tcp'] }]);
    const [candidate] = bench.candidates;
    assert.ok(candidate !== undefined);
    bench.add(0, 'alfa');
    const proven = await TcpPeer.open(candidate);
    proven.send(CHECK);
    await bench.until(() => proven.got.length === 1);

    const before = bench.told.length;
    let mostInTurn = 0;
    let told = before;
    for (let each = 0; each < 20_000; each += 1) proven.send(AUDIO);
    await bench.until(() => {
      mostInTurn = Math.max(mostInTurn, bench.told.length - told);
      told = bench.told.length;
      return told - before >= 20_000;
    });

    // One read of Node is 64 kB.
    assert.ok(mostInTurn < 1000, `${mostInTurn} packets in one turn`);
    assert.is(proven.closed, false);
    proven.socket.destroy();
    bench.mux.close();
  });

  test(`${name}: ends a proven connection that sends crumbs by the thousand`, async () => {
    const bench = new IceBench(create());
    await bench.open([{ host: '127.0.0.1', port: 0, transports: ['tcp'] }]);
    const [candidate] = bench.candidates;
    assert.ok(candidate !== undefined);
    bench.add(0, 'alfa');
    const proven = await TcpPeer.open(candidate);
    proven.send(CHECK);
    await bench.until(() => proven.got.length === 1);

    const crumbs = Buffer.concat(Array.from({ length: 100_000 }, () => Buffer.from([0, 1, 0x80])));
    proven.socket.write(crumbs);
    await bench.until(() => proven.closed);

    assert.ok(bench.told.length < 5000, `${bench.told.length} were delivered`);
    bench.mux.close();
  });
}

test.run();
