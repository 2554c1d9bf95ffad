import { useEffect, useState } from 'preact/hooks';

import type { CheckAnswer, CheckRequest } from '../../server/panel/api/reservation-api.ts';
import { api } from '../api-client.ts';
import { useLanguage } from '../language.tsx';

/** Pause after the last key before the server is asked. */
const PAUSE_MS = 350;

/** What the server says to the draft as it stands now is asked again this often: time goes on. */
const AGAIN_MS = 30_000;

/** The answer to the latest draft that was checked. */
export interface LiveCheck {
  /** Null before the first answer. The last one stays while the next is awaited. */
  readonly answer: CheckAnswer | null;
  /** Which body the answer is to; compare it with `checkKey`. */
  readonly key: string | null;
}

/** Names a body, so that an answer can be told from one to an older draft. */
export function checkKey(request: CheckRequest, language: string): string {
  return `${language} ${JSON.stringify(request)}`;
}

/** Asks the server what would come of a draft, a moment after each change; older questions are given up. */
export function useLiveCheck(request: CheckRequest): LiveCheck {
  const { language } = useLanguage();
  const [check, setCheck] = useState<LiveCheck>({ answer: null, key: null });
  const key = checkKey(request, language);
  useEffect(() => {
    const abort = new AbortController();
    const ask = (): void => {
      api
        .send<CheckAnswer>('POST', '/reservations/check', request, { signal: abort.signal })
        .then(({ data }) => {
          if (!abort.signal.aborted) setCheck({ answer: data, key });
        })
        // The watch of the connection tells of a lost one, and submitting tells of a refusal.
        .catch(() => undefined);
    };
    const timer = setTimeout(ask, PAUSE_MS);
    const again = setInterval(() => {
      if (document.visibilityState === 'visible') ask();
    }, AGAIN_MS);
    return () => {
      abort.abort();
      clearTimeout(timer);
      clearInterval(again);
    };
  }, [key]);
  return check;
}
