import { CPU_LIMIT_MS, SERVER_PROCESSOR, callServerOptions, countText } from './call-load.ts';
import { faultsOf, measureCallCost, perCall } from './call-load.ts';
import type { CallCost } from './call-load.ts';
import { measureCallsBesidePhones } from './calls-with-phones.ts';
import { withCompiledServer } from './compiled-server.ts';
import { leaksBetween, lookAt, restText, untilAtRest } from './call-leaks.ts';
import { whileAwake } from './keep-awake.ts';
import { pause } from './load-calls.ts';
import { scrape } from './server-figures.ts';
import { silentServerOptions } from './silent-options.ts';
import { measureStandingCalls } from './standing-calls.ts';

/** How much. */
export interface CallBenchLoad {
  /** Of the calls that are measured at 300 per second. */
  readonly seconds: number;
  readonly rooms: number;
  readonly perRoom: number;
}

const CALLS_PER_SECOND = 300;
const HOLD_MS = 1000;
const WARM_UP_CALLS = 3000;
/** Calls after which a server must be what it was. */
const LEAK_CALLS = 50_000;
/** What transactions keep for 32 s stays within `sip.limits.transactions`. */
const HASTE_PER_SECOND = 500;
/** All of it takes about four minutes by default; whatever hangs ends here. */
const LONGEST_MS = 900_000;

/**
 * Signalling under load, by sipp: 300 calls per second on one processor with media and without, with more and more
 * calls that stand, what is left of 50,000 calls, and phones that talk meanwhile. Returns what is not as it must be.
 */
export async function measureCallRate(load: CallBenchLoad): Promise<readonly string[]> {
  const deadline = setTimeout(() => {
    process.stderr.write(`the bench of calls is not over after ${LONGEST_MS / 1000} s\n`);
    process.exit(1);
  }, LONGEST_MS);
  const faults: string[] = [];
  try {
    await withCompiledServer(silentServerOptions(), async (server) => {
      print(`calls by sipp, server on one processor, info log, session timers offered`);
      const warmUp = { calls: WARM_UP_CALLS, callsPerSecond: CALLS_PER_SECOND, holdMs: 100 };
      await measureCallCost(server, warmUp);
      faults.push(...(await withMedia(load)));
      await untilAtRest(server);
      const before = await lookAt(server);

      const silent = await measureCallCost(server, burst(load));
      faults.push(...tellCost('without media', silent, 'limited'));
      const awake = await whileAwake(SERVER_PROCESSOR, () => measureCallCost(server, burst(load)));
      faults.push(...tellCost('processor kept awake', awake, 'limited'));
      const standing = await measureStandingCalls(server);
      faults.push(...standing.faults);
      const made = silent.sipp.calls + awake.sipp.calls + standing.calls;
      faults.push(...(await makeUp(server, LEAK_CALLS - made)));
      faults.push(...(await measureCallsBesidePhones(load)));
      await untilAtRest(server);
      const after = await lookAt(server);
      print(`what is left of ${Math.max(made, LEAK_CALLS)} calls: ${restText(before, after)}`);
      faults.push(...leaksBetween(before, after));
    });
  } finally {
    clearTimeout(deadline);
  }
  return faults;
}

function burst({ seconds }: CallBenchLoad): Parameters<typeof measureCallCost>[1] {
  const calls = CALLS_PER_SECOND * seconds;
  return { calls, callsPerSecond: CALLS_PER_SECOND, holdMs: HOLD_MS };
}

/** The product as it is: each call has an RTP socket and hears the menu. */
async function withMedia(load: CallBenchLoad): Promise<readonly string[]> {
  return withCompiledServer(callServerOptions(), async (server) => {
    await measureCallCost(server, { calls: 600, callsPerSecond: 200, holdMs: HOLD_MS });
    const before = await scrape(server);
    const cost = await measureCallCost(server, burst(load));
    const faults = tellCost('with media', cost, 'told');
    await pause(HOLD_MS);
    const after = await scrape(server);
    print(`  sockets and files: ${before.files} before, ${after.files} after`);
    if (after.files > before.files) {
      return [...faults, `with media: ${after.files - before.files} sockets or files more`];
    }
    return faults;
  });
}

/** The limit is one of signalling: with media the main thread also waits for the processor's caches. */
function tellCost(name: string, cost: CallCost, limit: 'limited' | 'told'): readonly string[] {
  const { mainMs, allMs } = perCall(cost);
  const main = `main thread ${mainMs.toFixed(3)} ms per call (limit ${CPU_LIMIT_MS})`;
  print(`${name.padEnd(20)} ${countText(cost)}`);
  print(`  ${main}, all threads ${allMs.toFixed(3)} ms`);
  const faults = faultsOf(cost).map((fault) => `${name}: ${fault}`);
  if (limit === 'told' || mainMs <= CPU_LIMIT_MS) return faults;
  return [...faults, `${name}: ${mainMs.toFixed(3)} ms of CPU per call`];
}

/** Makes the calls that are missing. */
async function makeUp(
  server: Parameters<typeof measureCallCost>[0],
  calls: number,
): Promise<readonly string[]> {
  if (calls <= 0) return [];
  const rate = { callsPerSecond: HASTE_PER_SECOND, holdMs: 100 };
  return tellCost('in haste', await measureCallCost(server, { ...rate, calls }), 'told');
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
