import { test } from 'uvu';
import * as assert from 'uvu/assert';
import {
  finishHeaderExtensions,
  headerExtensionLength,
  readHeaderExtension,
  startHeaderExtensions,
  writeHeaderExtension,
} from '../../../mixer/rtp/header-extension.ts';
import { RtpHeader, parseRtpPacket, writeRtpHeader } from '../../../mixer/rtp/rtp-packet.ts';

/** V=2, X=1, no CSRC, PT 111; then sequence number, time stamp, SSRC. */
const HEAD = [0x90, 0x6f, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3];
const PAYLOAD = [0xaa, 0xbb];

/** A packet with these extensions, filled up to whole words, as its receiver sees it. */
function packet(profile: number, ...elements: number[]): { header: RtpHeader; bytes: Uint8Array } {
  const words = Math.ceil(elements.length / 4);
  const padding = Array.from({ length: 4 * words - elements.length }, () => 0);
  const sizes = [profile >>> 8, profile & 0xff, words >>> 8, words & 0xff];
  const bytes = Uint8Array.from([...HEAD, ...sizes, ...elements, ...padding, ...PAYLOAD]);
  const header = new RtpHeader();
  assert.ok(parseRtpPacket(bytes, bytes.length, header));
  return { header, bytes };
}

/** The data of one extension, or null. */
function read(of: { header: RtpHeader; bytes: Uint8Array }, id: number): number[] | null {
  const at = readHeaderExtension(of.bytes, of.header, id);
  if (at < 0) return null;
  return [...of.bytes.subarray(at, at + headerExtensionLength(of.bytes, of.header, at))];
}

test('reads extensions of the one-byte form, with padding between them (RFC 8285 §4.2)', () => {
  // ID 1: one byte; two of padding; ID 4: three bytes.
  const of = packet(0xbede, 0x10, 0x85, 0, 0, 0x42, 0x61, 0x62, 0x63);

  assert.equal(read(of, 1), [0x85]);
  assert.equal(read(of, 4), [0x61, 0x62, 0x63]);
  assert.is(read(of, 2), null);
  assert.is(of.header.payloadLength, 2);
});

test('reads extensions of the two-byte form, also empty ones (RFC 8285 §4.3)', () => {
  // ID 1: nothing; padding; ID 20: two bytes; ID 1 again is not looked at.
  const of = packet(0x1003, 1, 0, 0, 20, 2, 7, 8, 1, 1, 9);

  assert.equal(read(of, 1), []);
  assert.equal(read(of, 20), [7, 8]);
  assert.is(read(of, 3), null);
});

const NOTHING: readonly { readonly name: string; profile: number; elements: number[] }[] = [
  { name: 'an unknown profile', profile: 0xabcd, elements: [0x10, 0x85, 0, 0] },
  { name: 'no element at all', profile: 0xbede, elements: [] },
  { name: 'one that goes beyond the end', profile: 0xbede, elements: [0x0, 0x0, 0x17, 0x85] },
  { name: 'one behind the ID that ends them', profile: 0xbede, elements: [0xf0, 0x10, 0x85, 0] },
  { name: 'one behind an ID of 0 with a length', profile: 0xbede, elements: [3, 0x10, 0x85, 0] },
  { name: 'half a two-byte one', profile: 0x1000, elements: [0, 0, 0, 1] },
  { name: 'a two-byte one that is too long', profile: 0x1000, elements: [1, 3, 5, 5] },
];

for (const { name, profile, elements } of NOTHING) {
  test(`finds nothing in ${name}`, () => {
    assert.is(read(packet(profile, ...elements), 1), null);
  });
}

test('finds nothing in a packet without extensions, after one that had some', () => {
  const of = packet(0xbede, 0x10, 0x85, 0, 0);
  const plain = Uint8Array.from([0x80, ...HEAD.slice(1), ...PAYLOAD]);

  assert.ok(parseRtpPacket(plain, plain.length, of.header));

  assert.is(readHeaderExtension(plain, of.header, 1), -1);
});

test('reads extensions behind CSRCs', () => {
  const csrcs = [0, 0, 0, 9, 0, 0, 0, 8];
  const bytes = Uint8Array.from([
    0x92,
    ...HEAD.slice(1),
    ...csrcs,
    0xbe,
    0xde,
    0,
    1,
    0x30,
    5,
    0,
    0,
    1,
  ]);
  const header = new RtpHeader();

  assert.ok(parseRtpPacket(bytes, bytes.length, header));

  assert.equal(read({ header, bytes }, 3), [5]);
  assert.is(header.payloadLength, 1);
});

test('never reads beyond the packet, whatever stands in it', () => {
  let state = 3;
  const random = (below: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    return (state >>> 8) % below;
  };
  const header = new RtpHeader();
  let found = 0;
  for (let i = 0; i < 50_000; i += 1) {
    const bytes = Uint8Array.from({ length: 16 + random(60) }, () => random(256));
    bytes.set([0x90, 0x6f]);
    bytes.set(random(2) === 0 ? [0xbe, 0xde, 0] : [0x10, 0, 0], 12);
    bytes[15] = random(12);
    if (!parseRtpPacket(bytes, bytes.length, header)) continue;

    const at = readHeaderExtension(bytes, header, 1 + random(14));

    if (at < 0) continue;
    found += 1;
    const end = at + headerExtensionLength(bytes, header, at);
    assert.ok(at > 16 && end <= header.payloadOffset, `${String(at)}–${String(end)}`);
  }
  assert.ok(found > 1000, String(found));
});

test('writes extensions that a receiver reads, and the payload behind them', () => {
  const header = new RtpHeader();
  header.payloadType = 111;
  header.sequenceNumber = 7;
  const bytes = new Uint8Array(64).fill(0xee);

  writeRtpHeader(bytes, 4, header);
  let at = startHeaderExtensions(bytes, 4);
  at = writeHeaderExtension(bytes, at, 1, Uint8Array.of(0x85));
  at = writeHeaderExtension(bytes, at, 14, Uint8Array.from([0x30, 0x31, 0x32]));
  const payloadAt = finishHeaderExtensions(bytes, 4, at);
  bytes.set(PAYLOAD, payloadAt);

  const sent = bytes.slice(4, payloadAt + 2);
  const received = { header: new RtpHeader(), bytes: sent };
  assert.ok(parseRtpPacket(sent, sent.length, received.header));
  assert.is(received.header.sequenceNumber, 7);
  assert.equal(read(received, 1), [0x85]);
  assert.equal(read(received, 14), [0x30, 0x31, 0x32]);
  assert.equal([...sent.subarray(received.header.payloadOffset)], PAYLOAD);
  assert.is(received.header.payloadOffset, 12 + 4 + 8);
});

test('writes nothing for an ID or a length that the one-byte form does not have', () => {
  const bytes = new Uint8Array(64);

  assert.is(writeHeaderExtension(bytes, 16, 0, Uint8Array.of(1)), 16);
  assert.is(writeHeaderExtension(bytes, 16, 15, Uint8Array.of(1)), 16);
  assert.is(writeHeaderExtension(bytes, 16, 1, new Uint8Array(0)), 16);
  assert.is(writeHeaderExtension(bytes, 16, 1, new Uint8Array(20)), 33);
});

test.run();
