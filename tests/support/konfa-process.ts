import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort, mediaPortRange, webRtcPort } from './free-ports.ts';
import { writeSip } from './sip-text.ts';

/** A Konfa of its own, running as users run it, in a folder of its own. */
export interface KonfaProcess {
  readonly pid: number;
  readonly sipPort: number;
  /** Where the panel is, without a slash at the end. */
  readonly url: string;
  /** Temporary folder with the config, the database and the control socket. */
  readonly folder: string;
  readonly configFile: string;
  /** What it has printed so far, both streams. */
  output(): string;
  /** SIGHUP: the config and what it names are read again. */
  reload(): void;
  /** SIGTERM, and comes back with the exit code; SIGKILL and `null` when it has not left after 14 s. */
  stop(): Promise<number | null>;
  /** SIGKILL; the folder stays, for `startKonfa({ again })`. */
  kill(): Promise<void>;
}

const projectFolder = fileURLToPath(new URL('../../', import.meta.url));
const fromSources = ['--import', 'tsx', join(projectFolder, 'server/main.ts')];
const START_TIMEOUT_MS = 60_000;
/** A machine that runs many tests at once is too busy for a conference, and calls are what most tests are about. */
export const NEVER_TOO_BUSY = {
  lateTicksPercent: 100,
  mediaBusyPercent: 100,
  mainThreadLagMs: 10_000,
  mainThreadBusyPercent: 100,
};
const ASK_EVERY_MS = 100;
const STOP_TIMEOUT_MS = 14_000;

/**
 * Starts `konfa serve` on free ports of 127.0.0.1 and waits until it answers SIP. `config` are sections of a config
 * file; `http.listen`, `media.portRange` and `database.file` are filled in, and UDP and TCP are added to `sip.listen`. `again`: one that was killed
 * starts once more in its folder and on its ports. `program`: what Node is to run instead of the sources. `launcher`:
 * a program with its arguments that starts it in another network: SIP is heard only where `config` says, and `url`
 * leads there.
 */
export async function startKonfa(options: {
  readonly config?: Readonly<Record<string, unknown>>;
  readonly again?: KonfaProcess;
  readonly program?: readonly string[];
  readonly launcher?: readonly [string, ...string[]];
}): Promise<KonfaProcess> {
  const { again, launcher } = options;
  const folder = again?.folder ?? (await mkdtemp(join(tmpdir(), 'konfa-test-')));
  const sipPort = again?.sipPort ?? (await freePort());
  const httpPort = again === undefined ? await freePort() : Number(new URL(again.url).port);
  const file = join(folder, 'config.json');
  if (again === undefined) {
    const where = launcher === undefined ? { sipPort, httpPort } : { sipPort: null, httpPort };
    const config = testConfig(where, folder, options.config ?? {});
    await writeFile(file, JSON.stringify(config));
  }

  const [command, ...args] = [
    ...(launcher ?? []),
    process.execPath,
    ...(options.program ?? fromSources),
    ...['serve', '--config', file],
  ];
  const child = spawn(command, args, { cwd: projectFolder, stdio: ['ignore', 'pipe', 'pipe'] });
  const killWithUs = (): void => {
    child.kill('SIGKILL');
  };
  process.once('exit', killWithUs);
  const output = collect(child);
  const exited = new Promise<number | null>((resolve) => {
    child.once('exit', (code) => {
      process.off('exit', killWithUs);
      resolve(code);
    });
  });
  if (launcher === undefined) await untilItAnswers(child, sipPort, output);
  else await untilItSaysSo(child, output);

  return {
    pid: child.pid ?? 0,
    sipPort,
    url: `http://127.0.0.1:${httpPort}`,
    folder,
    configFile: file,
    output,
    reload() {
      child.kill('SIGHUP');
    },
    async kill() {
      child.kill('SIGKILL');
      await exited;
    },
    async stop() {
      child.kill('SIGTERM');
      const timer = setTimeout(killWithUs, STOP_TIMEOUT_MS);
      const code = await exited;
      clearTimeout(timer);
      await rm(folder, { recursive: true, force: true });
      return code;
    },
  };
}

function testConfig(
  { sipPort, httpPort }: { readonly sipPort: number | null; readonly httpPort: number },
  folder: string,
  config: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  return {
    ...config,
    http: {
      ...section(config, 'http'),
      listen: { host: '127.0.0.1', port: httpPort },
    },
    sip: {
      limits: NEVER_TOO_BUSY,
      ...section(config, 'sip'),
      listen: [...ownListeners(sipPort), ...listeners(config)],
    },
    media: { portRange: mediaPortRange(), ...section(config, 'media') },
    webrtc: { port: webRtcPort(), addresses: ['127.0.0.1'], ...section(config, 'webrtc') },
    joinLinks: { keyFile: join(folder, 'konfa.key') },
    control: { socket: join(folder, 'konfa.sock') },
    database: { file: join(folder, 'konfa.db') },
  };
}

function ownListeners(port: number | null): readonly unknown[] {
  if (port === null) return [];
  return ['udp', 'tcp'].map((transport) => ({ transport, host: '127.0.0.1', port }));
}

/** What is listened on beside UDP and TCP. */
function listeners(config: Readonly<Record<string, unknown>>): readonly unknown[] {
  const listen: unknown = Reflect.get(section(config, 'sip'), 'listen');
  return Array.isArray(listen) ? listen : [];
}

function section(config: Readonly<Record<string, unknown>>, key: string): object {
  const value = config[key];
  return typeof value === 'object' && value !== null ? value : {};
}

function collect(child: ChildProcess): () => string {
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (piece: string) => {
      text = (text + piece).slice(-1_000_000);
    });
  }
  return () => text;
}

/** Sends OPTIONS until something comes back. @throws when the process ends or stays silent. */
async function untilItAnswers(
  child: ChildProcess,
  sipPort: number,
  output: () => string,
): Promise<void> {
  const socket = createSocket('udp4');
  let answered: 'answered' | 'silent' = 'silent';
  socket.on('message', () => {
    answered = 'answered';
  });
  // A closed port answers by ICMP, which is an error of the socket and no news.
  socket.on('error', () => {});
  try {
    for (let waitedMs = 0; waitedMs < START_TIMEOUT_MS; waitedMs += ASK_EVERY_MS) {
      socket.send(optionsRequest(sipPort, waitedMs), sipPort, '127.0.0.1');
      await new Promise((resolve) => {
        setTimeout(resolve, ASK_EVERY_MS);
      });
      if (isAnswered()) return;
      if (child.exitCode !== null) throw new Error(`konfa ended at once:\n${output()}`);
    }
    child.kill('SIGKILL');
    throw new Error(`konfa did not answer SIP within ${START_TIMEOUT_MS} ms:\n${output()}`);
  } finally {
    socket.close();
  }

  function isAnswered(): boolean {
    return answered === 'answered';
  }
}

/** Where nobody can be asked. @throws when the process ends or stays silent. */
async function untilItSaysSo(child: ChildProcess, output: () => string): Promise<void> {
  for (let waitedMs = 0; waitedMs < START_TIMEOUT_MS; waitedMs += ASK_EVERY_MS) {
    if (output().includes('Konfa takes calls on')) return;
    if (child.exitCode !== null) throw new Error(`konfa ended at once:\n${output()}`);
    await new Promise((resolve) => {
      setTimeout(resolve, ASK_EVERY_MS);
    });
  }
  child.kill('SIGKILL');
  throw new Error(`konfa did not start within ${START_TIMEOUT_MS} ms:\n${output()}`);
}

function optionsRequest(sipPort: number, number: number): string {
  return writeSip(`OPTIONS sip:127.0.0.1:${sipPort} SIP/2.0`, [
    ['Via', `SIP/2.0/UDP 127.0.0.1;rport;branch=z9hG4bKask${number}`],
    ['From', '<sip:test@127.0.0.1>;tag=ask'],
    ['To', `<sip:127.0.0.1:${sipPort}>`],
    ['Call-ID', `ask${number}@test`],
    ['CSeq', '1 OPTIONS'],
    ['Max-Forwards', '70'],
  ]);
}
