import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';

import { connection } from '../api-client.ts';
import { useWords } from '../language.tsx';
import { Button } from '../ui/button.tsx';

const words = {
  lost: {
    pl: 'Brak połączenia z serwerem. Próbuję ponownie — nic, co wpisano, nie zginie.',
    en: 'The connection is lost. Trying again — nothing you typed will be lost.',
  },
  now: { pl: 'Spróbuj teraz', en: 'Try now' },
  back: { pl: 'Połączenie wróciło.', en: 'The connection is back.' },
} as const;

/** Tells that the server cannot be reached, and that it can again. */
export function ConnectionBanner(): JSX.Element {
  const t = useWords();
  const [state, setState] = useState(connection.state);
  useEffect(() => connection.subscribe(() => setState(connection.state)), []);
  return (
    <div class={`connection connection-${state}`} role="status" aria-live="polite">
      {state === 'lost' ? (
        <>
          <span class="spinner spinner-small" />
          <span>{t(words.lost)}</span>
          <Button size="small" onClick={connection.retry}>
            {t(words.now)}
          </Button>
        </>
      ) : null}
      {state === 'back' ? <span>{t(words.back)}</span> : null}
    </div>
  );
}
