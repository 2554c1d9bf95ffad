import type { JSX } from 'preact';

import type { JoinPage } from '../../server/panel/api/reservation-api.ts';
import { useWords } from '../language.tsx';
import { Icon } from '../ui/icon.tsx';
import { Card, Note } from '../ui/surface.tsx';
import type { JoinPhase } from './join-phase.ts';

const words = {
  join: { pl: 'Dołącz w przeglądarce', en: 'Join in the browser' },
  moderator: { pl: 'jako prowadzący', en: 'as a moderator' },
  participant: {
    pl: 'z lepszym dźwiękiem i listą osób',
    en: 'with better sound and a list of people',
  },
  hint: {
    pl: 'Bez instalowania i bez konta. Przeglądarka zapyta o mikrofon.',
    en: 'Nothing to install, no account. The browser will ask for the microphone.',
  },
  locked: {
    pl: 'Pokój jest teraz zamknięty: prowadzący nikogo nie wpuszcza.',
    en: 'The room is locked now: the moderator lets nobody in.',
  },
  full: {
    pl: 'Pokój jest teraz pełny.',
    en: 'The room is full now.',
  },
} as const;

/** The first way in: one click and one is in the lobby. */
export function BrowserCard({
  join,
  phase,
  onBrowser,
}: {
  readonly join: JoinPage;
  readonly phase: JoinPhase['phase'];
  readonly onBrowser: () => void;
}): JSX.Element | null {
  const t = useWords();
  if (join.browser.allowed === 'no') return null;
  return (
    <Card>
      <button
        type="button"
        class="call-now call-now-button"
        data-join="browser"
        onClick={onBrowser}
      >
        <Icon name="microphone" />
        <span>
          <span class="call-now-label">{t(words.join)}</span>
          <span class="call-now-number">{t(words[join.browser.role])}</span>
        </span>
      </button>
      <p class="muted small">{t(words.hint)}</p>
      {phase === 'early' ? null : join.room.lock === 'locked' ? (
        <Note tone="warning">{t(words.locked)}</Note>
      ) : join.room.seats === 'full' ? (
        <Note tone="warning">{t(words.full)}</Note>
      ) : null}
    </Card>
  );
}
