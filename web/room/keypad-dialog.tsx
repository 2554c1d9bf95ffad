import type { JSX } from 'preact';
import { useState } from 'preact/hooks';

import { useWords } from '../language.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Note } from '../ui/surface.tsx';
import type { RoomSession } from './room-session.ts';

const words = {
  title: { pl: 'Klawiatura', en: 'Keypad' },
  hint: {
    pl: 'Te same klawisze co w telefonie: * otwiera menu pokoju.',
    en: 'The same keys as on a telephone: * opens the menu of the room.',
  },
  sent: { pl: 'Wysłane', en: 'Sent' },
  notSent: {
    pl: 'Klawisz nie został wysłany: nie ma teraz połączenia.',
    en: 'The key was not sent: there is no connection now.',
  },
  star: { pl: 'gwiazdka', en: 'star' },
  hash: { pl: 'krzyżyk', en: 'hash' },
} as const;

const KEYS = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '*', '0', '#'] as const;
const SHOWN_KEYS = 16;

/** Keys that are sent as on a telephone (RFC 4733); the keyboard works too. */
export function KeypadDialog({
  session,
  onClose,
}: {
  readonly session: RoomSession;
  readonly onClose: () => void;
}): JSX.Element {
  const t = useWords();
  const [sent, setSent] = useState('');
  const [outcome, setOutcome] = useState<'sent' | 'not-possible'>('sent');
  const press = (key: string): void => {
    const next = session.sendKeys(key);
    setOutcome(next);
    if (next === 'sent') setSent((before) => (before + key).slice(-SHOWN_KEYS));
  };
  return (
    <Dialog title={t(words.title)} onClose={onClose}>
      <div
        class="stack"
        onKeyDown={(event) => {
          if (event.ctrlKey || event.metaKey || event.altKey) return;
          if (KEYS.some((key) => key === event.key)) press(event.key);
        }}
      >
        <p class="muted">{t(words.hint)}</p>
        <p class="keypad-sent" role="status">
          <span class="visually-hidden">{t(words.sent)}: </span>
          {sent === '' ? '\u00a0' : sent}
        </p>
        {outcome === 'sent' ? null : (
          <div role="alert">
            <Note tone="warning">{t(words.notSent)}</Note>
          </div>
        )}
        <div class="keypad">
          {KEYS.map((key) => (
            <button
              key={key}
              type="button"
              class="keypad-key"
              data-key={key}
              aria-label={key === '*' ? t(words.star) : key === '#' ? t(words.hash) : key}
              onClick={() => press(key)}
            >
              {key}
            </button>
          ))}
        </div>
      </div>
    </Dialog>
  );
}
