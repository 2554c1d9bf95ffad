import { useCallback, useEffect, useRef, useState } from 'preact/hooks';

import { createApi, type Answer, type Api } from './api-caller.ts';
import { createConnection, type Connection } from './connection.ts';

export { ApiProblem, problemsFor } from './api-problem.ts';

/** What the requests of this page carry; kept by `SessionProvider` and `LanguageProvider`. */
export const requestContext: {
  language: string;
  csrfToken: string | null;
  loggedOut: () => void;
  renewCsrfToken: () => Promise<'renewed' | 'other-account'>;
  clockOffsetMs: number;
} = {
  language: 'pl',
  csrfToken: null,
  loggedOut: () => undefined,
  renewCsrfToken: async () => 'other-account',
  clockOffsetMs: 0,
};

/** A network that swallows packets answers nothing for minutes: it is a lost one much sooner. */
const PROBE_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 30_000;

/** Watches the way to the server. */
export const connection: Connection = createConnection({
  // Past `api`, whose failures would be reported back to the watch.
  probe: async () => {
    const signal = AbortSignal.timeout(PROBE_TIMEOUT_MS);
    const response = await fetch('/api/v1/session', { cache: 'no-store', signal });
    if (!response.ok) throw new Error(`answered ${response.status}`);
  },
  after: (delayMs, work) => {
    setTimeout(work, delayMs);
  },
});

/** The REST interface. Paths are those below `/api/v1`, such as `/reservations`. */
export const api: Api = createApi({
  fetch: (url, init) =>
    fetch(url, { ...init, signal: init.signal ?? AbortSignal.timeout(REQUEST_TIMEOUT_MS) }),
  language: () => requestContext.language,
  csrfToken: () => requestContext.csrfToken,
  renewCsrfToken: () => requestContext.renewCsrfToken(),
  reached: connection.reached,
  lost: connection.lost,
  // A wrong password at login is a 401 too, and no reason to go anywhere.
  loggedOut: (path) => {
    if (path !== '/session' && requestContext.csrfToken !== null) requestContext.loggedOut();
  },
});

/** Epoch ms on the server's clock: rules such as "not sooner than in ten minutes" go by it. */
export function serverNowMs(): number {
  return Date.now() + requestContext.clockOffsetMs;
}

/** The server's time, anew each `everyMs`, so that a page stays true while it is open. */
export function useNow(everyMs: number): number {
  const [nowMs, setNowMs] = useState(serverNowMs);
  useEffect(() => {
    const timer = setInterval(() => setNowMs(serverNowMs()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return nowMs;
}

/** Something of the server's that a page shows. */
export interface Resource<T> {
  /** The last answer; stays while it is asked for again, and while the connection is lost. */
  readonly data: T | null;
  readonly etag: string | null;
  /** Why the last try failed: an `ApiProblem` or `Offline`. */
  readonly error: unknown;
  readonly loading: boolean;
  /** Asks again. */
  readonly reload: () => void;
}

interface Shown<T> {
  readonly path: string | null;
  readonly answer: Answer<T> | null;
  readonly error: unknown;
}

/**
 * Asks for `path` (below `/api/v1`; null: nothing yet) and again when the connection comes back, when the page is
 * looked at again, and each `refreshMs` while it is looked at.
 */
export function useResource<T>(
  path: string | null,
  { refreshMs }: { readonly refreshMs?: number } = {},
): Resource<T> {
  const [shown, setShown] = useState<Shown<T>>({ path, answer: null, error: null });
  const [loading, setLoading] = useState(path !== null);
  const latest = useRef(0);

  const reload = useCallback(() => {
    if (path === null) return;
    const turn = (latest.current += 1);
    setLoading(true);
    api.get<T>(path).then(
      (answer) => {
        if (turn !== latest.current) return;
        setShown({ path, answer, error: null });
        setLoading(false);
      },
      (error: unknown) => {
        if (turn !== latest.current) return;
        setShown((before) => ({
          path,
          answer: before.path === path ? before.answer : null,
          error,
        }));
        setLoading(false);
      },
    );
  }, [path]);

  useEffect(() => {
    reload();
    return () => {
      latest.current += 1;
    };
  }, [reload]);
  useRefresh(reload, refreshMs);

  const answer = shown.path === path ? shown.answer : null;
  return {
    data: answer?.data ?? null,
    etag: answer?.etag ?? null,
    error: shown.path === path ? shown.error : null,
    loading: loading || (path !== null && shown.path !== path),
    reload,
  };
}

/** Shortest time between two looks at the page that makes it ask again. */
const STALE_MS = 20_000;

/** Does `work` each time the connection comes back: what is shown may be old. */
export function useReturn(work: () => void): void {
  useEffect(() => {
    let returns = connection.returns;
    return connection.subscribe(() => {
      if (connection.returns !== returns) work();
      returns = connection.returns;
    });
  }, [work]);
}

function useRefresh(reload: () => void, refreshMs: number | undefined): void {
  useReturn(reload);
  useEffect(() => {
    let askedAtMs = Date.now();
    const again = (): void => {
      askedAtMs = Date.now();
      reload();
    };
    const seen = (): void => {
      if (document.visibilityState === 'visible' && Date.now() - askedAtMs > STALE_MS) again();
    };
    document.addEventListener('visibilitychange', seen);
    const timer =
      refreshMs === undefined
        ? undefined
        : setInterval(() => {
            if (document.visibilityState === 'visible' && connection.state !== 'lost') again();
          }, refreshMs);
    return () => {
      document.removeEventListener('visibilitychange', seen);
      clearInterval(timer);
    };
  }, [reload, refreshMs]);
}
