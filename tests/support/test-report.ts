import type { Ending } from './test-processes.ts';
import { readSkipped, readSummary } from './uvu-summary.ts';
import type { Summary } from './uvu-summary.ts';

/** The figures of one file, and what is wrong with it. */
interface Figures {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** One sentence, or null when all is well. */
  readonly problem: string | null;
}

/** The end of a run, as it is printed. */
export interface Report {
  readonly text: string;
  readonly exitCode: 0 | 1;
}

/** How a run is judged. */
export interface ReportOptions {
  /** `fail`: a test that was skipped is a test that has failed, as under continuous integration. */
  readonly skippedTests: 'allowed' | 'fail';
  nameOf(path: string): string;
}

const SLOWEST_SHOWN = 5;

/** One line for a file that has just ended. */
export function outcomeLine(ending: Ending, name: string): string {
  const { problem, passed, skipped } = figuresOf(ending);
  const verdict = problem === null ? 'ok  ' : 'FAIL';
  const more = skipped > 0 ? `, ${skipped} skipped` : '';
  return `${verdict} ${seconds(ending.tookMs).padStart(6)} s  ${name}  (${passed}${more})`;
}

/**
 * Judges a run. A file that exits with anything but 0, runs out of time, is killed or prints no figures has failed,
 * with at least one test; a run without any test has failed. The last line is `N passed, N failed, N skipped`.
 */
export function report(endings: readonly Ending[], options: ReportOptions): Report {
  const files = endings
    .map((ending) => ({ ending, name: options.nameOf(ending.path), ...figuresOf(ending) }))
    .sort((a, b) => a.name.localeCompare(b.name));
  const passed = sum(files.map((file) => file.passed));
  const skipped = sum(files.map((file) => file.skipped));
  const failed = sum(files.map((file) => file.failed));
  const nothing = passed + failed + skipped === 0;
  const skippedFails = options.skippedTests === 'fail' && skipped > 0;

  const parts = [
    ...files.flatMap((file) =>
      file.problem === null ? [] : [`\n--- ${file.name}: ${file.problem}\n${file.ending.output}`],
    ),
    ...section('Skipped:', files.flatMap(skippedNames)),
    ...section('Slowest files:', slowest(files)),
    ...(nothing ? ['\nNo test was found: that is a failure.'] : []),
    ...(skippedFails ? ['\nUnder CI=true a skipped test is a failure.'] : []),
    `\n${passed} passed, ${failed} failed, ${skipped} skipped`,
  ];
  return { text: parts.join('\n'), exitCode: failed > 0 || nothing || skippedFails ? 1 : 0 };
}

function figuresOf(file: Ending): Figures {
  const summary = readSummary(file.output) ?? { total: 0, passed: 0, skipped: 0 };
  const failed = summary.total - summary.passed;
  const problem = problemOf(file, summary);
  return {
    passed: summary.passed,
    failed: problem === null ? 0 : Math.max(1, failed),
    skipped: summary.skipped,
    problem,
  };
}

function problemOf({ ending, output }: Ending, summary: Summary): string | null {
  if (ending.type === 'timed-out') return `it did not end within ${seconds(ending.limitMs)} s`;
  if (ending.type === 'killed') return `it was ended by ${ending.signal}`;
  if (summary.passed < summary.total) return 'tests failed';
  if (ending.code !== 0) return `it ended with exit code ${ending.code}`;
  if (readSummary(output) === null) return 'it printed no figures (is test.run() missing?)';
  return summary.total + summary.skipped === 0 ? 'it holds no tests' : null;
}

function skippedNames(file: {
  readonly name: string;
  readonly skipped: number;
  readonly ending: Ending;
}): readonly string[] {
  const names = readSkipped(file.ending.output);
  const unnamed = file.skipped - names.length;
  return [
    ...names.map((name) => `${file.name}: ${name}`),
    ...(unnamed > 0 ? [`${file.name}: ${unnamed} without a name`] : []),
  ];
}

function slowest(
  files: readonly { readonly name: string; readonly ending: Ending }[],
): readonly string[] {
  return [...files]
    .sort((a, b) => b.ending.tookMs - a.ending.tookMs)
    .slice(0, SLOWEST_SHOWN)
    .map((file) => `${seconds(file.ending.tookMs).padStart(6)} s  ${file.name}`);
}

function section(heading: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [`\n${heading}`, ...lines.map((line) => `  ${line}`)];
}

function seconds(durationMs: number): string {
  return (durationMs / 1000).toFixed(1);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
