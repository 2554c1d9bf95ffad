import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createDecoder, createEncoder } from '../../../mixer/codec/audio-codec.ts';

for (const name of ['PCMA', 'PCMU'] as const) {
  test(`${name}: encodes and decodes a frame of the same length`, () => {
    const samples = new Int16Array(160).fill(1000);
    const payload = new Uint8Array(160);
    const out = new Int16Array(160);

    const bytes = createEncoder(name).encode(samples, 0, 160, payload, 0);
    const count = createDecoder(name).decode(payload, 0, bytes, out, 0);

    assert.is(count, 160);
    assert.ok(out.every((sample) => Math.abs(sample - 1000) < 35));
  });

  test(`${name}: fills silence with the byte that encodes 0`, () => {
    const encoder = createEncoder(name);
    const payload = new Uint8Array(1);
    encoder.encode(new Int16Array(1), 0, 1, payload, 0);

    assert.is(payload[0], encoder.silenceByte);
  });

  test(`${name}: tells how long a payload lasts and that an empty one is none`, () => {
    const decoder = createDecoder(name);

    assert.is(decoder.durationSamples(new Uint8Array(240), 0, 240), 240);
    assert.is(decoder.durationSamples(new Uint8Array(0), 0, 0), -1);
  });
}

test('opus: encodes and decodes a frame of 20 ms in fewer bytes', () => {
  const encoder = createEncoder('opus', {
    bitrate: 24_000,
    complexity: 5,
    inbandFec: 'off',
    expectedLossPercent: 0,
    dtx: 'off',
    maxPlaybackRateHz: 48_000,
  });
  const decoder = createDecoder('opus');
  const payload = new Uint8Array(1300);
  const out = new Int16Array(960);

  const bytes = encoder.encode(new Int16Array(960).fill(1000), 0, 960, payload, 0);

  assert.ok(bytes > 2 && bytes < 200, String(bytes));
  assert.is(decoder.durationSamples(payload, 0, bytes), 960);
  assert.is(decoder.decode(payload, 0, bytes, out, 0), 960);
  assert.is(encoder.silenceByte, null);
});

test('G.711 makes up nothing and opus does, by itself', () => {
  assert.not('conceal' in createDecoder('PCMA'));
  assert.ok('conceal' in createDecoder('opus'));
});

test('does not take one law for the other', () => {
  const payload = new Uint8Array(1);
  const out = new Int16Array(1);
  createEncoder('PCMU').encode(Int16Array.of(1000), 0, 1, payload, 0);
  createDecoder('PCMA').decode(payload, 0, 1, out, 0);

  assert.ok(Math.abs((out[0] ?? 0) - 1000) > 100);
});

test.run();
