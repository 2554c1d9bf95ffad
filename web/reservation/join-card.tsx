import type { JSX } from 'preact';

import type { ReservationView } from '../../server/panel/api/reservation-api.ts';
import { useWords } from '../language.tsx';
import { LinkButton } from '../ui/button.tsx';
import { CopyButton } from '../ui/copy-button.tsx';
import { QrCode } from '../ui/qr-code.tsx';
import { Card } from '../ui/surface.tsx';
import { useInvitation } from './invitation-card.tsx';
import { reservationResource } from './paths.ts';

const words = {
  title: { pl: 'Dołączanie', en: 'Joining' },
  link: { pl: 'Link dla uczestników', en: 'Link for participants' },
  calendar: { pl: 'Dodaj do kalendarza (.ics)', en: 'Add to calendar (.ics)' },
  qr: {
    pl: 'Kod QR: zeskanowany telefonem wybiera numer i wpisuje numer konferencji oraz PIN',
    en: 'QR code: scanned with a phone, it dials and enters the conference number and PIN',
  },
  qrHint: {
    pl: 'Zeskanuj telefonem, aby zadzwonić bez wpisywania numeru i PIN-u.',
    en: 'Scan it with a phone to call without typing the number and PIN.',
  },
} as const;

/** How participants get in: the link, the QR code that dials, the calendar entry. */
export function JoinCard({ reservation }: { readonly reservation: ReservationView }): JSX.Element {
  const t = useWords();
  const invitation = useInvitation(reservation);
  const { joinUrl, reservationId, number } = reservation;
  return (
    <Card title={t(words.title)}>
      <div class="join-card">
        {invitation === null ? (
          <span class="qr" />
        ) : (
          <figure class="qr-figure">
            <QrCode text={invitation.telUri} label={t(words.qr)} />
            <figcaption class="muted small">{t(words.qrHint)}</figcaption>
          </figure>
        )}
        <div class="stack">
          <div>
            <p class="field-label">{t(words.link)}</p>
            <p class="break">
              <a href={joinUrl} target="_blank" rel="noopener">
                {joinUrl}
              </a>
            </p>
            <CopyButton text={joinUrl} what={t(words.link)} />
          </div>
          <div class="actions">
            <LinkButton
              href={`/api/v1${reservationResource(reservationId, '/calendar.ics')}`}
              download={`konfa-${number}.ics`}
              icon="download"
            >
              {t(words.calendar)}
            </LinkButton>
          </div>
        </div>
      </div>
    </Card>
  );
}
