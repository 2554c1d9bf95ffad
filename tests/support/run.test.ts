import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { test } from 'uvu';
import * as assert from 'uvu/assert';

const projectFolder = fileURLToPath(new URL('../../', import.meta.url));

/** The tests of the runner make their own small files of tests; they find uvu by its address. */
const uvu = pathToFileURL(join(projectFolder, 'node_modules/uvu/dist/index.mjs')).href;
const BEGIN = `import { test } from '${uvu}';\n`;
const PASSES = `${BEGIN}test('a', () => {});\ntest('b', () => {});\ntest.run();\n`;
const FAILS = `${BEGIN}test('c', () => {});\ntest('d', () => { throw new Error('why it failed'); });\ntest.run();\n`;
const SKIPS = `${BEGIN}console.log('SKIP e: needs sipp');\ntest.skip('e');\ntest.run();\n`;

interface Run {
  readonly exitCode: number | null;
  readonly lines: readonly string[];
  readonly text: string;
}

async function runFiles(
  files: Readonly<Record<string, string>>,
  options: {
    readonly words?: readonly string[];
    readonly env?: Readonly<Record<string, string>>;
  } = {},
): Promise<Run> {
  const folder = await mkdtemp(join(tmpdir(), 'konfa-runner-'));
  try {
    for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
    return await runner(folder, options);
  } finally {
    await rm(folder, { recursive: true });
  }
}

function runner(
  folder: string,
  options: { readonly words?: readonly string[]; readonly env?: Readonly<Record<string, string>> },
): Promise<Run> {
  const child = spawn(
    process.execPath,
    [
      '--import',
      'tsx',
      'tests/support/run.ts',
      '--folder',
      folder,
      '--limit-ms',
      '3000',
      ...(options.words ?? []),
    ],
    {
      cwd: projectFolder,
      env: { ...process.env, CI: '', ...options.env },
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (piece: string) => {
    text += piece;
  });
  return new Promise((resolve) => {
    child.once('close', (exitCode) => {
      resolve({ exitCode, text, lines: text.trimEnd().split('\n') });
    });
  });
}

/** A process that has ended may stand in the table until somebody asks for its exit code: state Z. */
async function isRunning(pid: number): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null);
  return stat !== null && !/\) Z /.test(stat);
}

test('counts what passed and ends with one plain line', async () => {
  const run = await runFiles({ 'one.test.ts': PASSES, 'two.test.ts': PASSES, 'other.ts': FAILS });

  assert.is(run.lines.at(-1), '4 passed, 0 failed, 0 skipped');
  assert.is(run.exitCode, 0);
});

test('prints the output of a file with a failure, and fails', async () => {
  const run = await runFiles({ 'one.test.ts': PASSES, 'two.test.ts': FAILS });

  assert.is(run.lines.at(-1), '3 passed, 1 failed, 0 skipped');
  assert.is(run.exitCode, 1);
  assert.match(run.text, 'two.test.ts: tests failed');
  assert.match(run.text, 'why it failed');
});

test('runs only the files whose path has one of the words', async () => {
  const run = await runFiles({ 'one.test.ts': PASSES, 'two.test.ts': FAILS }, { words: ['one'] });

  assert.is(run.lines.at(-1), '2 passed, 0 failed, 0 skipped');
});

test('names a skipped test, and lets it be', async () => {
  const run = await runFiles({ 'one.test.ts': PASSES, 'three.test.ts': SKIPS });

  assert.is(run.lines.at(-1), '2 passed, 0 failed, 1 skipped');
  assert.match(run.text, 'three.test.ts: e: needs sipp');
  assert.is(run.exitCode, 0);
});

test('takes a skipped test for a failure under CI=true', async () => {
  const run = await runFiles(
    { 'one.test.ts': PASSES, 'three.test.ts': SKIPS },
    { env: { CI: 'true' } },
  );

  assert.is(run.lines.at(-1), '2 passed, 0 failed, 1 skipped');
  assert.is(run.exitCode, 1);
});

test('takes a run without any test for a failure', async () => {
  const run = await runFiles({ 'one.test.ts': PASSES }, { words: ['no-such-file'] });

  assert.is(run.lines.at(-1), '0 passed, 0 failed, 0 skipped');
  assert.is(run.exitCode, 1);
});

test('takes a file that prints no figures for a failure', async () => {
  const run = await runFiles({ 'quiet.test.ts': 'console.log("nothing");\n' });

  assert.is(run.lines.at(-1), '0 passed, 1 failed, 0 skipped');
  assert.match(run.text, 'printed no figures');
  assert.is(run.exitCode, 1);
});

test('takes a file that holds no tests for a failure', async () => {
  const run = await runFiles({ 'empty.test.ts': `${BEGIN}test.run();\n` });

  assert.is(run.lines.at(-1), '0 passed, 1 failed, 0 skipped');
  assert.is(run.exitCode, 1);
});

test('takes a file that ends badly after good tests for a failure', async () => {
  const run = await runFiles({
    'late.test.ts': `${PASSES}process.on('exit', () => { process.exitCode = 7; });\n`,
  });

  assert.is(run.lines.at(-1), '2 passed, 1 failed, 0 skipped');
  assert.match(run.text, 'exit code 7');
});

test('ends a file that runs out of time, together with what it started', async () => {
  const run = await runFiles({
    'slow.test.ts': [
      'import { spawn } from "node:child_process";',
      'const child = spawn("sleep", ["600"], { stdio: "inherit" });',
      'console.log("started", child.pid);',
      'setInterval(() => {}, 1000);',
    ].join('\n'),
  });

  assert.is(run.lines.at(-1), '0 passed, 1 failed, 0 skipped');
  assert.match(run.text, 'did not end within 3.0 s');
  const pid = Number(/started (\d+)/.exec(run.text)?.[1]);
  assert.not.ok(await isRunning(pid));
});

test('takes the time limit from the first line of a file', async () => {
  const run = await runFiles({
    'slow.test.ts': '// run: alone, limit: 1 s\nsetInterval(() => {}, 1000);\n',
  });

  assert.match(run.text, 'did not end within 1.0 s');
});

test.run();
