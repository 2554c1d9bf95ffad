import { CALLED, SIPP_PROCESSOR, faultsOf, figure, measureCallCost, perCall } from './call-load.ts';
import type { CompiledServer } from './compiled-server.ts';
import { pause } from './load-calls.ts';
import { scrape } from './server-figures.ts';
import { callBySipp } from './sipp-calls.ts';
import type { SippCount } from './sipp-calls.ts';

/** Calls that stand while others are set up and ended, and how long each lot stands: until all is measured. */
const LOTS = [
  { upTo: 100, callsPerSecond: 100, holdMs: 62_000 },
  { upTo: 1000, callsPerSecond: 450, holdMs: 48_000 },
  { upTo: 5000, callsPerSecond: 500, holdMs: 30_000 },
] as const;
const PASSING = { calls: 1600, callsPerSecond: 200, holdMs: 500 } as const;
const LOOK_EVERY_MS = 250;
const LONGEST_WAIT_MS = 60_000;
/** What the CPU per call may grow by from the first lot to the last. */
const RATIO_LIMIT = 1.2;

/**
 * What a call costs while 100, 1,000 and 5,000 others stand, each with a session timer. The calls themselves are counted,
 * for whoever looks for leaks afterwards.
 */
export async function measureStandingCalls(
  server: CompiledServer,
): Promise<{ readonly faults: readonly string[]; readonly calls: number }> {
  const faults: string[] = [];
  const costsMs: { readonly mainMs: number; readonly allMs: number }[] = [];
  const lots: Promise<SippCount>[] = [];
  let standing = 0;
  for (const { upTo, callsPerSecond, holdMs } of LOTS) {
    const { sipPort } = server;
    const lot = { calls: upTo - standing, callsPerSecond, holdMs };
    lots.push(callBySipp({ ...lot, sipPort, number: CALLED, processor: SIPP_PROCESSOR }));
    standing = upTo;
    await untilStanding(server, upTo);
    const cost = await measureCallCost(server, PASSING);
    faults.push(...faultsOf(cost).map((fault) => `beside ${upTo} calls: ${fault}`));
    const left = figure(await scrape(server), 'konfa_sip_dialogs');
    if (left < upTo) faults.push(`${upTo - left} of ${upTo} standing calls ended too early`);
    costsMs.push(perCall(cost));
  }
  const counts = await Promise.all(lots);
  for (const { calls, successful, complaint } of counts) {
    if (successful !== calls) faults.push(`${successful} of ${calls} stood; ${complaint}`);
  }
  faults.push(...tell(costsMs));
  return { faults, calls: standing + PASSING.calls * LOTS.length };
}

function tell(
  costsMs: readonly { readonly mainMs: number; readonly allMs: number }[],
): readonly string[] {
  const lots = LOTS.map(({ upTo }, index) => {
    const { mainMs = 0, allMs = 0 } = costsMs[index] ?? {};
    return `${upTo}: ${mainMs.toFixed(3)} ms (all threads ${allMs.toFixed(3)})`;
  });
  const ratio = (costsMs.at(-1)?.mainMs ?? 0) / (costsMs[0]?.mainMs ?? 1);
  const ratioText = `${ratio.toFixed(2)} times as much at the last (limit ${RATIO_LIMIT})`;
  process.stdout.write(
    `CPU per call on the main thread beside standing calls, ${lots.join('; ')}: ${ratioText}\n`,
  );
  return ratio <= RATIO_LIMIT ? [] : [`a call costs ${ratioText}`];
}

async function untilStanding(server: CompiledServer, calls: number): Promise<void> {
  for (let waitedMs = 0; waitedMs < LONGEST_WAIT_MS; waitedMs += LOOK_EVERY_MS) {
    await pause(LOOK_EVERY_MS);
    if (figure(await scrape(server), 'konfa_sip_dialogs') >= calls) return;
  }
}
