import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readStatistics } from '../tests/interop/sipp-run.ts';
import { freePort } from '../tests/support/free-ports.ts';

/** Calls of sipp, each with a session timer. */
export interface SippLoad {
  readonly sipPort: number;
  readonly number: string;
  readonly calls: number;
  readonly callsPerSecond: number;
  /** How long each call stands. */
  readonly holdMs: number;
  /** The one processor that sipp has. Left out: all of them. */
  readonly processor?: number;
}

/** What sipp counted. */
export interface SippCount {
  readonly calls: number;
  readonly successful: number;
  readonly failed: number;
  /** Requests that it sent again, as no answer had come within 500 ms. */
  readonly sentAgain: number;
  /** What it found wrong, for a person to read. */
  readonly complaint: string;
}

/** Beyond the calls themselves: the last answers, and a machine that is busy with something else. */
const PATIENCE_MS = 30_000;
const RECEIVE_TIMEOUT_MS = 33_000;
const COMPLAINT_CHARACTERS = 300;
const SOCKET_BUFFER_BYTES = 4_194_304;

/** Makes calls and comes back when the last one is over. @throws when there is no sipp. */
export async function callBySipp(load: SippLoad): Promise<SippCount> {
  const folder = await mkdtemp(join(tmpdir(), 'konfa-sipp-'));
  try {
    const statistics = join(folder, 'statistics.csv');
    const errors = join(folder, 'errors.log');
    await runToEnd(load, folder, await argumentsFor(load, statistics, errors));
    const values = readStatistics(await readFile(statistics, 'utf8'));
    return {
      calls: load.calls,
      successful: values.get('SuccessfulCall(C)') ?? 0,
      failed: values.get('FailedCall(C)') ?? 0,
      sentAgain: values.get('Retransmissions(C)') ?? 0,
      complaint: (await readFile(errors, 'utf8').catch(() => ''))
        .slice(0, COMPLAINT_CHARACTERS)
        .replaceAll(/\s+/gu, ' '),
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function argumentsFor(
  load: SippLoad,
  statistics: string,
  errors: string,
): Promise<readonly string[]> {
  return [
    `127.0.0.1:${load.sipPort}`,
    ...['-sf', join(import.meta.dirname, 'sipp/call.xml'), '-s', load.number],
    ...['-i', '127.0.0.1', '-p', String(await freePort()), '-t', 'u1', '-nostdin'],
    ...['-m', String(load.calls), '-r', String(load.callsPerSecond), '-l', String(load.calls)],
    ...['-d', String(load.holdMs), '-recv_timeout', String(RECEIVE_TIMEOUT_MS)],
    ...['-timeout', `${Math.ceil(longestMs(load) / 1000)}s`],
    ...['-buff_size', String(SOCKET_BUFFER_BYTES)],
    ...['-trace_stat', '-stf', statistics, '-fd', '1', '-trace_err', '-error_file', errors],
  ];
}

function longestMs({ calls, callsPerSecond, holdMs }: SippLoad): number {
  return (calls / callsPerSecond) * 1000 + holdMs + PATIENCE_MS;
}

async function runToEnd(
  load: SippLoad,
  folder: string,
  sippArguments: readonly string[],
): Promise<void> {
  const { processor } = load;
  const child =
    processor === undefined
      ? spawn('sipp', sippArguments, { cwd: folder, stdio: 'ignore' })
      : spawn('taskset', ['-c', String(processor), 'sipp', ...sippArguments], {
          cwd: folder,
          stdio: 'ignore',
        });
  const endWithUs = (): void => {
    child.kill('SIGKILL');
  };
  process.once('exit', endWithUs);
  const timer = setTimeout(endWithUs, longestMs(load) + PATIENCE_MS);
  try {
    await once(child, 'exit');
  } finally {
    clearTimeout(timer);
    process.off('exit', endWithUs);
  }
}
