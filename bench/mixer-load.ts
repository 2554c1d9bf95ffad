import { fork } from 'node:child_process';
import { createSocket } from 'node:dgram';
import type { Socket } from 'node:dgram';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { LegMedia } from '../mixer/protocol/mixer-command.ts';
import { createMediaPool } from '../server/media/worker-pool.ts';
import { threadHost } from '../server/media/thread-host.ts';
import type { MediaEvent } from '../server/media/media-pool.ts';
import { systemClock } from '../server/runtime/clock.ts';
import { systemRandom } from '../server/runtime/random.ts';

// What the mixer costs: opens legs in rooms over the real pool, lets another process speak to them, and prints CPU time
// for each leg and second. `node --import tsx bench/mixer-load.ts --legs 60 --rooms 2 --talkers 3 --workers 1`

const { values } = parseArgs({
  options: {
    legs: { type: 'string', default: '60' },
    rooms: { type: 'string', default: '2' },
    /** Of each room; the others send silence. */
    talkers: { type: 'string', default: '3' },
    workers: { type: 'string', default: '1' },
    seconds: { type: 'string', default: '8' },
  },
});
const legs = Number(values.legs);
const rooms = Number(values.rooms);
const talkers = Number(values.talkers);

const LEG_PORTS_FROM = 30_000;
const PHONE_PORTS_FROM = 20_000;
const PACKET_SAMPLES = 160;
/** Everything settles: code is compiled, sockets have latched. */
const WARM_UP_MS = 4000;

if (process.send === undefined) await measure();
else await speak();

/** The server's side. */
async function measure(): Promise<void> {
  const opened = new Map<string, number>();
  const pool = createMediaPool({
    host: threadHost,
    workers: Number(values.workers),
    portRange: [LEG_PORTS_FROM, LEG_PORTS_FROM + 4 * legs],
    rtpTimeoutMs: 60_000,
    dtls: null,
    sharedPorts: () => [],
    opus: { bitrate: 32_000, complexity: 5 },
    clock: systemClock,
    random: systemRandom,
    emit: (event: MediaEvent) => {
      if (event.type === 'leg-opened') opened.set(event.legId, event.port);
    },
    log: { debug: console.log, info: console.log, warn: console.log, error: console.log },
  });
  for (let room = 0; room < rooms; room += 1) {
    pool.command({ type: 'open-room', roomId: `room-${room}` });
  }
  for (let leg = 0; leg < legs; leg += 1) {
    const legId = `leg-${leg}`;
    pool.openLeg({ legId, host: '127.0.0.1', media: mediaOf(leg) });
    pool.command({ type: 'join-room', legId, roomId: `room-${leg % rooms}` });
  }
  while (opened.size < legs) await pause(50);

  const phones = fork(fileURLToPath(import.meta.url), process.argv.slice(2));
  await once(phones, 'message');
  phones.send([...Array(legs).keys()].map((leg) => opened.get(`leg-${leg}`) ?? 0));
  await pause(WARM_UP_MS);
  const seconds = Number(values.seconds);
  const before = cpuMicroseconds();
  await pause(seconds * 1000);
  const after = cpuMicroseconds();
  phones.send('end');
  const [heard] = (await once(phones, 'message')) as [number];

  let total = 0;
  for (const [thread, cpu] of after) total += cpu - (before.get(thread) ?? 0);
  console.log(
    `${legs} legs, ${rooms} rooms, ${values.talkers} talkers each, ${values.workers} workers: ` +
      `${(total / legs / seconds).toFixed(0)} µs CPU per leg per second; ` +
      `phones heard ${(heard / legs / seconds).toFixed(1)} packets each per second`,
  );
  await pool.stop();
  if (phones.connected) phones.disconnect();
}

/** The phones' side, in a process of its own so that its CPU time is not counted. */
async function speak(): Promise<void> {
  const sockets: Socket[] = [];
  let heard = 0;
  for (let leg = 0; leg < legs; leg += 1) {
    const socket = createSocket('udp4');
    socket.bind(PHONE_PORTS_FROM + 2 * leg, '127.0.0.1');
    await once(socket, 'listening');
    socket.on('message', () => {
      heard += 1;
    });
    socket.on('error', () => {});
    sockets.push(socket);
  }
  process.send?.('ready');
  const [ports] = (await once(process, 'message')) as [number[]];
  for (const [leg, socket] of sockets.entries()) {
    socket.connect(ports[leg] ?? 0, '127.0.0.1');
    await once(socket, 'connect');
  }
  const packets = sockets.map((_, leg) => packetOf(leg));
  const startMs = performance.now();
  let sent = 0;
  const timer = setInterval(() => {
    for (; performance.now() - startMs > (sent * 20) / legs; sent += 1) {
      const packet = packets[sent % legs];
      if (packet === undefined) continue;
      stamp(packet, Math.floor(sent / legs));
      sockets[sent % legs]?.send(packet);
    }
  }, 1);
  setTimeout(() => {
    heard = 0;
  }, WARM_UP_MS);
  await once(process, 'message');
  clearInterval(timer);
  process.send?.(heard);
  for (const socket of sockets) socket.close();
}

function mediaOf(leg: number): LegMedia {
  return {
    codec: leg % 2 === 0 ? 'PCMA' : 'PCMU',
    payloadTypeOut: leg % 2 === 0 ? 8 : 0,
    payloadTypesIn: [
      { payloadType: 8, codec: 'PCMA' },
      { payloadType: 0, codec: 'PCMU' },
    ],
    telephoneEventPayloadType: 101,
    comfortNoisePayloadType: null,
    ptimeOutMs: 20,
    remote: { host: '127.0.0.1', port: PHONE_PORTS_FROM + 2 * leg },
    remoteRtcp: null,
    direction: 'sendrecv',
  };
}

/** One packet of A-law: a square wave for talkers, so low that all of a room do not reach full scale; else idle. */
function packetOf(leg: number): Buffer {
  const packet = Buffer.alloc(12 + PACKET_SAMPLES, 0xd5);
  packet.writeUInt8(0x80, 0);
  packet.writeUInt8(8, 1);
  packet.writeUInt32BE(leg + 1, 8);
  const speaks = Math.floor(leg / rooms) < talkers;
  for (let i = 0; speaks && i < PACKET_SAMPLES; i += 1) packet[12 + i] = i % 20 < 10 ? 0xf5 : 0x75;
  return packet;
}

function stamp(packet: Buffer, number: number): void {
  packet.writeUInt16BE(number & 0xffff, 2);
  packet.writeUInt32BE((number * PACKET_SAMPLES) >>> 0, 4);
}

/** CPU time of each thread so far, by the scheduler's clock. */
function cpuMicroseconds(): Map<string, number> {
  const threads = new Map<string, number>();
  for (const thread of readdirSync('/proc/self/task')) {
    const [nanoseconds] = readFileSync(`/proc/self/task/${thread}/schedstat`, 'utf8').split(' ');
    threads.set(thread, Number(nanoseconds) / 1000);
  }
  return threads;
}

function pause(durationMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, durationMs));
}
