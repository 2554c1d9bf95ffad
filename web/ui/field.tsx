import type { ComponentChildren, JSX } from 'preact';
import { useId } from 'preact/hooks';

import type { FieldProblem } from '../../server/panel/api/problem-api.ts';
import { useWords } from '../language.tsx';
import { Icon } from './icon.tsx';

const words = {
  optional: { pl: 'opcjonalnie', en: 'optional' },
} as const;

/** What all fields have. */
export interface FieldFrame {
  readonly label: ComponentChildren;
  /** A sentence below the label. */
  readonly hint?: ComponentChildren;
  /** What is wrong with it: `problemsFor(error, '/start')`. */
  readonly problems?: readonly Pick<FieldProblem, 'code' | 'detail'>[];
  /** `optional` says so beside the label. Nothing is checked by the browser: the server's words are better. */
  readonly need?: 'required' | 'optional';
}

/** Attributes that tie an input to its label, hint and problems. */
export interface FieldTies {
  readonly id: string;
  readonly 'aria-describedby': string | undefined;
  readonly 'aria-invalid': 'true' | undefined;
  readonly 'aria-required': 'true' | undefined;
}

/** Label, hint, input and problems, tied together for screen readers. */
export function Field({
  label,
  hint,
  problems = [],
  need,
  children,
}: FieldFrame & { readonly children: (ties: FieldTies) => ComponentChildren }): JSX.Element {
  const t = useWords();
  const id = useId();
  const hintId = `${id}-hint`;
  const problemId = `${id}-problem`;
  const describedBy = [hint === undefined ? null : hintId, problems.length === 0 ? null : problemId]
    .filter((one) => one !== null)
    .join(' ');
  return (
    <div class={problems.length === 0 ? 'field' : 'field field-wrong'}>
      <label class="field-label" for={id}>
        {label}
        {need === 'optional' ? <span class="field-optional"> ({t(words.optional)})</span> : null}
      </label>
      {hint === undefined ? null : (
        <div class="field-hint" id={hintId}>
          {hint}
        </div>
      )}
      {children({
        id,
        'aria-describedby': describedBy === '' ? undefined : describedBy,
        'aria-invalid': problems.length === 0 ? undefined : 'true',
        'aria-required': need === 'required' ? 'true' : undefined,
      })}
      <Problems id={problemId} problems={problems} />
    </div>
  );
}

/** Sentences about what is wrong, announced when they appear. */
export function Problems({
  id,
  problems,
}: {
  readonly id: string;
  readonly problems: readonly Pick<FieldProblem, 'code' | 'detail'>[];
}): JSX.Element | null {
  if (problems.length === 0) return null;
  return (
    <ul class="field-problems" id={id}>
      {problems.map((problem) => (
        <li key={`${problem.code} ${problem.detail}`}>
          <Icon name="warning" />
          <span>{problem.detail}</span>
        </li>
      ))}
    </ul>
  );
}
