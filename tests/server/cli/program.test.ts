import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';

import { inTemporaryFolder } from '../config/temporary-folder.ts';
import { konfa } from './fake-terminal.ts';

const COMMANDS = [
  ...['serve', 'check', 'route', 'trace', 'trunks', 'bans'],
  ...['book', 'list', 'cancel', 'backup', 'prompts'],
];

test('prints the version', async () => {
  assert.equal(await konfa('/', ['--version']), {
    exitCode: 0,
    said: ['9.8.7'],
    complained: [],
    questions: [],
  });
});

test('prints help that names every command', async () => {
  const { exitCode, said, complained } = await konfa('/', ['--help']);

  assert.is(exitCode, 0);
  assert.equal(complained, []);
  for (const command of COMMANDS)
    assert.match(said.join('\n'), new RegExp(`^  ${command}\\b`, 'mu'));
});

for (const command of COMMANDS) {
  test(`prints help with examples for ${command}`, async () => {
    const { exitCode, said } = await konfa('/', [command, '--help']);

    assert.is(exitCode, 0);
    assert.match(said[0] ?? '', new RegExp(`^Usage: konfa ${command}`, 'u'));
    assert.match(said.join('\n'), new RegExp(`\nExamples:\n  konfa ${command}`, 'u'));
  });
}

test('takes no command at all for wrong usage, and shows the help', async () => {
  const { exitCode, said, complained } = await konfa('/', []);

  assert.is(exitCode, 2);
  assert.equal(said, []);
  assert.match(complained[0] ?? '', /^Usage: konfa/u);
});

const HINT = '"konfa help" lists the commands, "konfa help COMMAND" tells more';

const WRONG_USAGE: readonly (readonly [args: readonly string[], complaint: string])[] = [
  [['lst'], "konfa: unknown command 'lst'\n(Did you mean list?)"],
  [['cancle', '12345'], "konfa: unknown command 'cancle'\n(Did you mean cancel?)"],
  [['list', '--jsno'], "konfa: unknown option '--jsno'\n(Did you mean --json?)"],
  [['check'], "konfa: required option '-c, --config <file>' not specified"],
  [['cancel'], "konfa: missing required argument 'number'"],
  [['backup'], "konfa: missing required argument 'file'"],
  [['list', '--config'], "konfa: option '-c, --config <file>' argument missing"],
  [
    ['prompts', '--language', 'de'],
    "konfa: option '--language <language>' argument 'de' is invalid. Allowed choices are pl, en.",
  ],
  [['list', 'all'], "konfa: too many arguments for 'list'. Expected 0 arguments but got 1."],
];

for (const [args, complaint] of WRONG_USAGE) {
  test(`refuses konfa ${args.join(' ')} as wrong usage`, async () => {
    const { exitCode, said, complained } = await konfa('/', args);

    assert.is(exitCode, 2);
    assert.equal(said, []);
    assert.is(complained.join('\n'), `${complaint}\n${HINT}`);
  });
}

/** What the trunk of this machine is told, by default. */
const LOCAL_ADDRESSES = 'trunk "local": 127.0.0.0/8: SIP 127.0.0.1, audio 127.0.0.1';

test('check tells of a folder for the database that serve would miss', async () => {
  await inTemporaryFolder(async (folder) => {
    writeFileSync(join(folder, 'default.json'), '{}');
    writeFileSync(join(folder, 'slip.json'), '{"database": {"file": "dta/konfa.db"}}');

    const good = await konfa(folder, ['check', '-c', 'default.json']);
    const slip = await konfa(folder, ['check', '-c', 'slip.json']);

    assert.equal([good.exitCode, good.said], [0, [LOCAL_ADDRESSES, 'default.json: ok']]);
    assert.is(slip.exitCode, 2);
    assert.match(
      slip.complained.join(),
      /^database\.file: expected a file in a folder that can be /u,
    );
  });
});

test('check says which addresses peers are told, and ok to a config that is', async () => {
  await inTemporaryFolder(async (folder) => {
    writeFileSync(join(folder, 'config.json'), '{"log": {"level": "warn"}}');

    const { exitCode, said, complained } = await konfa(folder, [
      'check',
      '--config',
      'config.json',
    ]);

    assert.equal([exitCode, said, complained], [0, [LOCAL_ADDRESSES, 'config.json: ok'], []]);
  });
});

test('check warns of a private address that a peer in the world is told', async () => {
  await inTemporaryFolder(async (folder) => {
    const settings = {
      sip: { externalAddress: '192.168.7.1' },
      trunks: [{ name: 'carrier', allowFrom: ['8.8.8.0/24'] }],
    };
    writeFileSync(join(folder, 'config.json'), JSON.stringify(settings));

    const { exitCode, said, complained } = await konfa(folder, ['check', '-c', 'config.json']);

    assert.is(exitCode, 0);
    assert.is(said[0], 'trunk "carrier": 8.8.8.0/24: SIP 192.168.7.1, audio 192.168.7.1');
    assert.match(complained.join('\n'), /^warning: trunk "carrier": .* 192\.168\.7\.1, which it/u);
  });
});

test('check warns of a control socket that could not be made, and of none in folders that will be', async () => {
  await inTemporaryFolder(async (folder) => {
    const config = (socket: string): string => JSON.stringify({ control: { socket } });
    writeFileSync(join(folder, 'good.json'), config('data/other.sock'));
    writeFileSync(join(folder, 'slip.json'), config('dta/konfa.sock'));

    const good = await konfa(folder, ['check', '-c', 'good.json']);
    const slip = await konfa(folder, ['check', '-c', 'slip.json']);

    assert.equal([good.exitCode, good.complained], [0, []]);
    assert.is(slip.exitCode, 0);
    assert.match(
      slip.complained.join('\n'),
      /^warning: konfa trace, trunks and bans could not .*: control\.socket: ".*dta\/konfa\.sock": there is no such/u,
    );
  });
});

test('check tells every problem at once, each on a line', async () => {
  await inTemporaryFolder(async (folder) => {
    const settings = { sip: { listen: [{ transport: 'tcp', host: 5060 }] }, logs: {} };
    writeFileSync(join(folder, 'config.json'), JSON.stringify(settings));

    const { exitCode, said, complained } = await konfa(folder, [
      'check',
      '--config',
      'config.json',
    ]);

    assert.equal([exitCode, said], [2, []]);
    assert.equal(complained, [
      'sip.listen[0].host: expected a host name, got 5060',
      'logs: unknown setting; did you mean "log"?',
    ]);
  });
});

test('check looks for the files that settings name', async () => {
  await inTemporaryFolder(async (folder) => {
    writeFileSync(join(folder, 'config.json'), '{"prompts": {"directory": "voices"}}');
    const run = (): ReturnType<typeof konfa> => konfa(folder, ['check', '-c', 'config.json']);

    assert.is((await run()).exitCode, 2);
    mkdirSync(join(folder, 'voices'));
    assert.is((await run()).exitCode, 0);
  });
});

for (const command of [
  ['serve'],
  ['check'],
  ['list'],
  ['prompts'],
  ['cancel', '12345', '--yes'],
  ['backup', 'copy.db'],
  ['book', '--start', '2026-12-01T10:00', '--end', '2026-12-01T11:00'],
]) {
  test(`${command[0] ?? ''} ends with 2 and one sentence when the config cannot be read`, async () => {
    await inTemporaryFolder(async (folder) => {
      const { exitCode, said, complained } = await konfa(folder, [
        ...command,
        '--config',
        'no.json',
      ]);

      assert.equal([exitCode, said], [2, []]);
      assert.equal(complained, [
        'the config file no.json cannot be read: there is no such file or folder',
      ]);
    });
  });
}

test('calls an error that is nobody’s doing a defect', async () => {
  await inTemporaryFolder(async (folder) => {
    const { exitCode, complained } = await konfa(folder, ['serve']);

    assert.is(exitCode, 1);
    assert.match(complained[0] ?? '', /^konfa: this is a defect, .*no server in this test/u);
  });
});

test.run();
