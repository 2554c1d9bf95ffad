import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { freePort } from '../support/free-ports.ts';
import { createNative, PacketBench } from './packet-bench.ts';

const sleeper = new Int32Array(new SharedArrayBuffer(4));

/** Lets packets pile up in the sockets, as the mixer does between its ticks. */
function pass(durationMs: number): void {
  Atomics.wait(sleeper, 0, 0, durationMs);
}

/** An open leg of the native implementation on `port`, which a peer sends numbered packets to. */
async function openStream(create: NonNullable<typeof createNative>): Promise<{
  readonly bench: PacketBench;
  readonly port: number;
  readonly say: (packets: number) => Promise<void>;
}> {
  const bench = await PacketBench.open(create());
  const port = await freePort();
  await bench.openLeg(0, '127.0.0.1', port);
  let said = 0;
  const say = async (packets: number): Promise<void> => {
    for (let packet = 0; packet < packets; packet += 1) {
      await bench.fromPeer(`${said}`, port);
      said += 1;
    }
  };
  return { bench, port, say };
}

/** What `count` packets look like that came in order. */
function numbered(count: number): readonly string[] {
  return Array.from({ length: count }, (_, number) => `${number}`);
}

function textsOf(bench: PacketBench): readonly string[] {
  return bench.got.map(({ text }) => text);
}

if (createNative === null) {
  test.skip('native: is not built on this machine', () => undefined);
} else {
  const create = createNative;

  test('hands over all packets of a peer that sends every 10 ms, a tick late at most', async () => {
    const { bench, say } = await openStream(create);

    const missing: number[] = [];
    for (let tick = 1; tick <= 25; tick += 1) {
      for (let half = 0; half < 2; half += 1) {
        await say(1);
        pass(10);
      }
      bench.io.drain();
      missing.push(2 * tick - bench.got.length);
    }

    assert.ok(
      missing.every((packets) => packets <= 1),
      missing.join(),
    );
    assert.ok(
      missing.slice(2).every((packets) => packets === 0),
      missing.join(),
    );
    assert.equal(textsOf(bench), numbered(50));
    bench.close(0);
  });

  test('hands over a burst after a stall in one drain', async () => {
    const { bench, say } = await openStream(create);
    for (let tick = 0; tick < 4; tick += 1) {
      await say(1);
      pass(18);
      bench.io.drain();
    }

    pass(60);
    await say(6);
    bench.io.drain();

    assert.equal(textsOf(bench), numbered(10));
    bench.close(0);
  });

  test('hands over packets that come together in an even stream within two drains', async () => {
    const { bench, say } = await openStream(create);
    for (let tick = 0; tick < 4; tick += 1) {
      await say(1);
      pass(18);
      bench.io.drain();
    }

    await say(4);
    bench.io.drain();
    pass(20);
    bench.io.drain();

    assert.equal(textsOf(bench), numbered(8));
    bench.close(0);
  });

  test('hands over all that came while the mixer stood still, over as many drains as it takes', async () => {
    const { bench, say } = await openStream(create);

    await say(100);
    pass(20);
    for (let tick = 0; tick < 7; tick += 1) bench.io.drain();

    assert.equal(textsOf(bench), numbered(100));
    bench.close(0);
  });

  test('reads a leg in every drain also while others are flooded', async () => {
    const flooded = 32;
    const bench = await PacketBench.open(create());
    const ports: number[] = [];
    // The port after a free one, for RTCP, may be taken.
    for (let attempt = 0; attempt < 100 && ports.length <= flooded; attempt += 1) {
      const port = await freePort();
      if ((await bench.openLeg(ports.length, '127.0.0.1', port)).result === 'ok') ports.push(port);
    }
    assert.is(ports.length, flooded + 1);

    for (const port of ports.slice(0, flooded)) {
      for (let packet = 0; packet < 140; packet += 1) await bench.fromPeer('flood', port);
    }
    await bench.fromPeer('voice', ports[flooded] ?? 0);
    const voices: number[] = [];
    for (let tick = 0; tick < 3; tick += 1) {
      bench.io.drain();
      voices.push(bench.got.filter(({ text }) => text === 'voice').length);
      await bench.fromPeer('voice', ports[flooded] ?? 0);
    }

    assert.equal(voices, [1, 2, 3]);
    bench.close(...ports.keys());
  });
}

test.run();
