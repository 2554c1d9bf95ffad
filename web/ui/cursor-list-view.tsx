import type { ComponentChildren, JSX } from 'preact';

import { Offline } from '../api-problem.ts';
import type { CursorList } from '../cursor-list.ts';
import { useWords } from '../language.tsx';
import { Button } from './button.tsx';
import { ErrorSummary } from './error-summary.tsx';
import { Skeleton } from './surface.tsx';

const words = {
  more: { pl: 'Pokaż więcej', en: 'Show more' },
  again: { pl: 'Spróbuj ponownie', en: 'Try again' },
} as const;

/** A list that comes in pages: its rows, and a button for the next ones. */
export function CursorListView<Row>({
  list,
  empty,
  children,
}: {
  readonly list: CursorList<Row>;
  /** In place of a list without rows. */
  readonly empty: ComponentChildren;
  readonly children: (rows: readonly Row[]) => ComponentChildren;
}): JSX.Element {
  const t = useWords();
  // While the connection is lost the banner says so, and the answer comes when it is back.
  const failed = list.error !== null && !(list.error instanceof Offline);
  if (list.rows === null && !failed) return <Skeleton lines={4} />;
  return (
    <>
      {list.rows === null ? null : list.rows.length === 0 ? empty : children(list.rows)}
      {failed ? <ErrorSummary error={list.error} /> : null}
      {failed && list.rows === null ? (
        <div>
          <Button busy={list.loading} onClick={list.reload}>
            {t(words.again)}
          </Button>
        </div>
      ) : null}
      {list.hasMore ? (
        <div class="actions">
          <Button busy={list.loading} onClick={list.more}>
            {t(words.more)}
          </Button>
        </div>
      ) : null}
    </>
  );
}
