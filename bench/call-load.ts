import { cpuBetween, serverCpu } from './browser-cpu.ts';
import type { ServerCpu } from './browser-cpu.ts';
import type { CompiledServer, ServerOptions } from './compiled-server.ts';
import { scrape } from './server-figures.ts';
import type { ScrapedFigures } from './server-figures.ts';
import { callBySipp } from './sipp-calls.ts';
import type { SippCount, SippLoad } from './sipp-calls.ts';

/** What calls came to, and what they cost the server. */
export interface CallCost {
  readonly sipp: SippCount;
  readonly callsPerSecond: number;
  readonly cpu: ServerCpu;
  /** Messages that the server sent once more, messages that came once more, and calls it refused as too many. */
  readonly weSentAgain: number;
  readonly cameAgain: number;
  readonly refused: number;
}

/** The number that calls go to: the menu. */
export const CALLED = '908';
/** The server has one processor, sipp the other. */
export const SERVER_PROCESSOR = 0;
export const SIPP_PROCESSOR = 1;

/** Before whatever else the machine does, and behind the threads that mix. */
const NICENESS = -5;

/** CPU time of a call on the main thread, in ms. */
export const CPU_LIMIT_MS = 0.7;

/** A server for calls by thousands. */
export function callServerOptions(): ServerOptions {
  const trunk = { name: 'load', allowFrom: ['127.0.0.1'], onNet: true };
  return {
    processor: SERVER_PROCESSOR,
    niceness: NICENESS,
    logLevel: 'info',
    config: {
      trunks: [{ ...trunk, maxCalls: 10_000, callsPerSecond: 5000 }],
      limits: { maxCalls: 10_000 },
      media: { portRange: [12_000, 31_999], workers: 1 },
    },
  };
}

/** Makes calls, and measures the server from the first to the end of the last. */
export async function measureCallCost(
  server: CompiledServer,
  load: Omit<SippLoad, 'sipPort' | 'number' | 'processor'>,
): Promise<CallCost> {
  const { sipPort, pid } = server;
  const before = { figures: await scrape(server), cpu: serverCpu(pid) };
  const sipp = await callBySipp({ ...load, sipPort, number: CALLED, processor: SIPP_PROCESSOR });
  const cpu = cpuBetween(before.cpu, serverCpu(pid));
  const after = await scrape(server);
  const grown = (name: string): number => figure(after, name) - figure(before.figures, name);
  return {
    sipp,
    callsPerSecond: load.callsPerSecond,
    cpu,
    weSentAgain: grown('konfa_sip_retransmissions_sent_total'),
    cameAgain: grown('konfa_sip_retransmissions_received_total'),
    refused: grown('konfa_sip_overload_refusals_total'),
  };
}

/** A figure of the page, or 0. */
export function figure({ metrics }: ScrapedFigures, name: string): number {
  return metrics.get(name) ?? 0;
}

/** CPU time per call in ms: of the main thread, and of all threads. */
export function perCall({ sipp, cpu }: CallCost): {
  readonly mainMs: number;
  readonly allMs: number;
} {
  const calls = Math.max(1, sipp.calls);
  return { mainMs: (cpu.main / calls) * 1000, allMs: (cpu.total / calls) * 1000 };
}

/** What went wrong with calls, each in a few words. */
export function faultsOf(cost: CallCost): readonly string[] {
  const { sipp, weSentAgain, refused } = cost;
  const faults: string[] = [];
  if (sipp.failed > 0 || sipp.successful !== sipp.calls) {
    const why = refused > 0 ? `, ${refused} refused as too many` : '';
    faults.push(`${sipp.successful} of ${sipp.calls} calls complete${why}; ${sipp.complaint}`);
  }
  if (sipp.sentAgain > 0) faults.push(`sipp sent ${sipp.sentAgain} requests again`);
  if (weSentAgain > 0) faults.push(`the server sent ${weSentAgain} messages again`);
  return faults;
}

/** One line about calls: what became of them, what was sent again and by whom. */
export function countText({ sipp, callsPerSecond, weSentAgain, cameAgain }: CallCost): string {
  const complete = `${sipp.successful} of ${sipp.calls} calls at ${callsPerSecond} per s complete, ${sipp.failed} failed`;
  // What came again was known: our answer was late or lost. The rest of what was sent again never came.
  const again = `sent again: ${sipp.sentAgain} by sipp (${cameAgain} known to us), ${weSentAgain} by us (limit 0)`;
  return `${complete}; ${again}`;
}
