import { figure } from './call-load.ts';
import type { CompiledServer } from './compiled-server.ts';
import { askProcess, scrape } from './server-figures.ts';
import type { ProcessFigures } from './server-figures.ts';

/** What a server without calls holds. */
export interface Holdings extends ProcessFigures {
  readonly files: number;
  readonly transactions: number;
  readonly dialogs: number;
  readonly calls: number;
}

/** After this transactions have forgotten their requests: 64*T1 of RFC 3261, and a little. */
export const REST_MS = 34_000;

/** A heap is never quite the same: caches of the engine and of the database come and go. */
const HEAP_LIMIT_BYTES = 2_000_000;
const MEGABYTE = 1e6;

const COUNTS = ['files', 'handles', 'timers', 'transactions', 'dialogs', 'calls'] as const;

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
