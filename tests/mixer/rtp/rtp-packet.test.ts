import { test } from 'uvu';
import * as assert from 'uvu/assert';
import {
  RTP_HEADER_BYTES,
  RtpHeader,
  parseRtpPacket,
  writeRtpHeader,
} from '../../../mixer/rtp/rtp-packet.ts';

/** V=2, no padding, no extension, no CSRC; marker and PT 8; then sequence number, time stamp, SSRC. */
const PLAIN = [
  0x80, 0x88, 0xff, 0xfe, 0xff, 0xff, 0xff, 0x00, 0xde, 0xad, 0xbe, 0xef, 0x11, 0x22, 0x33,
];

function parse(bytes: readonly number[]): RtpHeader | undefined {
  const header = new RtpHeader();
  return parseRtpPacket(Uint8Array.from(bytes), bytes.length, header) ? header : undefined;
}

/** A plain packet with some of its bytes replaced and others added at the end. */
function changed(at: Readonly<Record<number, number>>, ...more: number[]): number[] {
  return [...PLAIN.map((byte, index) => at[index] ?? byte), ...more];
}

test('reads every field of the fixed header (RFC 3550 §5.1)', () => {
  const header = parse(PLAIN);

  assert.equal(header === undefined ? {} : Object.fromEntries(Object.entries(header)), {
    marker: true,
    payloadType: 8,
    sequenceNumber: 0xfffe,
    rtpTimestamp: 0xffffff00,
    ssrc: 0xdeadbeef,
    extensionOffset: 16,
    extensionLength: 0,
    extensionProfile: 0,
    payloadOffset: 12,
    payloadLength: 3,
  });
});

const SHAPES: readonly { name: string; bytes: number[]; payload: [number, number] | null }[] = [
  { name: 'an empty payload', bytes: PLAIN.slice(0, 12), payload: [12, 0] },
  // X=1: two bytes of profile, length 1, one word; then the payload.
  {
    name: 'an extension',
    bytes: [...changed({ 0: 0x90 }).slice(0, 12), 0xbe, 0xde, 0, 1, 1, 2, 3, 4, 9, 9],
    payload: [20, 2],
  },
  { name: 'CSRCs', bytes: changed({ 0: 0x82 }, 0, 0, 0, 0, 0, 5, 6), payload: [20, 2] },
  // P=1: the last byte counts the padding, itself included.
  { name: 'padding', bytes: changed({ 0: 0xa0 }, 0, 0, 3), payload: [12, 3] },
  {
    name: 'padding that is the whole payload',
    bytes: changed({ 0: 0xa0, 14: 3 }),
    payload: [12, 0],
  },
  { name: 'no bytes at all', bytes: [], payload: null },
  { name: 'eleven bytes', bytes: PLAIN.slice(0, 11), payload: null },
  { name: 'version 1', bytes: changed({ 0: 0x40 }), payload: null },
  { name: 'version 0, as STUN has', bytes: changed({ 0: 0x00 }), payload: null },
  { name: 'RTCP sender report (200)', bytes: changed({ 1: 200 }), payload: null },
  { name: 'RTCP receiver report (201)', bytes: changed({ 1: 201 }), payload: null },
  { name: 'more CSRCs than bytes', bytes: changed({ 0: 0x8f }), payload: null },
  { name: 'an extension without its length', bytes: changed({ 0: 0x90 }), payload: null },
  {
    name: 'an extension longer than the packet',
    bytes: changed({ 0: 0x90, 14: 0xff }, 0xff, 0, 0, 0, 0),
    payload: null,
  },
  { name: 'padding of 0', bytes: changed({ 0: 0xa0, 14: 0 }), payload: null },
  { name: 'padding longer than the payload', bytes: changed({ 0: 0xa0, 14: 4 }), payload: null },
];

for (const { name, bytes, payload } of SHAPES) {
  test(payload === null ? `refuses ${name}` : `finds the payload behind ${name}`, () => {
    const header = parse(bytes);

    const found = header === undefined ? null : [header.payloadOffset, header.payloadLength];
    assert.equal(found, payload);
  });
}

test('looks only at the bytes that belong to the packet', () => {
  const buffer = new Uint8Array(1500);
  buffer.set(PLAIN);
  const header = new RtpHeader();

  assert.is(parseRtpPacket(buffer, 11, header), false);
  assert.is(parseRtpPacket(buffer, 2000, header), false);
  assert.is(parseRtpPacket(buffer, 13, header), true);
  assert.is(header.payloadLength, 1);
});

test('never reads a payload outside any random packet', () => {
  let state = 99;
  const bytes = new Uint8Array(64);
  const header = new RtpHeader();
  for (let round = 0; round < 50_000; round += 1) {
    for (let i = 0; i < bytes.length; i += 1) {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
      bytes[i] = state >>> 24;
    }
    bytes[0] = ((bytes[0] ?? 0) & 0x3f) | 0x80;
    const length = (state >>> 8) % 65;
    if (!parseRtpPacket(bytes, length, header)) continue;
    assert.ok(header.payloadLength >= 0);
    assert.ok(header.payloadOffset + header.payloadLength <= length);
  }
});

test('writes a header that reads back the same, at an offset', () => {
  const fields = new RtpHeader();
  fields.marker = true;
  fields.payloadType = 101;
  fields.sequenceNumber = 65_535;
  fields.rtpTimestamp = 0xfedcba98;
  fields.ssrc = 0x89abcdef;
  const out = new Uint8Array(20);

  const written = writeRtpHeader(out, 4, fields);

  assert.is(written, RTP_HEADER_BYTES);
  assert.equal(
    [...out.subarray(4, 16)],
    [0x80, 0xe5, 0xff, 0xff, 0xfe, 0xdc, 0xba, 0x98, 0x89, 0xab, 0xcd, 0xef],
  );
  assert.equal([...out.subarray(0, 4), ...out.subarray(16)], [0, 0, 0, 0, 0, 0, 0, 0]);
});

test('cuts a sequence number and a time stamp that have grown past their bits', () => {
  const fields = new RtpHeader();
  fields.sequenceNumber = 65_537;
  fields.rtpTimestamp = 2 ** 32 + 5;
  const out = new Uint8Array(12);

  writeRtpHeader(out, 0, fields);

  assert.equal([...out.subarray(2, 8)], [0, 1, 0, 0, 0, 5]);
});

test.run();
