import { setPriority } from 'node:os';
import { measureBrowsers } from './browsers.ts';
import { measureCallRate } from './calls.ts';
import { measureFloor, measureKonfa } from './call-mix.ts';
import type { Result } from './call-mix.ts';
import { measurePanel } from './panel-load.ts';
import { measurePanelWithCalls } from './panel-with-calls.ts';

// `npm run bench`: phones of our own in full rooms, the server's CPU per user, loss, added delay and levels; and the
// same load on a plain receive-and-send loop in the same run, so that the ratio travels between machines. Then the
// panel: how long it takes to answer, and what becomes of the calls meanwhile. `npm run bench -- panel`: it alone.
// `npm run bench -- browsers`: headless browsers, alone and among telephones, without the rest.
// `npm run bench -- calls`: signalling by sipp, 300 calls a second and more; --seconds 60 is all of it.
// Options: --rooms 8 (of browsers 2) --per-room 30 --seconds 10 --talkers 3 (browsers only, in all rooms together).

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

const rooms = option('rooms', process.argv.includes('browsers') ? 2 : 8);
const perRoom = option('per-room', 30);
const seconds = option('seconds', process.argv.includes('calls') ? 15 : 10);
const base = { rooms, perRoom, seconds };

if (process.argv.includes('browsers')) {
  tellFaults(await measureBrowsers({ ...base, talkers: option('talkers', 3) }));
} else if (process.argv.includes('calls')) tellFaults(await measureCallRate(base));
else await callsAndPanel();

function tellFaults(faults: readonly string[]): void {
  for (const fault of faults) process.stdout.write(`fault: ${fault}\n`);
  if (faults.length > 0) process.exitCode = 1;
}

async function callsAndPanel(): Promise<void> {
  if (!process.argv.includes('panel')) await measureCalls();
  await measurePanel();
  await measurePanelWithCalls({ ...base, name: 'with panel', talkers: 3, entry: 'straight' });
}

async function measureCalls(): Promise<void> {
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
}

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
