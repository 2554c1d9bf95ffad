import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createDecoder, createEncoder } from '../../../mixer/codec/audio-codec.ts';
import { Concealment } from '../../../mixer/codec/concealment.ts';
import { heapBytesPerCall } from '../rtp/heap-growth.ts';

/** Less than the smallest object for each call. */
const BOUND_BYTES = 8;

const samples = new Int16Array(160);
const payload = new Uint8Array(160);

for (const name of ['PCMA', 'PCMU'] as const) {
  test(`${name} leaves nothing on the heap`, () => {
    const decoder = createDecoder(name);
    const encoder = createEncoder(name);

    const growth = heapBytesPerCall((i) => {
      samples[i % 160] = i;
      encoder.encode(samples, 0, 160, payload, 0);
      decoder.decode(payload, 0, decoder.durationSamples(payload, 0, 160), samples, 0);
    });

    assert.ok(growth < BOUND_BYTES, `${String(growth)} bytes for each call`);
  });
}

test('concealment leaves nothing on the heap, with gaps and jumps', () => {
  const concealment = new Concealment(8000);

  const growth = heapBytesPerCall((i) => {
    for (let k = 0; k < 160; k += 40) samples[k] = (i * k) & 0xfff;
    if (i % 20 === 19) concealment.jump();
    if (i % 10 === 3) concealment.conceal(samples, 0, 160);
    else concealment.good(samples, 0, 160);
  });

  assert.ok(growth < BOUND_BYTES, `${String(growth)} bytes for each call`);
});

test.run();
