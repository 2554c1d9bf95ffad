import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from '../support/free-ports.ts';

/** What sipp is asked to do. */
export interface SippRun {
  /** Name of a scenario in `tests/interop/sipp/`, without `.xml`; or a scenario itself, as `sippScenario` writes them. */
  readonly scenario: string;
  /** Who is called; null: sipp waits to be called. */
  readonly sipPort: number | null;
  /** Number that is called. */
  readonly number: string;
  readonly calls: number;
  readonly callsPerSecond: number;
  /** How long a `<pause/>` without a length lasts. */
  readonly holdMs?: number;
  /** Share of messages that sipp loses, both ways, in per cent. */
  readonly lostPercent?: number;
  readonly transport?: 'udp' | 'tcp';
  /** Address of sipp; 127.0.0.1 when nothing is said. */
  readonly host?: string;
  /** Port of sipp; a free one when nothing is said. */
  readonly port?: number;
  /** How long one message is waited for: 33 s, longer than a transaction lasts, when nothing is said. */
  readonly receiveMs?: number;
  /** The run is given up after this. */
  readonly timeoutS?: number;
}

/** What came of it. */
export interface SippResult {
  readonly successful: number;
  readonly failed: number;
  /** Value of a counter of the scenario, or 0. */
  counter(name: string): number;
  /** What `<log>` actions wrote, a line each. */
  readonly logged: readonly string[];
  /** What sipp did not expect, or else the first lines of what it found wrong, for a person to read. */
  readonly complaints: string;
}

const COMPLAINTS_SHOWN = 2000;

/** Runs one scenario and reads sipp's statistics. */
export async function runSipp(run: SippRun): Promise<SippResult> {
  const folder = await mkdtemp(join(tmpdir(), 'konfa-sipp-'));
  try {
    const statistics = join(folder, 'statistics.csv');
    const errors = join(folder, 'errors.log');
    const log = join(folder, 'log.txt');
    const timeoutS = run.timeoutS ?? 60;
    const host = run.host ?? '127.0.0.1';
    const said = await runToEnd(
      [
        ...(run.sipPort === null ? [] : [`127.0.0.1:${run.sipPort}`]),
        ...(await scenarioOptions(run.scenario, folder)),
        ...['-s', run.number, '-i', host, '-p', String(run.port ?? (await freePort()))],
        ...['-m', String(run.calls), '-r', String(run.callsPerSecond), '-l', '2000'],
        ...['-d', String(run.holdMs ?? 1000), '-lost', String(run.lostPercent ?? 0)],
        ...['-t', run.transport === 'tcp' ? 't1' : 'u1', '-nostdin'],
        ...['-timeout', `${timeoutS}s`, '-recv_timeout', String(run.receiveMs ?? 33_000)],
        ...['-trace_stat', '-stf', statistics, '-fd', '1', '-trace_err', '-error_file', errors],
        ...['-trace_logs', '-log_file', log],
      ],
      folder,
      (timeoutS + 20) * 1000,
    );
    const values = readStatistics(
      await readFile(statistics, 'utf8').catch(() => {
        throw new Error(`sipp did not run: ${said}`);
      }),
    );
    return {
      successful: values.get('SuccessfulCall(C)') ?? 0,
      failed: values.get('FailedCall(C)') ?? 0,
      counter: (name) => values.get(`${name}(C)`) ?? 0,
      logged: (await readFile(log, 'utf8').catch(() => ''))
        .split('\n')
        .filter((line) => line !== ''),
      complaints: complaintsOf(await readFile(errors, 'utf8').catch(() => '')),
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Scenarios that are written for the run pass over what they do not wait for, and go on repeating as others do. */
async function scenarioOptions(scenario: string, folder: string): Promise<readonly string[]> {
  if (!scenario.startsWith('<')) {
    return ['-sf', fileURLToPath(new URL(`sipp/${scenario}.xml`, import.meta.url))];
  }
  const file = join(folder, 'scenario.xml');
  await writeFile(file, scenario);
  return ['-sf', file, '-default_behaviors', 'none', '-max_retrans', '10'];
}

/** The last row of sipp's statistics under the names of its columns. */
export function readStatistics(csv: string): ReadonlyMap<string, number> {
  const lines = csv.trimEnd().split('\n');
  const names = (lines[0] ?? '').split(';');
  const values = (lines.length > 1 ? (lines.at(-1) ?? '') : '').split(';');
  return new Map(names.map((name, index) => [name, Number(values[index] ?? '0')]));
}

/** Where a scenario passes over what it does not wait for, only how often that was, and of what. */
function complaintsOf(errors: string): string {
  const passedOver = new Map<string, number>();
  const unexpected = /while expecting '[^']*' \(index \d+\), received '[^\r\n]*/g;
  for (const [what] of errors.matchAll(unexpected)) {
    const line = what.replace(/sip:\S+/, 'sip:…');
    passedOver.set(line, (passedOver.get(line) ?? 0) + 1);
  }
  const tally = [...passedOver].map(([line, count]) => `${count} × ${line}`).join('\n');
  return (tally === '' ? errors : tally).slice(0, COMPLAINTS_SHOWN);
}

/** Comes back with what sipp said of itself. */
function runToEnd(args: readonly string[], folder: string, limitMs: number): Promise<string> {
  const child = spawn('sipp', args, { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (piece: string) => {
    said = (said + piece).slice(-COMPLAINTS_SHOWN);
  });
  const timer = setTimeout(() => child.kill('SIGKILL'), limitMs);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (_code, signal) => {
      clearTimeout(timer);
      if (signal === null) resolve(said);
      else reject(new Error(`sipp ended by ${signal}: ${said}`));
    });
  });
}
