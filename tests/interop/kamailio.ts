import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../support/free-ports.ts';
import { pause } from '../support/phone-media.ts';

/** Kamailio as a proxy and registrar of its own, in a folder of its own. */
export interface Kamailio {
  /** UDP and TCP. */
  readonly port: number;
  /** What it has printed so far, its own `xlog` lines among it. */
  output(): string;
  /** It hangs from now on: it neither reads nor answers, and its sockets stay open. */
  freeze(): void;
  thaw(): void;
  stop(): Promise<void>;
}

/** What Kamailio does with requests that are no REGISTER. */
export interface KamailioOptions {
  /** Literal address to listen on; 127.0.0.1 when nothing is said. */
  readonly host?: string;
  /** A free one when nothing is said. */
  readonly port?: number;
  /** Program to start; the one of this machine's PATH when nothing is said. */
  readonly program?: string;
  /** Every registration is granted so long, however long is asked for. */
  readonly grantedS?: number;
  /** Digest of REGISTER, and of INVITE where `challenged` says so; nobody is asked when there is none. */
  readonly digest?: {
    readonly realm: string;
    readonly password: string;
    readonly algorithm: 'MD5' | 'SHA-256';
    readonly challenged: 'register' | 'register-and-invite';
  };
  /**
   * `registered`: to where the user of the Request-URI has registered. Else to all of these URIs at once, as a
   * forking proxy does.
   */
  readonly leadsTo: 'registered' | readonly string[];
  /** What stands in Record-Route: the address twice, with both transports, or only once. `none`: it stays out. */
  readonly recordRoute: 'single' | 'none';
}

const READY_MS = 10_000;

/** Starts Kamailio and waits until it listens. */
export async function startKamailio(options: KamailioOptions): Promise<Kamailio> {
  const folder = await mkdtemp(join(tmpdir(), 'konfa-kamailio-'));
  const port = options.port ?? (await freePort());
  const file = join(folder, 'kamailio.cfg');
  await writeFile(file, configText(options, port));
  const memory = ['-m', '64', '-M', '8'];
  const child = spawn(
    options.program ?? 'kamailio',
    ['-f', file, '-DD', '-E', '-P', join(folder, 'pid'), '-Y', folder, ...memory],
    // A group of its own, as it has many processes.
    { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'], detached: true },
  );
  const killWithUs = (): void => {
    tellGroup(child, 'SIGCONT');
    child.kill('SIGTERM');
  };
  process.once('exit', killWithUs);
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (piece: string) => (printed += piece));
  }
  let life: 'running' | 'over' = 'running';
  const isOver = (): boolean => life === 'over';
  const gone = new Promise<void>((resolve) => {
    child.once('exit', () => {
      life = 'over';
      process.off('exit', killWithUs);
      resolve();
    });
  });
  for (let waitedMs = 0; !printed.includes('konfa-ready'); waitedMs += 50) {
    if (isOver() || waitedMs > READY_MS) throw new Error(`kamailio did not start:\n${printed}`);
    await pause(50);
  }
  return {
    port,
    output: () => printed,
    freeze: () => tellGroup(child, 'SIGSTOP'),
    thaw: () => tellGroup(child, 'SIGCONT'),
    async stop() {
      tellGroup(child, 'SIGCONT');
      child.kill('SIGTERM');
      await gone;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function tellGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // It is gone already.
  }
}

const MODULES = [
  ...['kex', 'corex', 'tm', 'sl', 'rr', 'pv', 'maxfwd', 'usrloc', 'registrar', 'auth'],
  ...['textops', 'siputils', 'xlog'],
];

function configText(options: KamailioOptions, port: number): string {
  const host = options.host ?? '127.0.0.1';
  const { digest } = options;
  return [
    '#!KAMAILIO',
    'debug=1',
    'log_stderror=yes',
    'fork=yes',
    'children=2',
    'tcp_children=2',
    'auto_aliases=no',
    `listen=udp:${host}:${port}`,
    `listen=tcp:${host}:${port}`,
    'mpath="/usr/lib/x86_64-linux-gnu/kamailio/modules/"',
    ...MODULES.map((name) => `loadmodule "${name}.so"`),
    'modparam("usrloc", "db_mode", 0)',
    'modparam("rr", "enable_full_lr", 1)',
    `modparam("registrar", "min_expires", ${options.grantedS ?? 60})`,
    `modparam("registrar", "max_expires", ${options.grantedS ?? 3600})`,
    ...(digest === undefined ? [] : [`modparam("auth", "algorithm", "${digest.algorithm}")`]),
    ...requestRoute(options),
    'event_route[core:worker-one-init] {',
    '  xlog("L_ALERT", "konfa-ready\\n");',
    '}',
    '',
  ].join('\n');
}

function requestRoute(options: KamailioOptions): readonly string[] {
  const { digest, leadsTo, recordRoute } = options;
  return [
    'request_route {',
    '  xlog("L_ALERT", "konfa-request $rm $ru from $si:$sp\\n");',
    '  if (!mf_process_maxfwd_header("10")) { sl_send_reply("483", "Too Many Hops"); exit; }',
    '  if (is_method("CANCEL")) { if (t_check_trans()) t_relay(); exit; }',
    '  if (has_totag()) {',
    '    if (loose_route()) { t_relay(); exit; }',
    '    if (is_method("ACK")) { if (t_check_trans()) t_relay(); exit; }',
    '    sl_send_reply("404", "Not here"); exit;',
    '  }',
    '  t_check_trans();',
    '  if (is_method("REGISTER")) {',
    ...challenge(digest, 'www'),
    '    save("location"); exit;',
    '  }',
    '  if (is_method("OPTIONS") && $rU == $null) { sl_send_reply("200", "OK"); exit; }',
    ...(digest?.challenged === 'register-and-invite'
      ? ['  if (is_method("INVITE")) {', ...challenge(digest, 'proxy'), '  }']
      : []),
    ...(recordRoute === 'none' ? [] : ['  record_route();']),
    ...(leadsTo === 'registered'
      ? ['  if (!lookup("location")) { sl_send_reply("404", "Not Found"); exit; }']
      : leadsTo.map((uri, index) =>
          index === 0 ? `  $ru = "${uri}";` : `  append_branch("${uri}");`,
        )),
    '  t_relay();',
    '}',
  ];
}

function challenge(digest: KamailioOptions['digest'], kind: 'www' | 'proxy'): readonly string[] {
  if (digest === undefined) return [];
  const { realm, password } = digest;
  return [
    `    if (!pv_${kind}_authenticate("${realm}", "${password}", "0")) {`,
    `      ${kind}_challenge("${realm}", "1"); exit;`,
    '    }',
    '    consume_credentials();',
  ];
}
