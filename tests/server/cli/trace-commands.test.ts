import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command, Option } from 'commander';
import { test } from 'uvu';
import * as assert from 'uvu/assert';

import { addTraceCommands } from '../../../server/cli/trace-program.ts';
import type { ExitCode, Terminal } from '../../../server/cli/terminal.ts';
import { banCommands, createBanDesk } from '../../../server/control/ban-status.ts';
import type { ControlHandlers } from '../../../server/control/control-handlers.ts';
import { listenControl } from '../../../server/control/control-server.ts';
import { trunkCommands } from '../../../server/control/trunk-status.ts';
import type { TrunkStatus } from '../../../server/control/trunk-status.ts';
import { createTraceBook } from '../../../server/trace/trace-book.ts';
import { traceCommands } from '../../../server/trace/trace-commands.ts';
import { SimClock } from '../../support/sim-clock.ts';
import { inTemporaryFolder } from '../config/temporary-folder.ts';
import { silentLogger } from '../control/silent-logger.ts';
import { BEGAN_AT_MS, seen, sipText } from '../trace/seen-messages.ts';

interface Run {
  readonly exitCode: ExitCode;
  readonly said: readonly string[];
  readonly complained: readonly string[];
}

/** Runs `konfa` with these arguments; what it throws is told by its message, as the program does. */
async function konfa(folder: string, args: readonly string[]): Promise<Run> {
  const said: string[] = [];
  const complained: string[] = [];
  const terminal: Terminal = {
    ...{ currentFolder: folder, listener: 'program', nowMs: () => BEGAN_AT_MS },
    say: (line) => void said.push(...line.split('\n')),
    complain: (line) => void complained.push(...line.split('\n')),
    ask: () => Promise.resolve(''),
  };
  let exitCode: ExitCode = 0;
  const program = new Command('konfa').exitOverride();
  program.configureOutput({ writeErr: (text) => void complained.push(text.trimEnd()) });
  addTraceCommands({
    ...{ program, terminal },
    settle: async (running) => {
      exitCode = await running;
    },
    configOption: () => new Option('-c, --config <file>'),
    examples: (...lines) => lines.join('\n'),
  });
  // Options of a program are handed down to its commands only when they are made before it.
  for (const command of program.commands) command.exitOverride().copyInheritedSettings(program);
  try {
    await program.parseAsync(args, { from: 'user' });
  } catch (error) {
    const { message, code } = error as { message: string; code: string };
    return {
      exitCode: code.startsWith('commander.') ? 2 : 1,
      said,
      complained: [...complained, message],
    };
  }
  return { exitCode, said, complained };
}

const TRUNKS: readonly TrunkStatus[] = [
  {
    ...{ name: 'home', transport: 'udp', onNet: true, calls: 1, maxCalls: 30 },
    registration: {
      ...{ state: 'registered', server: 'sip.example.com', sinceWallclockMs: BEGAN_AT_MS },
      ...{ registeredUntilWallclockMs: BEGAN_AT_MS + 600_000, nextTryWallclockMs: BEGAN_AT_MS },
      ...{ lastStatus: 200, lastError: null, lastTrouble: null, seenAs: '203.0.113.9:5060' },
    },
    hosts: [
      {
        ...{
          host: 'sip.example.com',
          address: 'udp 192.0.2.7:5060',
          state: 'up',
          use: 'preferred',
        },
        ...{ sinceWallclockMs: BEGAN_AT_MS, lastStatus: 200, roundTripMs: 12.4 },
        ...{ lastError: null, lastTrouble: null },
      },
      {
        ...{ host: 'b.example.com', address: null, state: 'down', use: 'spare' },
        sinceWallclockMs: BEGAN_AT_MS,
        ...{ lastStatus: null, roundTripMs: null, lastError: 'there is no such name\x1b[2J' },
        lastTrouble: 'no-address',
      },
    ],
  },
  {
    ...{ name: 'office', transport: 'tls', onNet: false, calls: 0, maxCalls: null },
    registration: {
      ...{ state: 'refused', server: 'pbx', sinceWallclockMs: BEGAN_AT_MS },
      ...{ registeredUntilWallclockMs: null, nextTryWallclockMs: BEGAN_AT_MS + 3_600_000 },
      ...{ lastStatus: 403, lastError: '403 Forbidden', lastTrouble: 'status', seenAs: null },
    },
    hosts: [],
  },
  {
    ...{ name: 'plain', transport: 'tcp', onNet: false, calls: 2, maxCalls: null },
    ...{ registration: null, hosts: [] },
  },
];

function serverCommands(): ControlHandlers {
  const book = createTraceBook({ calls: 10, messagesPerCall: 10 });
  for (const callId of ['abc-1', 'abc-2']) {
    book.seen(seen('in', sipText('INVITE sip:223500908@a SIP/2.0', { callId, cseq: '1 INVITE' })));
    book.seen(
      seen('out', sipText('SIP/2.0 486 Busy Here', { callId, cseq: '1 INVITE' }), { afterMs: 3 }),
    );
  }
  const clock = new SimClock(BEGAN_AT_MS);
  return {
    ...traceCommands(book),
    ...trunkCommands(() => TRUNKS),
    ...banCommands(
      createBanDesk(
        {
          bans: (nowMs) => [
            {
              ...{ source: '203.0.113.9', scope: 'datagrams', why: 'unknown-source', count: 2 },
              ...{ sinceMs: nowMs, untilMs: nowMs },
            },
          ],
          lift: (source) => (source === '203.0.113.9' ? 'lifted' : 'not-banned'),
        },
        clock,
      ),
    ),
  };
}

/** A folder with a config whose server is running. */
async function withServer(
  work: (ask: (...args: string[]) => Promise<Run>) => Promise<void>,
  handlers: ControlHandlers = serverCommands(),
): Promise<void> {
  await inTemporaryFolder(async (folder) => {
    const settings = { control: { socket: 'konfa.sock' }, reservations: { timeZone: 'UTC' } };
    writeFileSync(join(folder, 'config.json'), JSON.stringify(settings));
    const path = join(folder, 'konfa.sock');
    const server = await listenControl({
      path,
      handlers,
      clock: new SimClock(BEGAN_AT_MS),
      log: silentLogger(),
    });
    try {
      await work((...args) => konfa(folder, [...args, '-c', 'config.json']));
    } finally {
      await server.close();
    }
  });
}

test('trace draws a call by the beginning of its Call-ID', async () => {
  await withServer(async (ask) => {
    const { exitCode, said, complained } = await ask('trace', 'abc-1');

    assert.equal([exitCode, complained], [0, []]);
    assert.is(said[0], 'Call-ID  abc-1');
    assert.ok(said.includes('From     A*** <+48******567>'));
    assert.ok(said.includes('    0.003 |<------ 486 Busy Here (INVITE 1) --------|'));
  });
});

test('trace shows messages with --full, numbers with --numbers, and JSON with --json', async () => {
  await withServer(async (ask) => {
    const full = await ask('trace', 'abc-1', '--full', '--numbers');
    const json = await ask('trace', 'abc-1', '--json');

    assert.ok(full.said.some((line) => line.includes('"Anna Nowak" <sip:+48501234567@')));
    const { messages } = JSON.parse(json.said.join('\n')) as { messages: readonly unknown[] };
    assert.is(messages.length, 2);
  });
});

test('trace lists the calls, the latest first', async () => {
  await withServer(async (ask) => {
    const bare = await ask('trace');
    const listed = await ask('trace', '--list', '--most', '1');

    assert.equal(bare.said, [
      'BEGAN                METHOD  FROM                 TO         OUTCOME      MESSAGES  CALL-ID',
      '2026-12-01 09:00:00  INVITE  A*** <+48******567>  223500908  refused 486  2         abc-2',
      '2026-12-01 09:00:00  INVITE  A*** <+48******567>  223500908  refused 486  2         abc-1',
    ]);
    assert.is(listed.said.length, 2);
    assert.equal((await ask('trace', '--requests')).said, ['No requests yet.']);
  });
});

test('trace tells of a call that is not kept, and of a beginning that fits several', async () => {
  await withServer(async (ask) => {
    const absent = await ask('trace', 'nobody');
    const several = await ask('trace', 'abc');
    const both = await ask('trace', 'abc-1', '--list');
    const many = await ask('trace', '--most', '501');

    assert.equal(
      [absent.exitCode, absent.complained],
      [1, ['konfa: no such call is kept; "konfa trace --list" tells which are']],
    );
    assert.equal(several.complained, [
      'konfa: several calls begin so; give more of the Call-ID',
      '  abc-1',
      '  abc-2',
    ]);
    assert.is(both.exitCode, 2);
    assert.equal(
      [many.exitCode, /Expected a number from 1 to 500/u.test(many.complained.join())],
      [2, true],
    );
  });
});

test('trunks tells of registrations, hosts and calls', async () => {
  await withServer(async (ask) => {
    const { said } = await ask('trunks');

    assert.equal(said, [
      'home  udp, 1 call of at most 30',
      '  registered with sip.example.com since 2026-12-01 09:00:00 until 2026-12-01 09:10:00',
      '  seen there as 203.0.113.9:5060, through a NAT',
      '  up    sip.example.com  udp 192.0.2.7:5060  preferred  since 2026-12-01 09:00:00, answers in 12 ms',
      '  down  b.example.com    no address          spare      since 2026-12-01 09:00:00: there is no such name\\x1b[2J',
      'office  tls, 0 calls',
      '  refused by pbx since 2026-12-01 09:00:00: 403 Forbidden, tried again at 2026-12-01 10:00:00',
      'plain  tcp, 2 calls',
      '  only calls us: it has no hosts',
    ]);
    assert.is((JSON.parse((await ask('trunks', '--json')).said.join('\n')) as unknown[]).length, 3);
  });
});

test('trunks tells why a registration is not refreshed, and why a host was never heard of', async () => {
  const [home] = TRUNKS;
  const [, second] = home?.hosts ?? [];
  assert.ok(home !== undefined && home.registration !== null && second !== undefined);
  const trouble = { lastStatus: null, lastError: 'the registrar does not answer' };
  const late = {
    ...home,
    registration: { ...home.registration, ...trouble, lastTrouble: 'no-answer', seenAs: null },
    hosts: [{ ...second, state: 'unknown' as const, lastError: 'no such host' }],
  };
  await withServer(
    async (ask) => {
      assert.equal((await ask('trunks')).said.slice(1), [
        '  registered with sip.example.com since 2026-12-01 09:00:00 until 2026-12-01 09:10:00',
        '  not refreshed: the registrar does not answer, tried again at 2026-12-01 09:00:00',
        '  unknown  b.example.com  no address  spare  no such host',
      ]);
    },
    trunkCommands(() => [late]),
  );
});

test('bans lists what is banned, and lifts a ban', async () => {
  await withServer(async (ask) => {
    const listed = await ask('bans');
    const lifted = await ask('bans', '--lift', '203.0.113.9');
    const absent = await ask('bans', '--lift', '203.0.113.10');

    assert.equal(listed.said, [
      'ADDRESS      UNTIL                WHY             DROPPED   TIMES',
      '203.0.113.9  2026-12-01 09:00:00  unknown-source  UDP only  2',
    ]);
    assert.equal(lifted.said, ['203.0.113.9 is banned no more.']);
    assert.equal(
      [absent.exitCode, absent.complained],
      [1, ['that address is not banned; "konfa bans" lists those that are']],
    );
  });
});

test('says so when there is nothing to show', async () => {
  const empty = createTraceBook({ calls: 10, messagesPerCall: 10 });
  const clock = new SimClock(BEGAN_AT_MS);
  const nobody = { bans: () => [], lift: () => 'not-banned' as const };
  const handlers = {
    ...{
      ...traceCommands(empty),
      ...trunkCommands(() => []),
      ...banCommands(createBanDesk(nobody, clock)),
    },
  };
  await withServer(async (ask) => {
    assert.equal((await ask('trace')).said, ['No calls yet.']);
    assert.equal((await ask('trunks')).said, [
      'No trunks: nobody can call. See "trunks" in the config.',
    ]);
    assert.equal((await ask('bans')).said, ['Nobody is banned.']);
  }, handlers);
});

test('says why the server cannot be asked', async () => {
  await inTemporaryFolder(async (folder) => {
    writeFileSync(
      join(folder, 'config.json'),
      JSON.stringify({ control: { socket: 'konfa.sock' } }),
    );
    writeFileSync(join(folder, 'none.json'), JSON.stringify({ control: { socket: null } }));

    const away = await konfa(folder, ['bans', '-c', 'config.json']);
    const none = await konfa(folder, ['trunks', '-c', 'none.json']);

    assert.is(away.exitCode, 1);
    assert.match(away.complained.join(), /^no server is running: there is no /u);
    assert.match(none.complained.join(), /^control\.socket is null/u);
  });
});

test('says so when the running server is of another version', async () => {
  await withServer(
    async (ask) => {
      assert.match((await ask('trunks')).complained.join(), /is of another version; restart it$/u);
    },
    { trunks: async () => ({ trunks: [{ name: 7 }] }) },
  );
});

test.run();
