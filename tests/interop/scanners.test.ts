// run: alone, limit: 180 s
import { execFile, spawnSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { freePort } from '../support/free-ports.ts';
import { findTool } from '../support/interop.ts';
import { banList, figure } from '../support/konfa-control.ts';
import { NEVER_TOO_BUSY, startKonfa } from '../support/konfa-process.ts';
import type { KonfaProcess } from '../support/konfa-process.ts';
import { startPhone } from '../support/phone.ts';
import type { PhoneCall } from '../support/phone-call.ts';
import { projectRoot } from '../../server/runtime/project-root.ts';
import { GUEST_ADDRESS, openGuestNetwork, ownNetworkTests } from './network-namespace.ts';
import { SERVER_ADDRESS } from './network-namespace.ts';
import type { GuestNetwork } from './network-namespace.ts';

const ROOM = { number: '55501', pin: '13572', adminPin: '8642097', announcements: 'off' };
const STRAIGHT = '701';
const FILTER = join(projectRoot(), 'deploy/fail2ban/filter.d/konfa');
/** So many failures make a ban by default. */
const OFFENCES = 10;
const TOOL_LIMIT_MS = 60_000;

const run = promisify(execFile);

/** A Konfa whose one trunk is this machine itself, heard by somebody else too. */
interface Scene {
  readonly konfa: KonfaProcess;
  readonly network: GuestNetwork;
  /** Port at `SERVER_ADDRESS`, UDP and TCP. */
  readonly port: number;
  readonly logFile: string;
}

async function withScene(play: (scene: Scene) => Promise<void>): Promise<void> {
  const network = await openGuestNetwork();
  try {
    const port = await freePort();
    const konfa = await startKonfa({
      config: {
        sip: {
          listen: ['udp', 'tcp'].map((transport) => ({ transport, host: SERVER_ADDRESS, port })),
          limits: NEVER_TOO_BUSY,
        },
        trunks: [{ name: 'own', allowFrom: ['127.0.0.1'], onNet: true }],
        permanentRooms: [ROOM],
        accessNumbers: [{ number: STRAIGHT, room: ROOM.number, requirePin: false }],
        log: { level: 'info' },
      },
    });
    try {
      const logFile = join(konfa.folder, 'printed.log');
      await play({ konfa, network, port, logFile });
      assert.not.match(konfa.output(), '"level":"error"');
    } finally {
      assert.is(await konfa.stop(), 0);
    }
  } finally {
    await network.close();
  }
}

/** Runs a tool at the guest's side; comes back with all that it has printed, whatever it thinks of it. */
async function atGuest(
  { network, konfa }: Scene,
  tool: string,
  args: readonly string[],
): Promise<string> {
  const program = await network.programFor(tool);
  const options = { timeout: TOOL_LIMIT_MS, env: { ...process.env, HOME: konfa.folder } };
  const { stdout, stderr } = await run(program, args, options).catch(
    (error: unknown) => error as { readonly stdout: string; readonly stderr: string },
  );
  return stdout + stderr;
}

/** Datagrams that have come to the guest, and those that found no socket: whatever was answered is among them. */
async function datagramsToGuest(scene: Scene): Promise<number> {
  const text = await atGuest(scene, 'cat', ['/proc/net/snmp']);
  const [names = [], values = []] = text
    .split('\n')
    .filter((line) => line.startsWith('Udp: '))
    .map((line) => line.split(' '));
  assert.ok(names.length > 4, text);
  return ['InDatagrams', 'NoPorts']
    .map((name) => Number(values[names.indexOf(name)]))
    .reduce((sum, each) => sum + each, 0);
}

async function callFromTrunk({ konfa }: Scene): Promise<{ call: PhoneCall; close: () => void }> {
  const phone = await startPhone({ server: { host: '127.0.0.1', port: konfa.sipPort } });
  return { call: await phone.call(STRAIGHT), close: () => phone.close() };
}

/** The security lines, in the order in which they were written. */
function securityLines(output: string): readonly string[] {
  return output.split('\n').filter((line) => line.endsWith('"message":"security"}'));
}

/** Addresses that fail2ban's filter finds in a log: by fail2ban where it is installed, else as it reads the filter. */
async function foundByFilter(logFile: string, mode: 'failures' | 'bans'): Promise<number> {
  if (findTool('fail2ban-regex') === null) return foundByPattern(logFile, mode);
  const { stdout } = spawnSync('fail2ban-regex', [logFile, `${FILTER}.conf[mode=${mode}]`], {
    encoding: 'utf8',
    timeout: TOOL_LIMIT_MS,
  });
  const matched = /, (\d+) matched, \d+ missed/u.exec(stdout)?.[1];
  assert.ok(matched !== undefined, stdout);
  return Number(matched);
}

async function foundByPattern(logFile: string, mode: 'failures' | 'bans'): Promise<number> {
  const filter = await readFile(`${FILTER}.conf`, 'utf8');
  const setting = (name: string): string => {
    const line = new RegExp(`^${name} = (.*)$`, 'mu').exec(filter)?.[1] ?? '';
    return line.replace(/%\((\w+)\)s/gu, (_, inner: string) => setting(inner));
  };
  const pattern = new RegExp(setting(`failregex-${mode}`).replace('<HOST>', '[0-9a-f.:]+'), 'u');
  const lines = (await readFile(logFile, 'utf8')).split('\n');
  // fail2ban cuts the time out before it looks.
  return lines.filter((line) => pattern.test(line.replace(/"time":"[^"]+",/u, ''))).length;
}

/** sipvicious from beginning to end, as a robot does it: who is there, which extensions, which passwords. */
async function scan(scene: Scene): Promise<readonly string[]> {
  const port = `-p${scene.port}`;
  const target = SERVER_ADDRESS;
  return [
    await atGuest(scene, 'svwar', [port, '-e100-110', '--force', '--maximumtime=2', target]),
    await atGuest(scene, 'svwar', [port, '-mINVITE', '-e908', '--maximumtime=2', target]),
    await atGuest(scene, 'svcrack', [port, '-u100', '-r100-110', '--maximumtime=2', target]),
    // It asks each of its targets once.
    await atGuest(scene, 'svmap', [port, ...Array.from({ length: 12 }, () => target)]),
    await atGuest(scene, 'svmap', [port, '-mINVITE', target]),
  ];
}

ownNetworkTests(
  { file: import.meta.url, tools: ['svmap', 'svwar', 'svcrack', 'sipsak'], test },
  (interop) => {
    interop('sipvicious gets no answer and a ban, and the trunk is served meanwhile', () =>
      withScene(async (scene) => {
        const { konfa, logFile } = scene;
        const first = await callFromTrunk(scene);

        const told = await scan(scene);

        for (const each of told) assert.match(each, /found nothing|no server response/u);
        assert.is(await datagramsToGuest(scene), 0);
        const lines = securityLines(konfa.output());
        assert.is(lines.length, OFFENCES + 1, lines.join('\n'));
        const origin = `"remoteHost":"${GUEST_ADDRESS}","transport":"udp"`;
        for (const line of lines.slice(0, -1)) {
          assert.match(line, `"event":"sip-unknown-source",${origin},"verdict":"counted"`);
        }
        assert.match(lines.at(-1) ?? '', `"event":"sip-ban",${origin},"verdict":"banned"`);
        const bans = await banList(konfa);
        assert.equal(
          bans.map(({ source, scope, why, count }) => ({ source, scope, why, count })),
          [{ source: GUEST_ADDRESS, scope: 'datagrams', why: 'unknown-source', count: 1 }],
        );

        const second = await callFromTrunk(scene);
        for (const { call, close } of [first, second]) {
          assert.is(await call.hangUp(), 200);
          close();
        }
        await writeFile(logFile, konfa.output());
        assert.is(await foundByFilter(logFile, 'failures'), OFFENCES);
        assert.is(await foundByFilter(logFile, 'bans'), 1);
      }),
    );

    interop('odd requests of sipsak are answered from a trunk, and silence is kept elsewhere', () =>
      withScene(async (scene) => {
        const { konfa, port } = scene;
        const own = `sip:${STRAIGHT}@127.0.0.1:${konfa.sipPort}`;
        const sipsak = async (...args: readonly string[]): Promise<string> => {
          const options = { timeout: TOOL_LIMIT_MS };
          const { stdout, stderr } = await run('sipsak', args, options).catch(
            (error: unknown) => error as { readonly stdout: string; readonly stderr: string },
          );
          return stdout + stderr;
        };

        const odd = 'Accept: text/plain\\nX-Odd: "un=balanced;;<\\n';
        assert.match(await sipsak('-vv', '-s', own), 'SIP/2.0 200 OK');
        // Whom it has reached answers a request that may go no further.
        assert.match(await sipsak('-T', '-s', own), 'SIP/2.0 200 OK');
        assert.match(await sipsak('-vv', '-s', own, '-j', odd), 'SIP/2.0 200 OK');
        const unknown = 'Require: time-travel\\n';
        assert.match(await sipsak('-vv', '-s', own, '-j', unknown), 'SIP/2.0 420');
        // usrloc mode asks to be registered: nobody registers here.
        assert.match(await sipsak('-vv', '-U', '-x', '3600', '-s', own), 'SIP/2.0 405');
        await sipsak('-F', '-e', '300', '-s', own);
        await sipsak('-R', '-t', '30', '-s', own);
        assert.match(await sipsak('-vv', '-s', own), 'SIP/2.0 200 OK');

        const foreign = `sip:${STRAIGHT}@${SERVER_ADDRESS}:${port}`;
        assert.match(await atGuest(scene, 'sipsak', ['-vv', '-D', '1', '-s', foreign]), 'timeout');
        assert.is(await datagramsToGuest(scene), 0);
        assert.is(await figure(konfa, 'konfa_sip_dialogs'), 0);
        assert.is((await banList(konfa)).length, 0);
        const { call, close } = await callFromTrunk(scene);
        assert.is(await call.hangUp(), 200);
        close();
      }),
    );

    test.run();
  },
);
