import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** A program that runs, and what it printed. */
export interface Child {
  /** What has come out so far. */
  readonly stdout: () => string;
  readonly stderr: () => string;
  /** Comes back when both streams together match; rejects when the program ends first or 40 s are over. */
  until(pattern: RegExp): Promise<void>;
  signal(name: NodeJS.Signals): void;
  /** The exit code, null when a signal ended it. */
  readonly exited: Promise<number | null>;
}

/** Longest wait for anything: far more than is needed on a slow machine. */
const PATIENCE_MS = 40_000;

/** Runs a TypeScript file through tsx, in `folder`. It does not outlive this process. */
export function runScript(script: URL, args: readonly string[], folder: string): Child {
  return runNode(['--import', import.meta.resolve('tsx'), fileURLToPath(script), ...args], folder);
}

/** Runs Node with these arguments, in `folder`. */
export function runNode(args: readonly string[], folder: string): Child {
  const child = spawn(process.execPath, args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  const kill = (): void => void child.kill('SIGKILL');
  process.once('exit', kill);
  const output = { stdout: '', stderr: '' };
  const watchers = new Set<() => void>();
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (piece: string) => {
      output[name] += piece;
      for (const watcher of watchers) watcher();
    });
  }
  const exited = new Promise<number | null>((resolve) => {
    child.once('close', (code) => {
      process.off('exit', kill);
      resolve(code);
    });
  });
  return {
    stdout: () => output.stdout,
    stderr: () => output.stderr,
    exited,
    signal: (name) => void child.kill(name),
    until: (pattern) =>
      new Promise((resolve, reject) => {
        const fail = (why: string) => (): void => {
          reject(new Error(`${why} ${String(pattern)}:\n${output.stdout}\n${output.stderr}`));
        };
        const timer = setTimeout(fail('never saw'), PATIENCE_MS);
        const look = (): void => {
          if (!pattern.test(`${output.stdout}\n${output.stderr}`)) return;
          clearTimeout(timer);
          watchers.delete(look);
          resolve();
        };
        watchers.add(look);
        look();
        void exited.then(fail('ended before')).then(() => clearTimeout(timer));
      }),
  };
}
