import type { ComponentChildren, JSX } from 'preact';

import type { Resource } from '../api-client.ts';
import { Offline } from '../api-problem.ts';
import { useWords } from '../language.tsx';
import { Button } from './button.tsx';
import { ErrorSummary } from './error-summary.tsx';
import { Skeleton } from './surface.tsx';

const words = { again: { pl: 'Spróbuj ponownie', en: 'Try again' } } as const;

/** What the server told, or that it is on its way, or why it did not come. */
export function ResourceView<T>({
  resource,
  lines = 4,
  children,
}: {
  readonly resource: Resource<T>;
  /** Grey lines while it is on its way. */
  readonly lines?: number;
  readonly children: (data: T) => ComponentChildren;
}): JSX.Element {
  const t = useWords();
  if (resource.data !== null) return <>{children(resource.data)}</>;
  // While the connection is lost the banner says so, and the answer comes when it is back.
  if (resource.error === null || resource.error instanceof Offline) {
    return <Skeleton lines={lines} />;
  }
  return (
    <div class="stack-small">
      <ErrorSummary error={resource.error} />
      <div>
        <Button onClick={resource.reload} busy={resource.loading}>
          {t(words.again)}
        </Button>
      </div>
    </div>
  );
}
