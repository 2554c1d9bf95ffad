/** True figures of one test file. */
export interface Summary {
  readonly total: number;
  readonly passed: number;
  readonly skipped: number;
}

/**
 * Reads what uvu prints at the end of a process: `Total: 5`, `Passed: 4`, `Skipped: 1`, colours or not.
 * Null when the three lines are not all there: the file did not come to its end, or holds no tests.
 */
export function readSummary(output: string): Summary | null {
  const plain = withoutColours(output);
  const total = lastNumber(plain, 'Total');
  const passed = lastNumber(plain, 'Passed');
  const skipped = lastNumber(plain, 'Skipped');
  if (total === null || passed === null || skipped === null) return null;
  return { total, passed, skipped };
}

/** Names that were printed as `SKIP name: needs …`, without the word SKIP. */
export function readSkipped(output: string): readonly string[] {
  return withoutColours(output)
    .split('\n')
    .filter((line) => line.startsWith('SKIP '))
    .map((line) => line.slice('SKIP '.length).trim());
}

function withoutColours(text: string): string {
  // eslint-disable-next-line no-control-regex -- the escape character is what begins a colour
  return text.replace(/\u001b\[[0-9;]*m/g, '');
}

function lastNumber(plain: string, label: string): number | null {
  const found = [...plain.matchAll(new RegExp(`^\\s*${label}:\\s+(\\d+)\\s*$`, 'gm'))].at(-1)?.[1];
  return found === undefined ? null : Number(found);
}
