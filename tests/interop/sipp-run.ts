import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from '../support/free-ports.ts';

/** What sipp is asked to do. */
export interface SippRun {
  /** Name of a scenario in `tests/interop/sipp/`, without `.xml`. */
  readonly scenario: string;
  readonly sipPort: number;
  /** Number that is called. */
  readonly number: string;
  readonly calls: number;
  readonly callsPerSecond: number;
  /** How long a `<pause/>` without a length lasts. */
  readonly holdMs?: number;
  /** Share of messages that sipp loses, both ways, in per cent. */
  readonly lostPercent?: number;
  readonly transport?: 'udp' | 'tcp';
  /** The run is given up after this. */
  readonly timeoutS?: number;
}

/** What came of it. */
export interface SippResult {
  readonly successful: number;
  readonly failed: number;
  /** Value of a counter of the scenario, or 0. */
  counter(name: string): number;
  /** The first lines of what sipp found wrong, for a person to read. */
  readonly complaints: string;
}

const COMPLAINTS_SHOWN = 2000;

/** Runs one scenario and reads sipp's statistics. */
export async function runSipp(run: SippRun): Promise<SippResult> {
  const folder = await mkdtemp(join(tmpdir(), 'konfa-sipp-'));
  try {
    const statistics = join(folder, 'statistics.csv');
    const errors = join(folder, 'errors.log');
    const timeoutS = run.timeoutS ?? 60;
    await runToEnd(
      [
        `127.0.0.1:${run.sipPort}`,
        ...['-sf', fileURLToPath(new URL(`sipp/${run.scenario}.xml`, import.meta.url))],
        ...['-s', run.number, '-i', '127.0.0.1', '-p', String(await freePort())],
        ...['-m', String(run.calls), '-r', String(run.callsPerSecond), '-l', '2000'],
        ...['-d', String(run.holdMs ?? 1000), '-lost', String(run.lostPercent ?? 0)],
        ...['-t', run.transport === 'tcp' ? 't1' : 'u1', '-nostdin'],
        ...['-timeout', `${timeoutS}s`, '-recv_timeout', '33000'],
        ...['-trace_stat', '-stf', statistics, '-fd', '1', '-trace_err', '-error_file', errors],
      ],
      folder,
      (timeoutS + 20) * 1000,
    );
    const values = readStatistics(await readFile(statistics, 'utf8'));
    return {
      successful: values.get('SuccessfulCall(C)') ?? 0,
      failed: values.get('FailedCall(C)') ?? 0,
      counter: (name) => values.get(`${name}(C)`) ?? 0,
      complaints: (await readFile(errors, 'utf8').catch(() => '')).slice(0, COMPLAINTS_SHOWN),
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The last row of sipp's statistics under the names of its columns. */
export function readStatistics(csv: string): ReadonlyMap<string, number> {
  const lines = csv.trimEnd().split('\n');
  const names = (lines[0] ?? '').split(';');
  const values = (lines.length > 1 ? (lines.at(-1) ?? '') : '').split(';');
  return new Map(names.map((name, index) => [name, Number(values[index] ?? '0')]));
}

function runToEnd(args: readonly string[], folder: string, limitMs: number): Promise<void> {
  const child = spawn('sipp', args, { cwd: folder, stdio: 'ignore' });
  const timer = setTimeout(() => child.kill('SIGKILL'), limitMs);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
