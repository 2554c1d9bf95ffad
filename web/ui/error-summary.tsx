import type { JSX } from 'preact';

import { ApiProblem, Offline, problemsElsewhere } from '../api-problem.ts';
import { useWords } from '../language.tsx';
import { Icon } from './icon.tsx';

const words = {
  offline: {
    pl: 'Nie udało się połączyć z serwerem. To, co jest w formularzu, zostało na miejscu — spróbuj jeszcze raz za chwilę.',
    en: 'The server could not be reached. What you typed is still here — please try again in a moment.',
  },
  defect: {
    pl: 'Coś poszło nie tak po naszej stronie. Spróbuj jeszcze raz.',
    en: 'Something went wrong on our side. Please try again.',
  },
  later: {
    pl: (seconds: number) => `Spróbuj ponownie za ${wait(seconds)}.`,
    en: (seconds: number) => `Try again in ${wait(seconds)}.`,
  },
} as const;

/**
 * Why sending failed, in words, with the problems that no field of the form shows. Nothing while `error` is null.
 * `shown`: pointers of the fields that show their own problems.
 */
export function ErrorSummary({
  error,
  shown = [],
}: {
  readonly error: unknown;
  readonly shown?: readonly string[];
}): JSX.Element | null {
  const t = useWords();
  if (error === null || error === undefined) return null;
  const rest = problemsElsewhere(error, shown);
  return (
    <div class="error-summary" role="alert" tabIndex={-1}>
      <Icon name="warning" />
      <div>
        <p>{titleOf(error, t)}</p>
        {rest.length === 0 ? null : (
          <ul>
            {rest.map((problem) => (
              <li key={`${problem.pointer} ${problem.code}`}>{problem.detail}</li>
            ))}
          </ul>
        )}
        {error instanceof ApiProblem && error.retryAfterSeconds !== null ? (
          <p>{t(words.later)(error.retryAfterSeconds)}</p>
        ) : null}
      </div>
    </div>
  );
}

function titleOf(error: unknown, t: ReturnType<typeof useWords>): string {
  if (error instanceof ApiProblem) return error.status >= 500 ? t(words.defect) : error.title;
  return t(error instanceof Offline ? words.offline : words.defect);
}

function wait(seconds: number): string {
  return seconds < 90 ? `${Math.ceil(seconds)} s` : `${Math.ceil(seconds / 60)} min`;
}
