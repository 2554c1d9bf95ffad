import { randomBytes } from 'node:crypto';
import { setPriority } from 'node:os';
import { parentPort } from 'node:worker_threads';
import { LoadWatch } from './load-watch.ts';
import { MixerCore } from './mixer-core.ts';
import type { MixerCommand } from './protocol/mixer-command.ts';
import type { MixerEvent } from './protocol/mixer-event.ts';
import { runTickLoop } from './tick-loop.ts';
import { TickSchedule } from './tick-schedule.ts';
import { createIceMux } from './transport/ice/ice-mux.ts';
import { createNativeSharedPorts } from './transport/ice/native-shared-ports.ts';
import { createNodeSharedPorts } from './transport/ice/node-shared-ports.ts';
import { loadPacketBatch, NativePacketIo } from './transport/native-packet-io.ts';
import { NodePacketIo } from './transport/node-packet-io.ts';
import { loadSrtp } from './transport/srtp/load-srtp.ts';

// Entry of a media worker thread: gives the mixer a clock, chance, sockets and the main thread's ear.

/** Ticks between two reports of the worker's figures: 2 s. */
const REPORT_TICKS = 100;

if (parentPort === null) throw new Error('mixer/worker.ts runs as a worker thread only');
const port = parentPort;

/** Nice value of this thread: audio before everything else, as far as the system lets us. */
const MEDIA_PRIORITY = -15;
try {
  // On Linux process 0 is the calling thread alone. Elsewhere, and without the right to, it stays as it was.
  setPriority(0, MEDIA_PRIORITY);
} catch {
  // Not allowed: the mixer works all the same, only less sheltered from other programs.
}

// Every thread's `performance.now()` has its own zero, but legs move between threads: `hrtime` is the same for all.
const clockOffsetMs = Number(process.hrtime.bigint()) / 1e6 - performance.now();
const nowMs = (): number => performance.now() + clockOffsetMs;

const emit = (event: MixerEvent): void => port.postMessage(event);
// All packets of a turn are read at once, so one look at the clock serves them all.
let drainedAtMs = nowMs();
const batch = loadPacketBatch();
const sharedPorts = createNativeSharedPorts(nowMs) ?? createNodeSharedPorts(() => drainedAtMs);
const core = new MixerCore({
  io: batch === null ? new NodePacketIo(() => drainedAtMs) : new NativePacketIo(batch, nowMs),
  createMux: (handler) => createIceMux({ ports: sharedPorts, handler, nowMs }),
  createSrtp: loadSrtp(),
  emit,
  random: () => randomBytes(4).readUInt32BE() / 2 ** 32,
  wallclockOffsetMs: Date.now() - nowMs(),
});
const schedule = new TickSchedule(nowMs());
const load = new LoadWatch();

function report(): void {
  const { ticks, lateTicks, skippedTicks, worstLateMs, overdueDeadlines } = schedule;
  schedule.resetCounters();
  emit({
    type: 'worker-statistics',
    ticks,
    lateTicks,
    skippedTicks,
    worstLateMs,
    overdueDeadlines,
    legs: core.legCount,
    rooms: core.roomCount,
    ...core.takeCounters(),
  });
}

const loop = runTickLoop(
  schedule,
  {
    drain: (atMs) => {
      drainedAtMs = atMs;
    },
    tick: (atMs) => {
      core.tick(atMs);
      if (schedule.ticks >= REPORT_TICKS) report();
    },
    skip: (ticks) => core.skip(ticks),
    turned: (passedTicks, spareMs) => {
      if (load.turn(passedTicks, spareMs) === 'calm') return;
      emit({ type: 'worker-strained', usedPercent: load.usedPercent });
    },
    // Else the next call, hours later, would be judged by how the last one ended.
    rest: () => {
      load.rest();
      if (schedule.ticks > 0) report();
    },
    get isIdle() {
      return core.legCount === 0 && core.roomCount === 0;
    },
  },
  nowMs,
);

port.on('message', (command: MixerCommand) => {
  drainedAtMs = nowMs();
  core.handle(command, drainedAtMs);
  loop.wake();
  if (command.type !== 'shut-down') return;
  loop.stop();
  port.close();
});

emit({ type: 'ready' });
