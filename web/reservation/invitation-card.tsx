import type { JSX } from 'preact';
import { useEffect, useId, useRef, useState } from 'preact/hooks';

import type { InvitationText, ReservationView } from '../../server/panel/api/reservation-api.ts';
import { useResource } from '../api-client.ts';
import { useWords, type Language } from '../language.tsx';
import { CopyButton } from '../ui/copy-button.tsx';
import { Card, Skeleton } from '../ui/surface.tsx';
import { reservationResource } from './paths.ts';

const words = {
  title: { pl: 'Gotowe zaproszenie', en: 'Ready invitation' },
  hint: {
    pl: 'Bez ADMIN PIN-u: można je wysłać uczestnikom lub wkleić do kalendarza.',
    en: 'Without the ADMIN PIN: send it to participants, or paste it into a calendar.',
  },
  tabs: { pl: 'Język zaproszenia', en: 'Language of the invitation' },
  pl: { pl: 'polski', en: 'Polish' },
  en: { pl: 'angielski', en: 'English' },
  what: { pl: 'zaproszenie', en: 'invitation' },
} as const;

const LANGUAGES = ['pl', 'en'] as const;

/** Ready text in both languages, to be copied. */
export function InvitationCard({
  reservation,
}: {
  readonly reservation: ReservationView;
}): JSX.Element {
  const t = useWords();
  const id = useId();
  const [shown, setShown] = useState<Language>(reservation.language);
  const invitation = useInvitation(reservation);
  return (
    <Card title={t(words.title)}>
      <p class="muted small">{t(words.hint)}</p>
      <div class="tabs choice-tabs" role="tablist" aria-label={t(words.tabs)}>
        {LANGUAGES.map((language) => (
          <button
            key={language}
            id={`${id}-${language}`}
            type="button"
            role="tab"
            aria-selected={shown === language}
            aria-controls={`${id}-panel`}
            tabIndex={shown === language ? 0 : -1}
            onClick={() => setShown(language)}
            onKeyDown={(event) => {
              if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return;
              const other = shown === 'pl' ? 'en' : 'pl';
              setShown(other);
              document.getElementById(`${id}-${other}`)?.focus();
            }}
          >
            {t(words[language])}
          </button>
        ))}
      </div>
      <div id={`${id}-panel`} class="stack" role="tabpanel" aria-labelledby={`${id}-${shown}`}>
        {invitation === null ? (
          <Skeleton lines={6} />
        ) : (
          <>
            <pre class="invitation" lang={shown} tabIndex={0}>
              {`${invitation[shown].subject}\n\n${invitation[shown].text}`}
            </pre>
            <div class="actions">
              <CopyButton
                text={`${invitation[shown].subject}\n\n${invitation[shown].text}`}
                what={t(words.what)}
                size="normal"
              />
            </div>
          </>
        )}
      </div>
    </Card>
  );
}

/** The invitation of this version of a reservation: new PINs and new times make another one. */
export function useInvitation(reservation: ReservationView): InvitationText | null {
  const path = reservationResource(reservation.reservationId, '/invitation');
  const { data, reload } = useResource<InvitationText>(path);
  const { version } = reservation;
  const read = useRef(version);
  useEffect(() => {
    if (read.current === version) return;
    read.current = version;
    reload();
  }, [version, reload]);
  return data;
}
