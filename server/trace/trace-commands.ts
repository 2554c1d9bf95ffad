import type { TraceBook } from './trace-book.ts';

/** The commands `trace` and `trace-list` of the control socket. */
export function traceCommands(
  book: TraceBook,
): Readonly<Record<'trace' | 'trace-list', (args: unknown) => Promise<unknown>>> {
  throw new Error(String(book));
}
