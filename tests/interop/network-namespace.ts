import { execFile, spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { chmod, mkdtemp, readlink, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Test } from 'uvu';
import { findTool, interopTest } from '../support/interop.ts';
import { pause } from '../support/phone-media.ts';

/** What the server's side is reached at by the guest's, by no one else. */
export const SERVER_ADDRESS = '10.77.0.1';
/** A second address of the server's side, for a relay. */
export const RELAY_ADDRESS = '10.77.0.3';
/** The guest's own address. */
export const GUEST_ADDRESS = '10.77.0.2';

/** A computer beyond a firewall, on a cable to this one. */
export interface GuestNetwork {
  /** A program that starts `tool` there, with all that is passed to it. */
  programFor(tool: string): Promise<string>;
  /** From now on nothing comes through to this side but what one of `allowed`, expressions of nftables, describes. */
  allowOnly(allowed: readonly string[]): Promise<void>;
  /** Packets that the firewall has dropped so far. */
  droppedPackets(): Promise<number>;
  close(): Promise<void>;
}

const NETWORK_TOOLS = ['unshare', 'nsenter', 'ip', 'nft'];
/** The pseudo tool that is missing where the system lets nobody make a network. */
const RIGHT = 'the right to make networks';
const INSIDE = '--in-own-network';
/** Longer than any test lasts that forgets to close its guest. */
const GUEST_LIFE_S = 600;
const ROOT_NEEDED = process.getuid?.() === 0 ? [] : ['--map-root-user'];
const run = promisify(execFile);

/**
 * Tests in a network that nobody else is on. `define` describes them and runs them; it is called in a second process,
 * whose network ends with it. Where that cannot be had, or one of `tools` is missing, they are described to be skipped.
 */
export function ownNetworkTests(
  options: { readonly file: string; readonly tools: readonly string[]; readonly test: Test },
  define: (interop: ReturnType<typeof interopTest>) => void,
): void {
  const tools = [...options.tools, ...NETWORK_TOOLS, RIGHT];
  const isInside = process.argv.includes(INSIDE);
  const isReady = tools.every((tool) => findHere(tool) !== null);
  if (isInside || !isReady) {
    define(interopTest(options.test, tools, findHere));
    return;
  }
  const again = [...process.execArgv, fileURLToPath(options.file), INSIDE];
  const child = spawn('unshare', [...ROOT_NEEDED, '--net', process.execPath, ...again], {
    stdio: 'inherit',
  });
  killAtExit(child);
  child.once('exit', (code) => {
    process.exitCode = code ?? 1;
  });
}

function findHere(tool: string): string | null {
  if (tool !== RIGHT) return findTool(tool);
  const { status } = spawnSync('unshare', [...ROOT_NEEDED, '--net', 'true'], { timeout: 10_000 });
  return status === 0 ? tool : null;
}

/** Puts a computer on a cable to this network; both sides have their addresses, nothing is blocked yet. */
export async function openGuestNetwork(): Promise<GuestNetwork> {
  const folder = await mkdtemp(join(tmpdir(), 'konfa-network-'));
  const keeper = spawn('unshare', ['--net', 'sleep', String(GUEST_LIFE_S)], { stdio: 'ignore' });
  killAtExit(keeper);
  const network = `/proc/${keeper.pid ?? 0}/ns/net`;
  const there = (...command: string[]): Promise<unknown> =>
    run('nsenter', [`--net=${network}`, ...command]);
  await untilApart(network);
  await run('ip', ['link', 'set', 'lo', 'up']);
  await there('ip', 'link', 'set', 'lo', 'up');
  const cable = ['link', 'add', 'konfa-server', 'type', 'veth', 'peer', 'name', 'konfa-guest'];
  await run('ip', [...cable, 'netns', String(keeper.pid)]);
  await run('ip', ['address', 'add', `${SERVER_ADDRESS}/24`, 'dev', 'konfa-server']);
  await run('ip', ['address', 'add', `${RELAY_ADDRESS}/24`, 'dev', 'konfa-server']);
  await run('ip', ['link', 'set', 'konfa-server', 'up']);
  await there('ip', 'address', 'add', `${GUEST_ADDRESS}/24`, 'dev', 'konfa-guest');
  await there('ip', 'link', 'set', 'konfa-guest', 'up');
  await there('ip', 'route', 'add', 'default', 'via', SERVER_ADDRESS);

  return {
    async programFor(tool) {
      const path = findTool(tool) ?? tool;
      const program = join(folder, tool);
      await writeFile(program, `#!/bin/sh\nexec nsenter --net=${network} ${path} "$@"\n`);
      await chmod(program, 0o755);
      return program;
    },
    allowOnly: (allowed) => setFirewall(join(folder, 'firewall'), allowed),
    async droppedPackets() {
      const { stdout } = await run('nft', ['list', 'counter', 'inet', 'konfa', 'dropped']);
      return Number(/packets (\d+)/.exec(stdout)?.[1] ?? 0);
    },
    async close() {
      // While the other end is still there: the kernel takes its time with what a network leaves behind.
      await run('ip', ['link', 'delete', 'konfa-server']);
      keeper.kill('SIGKILL');
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function setFirewall(file: string, allowed: readonly string[]): Promise<void> {
  const rules = [
    'table inet konfa',
    'delete table inet konfa',
    'table inet konfa {',
    '  counter dropped {}',
    '  chain incoming {',
    '    type filter hook prerouting priority 0; policy accept;',
    '    iifname != "konfa-server" accept',
    ...allowed.map((expression) => `    ${expression} accept`),
    '    counter name dropped drop',
    '  }',
    '}',
    '',
  ];
  await writeFile(file, rules.join('\n'));
  await run('nft', ['-f', file]);
}

/** A process has its own network a moment after it was started. */
async function untilApart(network: string): Promise<void> {
  const ours = await readlink('/proc/self/ns/net');
  for (let waitedMs = 0; waitedMs < 10_000; waitedMs += 20) {
    const theirs = await readlink(network).catch(() => ours);
    if (theirs !== ours) return;
    await pause(20);
  }
  throw new Error('unshare made no network within 10 s');
}

function killAtExit(child: ChildProcess): void {
  const kill = (): void => {
    child.kill('SIGKILL');
  };
  process.once('exit', kill);
  child.once('exit', () => process.off('exit', kill));
}
