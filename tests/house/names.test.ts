import { readdir } from 'node:fs/promises';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { test } from 'uvu';
import * as assert from 'uvu/assert';

const projectFolder = fileURLToPath(new URL('../../', import.meta.url));
const FOLDERS = ['server', 'mixer', 'db', 'tests', 'bench'];
const KEBAB_CASE = /^[a-z0-9]+(-[a-z0-9]+)*(\.test|\.d)?\.ts$/;
/** Drawers: names that say nothing about what is inside. */
const DRAWERS = /^(utils?|helpers?|common|shared|misc|types?|index|constants?)\.ts$/;

async function sourceFiles(): Promise<readonly string[]> {
  const lists = await Promise.all(
    FOLDERS.map(async (folder) => {
      const names = await readdir(`${projectFolder}${folder}`, { recursive: true });
      return names.map((name) => `${folder}/${name}`);
    }),
  );
  return lists.flat().filter((name) => name.endsWith('.ts'));
}

test('names every file in kebab-case', async () => {
  const wrong = (await sourceFiles()).filter((path) => !KEBAB_CASE.test(basename(path)));

  assert.equal(wrong, []);
});

test('has no drawers for odds and ends', async () => {
  const wrong = (await sourceFiles()).filter((path) => DRAWERS.test(basename(path)));

  assert.equal(wrong, []);
});

test('keeps a test beside the place of what it tests', async () => {
  const files = new Set(await sourceFiles());
  const mirrored = [...files].filter((path) => /^tests\/(server|mixer|db)\//.test(path));
  const folders = new Set([...files].map((path) => path.replace(/[^/]+$/, '')));

  const homeless = mirrored.filter((path) => {
    const folder = path.replace(/^tests\//, '').replace(/[^/]+$/, '');
    return path.endsWith('.test.ts') && !folders.has(folder);
  });

  assert.equal(homeless, []);
});

test.run();
