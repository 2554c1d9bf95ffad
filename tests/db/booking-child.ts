import { spawn, type ChildProcessByStdio } from 'node:child_process';
import type { Readable } from 'node:stream';
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
  /** Resolves once it has given so many answers, or has ended. */
  answered(count: number): Promise<void>;
  kill(): void;
  readonly ended: Promise<BookingReport>;
}

const PROGRAM = fileURLToPath(new URL('booking-process.ts', import.meta.url));

/** Starts `booking-process.ts`; its first line, `ready`, does not count as an answer. */
export function startBooking(file: string, count: number, profile: string): BookingChild {
  const child = spawn(process.execPath, ['--import', 'tsx', PROGRAM, file, `${count}`, profile], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  let complaints = '';
  const waiting: { readonly count: number; readonly resolve: () => void }[] = [];
  const given = (): readonly string[] => text.split('\n').slice(0, -1);
  const lines = (): readonly string[] => given().filter((line) => line !== 'ready');
  const release = (upTo: number): void => {
    for (const waiter of waiting) if (waiter.count <= upTo) waiter.resolve();
  };
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
    release(lines().length);
  });
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    complaints += chunk;
  });
  const ended = endOf(child).then(({ exitCode, signal }) => {
    release(Number.POSITIVE_INFINITY);
    return { lines: lines(), signal, exitCode, complaints };
  });
  return {
    answered: (answers) =>
      new Promise((resolve) => {
        waiting.push({ count: answers, resolve });
        release(lines().length);
      }),
    kill: () => child.kill('SIGKILL'),
    ended,
  };
}

type Child = ChildProcessByStdio<null, Readable, Readable>;

function endOf(child: Child): Promise<{ exitCode: number | null; signal: NodeJS.Signals | null }> {
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    // 'close' comes after the last of its output has been read.
    child.on('close', (exitCode, signal) => resolve({ exitCode, signal }));
  });
}
