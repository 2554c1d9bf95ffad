import './reservation.css';

import type { JSX } from 'preact';
import { useRoute } from 'preact-iso';

import type { ReservationView } from '../../server/panel/api/reservation-api.ts';
import { useResource } from '../api-client.ts';
import { useWords } from '../language.tsx';
import { LinkButton } from '../ui/button.tsx';
import { Page } from '../ui/page.tsx';
import { WhenRange } from '../ui/when.tsx';
import { AccessCard } from './access-card.tsx';
import { DeliveryCard } from './delivery-card.tsx';
import { InvitationCard } from './invitation-card.tsx';
import { JoinCard } from './join-card.tsx';
import { LoadState } from './load-state.tsx';
import { detailsPath, LIST_PATH, reservationResource } from './paths.ts';

const words = {
  title: { pl: 'Konferencja zarezerwowana', en: 'Conference booked' },
  list: { pl: 'Do listy konferencji', en: 'To the list of conferences' },
  details: { pl: 'Szczegóły', en: 'Details' },
} as const;

/** What follows a booking: everything that is needed to hold the conference, ready to be passed on. */
export function ConfirmationPage(): JSX.Element {
  const t = useWords();
  const { params } = useRoute();
  const resource = useResource<ReservationView>(reservationResource(params['id'] ?? ''));
  const reservation = resource.data;
  return (
    <Page
      title={t(words.title)}
      lead={
        reservation === null ? undefined : (
          <span class="details-lead">
            {reservation.title === '' ? null : <strong>{reservation.title}</strong>}
            <WhenRange from={reservation.startAt} to={reservation.endAt} zone={reservation.zone} />
          </span>
        )
      }
      actions={<LinkButton href={LIST_PATH}>{t(words.list)}</LinkButton>}
    >
      {reservation === null ? (
        <LoadState resource={resource} />
      ) : (
        <Confirmation reservation={reservation} />
      )}
    </Page>
  );
}

function Confirmation({ reservation }: { readonly reservation: ReservationView }): JSX.Element {
  const t = useWords();
  return (
    <>
      <AccessCard reservation={reservation} />
      <div class="columns">
        <InvitationCard reservation={reservation} />
        <JoinCard reservation={reservation} />
      </div>
      <DeliveryCard reservation={reservation} />
      <div class="actions">
        <LinkButton href={detailsPath(reservation.reservationId)}>{t(words.details)}</LinkButton>
      </div>
    </>
  );
}
