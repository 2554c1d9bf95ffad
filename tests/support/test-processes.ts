import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import type { TestFile } from './test-files.ts';

/** What became of one file of tests. */
export interface Ending {
  readonly path: string;
  readonly tookMs: number;
  /** Standard output and standard error as they came, cut at the front when there is too much. */
  readonly output: string;
  readonly ending:
    | { readonly type: 'exited'; readonly code: number }
    | { readonly type: 'killed'; readonly signal: string }
    | { readonly type: 'timed-out'; readonly limitMs: number };
}

/** How a run is made. */
export interface RunOptions {
  readonly workingFolder: string;
  /** For files that state no limit of their own. */
  readonly timeLimitMs: number;
  /** How many files run at a time, except those that run alone. */
  readonly atOnce: number;
  /** Told of each file as it ends. */
  finished(ending: Ending): void;
}

/** More output than this of one file is cut. */
const MOST_OUTPUT_CHARACTERS = 1_000_000;
/** How long a process that has been killed may take to close its pipes. */
const CLOSING_TIME_MS = 2000;

/** Runs each file in a process of its own: first those that may share the machine, then the others one by one. */
export async function runTestFiles(
  files: readonly TestFile[],
  options: RunOptions,
): Promise<readonly Ending[]> {
  const running = new Set<ChildProcess>();
  const stop = (): void => {
    for (const child of running) killGroup(child);
    process.exit(130);
  };
  process.once('SIGINT', stop).once('SIGTERM', stop);

  const shared = files.filter((file) => file.company === 'shared');
  const alone = files.filter((file) => file.company === 'alone');
  const endings = [
    ...(await takeTurns(shared, options, running)),
    ...(await takeTurns(alone, { ...options, atOnce: 1 }, running)),
  ];

  process.off('SIGINT', stop).off('SIGTERM', stop);
  return endings;
}

async function takeTurns(
  files: readonly TestFile[],
  options: RunOptions,
  running: Set<ChildProcess>,
): Promise<readonly Ending[]> {
  const waiting = [...files];
  const endings: Ending[] = [];
  async function lane(): Promise<void> {
    for (let file = waiting.shift(); file !== undefined; file = waiting.shift()) {
      const ending = await runFile(file, options, running);
      endings.push(ending);
      options.finished(ending);
    }
  }
  await Promise.all(Array.from({ length: options.atOnce }, lane));
  return endings;
}

/** The child leads a process group of its own, so that what it started ends with it. */
function runFile(file: TestFile, options: RunOptions, running: Set<ChildProcess>): Promise<Ending> {
  const limitMs = file.timeLimitMs ?? options.timeLimitMs;
  const startedAtMs = performance.now();
  const child = spawn(process.execPath, ['--import', 'tsx', file.path], {
    cwd: options.workingFolder,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  const output = collectOutput(child);

  return new Promise((resolve) => {
    let timedOut: 'timed-out' | 'in-time' = 'in-time';
    let exit: { code: number | null; signal: string | null } = { code: null, signal: null };
    const timer = setTimeout(() => {
      timedOut = 'timed-out';
      killGroup(child);
      setTimeout(end, CLOSING_TIME_MS).unref();
    }, limitMs);

    function end(): void {
      clearTimeout(timer);
      running.delete(child);
      resolve({
        path: file.path,
        tookMs: performance.now() - startedAtMs,
        output: output(),
        ending:
          timedOut === 'timed-out'
            ? { type: 'timed-out', limitMs }
            : exit.signal === null
              ? { type: 'exited', code: exit.code ?? 1 }
              : { type: 'killed', signal: exit.signal },
      });
    }
    child.once('error', end);
    child.once('close', (code, signal) => {
      exit = { code, signal };
      end();
    });
  });
}

function collectOutput(child: ChildProcess): () => string {
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (piece: string) => {
      text = (text + piece).slice(-MOST_OUTPUT_CHARACTERS);
    });
  }
  return () => text;
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // The group has ended by itself in the meantime.
  }
}
