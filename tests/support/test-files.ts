import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A file of tests, and whether it may share the machine with another while it runs. */
export interface TestFile {
  readonly path: string;
  readonly company: 'shared' | 'alone';
  /** The file's own time limit from its first line, or null for the runner's. */
  readonly timeLimitMs: number | null;
}

/**
 * Finds every `*.test.ts` below `folder`, sorted, whose path contains one of `words` (all, when there are none).
 * The first line of a file may say `// run: alone` and `// limit: 300 s`, or both: `// run: alone, limit: 300 s`.
 */
export async function findTestFiles(
  folder: string,
  words: readonly string[],
): Promise<readonly TestFile[]> {
  const names = (await readdir(folder, { recursive: true })).filter((name) =>
    name.endsWith('.test.ts'),
  );
  const wanted = names
    .filter((name) => words.length === 0 || words.some((word) => matches(join(folder, name), word)))
    .sort();
  return Promise.all(wanted.map((name) => describe(join(folder, name))));
}

/** A word is a part of a path; a leading `./` means nothing. */
function matches(path: string, word: string): boolean {
  return path.includes(word.replace(/^\.\//, ''));
}

async function describe(path: string): Promise<TestFile> {
  const firstLine = (await readFile(path, 'utf8')).split('\n', 1)[0] ?? '';
  const isMarker = firstLine.startsWith('//');
  const limit = isMarker ? /\blimit: (\d+) s\b/.exec(firstLine)?.[1] : undefined;
  return {
    path,
    company: isMarker && /\brun: alone\b/.test(firstLine) ? 'alone' : 'shared',
    timeLimitMs: limit === undefined ? null : Number(limit) * 1000,
  };
}
