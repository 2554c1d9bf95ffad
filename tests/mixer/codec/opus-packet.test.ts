import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { opusDurationSamples, opusRepeats } from '../../../mixer/codec/opus-packet.ts';

/** A packet of the given first bytes and `fill` bytes behind them. */
function packet(head: readonly number[], fill = 0): Uint8Array {
  const bytes = new Uint8Array(head.length + fill);
  bytes.set(head);
  return bytes;
}

function duration(bytes: Uint8Array): number {
  return opusDurationSamples(bytes, 0, bytes.length);
}

/** RFC 6716 table 2. */
const FRAME_MS = [
  [10, 20, 40, 60, 10, 20, 40, 60, 10, 20, 40, 60],
  [10, 20, 10, 20],
  [2.5, 5, 10, 20, 2.5, 5, 10, 20, 2.5, 5, 10, 20, 2.5, 5, 10, 20],
].flat();

test('reads the duration of one frame from every configuration (RFC 6716 table 2)', () => {
  for (let configuration = 0; configuration < 32; configuration += 1) {
    const ms = FRAME_MS[configuration] ?? 0;
    assert.is(duration(packet([configuration << 3], 10)), ms * 48, String(configuration));
  }
});

const PACKETS: readonly { readonly name: string; bytes: Uint8Array; samples: number }[] = [
  { name: 'nothing (R1)', bytes: packet([]), samples: -1 },
  { name: 'one empty frame', bytes: packet([0x48]), samples: 960 },
  { name: 'one frame of the longest (R2)', bytes: packet([0x48], 1275), samples: 960 },
  { name: 'one frame too long (R2)', bytes: packet([0x48], 1276), samples: -1 },
  { name: 'two equal frames', bytes: packet([0x49], 20), samples: 1920 },
  { name: 'two equal frames of odd bytes (R3)', bytes: packet([0x49], 21), samples: -1 },
  { name: 'two frames, the first of 5 bytes', bytes: packet([0x4a, 5], 9), samples: 1920 },
  { name: 'two frames without a length (R4)', bytes: packet([0x4a]), samples: -1 },
  { name: 'two frames, the first beyond the end (R4)', bytes: packet([0x4a, 9], 8), samples: -1 },
  { name: 'two frames, a length of two bytes', bytes: packet([0x4a, 252, 1], 300), samples: 1920 },
  { name: 'two frames, half a length', bytes: packet([0x4a, 252]), samples: -1 },
  { name: 'a count of 3 equal frames', bytes: packet([0x4b, 3], 30), samples: 2880 },
  { name: 'a count of 3, not divisible (R6)', bytes: packet([0x4b, 3], 31), samples: -1 },
  { name: 'a count of 0 (R5)', bytes: packet([0x4b, 0], 30), samples: -1 },
  { name: 'a count that is missing', bytes: packet([0x4b]), samples: -1 },
  { name: '6 frames of 20 ms: 120 ms (R5)', bytes: packet([0x4b, 6], 60), samples: 5760 },
  { name: '7 frames of 20 ms: 140 ms (R5)', bytes: packet([0x4b, 7], 70), samples: -1 },
  { name: '48 frames of 2.5 ms', bytes: packet([0x83, 48], 48), samples: 5760 },
  { name: '3 frames with lengths 2 and 3', bytes: packet([0x4b, 0x83, 2, 3], 9), samples: 2880 },
  {
    name: '3 frames with lengths too long (R7)',
    bytes: packet([0x4b, 0x83, 2, 9], 9),
    samples: -1,
  },
  { name: 'padding of 4 behind 2 equal frames', bytes: packet([0x4b, 0x42, 4], 24), samples: 1920 },
  { name: 'padding beyond the start (R6)', bytes: packet([0x4b, 0x42, 25], 24), samples: -1 },
  { name: 'padding of 254 and 1', bytes: packet([0x4b, 0x41, 255, 1], 300), samples: 960 },
  { name: 'padding without an end', bytes: packet([0x4b, 0x41, 255]), samples: -1 },
];

for (const { name, bytes, samples } of PACKETS) {
  test(`tells what a packet holds: ${name}`, () => {
    assert.is(duration(bytes), samples);
  });
}

test('reads at an offset and believes no length beyond the buffer', () => {
  const bytes = packet([0xff, 0xff, 0x49, 1, 2]);

  assert.is(opusDurationSamples(bytes, 2, 3), 1920);
  assert.is(opusDurationSamples(bytes, 2, 4), -1);
  assert.is(opusDurationSamples(bytes, -1, 3), -1);
});

/** First byte of a SILK frame: for each channel activity per 20 ms, then the flag of repetition (RFC 6716 §4.2.3). */
const REPEATS: readonly { readonly name: string; bytes: Uint8Array; repeats: string }[] = [
  {
    name: '20 ms, active, repeats',
    bytes: packet([0x48, 0b1100_0000], 9),
    repeats: 'frame-before',
  },
  { name: '20 ms, active, does not', bytes: packet([0x48, 0b1000_0000], 9), repeats: 'nothing' },
  { name: '60 ms, repeats', bytes: packet([0x58, 0b0001_0000], 9), repeats: 'frame-before' },
  { name: '60 ms, active, does not', bytes: packet([0x58, 0b1110_0000], 9), repeats: 'nothing' },
  {
    name: '20 ms of stereo, the side repeats',
    bytes: packet([0x4c, 0b0001_0000], 9),
    repeats: 'frame-before',
  },
  { name: 'hybrid, repeats', bytes: packet([0x78, 0b0100_0000], 9), repeats: 'frame-before' },
  { name: 'CELT', bytes: packet([0xf8, 0xff], 9), repeats: 'nothing' },
  { name: 'an empty frame', bytes: packet([0x48]), repeats: 'nothing' },
  { name: 'two frames', bytes: packet([0x4a, 3, 0b0100_0000], 9), repeats: 'frame-before' },
  { name: 'malformed', bytes: packet([0x4b, 0, 0xff], 9), repeats: 'nothing' },
];

for (const { name, bytes, repeats } of REPEATS) {
  test(`tells whether a packet repeats the frame before it: ${name}`, () => {
    assert.is(opusRepeats(bytes, 0, bytes.length), repeats);
  });
}

test.run();
