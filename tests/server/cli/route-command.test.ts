import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command, Option } from 'commander';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { addRouteCommand } from '../../../server/cli/route-program.ts';
import type { RouteReport } from '../../../server/cli/route-report.ts';
import type { ExitCode, Terminal } from '../../../server/cli/terminal.ts';
import { withDatabase } from '../../../server/cli/booking-desk.ts';
import type { Reservation } from '../../../server/reservation/reservation.ts';
import { inTemporaryFolder } from '../config/temporary-folder.ts';
import { NOW_MS } from './fake-terminal.ts';

const SETTINGS = {
  trunks: [
    { name: 'pbx', allowFrom: ['127.0.0.0/8'], onNet: true },
    {
      name: 'carrier',
      allowFrom: ['198.51.100.0/28', '198.51.100.0/24'],
      hosts: ['203.0.113.9:5080', 'sip.example.org'],
      maxCalls: 30,
      callsPerSecond: 5,
      codecs: ['PCMA'],
      srtp: 'off',
      numbers: {
        called: [
          { prefix: '9', minDigits: 10, strip: 1 },
          { name: 'bare', prefix: '48', minDigits: 11, maxDigits: 11, prepend: '+' },
        ],
      },
    },
  ],
  accessNumbers: [
    { number: '223500908' },
    { number: '908', onNetOnly: true },
    { number: '555', room: '70001', requirePin: false },
  ],
  permanentRooms: [{ number: '70001', pin: '48213', adminPin: '9305172' }],
  database: { file: 'konfa.db' },
};

interface Run {
  readonly exitCode: ExitCode;
  readonly said: readonly string[];
  readonly complained: readonly string[];
}

function terminalIn(folder: string, said: string[], complained: string[]): Terminal {
  return {
    currentFolder: folder,
    listener: 'program',
    nowMs: () => NOW_MS,
    say: (line) => void said.push(...line.split('\n')),
    complain: (line) => void complained.push(...line.split('\n')),
    ask: () => Promise.resolve(''),
  };
}

async function route(folder: string, ...args: readonly string[]): Promise<Run> {
  const said: string[] = [];
  const complained: string[] = [];
  let exitCode: ExitCode = 0;
  const program = new Command('konfa');
  addRouteCommand({
    program,
    terminal: terminalIn(folder, said, complained),
    settle: async (running) => {
      exitCode = await running;
    },
    configOption: () => new Option('-c, --config <file>'),
    examples: (...lines) => lines.join('\n'),
  });
  const all = ['route', ...args, '--config', 'config.json'];
  await program.parseAsync(all, { from: 'user' });
  return { exitCode, said, complained };
}

async function routeJson(folder: string, ...args: readonly string[]): Promise<RouteReport> {
  const { said } = await route(folder, ...args, '--json');
  return JSON.parse(said.join('\n')) as RouteReport;
}

async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  await inTemporaryFolder(async (folder) => {
    writeFileSync(join(folder, 'config.json'), JSON.stringify(SETTINGS));
    await work(folder);
  });
}

/** Books a room from 13:00 to 14:00 in Warsaw, three hours from now. */
async function book(folder: string): Promise<Reservation> {
  const terminal = terminalIn(folder, [], []);
  const where = { configFile: 'config.json', whenMissing: 'create', terminal } as const;
  return withDatabase(where, (_, { reservations }) => {
    const times = { start: '2026-11-22T13:00', end: '2026-11-22T14:00' };
    const outcome = reservations.book({ profileId: 'local', ...times }, NOW_MS);
    if (outcome.outcome === 'refused') throw new Error(JSON.stringify(outcome.problems));
    return outcome.reservation;
  });
}

const VERDICTS: readonly (readonly [string, string, ExitCode, string])[] = [
  ['198.51.100.7', '+48223500908', 0, 'admitted 200 - accessNumbers[0] trunks[1].allowFrom[0]'],
  ['198.51.100.77', '0048223500908', 0, 'admitted 200 - accessNumbers[0] trunks[1].allowFrom[1]'],
  ['203.0.113.9', 'tel:+48-22-350-09-08', 0, 'admitted 200 - accessNumbers[0] trunks[1].hosts'],
  ['::ffff:127.0.0.1', '908', 0, 'admitted 200 - accessNumbers[1] trunks[0].allowFrom[0]'],
  ['127.0.0.1', 'sip:555@192.0.2.1', 0, 'admitted 200 - accessNumbers[2] trunks[0].allowFrom[0]'],
  [
    '198.51.100.7',
    '908',
    3,
    'refused 403 on-net-only accessNumbers[1].onNetOnly trunks[1].allowFrom[0]',
  ],
  ['127.0.0.1', '909', 3, 'refused 404 no-such-number accessNumbers trunks[0].allowFrom[0]'],
  ['192.0.2.1', '223500908', 3, 'no-answer - no-trunk trunks -'],
];
for (const [from, to, exitCode, expected] of VERDICTS) {
  test(`tells of ${to} from ${from}: ${expected}`, () =>
    inFolder(async (folder) => {
      const run = await route(folder, '--from', from, '--to', to, '--json');
      const report = JSON.parse(run.said.join('\n')) as RouteReport;

      const { outcome, status, cause, decidedBy, trunk } = report;
      const facts = [outcome, status ?? '-', cause ?? '-', decidedBy, trunk?.matched ?? '-'];
      assert.is(facts.join(' '), expected);
      assert.is(run.exitCode, exitCode);
    }));
}

test('tells the rule that was applied and the number after each step', () =>
  inFolder(async (folder) => {
    const call = ['--from', '198.51.100.7', '--to', '48 223500908', '--caller', '0048600100200'];
    const report = await routeJson(folder, ...call);
    const { said } = await route(folder, ...call);

    assert.is(report.called?.rule, 'trunks[1].numbers.called[1]');
    assert.is(report.called?.ruleName, 'bare');
    assert.equal(
      report.called?.steps.map(({ number }) => number),
      ['48 223500908', '48223500908', '+48223500908', '223500908'],
    );
    assert.is(report.caller?.number, '600100200');
    assert.is(report.caller?.source, 'from');
    assert.match(
      said.join('\n'),
      /\+48223500908 +rule "bare" \(trunks\[1\]\.numbers\.called\[1\]\)/u,
    );
  }));

test('believes P-Asserted-Identity of trusted trunks only', () =>
  inFolder(async (folder) => {
    const who = ['--caller', '600100200', '--asserted', '+48501234567'];

    const pbx = await routeJson(folder, '--from', '127.0.0.1', '--to', '908', ...who);
    const carrier = await routeJson(folder, '--from', '198.51.100.7', '--to', '908', ...who);

    assert.equal([pbx.caller?.number, pbx.caller?.source], ['501234567', 'asserted']);
    assert.equal([carrier.caller?.number, carrier.caller?.source], ['600100200', 'from']);
  }));

test('tells in words what happens, where it leads, and the limits and audio of the trunk', () =>
  inFolder(async (folder) => {
    const { said, exitCode } = await route(folder, '--from', '198.51.100.7', '--to', '555');

    assert.is(exitCode, 0);
    assert.is(said[0], 'Admitted (accessNumbers[2]).');
    const text = said.join('\n');
    assert.match(
      text,
      /Trunk +carrier, not on-net \(trunks\[1\]\.allowFrom\[0\], 198\.51\.100\.0\/28\)/u,
    );
    assert.match(text, /Leads to +room 70001; its PIN is not asked for/u);
    assert.match(text, /Room +70001: open, permanent, at most 30 people/u);
    assert.match(text, /Limits +30 calls at once, 5 new ones a second/u);
    assert.match(text, /Audio +PCMA; SRTP off/u);
    assert.not.match(text, /48213|9305172/u);
  }));

test('says in words why a call is refused, or not answered', () =>
  inFolder(async (folder) => {
    const first = async (from: string, to: string): Promise<string | undefined> =>
      (await route(folder, '--from', from, '--to', to)).said[0];

    assert.match(
      (await first('127.0.0.1', '909')) ?? '',
      /^Refused with 404: .* none of the access/u,
    );
    assert.match(
      (await first('198.51.100.7', '908')) ?? '',
      /^Refused with 403: .* on-net trunks/u,
    );
    assert.match((await first('192.0.2.1', '908')) ?? '', /^No answer at all: /u);
  }));

const MOMENTS: readonly (readonly [string, string, boolean])[] = [
  ['2026-11-22T12:30', 'too-early', false],
  ['2026-11-22T12:50', 'too-early', true],
  ['2026-11-22T12:55', 'open', false],
  ['2026-11-22T13:59+01:00', 'open', false],
  ['2026-11-22T13:00Z', 'over', false],
];

test('tells what a reserved room says at a time, and never its PINs', () =>
  inFolder(async (folder) => {
    const { number, pin, adminPin } = await book(folder);
    const call = ['--from', '127.0.0.1', '--to', '908', '--room', number] as const;

    for (const [at, state, mayWait] of MOMENTS) {
      const { room } = await routeJson(folder, ...call, '--at', at);
      assert.equal([room?.state, room?.mayWait], [state, mayWait], at);
      assert.is(room?.start, '2026-11-22T13:00+01:00');
      assert.is(room?.opens, '2026-11-22T12:55+01:00');
      assert.is(room?.origin, 'reservation');
    }
    const words = await route(folder, ...call, '--at', '2026-11-22T12:50');
    const json = await route(folder, ...call, '--json');

    assert.match(words.said.join('\n'), /too early; the caller may wait on music/u);
    for (const text of [...words.said, ...json.said]) {
      assert.not.ok(text.includes(pin), text);
      assert.not.ok(text.includes(adminPin ?? pin), text);
    }
  }));

test('knows permanent rooms and unknown ones, with a database and without', () =>
  inFolder(async (folder) => {
    const state = async (room: string): Promise<string | undefined> =>
      (await routeJson(folder, '--from', '127.0.0.1', '--to', '908', '--room', room)).room?.state;
    const without = [await state('70001'), await state('12345')];
    assert.not.ok(readdirSync(folder).includes('konfa.db'), 'no database is made');
    const { number } = await book(folder);

    assert.equal(without, ['open', 'none']);
    assert.equal([await state('70001'), await state(number)], ['open', 'too-early']);
    assert.is(await state(number === '12345' ? '12346' : '12345'), 'none');
  }));

test('writes nothing to the database', () =>
  inFolder(async (folder) => {
    const { number } = await book(folder);
    const file = join(folder, 'konfa.db');
    const before = readFileSync(file);

    await route(folder, '--from', '127.0.0.1', '--to', '908', '--room', number);

    assert.ok(readFileSync(file).equals(before));
  }));

test('tells the rest when the database cannot be looked at', () =>
  inFolder(async (folder) => {
    writeFileSync(join(folder, 'konfa.db'), 'no database');

    const call = ['--from', '127.0.0.1', '--to', '908', '--room', '12345'];
    const { exitCode, said, complained } = await route(folder, ...call);

    assert.is(exitCode, 0);
    assert.match(said.join('\n'), /12345: not known/u);
    assert.match(complained.join('\n'), /^konfa: .*konfa\.db/u);
  }));

const WRONG: readonly (readonly [readonly string[], RegExp])[] = [
  [['--from', 'sip.example.org', '--to', '908'], /^from: expected an address/u],
  [['--from', '127', '--to', '908'], /^from: expected an address/u],
  [['--from', '127.0.0.1', '--to', '908', '--at', 'tomorrow'], /^at: expected ISO 8601/u],
  [['--from', '127.0.0.1', '--to', '908', '--at', '2026-10-25T02:30'], /^at: .* twice/u],
  [['--from', '127.0.0.1', '--to', '908', '--at', '2027-03-28T02:30'], /^at: .* left out/u],
];
for (const [args, complaint] of WRONG) {
  test(`says what is wrong with ${args.join(' ')}`, () =>
    inFolder(async (folder) => {
      const { exitCode, said, complained } = await route(folder, ...args);

      assert.is(exitCode, 2);
      assert.equal(said, []);
      assert.match(complained[0] ?? '', complaint);
    }));
}

test.run();
