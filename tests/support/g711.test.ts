import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { alawToLinear, linearToAlaw, linearToMulaw, mulawToLinear } from './g711.ts';

const OCTETS = Array.from({ length: 256 }, (_, octet) => octet);

test('gives every A-law octet back', () => {
  for (const octet of OCTETS) assert.is(linearToAlaw(alawToLinear(octet)), octet);
});

test('gives every µ-law octet back, but for the second zero', () => {
  for (const octet of OCTETS.filter((each) => each !== 0x7f)) {
    assert.is(linearToMulaw(mulawToLinear(octet)), octet);
  }
});

test('knows the codes that G.711 names: silence and full scale', () => {
  assert.is(mulawToLinear(0xff), 0);
  assert.is(mulawToLinear(0x80), 32_124);
  assert.is(alawToLinear(0xd5), 8);
  assert.is(alawToLinear(0xaa), 32_256);
});

test('stays within half a step of what went in', () => {
  for (let sample = -32_000; sample <= 32_000; sample += 37) {
    const allowed = Math.max(16, Math.abs(sample) / 24);
    assert.ok(Math.abs(alawToLinear(linearToAlaw(sample)) - sample) <= allowed, `A ${sample}`);
    assert.ok(Math.abs(mulawToLinear(linearToMulaw(sample)) - sample) <= allowed, `µ ${sample}`);
  }
});

test.run();
