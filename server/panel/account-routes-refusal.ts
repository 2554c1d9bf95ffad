import { AccountRefusal, type AccountRefusalCode } from '../account/account-refusal.ts';
import type { Language } from '../reservation/reservation.ts';
import type { FieldProblem } from './api/problem-api.ts';
import type { AnyRoute } from './define-route.ts';
import { ACCOUNT_PROBLEM_WORDS, WEAK_PASSWORD_WORDS } from './problem-words-account.ts';
import { ProblemError } from './problem-error.ts';

/** Statuses of the refusals, RFC 9110 §15.5. A wrong present password is no reason to log in again: not 401. */
const STATUS: Readonly<Record<AccountRefusalCode, number>> = {
  'bad-login': 401,
  'address-not-confirmed': 403,
  suspended: 403,
  'link-expired': 410,
  'weak-password': 422,
  'bad-email': 422,
  'name-missing': 422,
  'unknown-zone': 422,
  'too-many-tries': 429,
  busy: 503,
  'sign-up-closed': 403,
  'last-administrator': 409,
  'wrong-password': 422,
  'address-taken': 409,
  'scope-not-allowed': 422,
  'too-many-tokens': 409,
  'not-accepted-yet': 409,
  'not-found': 404,
};

/** The same routes; what accounts refuse becomes problem+json. */
export function withAccountRefusals(routes: readonly AnyRoute[]): readonly AnyRoute[] {
  return routes.map((route) => ({
    spec: route.spec,
    // Not async: a route that heeds Idempotency-Key answers within its transaction.
    run: (raw) => {
      const refuse = (error: unknown): never => {
        throw error instanceof AccountRefusal ? accountProblem(error, raw.language) : error;
      };
      try {
        const reply = route.run(raw);
        return reply instanceof Promise ? reply.catch(refuse) : reply;
      } catch (error) {
        return refuse(error);
      }
    },
  }));
}

/** A refusal of accounts as an answer. */
export function accountProblem(refusal: AccountRefusal, language: Language): ProblemError {
  const { reason, retryAfterSeconds } = refusal;
  return new ProblemError(reason, STATUS[reason], {
    problems: fieldProblems(refusal, language),
    ...(retryAfterSeconds === null ? {} : { retryAfterSeconds }),
  });
}

function fieldProblems(
  { reason, pointer, facts }: AccountRefusal,
  language: Language,
): readonly FieldProblem[] {
  if (pointer === null && Object.keys(facts).length === 0) return [];
  const sentences =
    WEAK_PASSWORD_WORDS[String(facts['reason'] ?? '')] ?? ACCOUNT_PROBLEM_WORDS[reason];
  const detail = sentences[language].replace(/\{(\w+)\}/gu, (_, name: string) =>
    Object.hasOwn(facts, name) ? String(facts[name]) : '',
  );
  return [{ code: reason, pointer: pointer ?? '', facts: { ...facts }, detail }];
}
