import type { JSX } from 'preact';

import type { ReservationView } from '../../server/panel/api/reservation-api.ts';
import { api } from '../api-client.ts';
import { useLanguage, useWords } from '../language.tsx';
import { ConfirmDialog } from '../ui/dialog.tsx';
import { useSubmit } from '../ui/submit.ts';
import { WhenRange } from '../ui/when.tsx';
import { reservationResource } from './paths.ts';
import { titleOf } from './reservation-title.ts';

const words = {
  title: { pl: 'Usunąć konferencję?', en: 'Delete the conference?' },
  action: { pl: 'Usuń konferencję', en: 'Delete conference' },
  running: {
    pl: 'Konferencja właśnie trwa. Uczestnicy usłyszą ostrzeżenie i po 30 sekundach zostaną rozłączeni.',
    en: 'The conference is going on. Participants hear a warning and are disconnected after 30 seconds.',
  },
  told: {
    pl: 'Osoby, które dostały już zaproszenie e-mailem, dowiedzą się e-mailem, że konferencja została odwołana.',
    en: 'People who have got an invitation by e-mail are told by e-mail that it is cancelled.',
  },
  notBySms: {
    pl: 'SMS-ów o odwołaniu nie wysyłamy: osobom zaproszonym tylko SMS-em daj znać samodzielnie.',
    en: 'No SMS tells of it: please let people who were invited by SMS only know yourself.',
  },
  access: {
    pl: 'Numer i PIN-y przestaną działać.',
    en: 'The number and PINs stop working.',
  },
  over: {
    pl: 'Konferencja już się zakończyła, więc nikt nie dostanie powiadomienia. Zostanie w historii.',
    en: 'The conference is over, so nobody is notified. It stays in the history.',
  },
  place: { pl: 'Miejsce na liście zwolni się od razu.', en: 'Its place is free at once.' },
  final: { pl: 'Tego nie można cofnąć.', en: 'This cannot be undone.' },
} as const;

/** Asks before a reservation is deleted, and says what will happen. `onDeleted` follows success. */
export function DeleteDialog({
  reservation,
  onDeleted,
  onClose,
}: {
  readonly reservation: ReservationView;
  readonly onDeleted: () => void;
  readonly onClose: () => void;
}): JSX.Element {
  const t = useWords();
  const { language } = useLanguage();
  const submit = useSubmit();
  const remove = (): void =>
    submit.run(async () => {
      await api.send('DELETE', reservationResource(reservation.reservationId));
      onDeleted();
    });
  return (
    <ConfirmDialog
      title={t(words.title)}
      action={t(words.action)}
      busy={submit.busy}
      error={submit.error}
      onConfirm={remove}
      onClose={onClose}
    >
      <p>
        <strong>{titleOf(reservation, language)}</strong>
        <br />
        <WhenRange from={reservation.startAt} to={reservation.endAt} zone={reservation.zone} />
      </p>
      <ul class="plain-points">
        {consequences(reservation).map((key) => (
          <li key={key}>{t(words[key])}</li>
        ))}
      </ul>
    </ConfirmDialog>
  );
}

function consequences(reservation: ReservationView): readonly (keyof typeof words)[] {
  const { state } = reservation;
  if (state === 'finished' || state === 'archived') return ['over', 'place', 'final'];
  return [
    ...(state === 'in-progress' ? (['running'] as const) : []),
    ...(reservation.emails.length > 0 ? (['told'] as const) : []),
    ...(reservation.phones.length > 0 ? (['notBySms'] as const) : []),
    'access',
    'place',
    'final',
  ];
}
