import type { z } from 'zod';

import { closestWord } from './closest-word.ts';
import { pathText, valueText } from './config-error.ts';
import type { ConfigProblem, SettingPath } from './config-error.ts';
import { configSchema } from './config-schema.ts';
import { ANY_INDEX, settingPaths } from './setting-paths.ts';

type Issue = z.core.$ZodIssue;

const KNOWN_PATHS = settingPaths(configSchema);

/** The expectation for values whose schema does not word it: groups and lists. */
export function expectedKind(issue: z.core.$ZodRawIssue): string | undefined {
  if (issue.code !== 'invalid_type') return undefined;
  return issue.expected === 'array' ? 'a list in [ ]' : 'an object in { }';
}

/** What the schema found, one problem for each wrong value and each unknown key. */
export function schemaProblems(issues: readonly Issue[], input: unknown): readonly ConfigProblem[] {
  const problems = new Map<string, ConfigProblem>();
  for (const issue of issues) {
    for (const problem of issueProblems(issue, input)) {
      // One value can break several checks of one rule: the first says it all.
      if (!problems.has(problem.path)) problems.set(problem.path, problem);
    }
  }
  return [...problems.values()];
}

/** Path of an issue. Symbols cannot come from JSON. */
export function issuePath(issue: Issue): SettingPath {
  return issue.path.filter((step) => typeof step !== 'symbol');
}

function issueProblems(issue: Issue, input: unknown): readonly ConfigProblem[] {
  const path = issuePath(issue);
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => unknownKey(path, key));
  }
  const value = valueAt(input, path);
  return [
    {
      path: pathText(path),
      value: valueText(path, value),
      expected: issue.message,
      hint: issue.code === 'invalid_value' ? wordHint(value, issue.values) : '',
    },
  ];
}

function unknownKey(path: SettingPath, key: string): ConfigProblem {
  const place = path.map((step) => (typeof step === 'number' ? ANY_INDEX : step));
  const siblings = KNOWN_PATHS.filter(
    (known) => known.length === place.length + 1 && place.every((step, i) => known[i] === step),
  ).flatMap((known) => known.at(-1) ?? []);
  const meant = closestWord(key, siblings) ?? elsewhere(key);
  const hint =
    meant === undefined
      ? `known here: ${siblings.filter((name) => name !== '$schema').join(', ')}`
      : didYouMean(meant);
  return {
    path: pathText([...path, key]),
    value: '',
    expected: '',
    hint: `unknown setting; ${hint}`,
  };
}

/** A key that exists in another group: `portRange` at the top was meant to be `media.portRange`. */
function elsewhere(key: string): string | undefined {
  const wanted = key.toLowerCase();
  const found = KNOWN_PATHS.find((known) => known.at(-1)?.toLowerCase() === wanted);
  return found?.join('.').replaceAll(`.${ANY_INDEX}`, ANY_INDEX);
}

function wordHint(value: unknown, words: readonly unknown[]): string {
  if (typeof value !== 'string') return '';
  const meant = closestWord(
    value,
    words.filter((word) => typeof word === 'string'),
  );
  return meant === undefined ? '' : didYouMean(meant);
}

function didYouMean(word: string): string {
  return `did you mean "${word}"?`;
}

function valueAt(input: unknown, path: SettingPath): unknown {
  let value = input;
  for (const step of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = Object.getOwnPropertyDescriptor(value, step)?.value;
  }
  return value;
}
