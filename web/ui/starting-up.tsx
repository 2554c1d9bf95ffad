import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';

import { connection } from '../api-client.ts';
import { Logo } from './logo.tsx';

/** What is shown before the server has answered for the first time, in both languages as none is known yet. */
export function StartingUp(): JSX.Element {
  const [state, setState] = useState(connection.state);
  useEffect(() => connection.subscribe(() => setState(connection.state)), []);
  return (
    <main class="starting" aria-busy="true">
      <Logo />
      {state === 'lost' ? (
        <div role="status">
          <h1 class="starting-title" lang="pl">
            Brak połączenia z serwerem. Próbuję ponownie…
          </h1>
          <p lang="en">The server cannot be reached. Trying again…</p>
          <button type="button" class="button button-secondary" onClick={connection.retry}>
            <span lang="pl">Spróbuj teraz</span> / <span lang="en">Try now</span>
          </button>
        </div>
      ) : (
        <span class="spinner" />
      )}
    </main>
  );
}
