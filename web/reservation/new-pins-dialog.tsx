import type { JSX } from 'preact';

import type { ReservationView } from '../../server/panel/api/reservation-api.ts';
import { api } from '../api-client.ts';
import { useWords } from '../language.tsx';
import { ConfirmDialog } from '../ui/dialog.tsx';
import { useSubmit } from '../ui/submit.ts';
import { reservationResource } from './paths.ts';

const words = {
  title: { pl: 'Nadać nowe PIN-y?', en: 'Give new PINs?' },
  action: { pl: 'Nadaj nowe PIN-y', en: 'Give new PINs' },
  old: {
    pl: 'Dotychczasowe PIN i ADMIN PIN od razu przestaną działać. Numer konferencji się nie zmieni.',
    en: 'The present PIN and ADMIN PIN stop working at once. The conference number stays the same.',
  },
  told: {
    pl: 'Osoby, które dostały już zaproszenie e-mailem, dostaną e-mail z nowym PIN-em. SMS-y nie zostaną wysłane.',
    en: 'People who have got an invitation by e-mail get an e-mail with the new PIN. No SMS goes out.',
  },
  nobody: {
    pl: 'Nowy PIN trzeba będzie podać uczestnikom samodzielnie.',
    en: 'You will have to pass the new PIN on to the participants yourself.',
  },
  inside: {
    pl: 'Osoby, które już są w konferencji, zostaną w niej.',
    en: 'People who are in the conference already stay in it.',
  },
} as const;

/** Asks before the PINs are replaced, and says what that means. */
export function NewPinsDialog({
  reservation,
  onDone,
  onClose,
}: {
  readonly reservation: ReservationView;
  readonly onDone: () => void;
  readonly onClose: () => void;
}): JSX.Element {
  const t = useWords();
  const submit = useSubmit();
  return (
    <ConfirmDialog
      title={t(words.title)}
      action={t(words.action)}
      tone="primary"
      busy={submit.busy}
      error={submit.error}
      onClose={onClose}
      onConfirm={() =>
        submit.run(async () => {
          await api.send('POST', reservationResource(reservation.reservationId, '/pins'));
          onDone();
        })
      }
    >
      <ul class="plain-points">
        <li>{t(words.old)}</li>
        <li>{t(reservation.emails.length > 0 ? words.told : words.nobody)}</li>
        {reservation.state === 'in-progress' ? <li>{t(words.inside)}</li> : null}
      </ul>
    </ConfirmDialog>
  );
}
