import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { test } from 'uvu';
import * as assert from 'uvu/assert';

const projectFolder = fileURLToPath(new URL('../../', import.meta.url));

/** What makes a file a shell: a module of Node that does I/O, a native binding, a clock, or the process. */
const TOUCHES_THE_WORLD =
  /from '(node:(net|tls|dgram|https?|fs|fs\/promises|worker_threads|child_process)|better-sqlite3|node-schedule|ws)'|\b(setTimeout|setInterval|setImmediate)\(|\bperformance\.now|\bDate\.now|\bprocess\.|\bAtomics\.wait/;

async function shells(): Promise<readonly string[]> {
  const list: unknown = JSON.parse(
    await readFile(join(projectFolder, 'tests/house/shells.json'), 'utf8'),
  );
  assert.ok(typeof list === 'object' && list !== null);
  return Object.keys(list);
}

/** The sources of a file, or of all files in a folder; nothing when there is none. */
async function sourcesOf(path: string): Promise<readonly string[]> {
  const absolute = join(projectFolder, path);
  const files = path.endsWith('/')
    ? (await readdir(absolute).catch(() => [])).map((name) => join(absolute, name))
    : [absolute];
  return Promise.all(files.map((file) => readFile(file, 'utf8').catch(() => '')));
}

test('lists as shells only files that are there and touch the world', async () => {
  const idle: string[] = [];

  for (const path of await shells()) {
    const sources = await sourcesOf(path);
    if (!sources.some((source) => TOUCHES_THE_WORLD.test(source))) idle.push(path);
  }

  assert.equal(idle, []);
});

test.run();
