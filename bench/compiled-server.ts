import { spawn } from 'node:child_process';
import type { ChildProcess, StdioOptions } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { setPriority, tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, mediaPortRange, webRtcPort } from '../tests/support/free-ports.ts';

/** The compiled server in a process and a folder of its own. */
export interface CompiledServer {
  readonly process: ChildProcess;
  readonly pid: number;
  readonly sipPort: number;
  /** Where the panel is, without a slash at the end. */
  readonly url: string;
  /** What it has logged so far. */
  log(): readonly unknown[];
}

/** Ticks of the process clock in /proc: 100 per second on every Linux. */
const CLOCK_TICKS = 100;

/** How a server is to be started. */
export interface ServerOptions {
  /** Sections of a config file; ports, folders and the log are filled in. */
  readonly config: Readonly<Record<string, unknown>>;
  /** Settings under `sip.limits`. */
  readonly sipLimits?: Readonly<Record<string, number>>;
  /** Gets the database's file before the server does. */
  readonly prepare?: (databaseFile: string) => void;
  /** Another folder than `dist/`. */
  readonly program?: string;
  /** A script that is run in place of the server's own. */
  readonly script?: string;
  /** For Node besides. */
  readonly nodeArguments?: readonly string[];
  /** The one processor that it has, with all its threads. Left out: all of them. */
  readonly processor?: number;
  /** Nice value of its main thread and others that set none. Left out: 0. */
  readonly niceness?: number;
  /** Left out: `debug`, which is a line for each SIP message. */
  readonly logLevel?: 'info' | 'debug';
}

/**
 * Starts `dist/` for as long as `work` takes.
 * @throws when the server does not start.
 */
export async function withCompiledServer<Result>(
  options: ServerOptions,
  work: (server: CompiledServer) => Promise<Result>,
): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), 'konfa-bench-'));
  const databaseFile = join(folder, 'konfa.db');
  const logFile = join(folder, 'log');
  const [sipPort, httpPort] = [await freePort(), await freePort()];
  const file = join(folder, 'config.json');
  const config = {
    sip: {
      listen: [{ transport: 'udp', host: '127.0.0.1', port: sipPort }],
      limits: options.sipLimits ?? {},
    },
    http: { listen: { port: httpPort } },
    media: { portRange: mediaPortRange() },
    webrtc: { port: webRtcPort(), addresses: ['127.0.0.1'] },
    joinLinks: { keyFile: join(folder, 'konfa.key') },
    database: { file: databaseFile },
    notices: notices(folder),
    log: { level: options.logLevel ?? 'debug', file: logFile },
    ...options.config,
  };
  writeFileSync(file, JSON.stringify(config));
  options.prepare?.(databaseFile);
  const child = spawnServer(options, file);
  try {
    // A bench that goes before others would have its server's threads do so too, before those that mix.
    setPriority(child.pid ?? 0, options.niceness ?? 0);
  } catch {
    // It has ended, which is told below.
  }
  const killWithUs = (): void => {
    child.kill('SIGKILL');
  };
  process.once('exit', killWithUs);
  try {
    await new Promise<void>((resolve, reject) => {
      child.stdout?.once('data', () => resolve());
      child.once('exit', () => reject(new Error('the server did not start; run npm run build')));
    });
    const url = `http://127.0.0.1:${httpPort}`;
    const log = (): readonly unknown[] => linesOf(readFileSync(logFile, 'utf8'));
    return await work({ process: child, pid: child.pid ?? 0, sipPort, url, log });
  } finally {
    await ended(child);
    process.off('exit', killWithUs);
    rmSync(folder, { recursive: true });
  }
}

function spawnServer(options: ServerOptions, configFile: string): ChildProcess {
  const { processor } = options;
  const program = options.program ?? join(import.meta.dirname, '../dist');
  const nodeArguments = [
    ...serverArguments(),
    ...(options.nodeArguments ?? []),
    ...[options.script ?? join(program, 'server/main.js'), 'serve', '--config', configFile],
  ];
  // The channel is for scripts of the bench; the product does not listen to it.
  const stdio: StdioOptions = ['ignore', 'pipe', 'inherit', 'ipc'];
  if (processor === undefined) return spawn(process.execPath, nodeArguments, { stdio });
  const placed = ['-c', String(processor), process.execPath, ...nodeArguments];
  return spawn('taskset', placed, { stdio });
}

/** User and system time of a process with all its threads. */
export function cpuSeconds(pid: number): number {
  return secondsOf(`/proc/${pid}/stat`);
}

/** The same of its main thread alone. */
export function mainThreadSeconds(pid: number): number {
  return secondsOf(`/proc/${pid}/task/${pid}/stat`);
}

function secondsOf(file: string): number {
  const fields = readFileSync(file, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) / CLOCK_TICKS;
}

/** Options for Node after `--node`, such as `--cpu-prof`: to look at what the server does. */
function serverArguments(): readonly string[] {
  const at = process.argv.indexOf('--node');
  return at < 0 ? [] : (process.argv[at + 1] ?? '').split(' ');
}

function notices(folder: string): unknown {
  return {
    email: { transport: 'folder', folder: join(folder, 'mail') },
    sms: { provider: 'folder', folder: join(folder, 'sms') },
  };
}

/** SIGTERM, so that a profile is written; SIGKILL when that takes too long. */
async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
  });
  child.kill('SIGTERM');
  const killing = setTimeout(() => child.kill('SIGKILL'), 6000);
  await exited;
  clearTimeout(killing);
}

function linesOf(text: string): readonly unknown[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line): unknown => JSON.parse(line));
}
