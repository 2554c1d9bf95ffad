import type { z } from 'zod';

import type { FieldProblem } from './api/problem-api.ts';

/** Most problems that one answer names: a body may hold thousands of bad entries. */
const MOST_PROBLEMS = 100;

/**
 * What is wrong with an input by its schema, a stable code each: `required`, `unknown-field`, `wrong-type`,
 * `too-long`, `too-short`, `too-large`, `too-small`, `too-many`, `too-few`, `bad-choice`, `bad-value`. Sentences are
 * left empty: the answer fills them in the language of the request.
 */
export function inputProblems(
  issues: readonly z.core.$ZodIssue[],
  input: unknown,
): readonly FieldProblem[] {
  return issues.flatMap((issue) => problemsOfIssue(issue, input)).slice(0, MOST_PROBLEMS);
}

/** A JSON pointer of property names and indexes, RFC 6901 §3. */
function jsonPointer(path: readonly PropertyKey[]): string {
  return path
    .map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`)
    .join('');
}

function problemsOfIssue(issue: z.core.$ZodIssue, input: unknown): readonly FieldProblem[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => problem('unknown-field', [...issue.path, key.slice(0, 200)]));
  }
  if (valueAt(input, issue.path) === undefined) return [problem('required', issue.path)];
  switch (issue.code) {
    case 'invalid_type':
      return [problem('wrong-type', issue.path, { expected: issue.expected })];
    case 'too_big':
      return [problem(tooBig(issue.origin), issue.path, { allowed: Number(issue.maximum) })];
    case 'too_small':
      return [problem(tooSmall(issue.origin), issue.path, { allowed: Number(issue.minimum) })];
    case 'invalid_value':
      return [problem('bad-choice', issue.path, { choices: issue.values.map(String).join(', ') })];
    default:
      return [problem('bad-value', issue.path)];
  }
}

function tooBig(origin: string): string {
  if (origin === 'string') return 'too-long';
  return origin === 'array' || origin === 'set' ? 'too-many' : 'too-large';
}

function tooSmall(origin: string): string {
  if (origin === 'string') return 'too-short';
  return origin === 'array' || origin === 'set' ? 'too-few' : 'too-small';
}

function problem(
  code: string,
  path: readonly PropertyKey[],
  facts: FieldProblem['facts'] = {},
): FieldProblem {
  return { code, pointer: jsonPointer(path), facts, detail: '' };
}

/** What stands at `path`; undefined when nothing does. Own properties only. */
function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  let value: unknown = input;
  for (const part of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) {
      return undefined;
    }
    value = Reflect.get(value, part);
  }
  return value;
}
