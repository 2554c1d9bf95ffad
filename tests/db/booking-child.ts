import { spawn, type ChildProcessByStdio } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';

/** What a booking process did until it ended. */
export interface BookingReport {
  /** Whole lines only: one that was cut off by the end was never given. */
  readonly lines: readonly string[];
  readonly signal: NodeJS.Signals | null;
  readonly exitCode: number | null;
  readonly complaints: string;
}

/** A process that books, from outside. */
export interface BookingChild {
  /** Resolves once it is ready to book, or has ended. */
  readonly ready: Promise<void>;
  /** Lets it book. */
  begin(): void;
  /** Resolves once it has given so many answers, or has ended. */
  answered(count: number): Promise<void>;
  kill(): void;
  readonly ended: Promise<BookingReport>;
}

const PROGRAM = fileURLToPath(new URL('booking-process.ts', import.meta.url));

/** Starts `booking-process.ts` up to where it is ready. */
export function startBooking(
  file: string,
  count: number,
  profiles: 'own' | 'shared',
): BookingChild {
  const child = spawn(process.execPath, ['--import', 'tsx', PROGRAM, file, `${count}`, profiles], {
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let text = '';
  let complaints = '';
  const waiting: { readonly count: number; readonly resolve: () => void }[] = [];
  const lines = (): readonly string[] => text.split('\n').slice(0, -1);
  const release = (upTo: number): void => {
    for (const waiter of waiting) if (waiter.count <= upTo) waiter.resolve();
  };
  const said = (lineCount: number): Promise<void> =>
    new Promise((resolve) => {
      waiting.push({ count: lineCount, resolve });
      release(lines().length);
    });
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
    release(lines().length);
  });
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    complaints += chunk;
  });
  const ended = endOf(child).then(({ exitCode, signal }) => {
    release(Number.POSITIVE_INFINITY);
    return { lines: lines().slice(1), signal, exitCode, complaints };
  });
  // A child that has ended reads no more: its report tells why.
  child.stdin.on('error', () => {});
  return {
    ready: said(1),
    begin: () => child.stdin.end('.'),
    answered: (answers) => said(answers + 1),
    kill: () => child.kill('SIGKILL'),
    ended,
  };
}

type Child = ChildProcessByStdio<Writable, Readable, Readable>;

function endOf(child: Child): Promise<{ exitCode: number | null; signal: NodeJS.Signals | null }> {
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    // 'close' comes after the last of its output has been read.
    child.on('close', (exitCode, signal) => resolve({ exitCode, signal }));
  });
}
