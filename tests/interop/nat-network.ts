import { execFile, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtemp, readlink, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { pause } from '../support/phone-media.ts';

/** The one host inside, and what everybody outside sees of it: the address of the router. */
export const INSIDE_ADDRESS = '192.168.7.2';
export const ROUTER_ADDRESS = '203.0.113.1';
/** The one host outside. */
export const OUTSIDE_ADDRESS = '203.0.113.2';
const GATEWAY_ADDRESS = '192.168.7.1';

/** Two hosts with a router between them that does NAT. The test itself runs on one of them. */
export interface NatNetwork {
  /** What starts a program on the other host: a command, to be followed by the program and its arguments. */
  readonly launcher: readonly [string, ...string[]];
  close(): Promise<void>;
}

/** How the router is set up. */
export interface NatOptions {
  /** Which of the two is behind the router. */
  readonly inside: 'test' | 'other';
  /** Ports, `5060` or `12000-13999`, at which UDP from outside is led to the host inside. */
  readonly forwarded?: readonly string[];
  /** How long the router remembers a silent UDP mapping, in seconds. */
  readonly forgetsAfterS?: number;
}

/** Longer than any test lasts that forgets to close its network. */
const LIFE_S = 600;
const run = promisify(execFile);

/** A network of its own beside that of the test. */
interface Namespace {
  readonly keeper: ChildProcess;
  readonly path: string;
  /** Runs a command there. */
  readonly at: (...command: string[]) => Promise<unknown>;
}

/** Sets both hosts and the router up. Only for a process that is in a network of its own. */
export async function openNatNetwork(options: NatOptions): Promise<NatNetwork> {
  const folder = await mkdtemp(join(tmpdir(), 'konfa-nat-'));
  const [router, other] = [await openNamespace(), await openNamespace()];
  const here = (...command: string[]): Promise<unknown> => runAll(command);
  await here('ip', 'link', 'set', 'lo', 'up');
  const [mine, theirs] =
    options.inside === 'test' ? (['in', 'out'] as const) : (['out', 'in'] as const);
  await plug({ at: here, cable: `konfa-${mine}`, side: mine }, router);
  await plug({ at: other.at, cable: `konfa-${theirs}`, side: theirs }, router, other);
  await router.at('sysctl', '-qw', 'net.ipv4.ip_forward=1');
  const rules = join(folder, 'rules');
  await writeFile(rules, rulesText(options.forwarded ?? []));
  await router.at('nft', '-f', rules);
  const { forgetsAfterS } = options;
  if (forgetsAfterS !== undefined) {
    for (const name of ['udp_timeout', 'udp_timeout_stream']) {
      await router.at('sysctl', '-qw', `net.netfilter.nf_conntrack_${name}=${forgetsAfterS}`);
    }
  }
  return {
    launcher: ['nsenter', `--net=${other.path}`],
    async close() {
      // While the other end is still there: the kernel takes its time with what a network leaves behind.
      await here('ip', 'link', 'delete', `konfa-${mine}`);
      for (const { keeper } of [router, other]) keeper.kill('SIGKILL');
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function openNamespace(): Promise<Namespace> {
  const keeper = spawn('unshare', ['--net', 'sleep', String(LIFE_S)], { stdio: 'ignore' });
  const kill = (): void => {
    keeper.kill('SIGKILL');
  };
  process.once('exit', kill);
  keeper.once('exit', () => process.off('exit', kill));
  const path = `/proc/${keeper.pid ?? 0}/ns/net`;
  await untilApart(path);
  const at = (...command: string[]): Promise<unknown> =>
    runAll(['nsenter', `--net=${path}`, ...command]);
  await at('ip', 'link', 'set', 'lo', 'up');
  return { keeper, path, at };
}

/** A process has its own network a moment after it was started. */
async function untilApart(path: string): Promise<void> {
  const ours = await readlink('/proc/self/ns/net');
  for (let waitedMs = 0; waitedMs < 10_000; waitedMs += 20) {
    if ((await readlink(path).catch(() => ours)) !== ours) return;
    await pause(20);
  }
  throw new Error('unshare made no network within 10 s');
}

/** A cable from a host to the router, with the addresses of its side. `there`: where the host is, if not here. */
async function plug(
  host: {
    readonly at: Namespace['at'];
    readonly cable: string;
    readonly side: 'in' | 'out';
  },
  router: Namespace,
  there?: Namespace,
): Promise<void> {
  const { at, cable, side } = host;
  const far = `router-${side}`;
  const [address, gateway] =
    side === 'in' ? [INSIDE_ADDRESS, GATEWAY_ADDRESS] : [OUTSIDE_ADDRESS, ROUTER_ADDRESS];
  await runAll([
    ...['ip', 'link', 'add', cable, ...(there === undefined ? [] : ['netns', pidOf(there)])],
    ...['type', 'veth', 'peer', 'name', far, 'netns', pidOf(router)],
  ]);
  await at('ip', 'address', 'add', `${address}/24`, 'dev', cable);
  await at('ip', 'link', 'set', cable, 'up');
  await router.at('ip', 'address', 'add', `${gateway}/24`, 'dev', far);
  await router.at('ip', 'link', 'set', far, 'up');
  await at('ip', 'route', 'add', 'default', 'via', gateway);
}

function pidOf({ keeper }: Namespace): string {
  return String(keeper.pid);
}

async function runAll([command = '', ...args]: readonly string[]): Promise<unknown> {
  return run(command, args);
}

/** What comes from outside gets in where it answers, or is led in; it is lost without a word otherwise. */
function rulesText(forwarded: readonly string[]): string {
  const ports = forwarded.join(', ');
  return [
    'table ip konfa {',
    '  chain names {',
    '    type nat hook postrouting priority 100; policy accept;',
    '    oifname "router-out" masquerade',
    '  }',
    '  chain leads {',
    '    type nat hook prerouting priority -100; policy accept;',
    ...(ports === ''
      ? []
      : [`    iifname "router-out" udp dport { ${ports} } dnat to ${INSIDE_ADDRESS}`]),
    '  }',
    '  chain passes {',
    '    type filter hook forward priority 0; policy accept;',
    '    iifname "router-out" ct state { established, related } accept',
    '    iifname "router-out" ct status dnat accept',
    '    iifname "router-out" drop',
    '  }',
    '  chain own {',
    '    type filter hook input priority 0; policy accept;',
    '    iifname "router-out" ip protocol udp drop',
    '  }',
    '}',
    '',
  ].join('\n');
}
