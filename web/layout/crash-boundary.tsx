import { Component, type ComponentChildren, type JSX } from 'preact';

import { useWords } from '../language.tsx';

const words = {
  title: { pl: 'Ta strona się zepsuła', en: 'This page broke' },
  text: {
    pl: 'To nasz błąd, nie Twój. Odświeżenie zwykle pomaga; rezerwacje są bezpieczne na serwerze.',
    en: 'This is our fault, not yours. Reloading usually helps; your reservations are safe on the server.',
  },
  reload: { pl: 'Odśwież stronę', en: 'Reload the page' },
  home: { pl: 'Wróć na początek', en: 'Back to the start' },
} as const;

interface State {
  readonly error: unknown;
}

/** Shows words instead of an empty page when a part of it throws. */
export class CrashBoundary extends Component<{ children: ComponentChildren }, State> {
  override state: State = { error: null };

  static override getDerivedStateFromError(error: unknown): State {
    return { error };
  }

  override render(): ComponentChildren {
    return this.state.error === null ? this.props.children : <CrashPage />;
  }
}

function CrashPage(): JSX.Element {
  const t = useWords();
  return (
    <main class="plain-main" id="content">
      <div class="page page-narrow" role="alert">
        <h1>{t(words.title)}</h1>
        <p>{t(words.text)}</p>
        <div class="actions">
          <button type="button" class="button button-primary" onClick={() => location.reload()}>
            {t(words.reload)}
          </button>
          {/* Not by the router: whatever is broken is left behind. */}
          <a class="button button-secondary" href="/" target="_top">
            {t(words.home)}
          </a>
        </div>
      </div>
    </main>
  );
}
