import { CodedError } from '../../mixer/protocol/coded-error.ts';

/** One thing that is wrong in the config. */
export interface ConfigProblem {
  /** Where it is: `sip.listen[1].host`; empty for the file as a whole. */
  readonly path: string;
  /** The value as JSON, cut short; its kind where it must not be shown; empty when there is none. */
  readonly value: string;
  /** What should be there, as a noun phrase; empty when the hint says it all. */
  readonly expected: string;
  /** What else helps, or an empty string. */
  readonly hint: string;
}

/** The config cannot be used. `problems` is all that is wrong with it. */
export class ConfigError extends CodedError {
  readonly problems: readonly ConfigProblem[];

  constructor(problems: readonly ConfigProblem[]) {
    super('CONFIG', problems.map(problemLine).join('\n'), { problems: problems.length });
    this.problems = problems;
  }
}

/** Where a value lies in the config: keys and list indexes. */
export type SettingPath = readonly (string | number)[];

/** Longest value or key that a message shows. */
const LONGEST_SHOWN = 60;

/** Settings whose values are never shown. */
const SECRET = /^(?:pin|adminPin|password|headers|systemId|body)$/u;

/** A path as it is written in messages: `sip.listen[1].host`. */
export function pathText(path: SettingPath): string {
  let written = '';
  for (const step of path) {
    if (typeof step === 'number') written += `[${step}]`;
    else if (!/^[A-Za-z$][\w$]*$/u.test(step)) written += `[${shorten(JSON.stringify(step))}]`;
    else written += written === '' ? shorten(step) : `.${shorten(step)}`;
  }
  return written;
}

/** A value as it is shown in messages. PINs are told by their kind only. */
export function valueText(path: SettingPath, value: unknown): string {
  if (value === undefined) return '';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  if (typeof value === 'object' && value !== null) return 'an object';
  const isSecret = path.some((step) => typeof step === 'string' && SECRET.test(step));
  if (isSecret && value !== null)
    return typeof value === 'string' ? 'other text' : `a ${typeof value}`;
  return shorten(JSON.stringify(value));
}

function problemLine(problem: ConfigProblem): string {
  if (problem.path === '' && problem.expected === '') return problem.hint;
  const where = problem.path === '' ? 'the config' : problem.path;
  if (problem.expected === '') return `${where}: ${problem.hint}`;
  const got = problem.value === '' ? 'but it is missing' : `got ${problem.value}`;
  const hint = problem.hint === '' ? '' : `; ${problem.hint}`;
  return `${where}: expected ${problem.expected}, ${got}${hint}`;
}

function shorten(shown: string): string {
  return shown.length <= LONGEST_SHOWN ? shown : `${shown.slice(0, LONGEST_SHOWN)}…`;
}
