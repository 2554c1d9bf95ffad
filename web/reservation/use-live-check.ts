import { useEffect, useState } from 'preact/hooks';

import type { CheckAnswer, CheckRequest } from '../../server/panel/api/reservation-api.ts';
import { api } from '../api-client.ts';
import { useLanguage } from '../language.tsx';

/** Pause after the last key before the server is asked. */
const PAUSE_MS = 350;

/** What the server says to the draft as it stands now is asked again this often: time goes on. */
const AGAIN_MS = 30_000;

/**
 * What the server says to a draft, asked a moment after each change; older questions are given up. Null before the first
 * answer; the last one stays while the next is awaited.
 */
export function useLiveCheck(request: CheckRequest): CheckAnswer | null {
  const { language } = useLanguage();
  const [answer, setAnswer] = useState<CheckAnswer | null>(null);
  const key = `${language} ${JSON.stringify(request)}`;
  useEffect(() => {
    const abort = new AbortController();
    const ask = (): void => {
      api
        .send<CheckAnswer>('POST', '/reservations/check', request, { signal: abort.signal })
        .then(({ data }) => {
          if (!abort.signal.aborted) setAnswer(data);
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
  return answer;
}
