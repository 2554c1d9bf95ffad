import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { PacketRing, RING_SLOTS, slotOf } from '../../../mixer/rtp/packet-ring.ts';
import { RtpHeader } from '../../../mixer/rtp/rtp-packet.ts';

function headerOf(sequenceNumber: number): RtpHeader {
  const header = new RtpHeader();
  header.sequenceNumber = sequenceNumber;
  header.rtpTimestamp = sequenceNumber * 160;
  header.payloadOffset = 2;
  header.payloadLength = 3;
  return header;
}

test('keeps a copy of the payload', () => {
  const ring = new PacketRing();
  const packet = Uint8Array.of(0, 0, 7, 8, 9);

  ring.store(headerOf(65_535), packet, 3);
  packet.fill(0);

  const offset = ring.offset(slotOf(65_535));
  assert.equal([...ring.bytes.subarray(offset, offset + 3)], [7, 8, 9]);
});

test('tells stored, served and unknown packets apart', () => {
  const ring = new PacketRing();
  ring.store(headerOf(5), new Uint8Array(5), 160);
  ring.store(headerOf(6), new Uint8Array(5), 160);
  ring.serve(5);

  assert.is(ring.look(5), 'served');
  assert.is(ring.look(6), 'stored');
  assert.is(ring.look(7), 'unknown');
  assert.is(ring.look(5 + RING_SLOTS), 'unknown');
  assert.is(ring.stored, 1);
});

test('finds the first packet across the wrap of the sequence', () => {
  const ring = new PacketRing();
  ring.store(headerOf(3), new Uint8Array(5), 160);

  assert.is(ring.firstFrom(65_530), 3);
  assert.is(ring.firstFrom(4), -1);
});

test('never has two stored packets share memory, in whatever order they are served', () => {
  const ring = new PacketRing();
  const stored = new Map<number, number>();
  let seed = 7;

  for (let sequenceNumber = 0; sequenceNumber < 5000; sequenceNumber += 1) {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    const mark = 1 + (seed % 255);
    ring.store(headerOf(sequenceNumber), Uint8Array.of(0, 0, mark, mark, mark), 160);
    stored.set(sequenceNumber, mark);
    for (const each of stored.keys()) {
      const isTooOld = each <= sequenceNumber - RING_SLOTS + 2;
      if (!isTooOld && (seed + each) % 3 !== 0) continue;
      ring.serve(each);
      stored.delete(each);
    }
    if (sequenceNumber % 1000 === 999) {
      ring.clear();
      stored.clear();
    }
    for (const [each, wanted] of stored) assert.is(ring.bytes[ring.offset(slotOf(each))], wanted);
    assert.is(ring.stored, stored.size);
  }
});

test('counts a slot once when it is used again', () => {
  const ring = new PacketRing();
  ring.store(headerOf(1), new Uint8Array(5), 160);
  ring.store(headerOf(1 + RING_SLOTS), new Uint8Array(5), 160);

  assert.is(ring.stored, 1);
  ring.clear();
  assert.is(ring.stored, 0);
  assert.is(ring.look(1 + RING_SLOTS), 'unknown');
});

test.run();
