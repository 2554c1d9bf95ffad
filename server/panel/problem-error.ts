import { CodedError } from '../../mixer/protocol/coded-error.ts';
import type { FieldProblem } from './api/problem-api.ts';

/**
 * A refusal that becomes an `application/problem+json` answer (RFC 9457). `code` is stable; the sentence is chosen by
 * the client's language.
 */
export class ProblemError extends CodedError {
  readonly status: number;
  readonly problems: readonly FieldProblem[];
  /** Seconds for Retry-After; null: no such header. */
  readonly retryAfterSeconds: number | null;

  constructor(
    code: string,
    status: number,
    options: {
      readonly problems?: readonly FieldProblem[];
      readonly retryAfterSeconds?: number;
    } = {},
  ) {
    super(code, `refused with ${status} ${code}`);
    this.status = status;
    this.problems = options.problems ?? [];
    this.retryAfterSeconds = options.retryAfterSeconds ?? null;
  }
}
