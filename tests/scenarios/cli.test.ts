import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { test } from 'uvu';
import * as assert from 'uvu/assert';

import { inTemporaryFolder } from '../server/config/temporary-folder.ts';
import { runNode, runScript } from './cli-child.ts';

const projectFolder = fileURLToPath(new URL('../../', import.meta.url));

/** Runs the real `konfa` to its end. */
async function konfa(
  folder: string,
  ...args: readonly string[]
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const child = runScript(new URL('../../server/main.ts', import.meta.url), args, folder);
  const code = await child.exited;
  return { code, stdout: child.stdout(), stderr: child.stderr() };
}

/** ISO 8601 in UTC, so many hours from now. */
function inHours(hours: number): string {
  return `${new Date(Date.now() + hours * 3_600_000).toISOString().slice(0, 16)}Z`;
}

test('prints the version of package.json', async () => {
  const { version } = JSON.parse(readFileSync(join(projectFolder, 'package.json'), 'utf8')) as {
    readonly version: string;
  };

  assert.equal(await konfa(projectFolder, '--version'), {
    code: 0,
    stdout: `${version}\n`,
    stderr: '',
  });
});

test('checks the example config from any folder', async () => {
  await inTemporaryFolder(async (folder) => {
    const file = join(projectFolder, 'config.example.json');

    const { code, stdout, stderr } = await konfa(folder, 'check', '--config', file);

    // Which addresses those are is the machine's affair, and so are warnings of them.
    assert.match(
      stdout,
      /^trunk "local": 127\.0\.0\.0\/8: SIP 127\.0\.0\.1, audio 127\.0\.0\.1$/mu,
    );
    assert.ok(stdout.endsWith(`\n${file}: ok\n`), stdout);
    assert.equal(
      stderr.split('\n').filter((line) => line !== '' && !line.startsWith('warning: trunk ')),
      [],
    );
    assert.is(code, 0);
  });
});

test('ends with 2 for a wrong config and for wrong usage', async () => {
  await inTemporaryFolder(async (folder) => {
    writeFileSync(join(folder, 'config.json'), '{"sip": {"listen": [{"transport": "sctp"}]}}');

    const config = await konfa(folder, 'check', '--config', 'config.json');
    const usage = await konfa(folder, 'serv');

    assert.equal(config, {
      code: 2,
      stdout: '',
      stderr: 'sip.listen[0].transport: expected "udp", "tcp" or "tls", got "sctp"\n',
    });
    assert.equal(usage, {
      code: 2,
      stdout: '',
      stderr: [
        "konfa: unknown command 'serv'",
        '(Did you mean serve?)',
        '"konfa help" lists the commands, "konfa help COMMAND" tells more',
        '',
      ].join('\n'),
    });
  });
});

test('books, lists, backs up and cancels with the machine’s own clock and disk', async () => {
  await inTemporaryFolder(async (folder) => {
    const booked = await konfa(
      folder,
      'book',
      '--start',
      inHours(1),
      '--end',
      inHours(2),
      '--json',
    );
    assert.equal([booked.code, booked.stderr], [0, '']);
    const { number, pin } = JSON.parse(booked.stdout) as { number: string; pin: string };

    const listed = await konfa(folder, 'list');
    assert.match(listed.stdout, new RegExp(`^${number} +planned .* ${pin} `, 'mu'));
    assert.is((await konfa(folder, 'backup', 'copy.db')).code, 0);
    const cancelled = await konfa(folder, 'cancel', number, '--yes');
    assert.equal(cancelled, { code: 0, stdout: `Cancelled ${number}.\n`, stderr: '' });

    assert.is((await konfa(folder, 'list', '--json')).stdout, '[]\n');
    const late = await konfa(folder, 'book', '--start', inHours(-1), '--end', inHours(2));
    assert.equal([late.code, late.stdout], [1, '']);
    assert.match(late.stderr, /^start: the earliest start possible now is /u);
  });
});

test('lists the prompts in both languages, each with its file and its text', async () => {
  await inTemporaryFolder(async (folder) => {
    const { code, stdout } = await konfa(folder, 'prompts', '--json');

    const prompts = JSON.parse(stdout) as readonly Readonly<Record<string, unknown>>[];
    assert.is(code, 0);
    assert.ok(prompts.length > 50, `${prompts.length} prompts`);
    for (const { name, text, file, source } of prompts) {
      assert.equal(
        [typeof name, typeof text, typeof file, source],
        ['string', 'string', 'string', 'built-in'],
      );
    }
    assert.equal(
      [...new Set(prompts.map(({ language }) => language))].sort(),
      ['en', 'pl', null].sort(),
    );
  });
});

/** A folder laid out as the project is, with the command and nothing else. */
function installCommand(folder: string): string {
  const command = join(folder, 'bin/konfa.js');
  mkdirSync(join(folder, 'bin'));
  copyFileSync(join(projectFolder, 'bin/konfa.js'), command);
  writeFileSync(join(folder, 'package.json'), '{"type": "module"}');
  return command;
}

test('the command says how to build it when it was not built', async () => {
  await inTemporaryFolder(async (folder) => {
    const child = runNode([installCommand(folder), 'list'], folder);

    assert.is(await child.exited, 1);
    assert.match(child.stderr(), /^konfa: .*npm run build.*\n$/u);
  });
});

test('the command starts what was built, with its arguments', async () => {
  await inTemporaryFolder(async (folder) => {
    const command = installCommand(folder);
    mkdirSync(join(folder, 'dist/server'), { recursive: true });
    writeFileSync(
      join(folder, 'dist/server/main.js'),
      'process.stdout.write(process.argv.slice(2).join()); process.exit(7);',
    );

    const child = runNode([command, 'list', '--json'], folder);

    assert.is(await child.exited, 7);
    assert.is(child.stdout(), 'list,--json');
  });
});

test.run();
