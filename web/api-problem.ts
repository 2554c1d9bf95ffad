import type { FieldProblem, Problem } from '../server/panel/api/problem-api.ts';

/** A refusal of the server, RFC 9457. `message` and `title` are a sentence in the language of the request. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly problems: readonly FieldProblem[];
  /** From Retry-After; null without that header. */
  readonly retryAfterSeconds: number | null;

  constructor(problem: Omit<Problem, 'type'>, retryAfterSeconds: number | null) {
    super(problem.title);
    this.status = problem.status;
    this.code = problem.code;
    this.title = problem.title;
    this.problems = problem.problems;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** The server could not be reached, or is just starting. Whether a sent change arrived is not known. */
export class Offline extends Error {
  override readonly name = 'Offline';

  constructor(options?: ErrorOptions) {
    super('the server cannot be reached', options);
  }
}

/**
 * What is wrong with one field: problems whose pointer is `pointer` or lies below it, so that `/emails` gets
 * `/emails/2` too. Nothing when the error is no refusal.
 */
export function problemsFor(error: unknown, pointer: string): readonly FieldProblem[] {
  if (!(error instanceof ApiProblem)) return [];
  return error.problems.filter((one) => isAtOrBelow(one.pointer, pointer));
}

/** What is wrong, less what is shown beside the fields at `shownPointers`. */
export function problemsElsewhere(
  error: unknown,
  shownPointers: readonly string[],
): readonly FieldProblem[] {
  if (!(error instanceof ApiProblem)) return [];
  return error.problems.filter(
    (one) => !shownPointers.some((pointer) => isAtOrBelow(one.pointer, pointer)),
  );
}

function isAtOrBelow(pointer: string, field: string): boolean {
  return pointer === field || pointer.startsWith(`${field}/`);
}
