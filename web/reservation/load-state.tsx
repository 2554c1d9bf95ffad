import type { JSX } from 'preact';

import { ApiProblem, type Resource } from '../api-client.ts';
import { useWords } from '../language.tsx';
import { Button, LinkButton } from '../ui/button.tsx';
import { ErrorSummary } from '../ui/error-summary.tsx';
import { EmptyState, Skeleton } from '../ui/surface.tsx';
import { LIST_PATH } from './paths.ts';

const words = {
  missing: { pl: 'Nie ma takiej konferencji', en: 'There is no such conference' },
  missingText: {
    pl: 'Mogła zostać usunięta albo należy do innego konta.',
    en: 'It may have been deleted, or belong to another account.',
  },
  list: { pl: 'Wróć do listy', en: 'Back to the list' },
  again: { pl: 'Spróbuj ponownie', en: 'Try again' },
} as const;

/** What stands in the place of something that is on its way, or did not come. */
export function LoadState({ resource }: { readonly resource: Resource<unknown> }): JSX.Element {
  const t = useWords();
  const { error } = resource;
  if (error instanceof ApiProblem && error.status === 404) {
    return (
      <EmptyState icon="conferences" title={t(words.missing)}>
        <p>{t(words.missingText)}</p>
        <LinkButton href={LIST_PATH}>{t(words.list)}</LinkButton>
      </EmptyState>
    );
  }
  if (error === null) return <Skeleton lines={5} />;
  return (
    <div class="stack">
      <ErrorSummary error={error} />
      <Button onClick={resource.reload} busy={resource.loading}>
        {t(words.again)}
      </Button>
    </div>
  );
}
