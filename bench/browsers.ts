import { freePort, webRtcPort } from '../tests/support/free-ports.ts';
import { hasAddOns, loadedAddOns, placeBuild } from './browser-build.ts';
import type { Build } from './browser-build.ts';
import { cpuBetween, serverCpu } from './browser-cpu.ts';
import type { Listening } from './browser-leg.ts';
import type { JoinReport } from './browser-legs.ts';
import { BrowserPhones } from './browser-phones.ts';
import { BrowserRoom } from './browser-room.ts';
import {
  printAddOns,
  printJoins,
  printPhase,
  printPhones,
  printProfile,
  printTicks,
} from './browser-report.ts';
import type { Phase } from './browser-report.ts';
import { withCompiledServer } from './compiled-server.ts';
import type { CompiledServer } from './compiled-server.ts';
import { pause } from './load-calls.ts';
import { profileWorkers } from './worker-profile.ts';

/** How many. */
export interface BrowserLoad {
  readonly rooms: number;
  readonly perRoom: number;
  /** Who talk at a time, in all rooms together. */
  readonly talkers: number;
  readonly seconds: number;
}

/** One server with all who are in its rooms. */
interface Stage {
  readonly load: BrowserLoad;
  readonly server: CompiledServer;
  readonly rooms: readonly BrowserRoom[];
  readonly faults: string[];
}

const PIN = '24680';
/** All of it takes two to four minutes; whatever hangs ends here. */
const LONGEST_MS = 280_000;
/** Between the joins of two browsers, whatever room they go to. */
const JOIN_EVERY_MS = 150;
const SETTLE_MS = 2000;
const PROFILE_MS = 5000;
/** Media workers tell their figures so often. */
const FIGURES_MS = 10_000;

/**
 * Headless browsers in rooms, alone and among as many telephones, on the build with native add-ons and on the one
 * without: the server's CPU time, what everybody lost and heard, delays, late ticks, and what media workers do with their
 * time. Returns what did not work at all; figures beyond their limits are only printed.
 */
export async function measureBrowsers(load: BrowserLoad): Promise<readonly string[]> {
  const faults: string[] = [];
  const deadline = setTimeout(() => {
    process.stderr.write(`the bench of browsers is not over after ${LONGEST_MS / 1000} s\n`);
    process.exit(1);
  }, LONGEST_MS);
  try {
    for (const build of ['native', 'pure Node'] as const) {
      if (build === 'native' && !hasAddOns()) {
        process.stdout.write('native: the add-ons are not built here\n');
        continue;
      }
      faults.push(...(await measureBuild(build, load)).map((fault) => `${build}: ${fault}`));
    }
  } finally {
    clearTimeout(deadline);
  }
  return faults;
}

async function measureBuild(build: Build, load: BrowserLoad): Promise<readonly string[]> {
  const inspectPort = await freePort();
  const placed = placeBuild(build);
  const faults: string[] = [];
  const nodeArguments = [`--inspect=127.0.0.1:${inspectPort}`, '--inspect-publish-uid=http'];
  const settings = { config: config(load), program: placed.program, nodeArguments };
  try {
    await withCompiledServer(settings, async (server) => {
      const rooms: BrowserRoom[] = [];
      try {
        for (let room = 0; room < load.rooms; room += 1) {
          rooms.push(await BrowserRoom.start(planOf(load, room, server.url)));
        }
        await play(build, { load, server, rooms, faults }, inspectPort);
      } finally {
        for (const room of rooms) room.stop();
      }
    });
  } finally {
    placed.remove();
  }
  return faults;
}

/** All that happens on one server. Telephones come first and leave first; the profile, which disturbs, is last. */
async function play(build: Build, stage: Stage, inspectPort: number): Promise<void> {
  const phones = await callIn(stage);
  try {
    process.stdout.write(`${build}\n`);
    const onlyPhones = await phonesAlone(stage, phones);
    await joinAll(stage);
    // What follows would only repeat it.
    if (stage.faults.length > 0) return;
    const inAtMs = Date.now();
    const mixed = await phase(stage, 'browsers and phones', { listening: 'dtx', phones });
    await phones.end();
    const alone = await phase(stage, 'browsers in DTX', { listening: 'dtx' });
    printPhones({ alone, mixed, onlyPhones });
    await phase(stage, 'browsers, open microphones, levels declared', { listening: 'declared' });
    await phase(stage, 'browsers, open microphones, no levels', { listening: 'undeclared' });
    printTicks(stage.server.log(), inAtMs + FIGURES_MS);
    printAddOns(loadedAddOns(stage.server.pid));
    for (const [index, room] of stage.rooms.entries()) {
      await room.behave('dtx', talkersOf(stage.load, index).length);
    }
    await pause(SETTLE_MS);
    printProfile(await profileWorkers(inspectPort, PROFILE_MS), alone);
  } finally {
    await phones.end();
    for (const room of stage.rooms) await room.leave();
  }
}

async function joinAll(stage: Stage): Promise<void> {
  const { server, rooms, load, faults } = stage;
  const before = serverCpu(server.pid);
  const beganAtMs = performance.now();
  const reports = await Promise.all(rooms.map((room) => room.join()));
  const joined: JoinReport = {
    joins: reports.flatMap(({ joins }) => joins),
    failures: reports.flatMap(({ failures }) => failures),
  };
  const cpu = cpuBetween(before, serverCpu(server.pid));
  const seconds = (performance.now() - beganAtMs) / 1000;
  printJoins({ joined, seconds, cpu });
  faults.push(...new Set(joined.failures.map((failure) => `joining: ${failure}`)));
  if (joined.joins.length !== load.rooms * load.perRoom) {
    faults.push(`${joined.joins.length} of ${load.rooms * load.perRoom} browsers are in`);
  }
}

/** Lets everybody go on for a while and measures it. With phones, one of them takes a browser's turn to talk. */
async function phase(
  stage: Stage,
  name: string,
  how: { readonly listening: Listening; readonly phones?: BrowserPhones },
): Promise<Phase> {
  const { server, rooms, load, faults } = stage;
  const { phones } = how;
  phones?.talk(1);
  for (const [index, room] of rooms.entries()) {
    const talking = talkersOf(load, index).length;
    const yielded = phones !== undefined && index === 0 && talking > 1 ? 1 : 0;
    await room.behave(how.listening, talking - yielded);
  }
  await pause(SETTLE_MS);
  for (const room of rooms) await room.measure();
  phones?.measure();
  const { cpu, seconds } = await measureCpu(server, load.seconds);
  const reports = await Promise.all(rooms.map((room) => room.report()));
  const browsers = load.rooms * load.perRoom;
  const result: Phase = {
    name,
    seconds,
    browsers,
    cpu,
    reports,
    phones: phones?.report() ?? null,
  };
  faults.push(...printPhase(result).map((fault) => `${name}: ${fault}`));
  return result;
}

async function callIn({ server, load }: Stage): Promise<BrowserPhones> {
  return BrowserPhones.join({
    sipPort: server.sipPort,
    numbers: numbersOf(load),
    phones: load.rooms * load.perRoom,
    talkers: load.talkers,
  });
}

/** The phones when the browsers have left. */
async function phonesAlone({ server, load, faults }: Stage, phones: BrowserPhones): Promise<Phase> {
  phones.talk(load.talkers);
  await pause(SETTLE_MS);
  phones.measure();
  const { cpu, seconds } = await measureCpu(server, load.seconds);
  const name = 'phones alone';
  const result: Phase = { name, seconds, browsers: 0, cpu, reports: [], phones: phones.report() };
  faults.push(...printPhase(result).map((fault) => `${name}: ${fault}`));
  return result;
}

async function measureCpu(
  server: CompiledServer,
  seconds: number,
): Promise<Pick<Phase, 'cpu' | 'seconds'>> {
  const before = serverCpu(server.pid);
  const beganAtMs = performance.now();
  await pause(seconds * 1000);
  const cpu = cpuBetween(before, serverCpu(server.pid));
  return { cpu, seconds: (performance.now() - beganAtMs) / 1000 };
}

function planOf(
  load: BrowserLoad,
  room: number,
  url: string,
): Parameters<typeof BrowserRoom.start>[0] {
  const all = Array.from({ length: load.talkers }, (_, talker) => talker);
  const talkers = talkersOf(load, room);
  return {
    url,
    number: numbersOf(load)[room] ?? '',
    pin: PIN,
    legs: load.perRoom,
    talkers,
    foreignTalkers: all.filter((talker) => !talkers.includes(talker)),
    joinEveryMs: JOIN_EVERY_MS * load.rooms,
  };
}

function talkersOf(load: BrowserLoad, room: number): readonly number[] {
  const all = Array.from({ length: load.talkers }, (_, talker) => talker);
  return all.filter((talker) => talker % load.rooms === room);
}

function numbersOf(load: BrowserLoad): readonly string[] {
  return Array.from({ length: load.rooms }, (_, room) => String(70_100 + room));
}

function config(load: BrowserLoad): Readonly<Record<string, unknown>> {
  const numbers = numbersOf(load);
  const trunk = { name: 'load', allowFrom: ['127.0.0.1'], onNet: true };
  return {
    trunks: [{ ...trunk, maxCalls: 5000, callsPerSecond: 5000 }],
    accessNumbers: numbers.map((number) => ({ number, room: number, requirePin: false })),
    permanentRooms: numbers.map((number) => ({
      number,
      pin: PIN,
      maxParticipants: load.perRoom * 2 + 10,
      announcements: 'off',
    })),
    webrtc: {
      port: webRtcPort(),
      addresses: ['127.0.0.1'],
      connectionsPerAddress: 5000,
      callsPerMinutePerAddress: 5000,
    },
  };
}
