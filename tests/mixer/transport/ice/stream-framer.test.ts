import { test } from 'uvu';
import * as assert from 'uvu/assert';
import {
  framed,
  MAX_FRAMED_BYTES,
  StreamFramer,
} from '../../../../mixer/transport/ice/stream-framer.ts';
import { seededRandom } from './seeded-random.ts';

/** Pushes a stream in pieces of these lengths, repeated; returns the packets. */
function cut(stream: Buffer, pieces: () => number): { packets: string[]; outcome: string } {
  const framer = new StreamFramer();
  const packets: string[] = [];
  let outcome = 'ok';
  for (let at = 0; at < stream.length && outcome === 'ok';) {
    const bytes = pieces();
    outcome = framer.push(stream.subarray(at, at + bytes), (packet, lengthBytes) => {
      packets.push(Buffer.from(packet.subarray(0, lengthBytes)).toString('hex'));
    });
    at += bytes;
  }
  return { packets, outcome };
}

test('writes the length before the packet (RFC 4571 §2)', () => {
  assert.equal(Buffer.from(framed(Buffer.from('abc'))).toString('hex'), '0003616263');
});

test('gives the same packets however the stream is cut', () => {
  const random = seededRandom(7);
  for (let round = 0; round < 300; round += 1) {
    const count = 1 + Math.floor(random() * 8);
    const packets = Array.from({ length: count }, () =>
      Buffer.alloc(1 + Math.floor(random() * (round % 10 === 0 ? MAX_FRAMED_BYTES : 40)), round),
    );
    const stream = Buffer.concat(packets.map(framed));
    const longest = 1 + Math.floor(random() * 60);

    const result = cut(stream, () => 1 + Math.floor(random() * longest));

    assert.is(result.outcome, 'ok');
    assert.equal(
      result.packets,
      packets.map((packet) => packet.toString('hex')),
    );
  }
});

test('takes the longest packet and refuses a longer one as soon as it is announced', () => {
  const longest = Buffer.alloc(MAX_FRAMED_BYTES, 5);
  const announced = Buffer.from([0x06, 0x41]);

  assert.is(cut(Buffer.from(framed(longest)), () => 7).packets.length, 1);
  assert.equal(
    cut(announced, () => 2),
    { packets: [], outcome: 'broken' },
  );
  assert.equal(
    cut(Buffer.from([0xff, 0xff, 1]), () => 1),
    { packets: [], outcome: 'broken' },
  );
});

test('skips empty frames', () => {
  const stream = Buffer.from('0000' + '000161' + '0000' + '0000' + '000162', 'hex');

  for (let piece = 1; piece <= stream.length; piece += 1)
    assert.equal(cut(stream, () => piece).packets, ['61', '62'], `pieces of ${piece}`);
});

test('keeps an unfinished packet to itself', () => {
  assert.equal(
    cut(Buffer.from('000361', 'hex'), () => 1),
    { packets: [], outcome: 'ok' },
  );
});

test.run();
