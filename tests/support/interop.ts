import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Test } from 'uvu';

/** Tells a path of the tool, or null when the machine has none. */
export type FindTool = (tool: string) => string | null;

/** Looks a program up in the folders of PATH. */
export function findTool(tool: string): string | null {
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    const path = join(folder, tool);
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {
      // Not in this folder.
    }
  }
  return null;
}

/**
 * A `test` for what needs other people's programs: `const interop = interopTest(test, ['sipp'])`, then
 * `interop('name', …)`. Where a program is missing the test is skipped, and a line `SKIP name: needs sipp` says so.
 */
export function interopTest<Context>(
  test: Test<Context>,
  tools: readonly string[],
  find: FindTool = findTool,
): (name: string, run: (context: Context) => Promise<void> | void) => void {
  const missing = tools.filter((tool) => find(tool) === null);
  return (name, run) => {
    if (missing.length === 0) {
      test(name, run);
      return;
    }
    console.log(`SKIP ${name}: needs ${missing.join(', ')}`);
    test.skip(name, run);
  };
}
