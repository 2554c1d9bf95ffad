import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { SILENCE_DBOV, toneLevelDb } from '../tests/support/tones.ts';
import { cpuSeconds, withCompiledServer } from './compiled-server.ts';
import type { CompiledServer } from './compiled-server.ts';
import { LoadCalls, pause } from './load-calls.ts';
import { LoadUser } from './load-user.ts';
import type { RoomMarker } from './load-user.ts';
import { sendRegularly } from './regular-sender.ts';

const PIN = '24680';
const CALLS_PER_SECOND = 60;

/** Phones in rooms. `entry`: `floor` is not Konfa, but a loop that receives and sends. */
export interface Load {
  readonly name: string;
  readonly rooms: number;
  readonly perRoom: number;
  readonly talkers: number;
  readonly seconds: number;
  readonly entry: 'straight' | 'menu' | 'floor';
}

/** What a load cost, and what the phones heard. */
export interface Result {
  readonly load: Load;
  readonly cpuMicroseconds: number;
  readonly lost: number;
  readonly packets: number;
  readonly delayP50Ms: number;
  readonly delayP95Ms: number;
  readonly worstLevelDb: number;
  readonly worstOwnDb: number;
}

/** What else is done to the server while the phones talk. */
export interface Company {
  /** Sections of the config besides. */
  readonly config: Readonly<Record<string, unknown>>;
  readonly prepare: (databaseFile: string) => void;
  /** Begins with the time that is measured; what it gives is called at the end of it. */
  readonly begin: (server: CompiledServer) => Promise<() => Promise<void>>;
}

/** Measures the floor. */
export async function measureFloor(load: Load): Promise<Result> {
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', join(import.meta.dirname, 'floor.ts')],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const sipPort = await new Promise<number>((resolve) => {
    child.stdout.once('data', (line: Buffer) => resolve(Number(line.toString())));
  });
  try {
    const server = { sipPort, pid: child.pid ?? 0 };
    return await measure(load, server, async () => async () => undefined);
  } finally {
    child.kill('SIGKILL');
  }
}

/** Measures Konfa, which must have been built. */
export async function measureKonfa(load: Load, company?: Company): Promise<Result> {
  const options = {
    config: { ...config(load), ...company?.config },
    prepare: company?.prepare ?? (() => undefined),
  };
  return withCompiledServer(options, (server) =>
    measure(load, server, async () => (await company?.begin(server)) ?? (async () => undefined)),
  );
}

function config(load: Load): Readonly<Record<string, unknown>> {
  const numbers = Array.from({ length: load.rooms }, (_, room) => roomNumber(room));
  return {
    trunks: [
      { name: 'load', allowFrom: ['127.0.0.1'], onNet: true, maxCalls: 5000, callsPerSecond: 5000 },
    ],
    accessNumbers: [
      { number: '908' },
      ...numbers.map((number) => ({ number, room: number, requirePin: false })),
    ],
    permanentRooms: numbers.map((number) => ({
      number,
      pin: PIN,
      maxParticipants: Math.max(2, load.perRoom),
      announcements: 'off',
    })),
  };
}

function roomNumber(room: number): string {
  return String(70_100 + room);
}

async function measure(
  load: Load,
  { sipPort, pid }: Pick<CompiledServer, 'sipPort' | 'pid'>,
  begin: () => Promise<() => Promise<void>>,
): Promise<Result> {
  const users = await openUsers(load);
  const sending = sendRegularly(users);
  const calls = await LoadCalls.open(sipPort);
  try {
    await calls.place(
      users,
      (user) => (load.entry === 'menu' ? '908' : roomNumber(user.room)),
      CALLS_PER_SECOND,
    );
    if (load.entry === 'menu') await enterByMenu(users);
    await pause(3000);
    for (const user of users) user.measure();
    const end = await begin();
    const cpuBefore = cpuSeconds(pid);
    const startedAtMs = performance.now();
    await markRegularly(load, users);
    const elapsedSeconds = (performance.now() - startedAtMs) / 1000;
    const cpu = cpuSeconds(pid) - cpuBefore;
    await end();
    if (calls.up !== users.length) throw new Error(`only ${calls.up} calls are still up`);
    return evaluate(load, users, (cpu / elapsedSeconds / users.length) * 1e6);
  } finally {
    await calls.end();
    sending.stop();
    for (const user of users) user.close();
  }
}

async function openUsers(load: Load): Promise<readonly LoadUser[]> {
  const markers = Array.from({ length: load.rooms }, (): RoomMarker => ({
    sentAtMs: 0,
    speaker: null,
  }));
  const amplitude = Math.min(8000, 30_000 / Math.max(1, load.talkers));
  const users: LoadUser[] = [];
  for (let index = 0; index < load.rooms * load.perRoom; index += 1) {
    const room = index % load.rooms;
    const seat = Math.floor(index / load.rooms);
    const toneHz = seat < load.talkers ? 305 + 50 * seat : 0;
    const marker = markers[room];
    if (marker !== undefined) users.push(await LoadUser.open({ room, toneHz, amplitude }, marker));
  }
  return users;
}

/** Keys 1, number and PIN, with pauses for the server to speak. */
async function enterByMenu(users: readonly LoadUser[]): Promise<void> {
  for (const user of users) user.press(`ppppp1ppppp${roomNumber(user.room)}ppppp${PIN}`);
  while (users.some((user) => user.isBusy)) await pause(200);
  await pause(2000);
}

/** Once a second one talker of each room, in turn, sends the marker. */
async function markRegularly(load: Load, users: readonly LoadUser[]): Promise<void> {
  for (let second = 0; second < load.seconds; second += 1) {
    // Not in step with the ticks of anybody.
    await pause(970 + ((second * 13) % 60));
    for (let room = 0; room < load.rooms; room += 1) {
      const talkers = users.filter((user) => user.room === room && user.toneHz > 0);
      talkers[second % Math.max(1, talkers.length)]?.mark();
    }
  }
  await pause(500);
}

function evaluate(load: Load, users: readonly LoadUser[], cpuMicroseconds: number): Result {
  const findings = users.map((user) => user.findings());
  const delays = findings.flatMap((finding) => finding.delaysMs).sort((one, other) => one - other);
  const sum = (pick: (finding: (typeof findings)[number]) => number): number =>
    findings.reduce((total, finding) => total + pick(finding), 0);
  return {
    load,
    cpuMicroseconds,
    lost: sum((finding) => finding.lost),
    packets: sum((finding) => finding.packets),
    delayP50Ms: delays[Math.floor(delays.length * 0.5)] ?? 0,
    delayP95Ms: delays[Math.floor(delays.length * 0.95)] ?? 0,
    ...(load.entry === 'floor' ? { worstLevelDb: 0, worstOwnDb: 0 } : levels(load, users)),
  };
}

/** Over 200 ms without a marker, at every listener: each other talker's level against what was sent, and the own tone. */
function levels(
  load: Load,
  users: readonly LoadUser[],
): { readonly worstLevelDb: number; readonly worstOwnDb: number } {
  const sentDb = 20 * Math.log10(Math.min(8000, 30_000 / load.talkers) / 32_768);
  let worstLevelDb = 0;
  let worstOwnDb = SILENCE_DBOV;
  for (const user of users) {
    const window = user.heard().slice(-1600);
    for (const other of users) {
      if (other.room !== user.room || other.toneHz === 0) continue;
      const offDb = toneLevelDb(window, other.toneHz) - sentDb;
      if (other === user) worstOwnDb = Math.max(worstOwnDb, offDb);
      else if (Math.abs(offDb) > Math.abs(worstLevelDb)) worstLevelDb = offDb;
    }
  }
  return { worstLevelDb, worstOwnDb };
}
