import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { Worker } from 'node:worker_threads';
import { bytesBy, implementations, keysOfTwo, profiles, rtp, seededWords } from './srtp-rig.ts';

const MB = 1024 * 1024;

for (const [name, create] of implementations) {
  for (const profile of profiles) {
    test(`outlives 100,000 packets of chance and opens none (${name}, ${profile})`, () => {
      const keys = keysOfTwo(profile);
      const bob = create(keys.bob);
      const alice = create(keys.alice);
      const next = seededWords(0xbad);
      const noise = bytesBy(next, 4096);
      const out = new Uint8Array(1600);
      let opened = 0;

      for (let round = 0; round < 100_000; round += 1) {
        const length = next() % 200;
        const packet = noise.subarray(next() % 3800);
        // Most must look like RTP, else only the first check is tried.
        packet[0] = 0x80 | (next() & (round % 4 === 0 ? 0xff : 0x11));
        opened += round % 2 === 0 ? bob.unprotectRtp(packet, length, out) : 0;
        opened += round % 2 === 1 ? bob.unprotectRtcp(packet, length, out) : 0;
      }

      assert.is(opened, 0);
      const sealed = new Uint8Array(48);
      const length = alice.protectRtp(rtp(77), 32, sealed);
      assert.is(bob.unprotectRtp(sealed, length, out), 32);
    });

    test(`keeps its memory over 200,000 packets (${name}, ${profile})`, () => {
      const keys = keysOfTwo(profile);
      const alice = create(keys.alice);
      const bob = create(keys.bob);
      const packet = rtp(0);
      const sealed = new Uint8Array(64);
      const out = new Uint8Array(64);
      const view = new DataView(packet.buffer);
      const run = (from: number, to: number): void => {
        for (let index = from; index < to; index += 1) {
          view.setUint16(2, index & 0xffff);
          const length = alice.protectRtp(packet, 32, sealed);
          if (bob.unprotectRtp(sealed, length, out) !== 32) throw new Error(`lost ${index}`);
        }
      };
      run(0, 20_000);
      const before = process.memoryUsage();

      run(20_000, 220_000);

      const after = process.memoryUsage();
      // Young garbage may lie about; a leak of 100 bytes per packet would be 20 MB of either kind.
      assert.ok(after.external - before.external < 8 * MB, 'external');
      assert.ok(after.heapUsed - before.heapUsed < 16 * MB, 'heap');
    });
  }

  test(`serves several threads at once, and one that ends takes nothing along (${name})`, async () => {
    const source = `
      import('tsx/esm/api').then(async (tsx) => {
        tsx.register();
        const { workerData } = await import('node:worker_threads');
        const rig = await import(workerData.rig);
        const [, create] = rig.implementations.find(([name]) => name === workerData.name);
        const keys = rig.keysOfTwo('AEAD_AES_128_GCM');
        const sessions = Array.from({ length: 50 }, () => [create(keys.alice), create(keys.bob)]);
        const sealed = new Uint8Array(64);
        for (let index = 0; index < 20000; index += 1) {
          const [alice, bob] = sessions[index % 50];
          const length = alice.protectRtp(rig.rtp(index & 0xffff), 32, sealed);
          if (bob.unprotectRtp(sealed, length, new Uint8Array(64)) !== 32) process.exit(9);
        }
        process.exit(7);
      });`;
    const workerData = { rig: new URL('./srtp-rig.ts', import.meta.url).href, name };

    const codes = await Promise.all(
      [1, 2, 3].map(
        () =>
          new Promise((resolve, reject) => {
            const worker = new Worker(source, { eval: true, workerData });
            worker.on('error', reject);
            worker.on('exit', resolve);
          }),
      ),
    );

    assert.equal(codes, [7, 7, 7]);
  });
}

test.run();
