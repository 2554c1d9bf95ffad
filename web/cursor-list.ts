import { useCallback, useEffect, useRef, useState } from 'preact/hooks';

import { api, useReturn } from './api-client.ts';

/** One page of a list, as the interface answers it. */
export interface CursorPage<Row> {
  readonly rows: readonly Row[];
  readonly nextCursor: string | null;
}

/** A list that comes in pages. */
export interface CursorList<Row> {
  /** All rows so far; null before the first page came. */
  readonly rows: readonly Row[] | null;
  readonly error: unknown;
  readonly loading: boolean;
  readonly hasMore: boolean;
  /** Asks for the next page. */
  readonly more: () => void;
  /** Begins anew. What is shown stays until the first page is there. */
  readonly reload: () => void;
}

interface State<Row> {
  readonly rows: readonly Row[] | null;
  readonly nextCursor: string | null;
  readonly error: unknown;
  readonly loading: boolean;
}

/**
 * Reads `path` page by page. `pageOf` takes the rows out of an answer; it must be the same function each time.
 */
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- It names the route's type.
export function useCursorList<Answer, Row>(
  path: string,
  pageOf: (answer: Answer) => CursorPage<Row>,
): CursorList<Row> {
  const [state, setState] = useState<State<Row>>({
    rows: null,
    nextCursor: null,
    error: null,
    loading: true,
  });
  const turn = useRef(0);

  const read = useCallback(
    (cursor: string | null, before: readonly Row[]) => {
      const mine = (turn.current += 1);
      setState((now) => ({ ...now, loading: true }));
      api.get<Answer>(withCursor(path, cursor)).then(
        ({ data }) => {
          if (mine !== turn.current) return;
          const { rows, nextCursor } = pageOf(data);
          setState({ rows: [...before, ...rows], nextCursor, error: null, loading: false });
        },
        (error: unknown) => {
          if (mine === turn.current) setState((now) => ({ ...now, error, loading: false }));
        },
      );
    },
    [path, pageOf],
  );
  const reload = useCallback(() => read(null, []), [read]);
  useReturn(reload);
  useEffect(() => {
    reload();
    return () => {
      turn.current += 1;
    };
  }, [reload]);

  const { rows, nextCursor } = state;
  return {
    rows,
    error: state.error,
    loading: state.loading,
    hasMore: nextCursor !== null,
    more: () => {
      if (nextCursor !== null && !state.loading) read(nextCursor, rows ?? []);
    },
    reload,
  };
}

function withCursor(path: string, cursor: string | null): string {
  if (cursor === null) return path;
  return `${path}${path.includes('?') ? '&' : '?'}cursor=${encodeURIComponent(cursor)}`;
}
