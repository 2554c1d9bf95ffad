import { once } from 'node:events';
import { setImmediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Worker } from 'node:worker_threads';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { OpusLibrary } from '../../../mixer/codec/opus-codec.ts';
import { heapBytesPerCall } from '../rtp/heap-growth.ts';
import { SPEECH_SETTINGS, opusBuilds, packetsOf, seededRandom, speechLike } from './opus-builds.ts';

const FUZZED_PACKETS = 100_000;
const CODECS = 2000;
/** Far less than 1,000 decoders and encoders hold, which is 40 MB. */
const GROWTH_BYTES = 8 * 1024 * 1024;

/** A packet of noise, or a real one that is cut, lengthened or has some of its bytes changed. */
function malformed(real: readonly Uint8Array[], random: () => number): Uint8Array {
  const below = (limit: number): number => Math.floor(random() * limit);
  if (random() < 0.4) return Uint8Array.from({ length: below(200) }, () => below(256));
  const base = real[below(real.length)] ?? new Uint8Array(0);
  const bytes = new Uint8Array(Math.max(0, base.length + below(20) - 10));
  bytes.set(base.subarray(0, bytes.length));
  for (let changes = below(6); changes > 0 && bytes.length > 0; changes -= 1) {
    bytes[below(bytes.length)] = below(256);
  }
  if (random() < 0.3 && bytes.length > 0) bytes[0] = below(256);
  return bytes;
}

/** Bytes of the process after all that can be collected has been. */
async function residentBytes(): Promise<number> {
  setFlagsFromString('--expose-gc');
  for (let turn = 0; turn < 6; turn += 1) {
    runInNewContext('gc()');
    // Finalizers run in a turn of the loop of their own.
    await setImmediate();
  }
  return process.memoryUsage.rss();
}

function checkEndurance(library: OpusLibrary): void {
  test(`${library.kind}: 100,000 malformed packets break nothing and stay within their room`, () => {
    const random = seededRandom(7);
    const real = packetsOf(library, speechLike(2));
    const decoder = library.createDecoder();
    const out = new Int16Array(5760 + 2);
    let decoded = 0;

    for (let i = 0; i < FUZZED_PACKETS; i += 1) {
      const packet = malformed(real, random);
      const samples = decoder.durationSamples(packet, 0, packet.length);
      const end = Math.max(samples, 0) + 1;
      out[0] = 21;
      out[end] = 22;
      if (i % 7 === 0) {
        const repeated = decoder.decodeRedundancy(packet, 0, packet.length, out, 1, 960);
        assert.ok(repeated === 0 || repeated === 960);
        out[end] = 22;
      }
      const written = decoder.decode(packet, 0, packet.length, out, 1);
      assert.ok(written === 0 || written === samples, `${String(written)} of ${String(samples)}`);
      assert.ok(out[0] === 21 && out[end] === 22, 'nothing around it is touched');
      decoded += written > 0 ? 1 : 0;
    }

    assert.ok(decoded > FUZZED_PACKETS / 10, String(decoded));
    const good = packetsOf(library, speechLike(1))[10];
    assert.ok(good !== undefined);
    assert.is(decoder.decode(good, 0, good.length, out, 0), 960);
  });

  for (const end of ['dropped', 'freed'] as const) {
    test(`${library.kind}: 2,000 codecs that were ${end} leave no memory behind`, async () => {
      const make = async (count: number): Promise<void> => {
        for (let i = 0; i < count; i += 2) {
          const decoder = library.createDecoder();
          const encoder = library.createEncoder(SPEECH_SETTINGS);
          if (end === 'freed') {
            decoder.free();
            encoder.free();
          }
          if (i % 100 === 0) await residentBytes();
        }
      };
      await make(400);
      const before = await residentBytes();

      await make(CODECS);

      const growth = (await residentBytes()) - before;
      assert.ok(growth < GROWTH_BYTES, `${String(growth)} bytes`);
    });
  }

  test(`${library.kind}: encoding, decoding and concealing leave nothing on the heap`, () => {
    const encoder = library.createEncoder({ ...SPEECH_SETTINGS, complexity: 0 });
    const decoder = library.createDecoder();
    const samples = new Int16Array(960);
    const payload = new Uint8Array(1300);

    let bytes = 0;
    const growth = heapBytesPerCall((i) => {
      samples[i % 120] = i & 0xfff;
      const turn = i & 3;
      if (turn === 0) bytes = encoder.encode(samples, 0, 120, payload, 0);
      else if (turn === 1) decoder.decodeRedundancy(payload, 0, bytes, samples, 0, 120);
      else if (turn === 2) decoder.decode(payload, 0, bytes, samples, 0);
      else decoder.conceal(samples, 0, 100);
    });

    // The smallest object at every fourth call would be 4.
    assert.ok(growth < 3, `${String(growth)} bytes for each call`);
  });
}

const builds = opusBuilds();
for (const library of builds) checkEndurance(library);

test('threads that used every build end, one in the middle of its work, and the process lives on', async () => {
  // The loader of TypeScript goes along: threads do not inherit it.
  const program = `import('tsx/esm/api').then(({ register }) => { register(); return import(${JSON.stringify(
    new URL('./opus-worker.ts', import.meta.url).href,
  )}); });`;

  for (let round = 0; round < 2; round += 1) {
    const ending = new Worker(program, { eval: true });
    const message: unknown[] = await once(ending, 'message');
    const exit: unknown[] = await once(ending, 'exit');
    assert.equal(message, [builds.map(() => 48_000)]);
    assert.equal(exit, [0]);
  }
  const terminated = new Worker(program, { eval: true });
  await once(terminated, 'online');
  await terminated.terminate();

  const packet = builds.map((library) => packetsOf(library, speechLike(1))[10]);
  assert.ok(packet.every((bytes) => bytes !== undefined && bytes.length > 10));
});

test.run();
