import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { setPriority, tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, mediaPortRange } from '../tests/support/free-ports.ts';
import { SILENCE_DBOV, toneLevelDb } from '../tests/support/tones.ts';
import { LoadCalls, pause } from './load-calls.ts';
import { LoadUser } from './load-user.ts';
import type { RoomMarker } from './load-user.ts';

// `npm run bench`: phones of our own in full rooms, the server's CPU per user, loss, added delay and levels; and the
// same load on a plain receive-and-send loop in the same run, so that the ratio travels between machines.
// Options: --rooms 8 --per-room 30 --seconds 10.

const PIN = '24680';
const CALLS_PER_SECOND = 60;
const SLOTS = 20;
/** Ticks of the process clock in /proc: 100 per second on every Linux. */
const CLOCK_TICKS = 100;

interface Load {
  readonly name: string;
  readonly rooms: number;
  readonly perRoom: number;
  readonly talkers: number;
  readonly seconds: number;
  readonly entry: 'straight' | 'menu' | 'floor';
}

interface Result {
  readonly load: Load;
  readonly cpuMicroseconds: number;
  readonly lost: number;
  readonly packets: number;
  readonly delayP50Ms: number;
  readonly delayP95Ms: number;
  readonly worstLevelDb: number;
  readonly worstOwnDb: number;
}

function option(name: string, value: number): number {
  const at = process.argv.indexOf(`--${name}`);
  const given = at < 0 ? value : Number(process.argv[at + 1]);
  if (!Number.isInteger(given) || given < 1 || given > 1000)
    throw new Error(`--${name}: 1 to 1000`);
  return given;
}

try {
  // A generator that is late sends bursts, and a server's jitter buffer then grows: that would read as its delay.
  setPriority(0, -20);
} catch {
  process.stdout.write('not run as root: delays may be those of this generator\n');
}

const rooms = option('rooms', 8);
const perRoom = option('per-room', 30);
const seconds = option('seconds', 10);
const base = { rooms, perRoom, seconds };

const results: Result[] = [];
const floor = await measureFloor({ ...base, name: 'floor', talkers: 0, entry: 'floor' });
for (const [name, talkers, entry] of [
  ['3 talkers', 3, 'straight'],
  ['all talk', perRoom, 'straight'],
  ['by menu', 3, 'menu'],
] as const) {
  results.push(await measureKonfa({ ...base, name, talkers, entry }));
}
report(floor, results);
await import('./sip-parse.ts');

function report(floorResult: Result, all: readonly Result[]): void {
  const lines = all.map((result) => {
    const ratio = result.cpuMicroseconds / floorResult.cpuMicroseconds;
    return [
      result.load.name.padEnd(10),
      `${result.cpuMicroseconds.toFixed(0)} us per user per s`,
      `${ratio.toFixed(2)} x the floor`,
      `lost ${result.lost} of ${result.packets}`,
      `delay p50 ${result.delayP50Ms.toFixed(1)} p95 ${result.delayP95Ms.toFixed(1)} ms`,
      `level off by ${result.worstLevelDb.toFixed(2)} dB at most`,
      `own tone ${result.worstOwnDb.toFixed(0)} dB`,
    ].join('; ');
  });
  process.stdout.write(
    [
      `${rooms} rooms of ${perRoom}, ${seconds} s each`,
      `floor      ${floorResult.cpuMicroseconds.toFixed(0)} us per user per s (receive and send, nothing else)`,
      ...lines,
      '',
    ].join('\n'),
  );
}

async function measureFloor(load: Load): Promise<Result> {
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', join(import.meta.dirname, 'floor.ts')],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const sipPort = await new Promise<number>((resolve) => {
    child.stdout.once('data', (line: Buffer) => resolve(Number(line.toString())));
  });
  try {
    return await measure(load, sipPort, child);
  } finally {
    child.kill('SIGKILL');
  }
}

async function measureKonfa(load: Load): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), 'konfa-bench-'));
  const sipPort = await freePort();
  const file = join(folder, 'config.json');
  writeFileSync(file, JSON.stringify(config(load, sipPort, folder)));
  const child = spawn(
    process.execPath,
    [join(import.meta.dirname, '../dist/server/main.js'), 'serve', '--config', file],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  try {
    await new Promise<void>((resolve, reject) => {
      child.stdout.once('data', () => resolve());
      child.once('exit', () => reject(new Error('the server did not start; run npm run build')));
    });
    return await measure(load, sipPort, child);
  } finally {
    child.kill('SIGKILL');
    rmSync(folder, { recursive: true });
  }
}

function config(load: Load, sipPort: number, folder: string): unknown {
  const numbers = Array.from({ length: load.rooms }, (_, room) => roomNumber(room));
  return {
    sip: { listen: [{ transport: 'udp', host: '127.0.0.1', port: sipPort }] },
    http: { listen: { port: 0 } },
    media: { portRange: mediaPortRange() },
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
    database: { file: join(folder, 'konfa.db') },
    log: { level: 'error' },
  };
}

function roomNumber(room: number): string {
  return String(70_100 + room);
}

async function measure(load: Load, sipPort: number, server: ChildProcess): Promise<Result> {
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
    const cpuBefore = cpuSeconds(server.pid ?? 0);
    const startedAtMs = performance.now();
    await markRegularly(load, users);
    const elapsedSeconds = (performance.now() - startedAtMs) / 1000;
    const cpu = cpuSeconds(server.pid ?? 0) - cpuBefore;
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

/** Users send in 20 phases a millisecond apart. While the thread sleeps, packets pile up and cost less to read. */
function sendRegularly(users: readonly LoadUser[]): { stop(): void } {
  const sleeper = new Int32Array(new SharedArrayBuffer(4));
  let state: 'running' | 'stopped' = 'running';
  let slot = 0;
  const zeroMs = performance.now();
  const turn = (): void => {
    if (state === 'stopped') return;
    while (performance.now() >= zeroMs + slot) {
      for (let at = slot % SLOTS; at < users.length; at += SLOTS) users[at]?.send();
      slot += 1;
    }
    const waitMs = zeroMs + slot - performance.now();
    if (waitMs > 0) Atomics.wait(sleeper, 0, 0, waitMs);
    setImmediate(turn);
  };
  setImmediate(turn);
  return {
    stop() {
      state = 'stopped';
    },
  };
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

/** User and system time of a process with all its threads. */
function cpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) / CLOCK_TICKS;
}
