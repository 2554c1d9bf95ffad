import { CodedError } from '../../mixer/protocol/coded-error.ts';
import type { Language } from '../reservation/reservation.ts';
import type { FieldProblem, Problem } from './api/problem-api.ts';
import { ProblemError } from './problem-error.ts';
import type { ProblemWords } from './problem-words.ts';

/** How a refusal is put into words. */
export interface ProblemTongue {
  readonly language: Language;
  readonly words: ProblemWords;
  /** Beginning of addresses that people open; empty: relative ones. */
  readonly publicUrl: string;
}

/** The body of a refusal (RFC 9457). `id` is the number under which an unexpected error was logged. */
export function problemBody(
  error: ProblemError,
  tongue: ProblemTongue,
  id: string | null = null,
): Problem {
  return {
    type: `${tongue.publicUrl}/help/problems#${error.code}`,
    title: sentence(error.code, id === null ? {} : { id }, tongue),
    status: error.status,
    code: error.code,
    problems: error.problems.map((problem) =>
      problem.detail === ''
        ? { ...problem, detail: sentence(problem.code, problem.facts, tongue) }
        : problem,
    ),
  };
}

/**
 * What is answered to an error: itself when it is a refusal, 503 when the database is busy or full, a status of the
 * web framework's below 500, else 500. `unexpected`: somebody must look at it.
 */
export function refusalOf(error: unknown): {
  readonly refusal: ProblemError;
  readonly kind: 'expected' | 'unexpected';
} {
  if (error instanceof ProblemError) return { refusal: error, kind: 'expected' };
  const code = error instanceof CodedError ? error.code : null;
  if (code === 'DB_BUSY') {
    const refusal = new ProblemError('busy', 503, { retryAfterSeconds: 1 });
    return { refusal, kind: 'expected' };
  }
  if (code === 'DB_FULL') {
    const refusal = new ProblemError('storage-full', 503, { retryAfterSeconds: 60 });
    return { refusal, kind: 'unexpected' };
  }
  const status = error instanceof Error && 'status' in error ? error.status : null;
  if (typeof status === 'number' && status >= 400 && status < 500) {
    return { refusal: new ProblemError('bad-request', status), kind: 'expected' };
  }
  return { refusal: new ProblemError('unexpected', 500), kind: 'unexpected' };
}

/** What a code means in words, its facts filled in; the code itself when nobody has words for it. */
export function sentence(
  code: string,
  facts: FieldProblem['facts'],
  tongue: Pick<ProblemTongue, 'language' | 'words'>,
): string {
  // Own keys only: a code is never looked up on the prototype.
  const words = Object.hasOwn(tongue.words, code) ? tongue.words[code] : undefined;
  if (words === undefined) return code;
  return words[tongue.language].replace(/\{(\w+)\}/gu, (_, name: string) =>
    Object.hasOwn(facts, name) ? String(facts[name]) : '',
  );
}
