import { spawn } from 'node:child_process';
import { until } from '../browser/until.ts';

/** Debian's coturn as a relay for browsers. */
export interface TurnRelay {
  readonly port: number;
  /** What it has printed so far. */
  output(): string;
  stop(): Promise<void>;
}

const PORT = 3478;

/** Starts coturn on `host`, UDP and TCP; it takes the credentials that are made with `secret` (its REST scheme). */
export async function startTurnRelay(host: string, secret: string): Promise<TurnRelay> {
  const child = spawn(
    'turnserver',
    [
      ...['-n', '--log-file', 'stdout', '--no-cli', '--no-tls', '--no-dtls', '--no-rfc5780'],
      ...['--listening-ip', host, '--relay-ip', host, '--listening-port', String(PORT)],
      ...['--min-port', '49160', '--max-port', '49200', '--relay-threads', '1'],
      ...['--realm', 'konfa.test', '--use-auth-secret', '--static-auth-secret', secret],
      ...['--pidfile', '/dev/null', '--fingerprint', '--no-multicast-peers', '--verbose'],
    ],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const kill = (): void => {
    child.kill('SIGKILL');
  };
  process.once('exit', kill);
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (piece: string) => {
      printed = (printed + piece).slice(-1_000_000);
    });
  }
  const exited = new Promise<void>((resolve) => {
    child.once('exit', () => {
      process.off('exit', kill);
      resolve();
    });
  });
  await until('coturn listens', () => {
    if (child.exitCode !== null) throw new Error(`coturn ended at once:\n${printed}`);
    return /TCP listener opened/.test(printed) && /UDP listener opened/.test(printed) ? true : null;
  });

  return {
    port: PORT,
    output: () => printed,
    async stop() {
      kill();
      await exited;
    },
  };
}
