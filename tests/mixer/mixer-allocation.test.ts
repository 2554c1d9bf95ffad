import v8 from 'node:v8';
import vm from 'node:vm';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { MixerStage } from './mixer-stage.ts';
import type { StagePhone } from './mixer-stage.ts';
import { linearToAlaw } from '../support/g711.ts';

v8.setFlagsFromString('--expose-gc');
const collect = vm.runInNewContext('gc') as () => void;

const LEGS = 30;
const TICKS = 10_000;
/** What the heap may have grown by after all those ticks. */
const MAX_GROWTH_BYTES = 256 * 1024;
/** What may be allocated for one packet that comes in and one that goes out. Objects would be 50 bytes and more each. */
const MAX_BYTES_PER_PACKET_PAIR = 4;

function heapBytes(): number {
  return process.memoryUsage().heapUsed;
}

/** The packets of one phone, made once and numbered in place: what is measured is the mixer. */
function packetOf(phone: StagePhone, value: number): Buffer {
  const packet = Buffer.alloc(172, linearToAlaw(value));
  packet.writeUInt8(0x80, 0);
  packet.writeUInt8(8, 1);
  packet.writeUInt32BE(phone.port, 8);
  return packet;
}

/** A room of 30 in which the first `talkers` speak. Returns what runs `ticks` ticks of it. */
function createRoom(talkers: number): {
  readonly stage: MixerStage;
  readonly run: (ticks: number) => void;
} {
  const stage = new MixerStage();
  stage.io.onSent = () => {};
  const phones = stage.room('room', ...[...Array(LEGS).keys()].map((leg) => `leg-${leg}`));
  const packets = phones.map((phone, i) => packetOf(phone, i < talkers ? 700 + i : 0));
  const sources = phones.map(({ host, port }) => ({ host, port }));
  const to = { legIndex: 0, kind: 'rtp' as const, atMs: 0 };
  let number = 0;
  return {
    stage,
    run: (ticks) => {
      for (let tick = 0; tick < ticks; tick += 1) {
        to.atMs = stage.nowMs;
        for (let i = 0; i < LEGS; i += 1) {
          const packet = packets[i];
          const source = sources[i];
          if (packet === undefined || source === undefined) continue;
          packet.writeUInt16BE(number & 0xffff, 2);
          packet.writeUInt32BE((number * 160) % 2 ** 32, 4);
          to.legIndex = i;
          stage.io.deliver(to, source, packet);
        }
        stage.tick();
        number += 1;
      }
    },
  };
}

for (const talkers of [3, LEGS]) {
  test(`does not grow in ${TICKS} ticks of a room of ${LEGS} with ${talkers} talkers`, () => {
    const { stage, run } = createRoom(talkers);
    run(1000);
    stage.events.length = 0;
    collect();
    const before = heapBytes();

    run(TICKS);
    const eventsKept = stage.events.length;
    stage.events.length = 0;
    collect();
    const growth = heapBytes() - before;

    assert.ok(growth < MAX_GROWTH_BYTES, `the heap has grown by ${growth} bytes`);
    assert.ok(eventsKept < 10, 'steady voices are no news');
    assert.is(stage.io.legs[0]?.rtp.sentCount, 1000 + TICKS);
  });

  test(`allocates nothing for a packet of a room of ${LEGS} with ${talkers} talkers`, () => {
    const { stage, run } = createRoom(talkers);
    // Until all of it is compiled, the engine's own notes are on the heap too.
    run(4000);
    const ticks = 1000;
    let least = Number.POSITIVE_INFINITY;

    // Reports of RTCP may allocate, and fall into some of these: the least tells what every tick costs.
    for (let attempt = 0; attempt < 5; attempt += 1) {
      collect();
      const before = heapBytes();
      run(ticks);
      const allocated = heapBytes() - before;
      if (allocated >= 0) least = Math.min(least, allocated / (ticks * LEGS));
    }

    assert.ok(least < MAX_BYTES_PER_PACKET_PAIR, `${least} bytes for each packet`);
    assert.is(stage.core.legCount, LEGS);
  });
}

test.run();
