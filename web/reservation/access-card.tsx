import type { JSX } from 'preact';

import type { ReservationView } from '../../server/panel/api/reservation-api.ts';
import { useWords } from '../language.tsx';
import { useSession } from '../session.tsx';
import { CopyButton } from '../ui/copy-button.tsx';
import { Card } from '../ui/surface.tsx';
import { AccessData, accessText } from './access-data.tsx';

const words = {
  access: { pl: 'Dane dostępu', en: 'Access data' },
  all: { pl: 'wszystkie dane', en: 'all of it' },
  keep: {
    pl: 'ADMIN PIN-u nie podawaj uczestnikom: daje prawa prowadzącego.',
    en: 'Do not give the ADMIN PIN to participants: it makes a moderator.',
  },
  dial: { pl: 'Numer dostępowy', en: 'Access number' },
  onNet: { pl: 'tylko z sieci operatora', en: 'only from the operator’s network' },
} as const;

/** Number and PINs with the number to dial, each to be copied, and all at once. */
export function AccessCard({
  reservation,
}: {
  readonly reservation: ReservationView;
}): JSX.Element {
  const t = useWords();
  const { accessNumbers } = useSession().settings;
  const dial = accessNumbers
    .map(({ shown, reach }) => (reach === 'anybody' ? shown : `${shown} (${t(words.onNet)})`))
    .join(', ');
  return (
    <Card
      title={t(words.access)}
      aside={
        <CopyButton
          text={accessText(reservation, dial === '' ? null : dial, t)}
          what={t(words.all)}
        />
      }
    >
      {dial === '' ? null : (
        <p>
          {t(words.dial)}: <strong>{dial}</strong>
        </p>
      )}
      <AccessData reservation={reservation} />
      {reservation.adminPin === null ? null : <p class="muted small">{t(words.keep)}</p>}
    </Card>
  );
}
