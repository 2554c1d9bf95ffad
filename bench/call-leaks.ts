import { figure } from './call-load.ts';
import type { CompiledServer } from './compiled-server.ts';
import { pause } from './load-calls.ts';
import { askProcess, scrape } from './server-figures.ts';
import type { ProcessFigures } from './server-figures.ts';

/** What a server without calls holds. */
export interface Holdings extends ProcessFigures {
  readonly files: number;
  readonly transactions: number;
  readonly dialogs: number;
  readonly calls: number;
}

/**
 * Transactions forget their requests after 64*T1 of RFC 3261, 32 s. A call whose ACK was lost takes as long before we end
 * it, and our BYE as long again where sipp is gone.
 */
const LONGEST_REST_MS = 75_000;
const LOOK_EVERY_MS = 1000;

/** A heap is never quite the same: caches of the engine and of the database come and go. */
const HEAP_LIMIT_BYTES = 2_000_000;
const MEGABYTE = 1e6;

const COUNTS = ['files', 'handles', 'timers', 'transactions', 'dialogs', 'calls'] as const;

/** Comes back when no call, dialog or transaction is left, or when it has taken too long. */
export async function untilAtRest(server: CompiledServer): Promise<void> {
  for (let waitedMs = 0; waitedMs < LONGEST_REST_MS; waitedMs += LOOK_EVERY_MS) {
    const figures = await scrape(server);
    const names = ['konfa_calls', 'konfa_sip_dialogs', 'konfa_sip_transactions'];
    if (names.every((name) => figure(figures, name) === 0)) return;
    await pause(LOOK_EVERY_MS);
  }
}

/** Looks at a server that `bench/silent-server.ts` runs. */
export async function lookAt(server: CompiledServer): Promise<Holdings> {
  const figures = await scrape(server);
  return {
    ...(await askProcess(server)),
    files: figures.files,
    transactions: figure(figures, 'konfa_sip_transactions'),
    dialogs: figure(figures, 'konfa_sip_dialogs'),
    calls: figure(figures, 'konfa_calls'),
  };
}

/** What was held before and after, in one line. */
export function restText(before: Holdings, after: Holdings): string {
  const counts = COUNTS.map((name) => `${name} ${before[name]} and ${after[name]}`);
  const size = (bytes: number): string => (bytes / MEGABYTE).toFixed(2);
  return [
    ...counts,
    `heap ${size(before.heapBytes)} and ${size(after.heapBytes)} MB (limit + ${size(HEAP_LIMIT_BYTES)})`,
    `buffers ${size(before.bufferBytes)} and ${size(after.bufferBytes)} MB`,
  ].join(', ');
}

/** What there is more of than before. */
export function leaksBetween(before: Holdings, after: Holdings): readonly string[] {
  const faults = COUNTS.filter((name) => after[name] > before[name]).map(
    (name) => `left behind: ${after[name] - before[name]} ${name}`,
  );
  const heapBytes = after.heapBytes + after.bufferBytes - before.heapBytes - before.bufferBytes;
  if (heapBytes <= HEAP_LIMIT_BYTES) return faults;
  return [...faults, `left behind: ${(heapBytes / MEGABYTE).toFixed(2)} MB of memory`];
}
