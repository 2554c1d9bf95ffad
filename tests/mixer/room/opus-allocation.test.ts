import v8 from 'node:v8';
import vm from 'node:vm';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { LegMedia } from '../../../mixer/protocol/mixer-command.ts';
import { Leg } from '../../../mixer/room/leg.ts';
import { OpusTuning } from '../../../mixer/room/opus-tuning.ts';
import { RoomMixer } from '../../../mixer/room/room-mixer.ts';
import { RtpHeader } from '../../../mixer/rtp/rtp-packet.ts';
import { BROWSER, Peer, PHONE } from './opus-room.ts';

v8.setFlagsFromString('--expose-gc');
const collect = vm.runInNewContext('gc') as () => void;

const BROWSERS = 8;
const PHONES = 8;
const TALKERS = 3;
const TICKS = 10_000;
const MAX_GROWTH_BYTES = 256 * 1024;
const MAX_BYTES_PER_LEG = 4;

const WITH_EXTENSIONS: LegMedia = {
  ...BROWSER,
  extensions: { audioLevelId: 1, midId: 4, mid: '0' },
};

interface Voice {
  readonly leg: Leg;
  readonly header: RtpHeader;
  readonly packets: readonly { readonly payload: Uint8Array; readonly length: number }[];
  readonly tickSamples: number;
}

/** A leg whose packets were encoded before: what is measured is the mixer. */
function voice(media: LegMedia, toneHz: number, tuning: OpusTuning): Voice {
  const legId = `leg-${toneHz}`;
  const peer = new Peer(legId, media, tuning);
  const leg = new Leg({
    legId,
    media,
    sender: { ssrc: 1, sequenceNumber: 0, rtpTimestamp: 0, packets: 0, octets: 0 },
    sink: { sendRtp: () => {}, sendRtcp: () => {} },
    playEnded: () => {},
    tuning,
  });
  peer.toneHz = toneHz;
  // Six of them do not come up to the limiter, which boxes a number now and then while it works.
  peer.amplitude = 3000;
  const packets = Array.from({ length: 50 }, () => {
    const payload = peer.packet();
    return { payload, length: peer.header.payloadLength };
  });
  return { leg, header: new RtpHeader(), packets, tickSamples: peer.rateHz / 50 };
}

/** A room of browsers and telephones in which the first three of each speak, every other second. */
function createRoom(): (ticks: number) => void {
  const tuning = new OpusTuning();
  tuning.set({ bitrate: 24_000, complexity: 0 });
  const mixer = new RoomMixer('room', () => {}, tuning);
  const voices = [
    ...Array.from({ length: BROWSERS }, (_, i) => voice(WITH_EXTENSIONS, 300 + 50 * i, tuning)),
    ...Array.from({ length: PHONES }, (_, i) => voice(PHONE, 310 + 50 * i, tuning)),
  ];
  for (const { leg } of voices) mixer.add(leg);
  let number = 0;
  return (ticks) => {
    for (let tick = 0; tick < ticks; tick += 1) {
      for (let i = 0; i < voices.length; i += 1) {
        const speaker = voices[i];
        if (speaker === undefined || i % BROWSERS >= TALKERS || number % 100 >= 50) continue;
        const { header, packets, tickSamples } = speaker;
        const packet = packets[number % 50];
        if (packet === undefined) continue;
        header.payloadType = tickSamples === 960 ? 111 : 8;
        header.ssrc = 7;
        header.sequenceNumber = number & 0xffff;
        header.rtpTimestamp = (number * tickSamples) >>> 0;
        header.payloadLength = packet.length;
        speaker.leg.in.packet(header, packet.payload, number * 20);
      }
      number += 1;
      mixer.tick(number * 20);
    }
  };
}

test(`leaves nothing on the heap in ${TICKS} ticks of a room of browsers and telephones`, () => {
  const run = createRoom();
  // Until all of it is compiled, the engine's own notes are on the heap too.
  run(4000);
  collect();
  const before = process.memoryUsage().heapUsed;

  run(TICKS);
  collect();
  const growth = process.memoryUsage().heapUsed - before;
  let least = Number.POSITIVE_INFINITY;
  for (let attempt = 0; attempt < 3; attempt += 1) {
    const start = process.memoryUsage().heapUsed;
    run(1000);
    const allocated = process.memoryUsage().heapUsed - start;
    if (allocated >= 0) least = Math.min(least, allocated / (1000 * (BROWSERS + PHONES)));
  }

  assert.ok(growth < MAX_GROWTH_BYTES, `the heap has grown by ${growth} bytes`);
  assert.ok(least < MAX_BYTES_PER_LEG, `${least} bytes for each leg and tick`);
});

test.run();
