import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { decodePcma, decodePcmu, encodePcma, encodePcmu } from '../../../mixer/codec/g711.ts';

type Decode = typeof decodePcmu;
type Encode = typeof encodePcmu;

function decodeOne(decode: Decode, code: number): number {
  const out = new Int16Array(1);
  decode(Uint8Array.of(code), 0, 1, out, 0);
  return out[0] ?? 0;
}

function encodeOne(encode: Encode, sample: number): number {
  const out = new Uint8Array(1);
  encode(Int16Array.of(sample), 0, 1, out, 0);
  return out[0] ?? 0;
}

/**
 * G.711 table 2a: character signal of positive values and the value at the decoder output, on the table's scale of
 * 8,159, which is a quarter of 16-bit.
 */
const MULAW_TABLE: readonly (readonly [code: number, value: number])[] = [
  [0x80, 8031],
  [0x8f, 4191],
  [0x9f, 2079],
  [0xaf, 1023],
  [0xbf, 495],
  [0xcf, 231],
  [0xdf, 99],
  [0xef, 33],
  [0xfe, 2],
  [0xff, 0],
];

/** G.711 table 1a, after inversion of the even bits; the table's scale of 4,096 is an eighth of 16-bit. */
const ALAW_TABLE: readonly (readonly [code: number, value: number])[] = [
  [0xaa, 4032],
  [0xa5, 2112],
  [0xb5, 1056],
  [0x85, 528],
  [0x95, 264],
  [0xe5, 132],
  [0xf5, 66],
  [0xd5, 1],
];

test('decodes µ-law as G.711 table 2a and 2b', () => {
  for (const [code, value] of MULAW_TABLE) {
    assert.is(decodeOne(decodePcmu, code), value * 4);
    assert.is(decodeOne(decodePcmu, code & 0x7f), value === 0 ? 0 : -value * 4);
  }
});

test('decodes A-law as G.711 table 1a and 1b', () => {
  for (const [code, value] of ALAW_TABLE) {
    assert.is(decodeOne(decodePcma, code), value * 8);
    assert.is(decodeOne(decodePcma, code & 0x7f), -value * 8);
  }
});

test('encodes µ-law at the decision values of G.711 table 2a', () => {
  // Decision value x(n) of the table: the code changes there.
  for (const [value, below, above] of [
    [4063, 0x90, 0x8f],
    [2015, 0xa0, 0x9f],
    [991, 0xb0, 0xaf],
    [31, 0xf0, 0xef],
    [1, 0xff, 0xfe],
  ] as const) {
    assert.is(encodeOne(encodePcmu, value * 4 - 1), below);
    assert.is(encodeOne(encodePcmu, value * 4), above);
  }
});

test('encodes A-law at the decision values of G.711 table 1a', () => {
  for (const [value, below, above] of [
    [2048, 0xba, 0xa5],
    [1024, 0x8a, 0xb5],
    [64, 0xca, 0xf5],
  ] as const) {
    assert.is(encodeOne(encodePcma, value * 8 - 1), below);
    assert.is(encodeOne(encodePcma, value * 8), above);
  }
});

for (const { name, decode, encode } of [
  { name: 'µ-law', decode: decodePcmu, encode: encodePcmu },
  { name: 'A-law', decode: decodePcma, encode: encodePcma },
]) {
  test(`gives every ${name} code back after decoding and encoding`, () => {
    for (let code = 0; code < 256; code += 1) {
      const sample = decodeOne(decode, code);
      const again = encodeOne(encode, sample);
      // µ-law has two codes for 0.
      assert.is(decodeOne(decode, again), sample);
      if (sample !== 0) assert.is(again, code);
    }
  });

  test(`takes the nearest ${name} value for every sample, and keeps their order`, () => {
    const values = Array.from({ length: 256 }, (_, code) => decodeOne(decode, code));
    const ends = Math.max(...values);
    let before = -40_000;
    for (let sample = -32_768; sample < 32_768; sample += 7) {
      const got = decodeOne(decode, encodeOne(encode, sample));
      assert.ok(got >= before);
      before = got;
      if (Math.abs(sample) >= ends) continue;
      const error = Math.abs(got - sample);
      // Half a step is a 32nd of the segment's value, or half of the smallest step.
      assert.ok(
        error <= Math.max(Math.abs(sample) / 32 + 4, 8),
        `${String(sample)} → ${String(got)}`,
      );
    }
  });

  test(`codes a sine in ${name} with a signal-to-noise ratio above 33 dB from −3 to −33 dBov`, () => {
    for (const amplitude of [32_000, 8000, 1000]) {
      const samples = new Int16Array(8000);
      for (let i = 0; i < samples.length; i += 1) {
        samples[i] = Math.round(amplitude * Math.sin((2 * Math.PI * 1013 * i) / 8000));
      }
      const coded = new Uint8Array(samples.length);
      const decoded = new Int16Array(samples.length);

      encode(samples, 0, samples.length, coded, 0);
      decode(coded, 0, coded.length, decoded, 0);

      let signal = 0;
      let noise = 0;
      samples.forEach((sample, i) => {
        signal += sample * sample;
        noise += (sample - (decoded[i] ?? 0)) ** 2;
      });
      assert.ok(10 * Math.log10(signal / noise) > 33);
    }
  });

  test(`reads and writes ${name} at offsets and touches nothing else`, () => {
    const out = new Int16Array(6).fill(1);
    assert.is(decode(Uint8Array.of(0, 0x80, 0x80, 0), 1, 2, out, 2), 2);
    const value = decodeOne(decode, 0x80);
    assert.equal([...out], [1, 1, value, value, 1, 1]);

    const coded = new Uint8Array(5).fill(7);
    assert.is(encode(Int16Array.of(9, value, value), 1, 2, coded, 2), 2);
    assert.equal([...coded], [7, 7, 0x80, 0x80, 7]);
  });
}

test('clips what is louder than the tables go', () => {
  assert.is(decodeOne(decodePcmu, encodeOne(encodePcmu, 32_767)), 32_124);
  assert.is(decodeOne(decodePcmu, encodeOne(encodePcmu, -32_768)), -32_124);
  assert.is(decodeOne(decodePcma, encodeOne(encodePcma, 32_767)), 32_256);
  assert.is(decodeOne(decodePcma, encodeOne(encodePcma, -32_768)), -32_256);
});

test.run();
