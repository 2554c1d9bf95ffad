import './reservation.css';

import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { useLocation, useRoute } from 'preact-iso';

import type { ReservationView } from '../../server/panel/api/reservation-api.ts';
import { useResource } from '../api-client.ts';
import { useLanguage, useWords } from '../language.tsx';
import { Button, LinkButton } from '../ui/button.tsx';
import { Page } from '../ui/page.tsx';
import { useToast } from '../ui/toast.tsx';
import { WhenRange } from '../ui/when.tsx';
import { AccessCard } from './access-card.tsx';
import { AttendanceCard } from './attendance-card.tsx';
import { DeleteDialog } from './delete-dialog.tsx';
import { DeliveryCard } from './delivery-card.tsx';
import { FactsCard } from './facts-card.tsx';
import { InvitationCard } from './invitation-card.tsx';
import { JoinCard } from './join-card.tsx';
import { LinksCard } from './links-card.tsx';
import { LoadState } from './load-state.tsx';
import { NewPinsDialog } from './new-pins-dialog.tsx';
import { editPath, LIST_PATH, reservationResource } from './paths.ts';
import { titleOf } from './reservation-title.ts';
import { StateBadge } from './state-badge.tsx';

const words = {
  page: { pl: 'Konferencja', en: 'Conference' },
  edit: { pl: 'Zmień', en: 'Edit' },
  pins: { pl: 'Nowe PIN-y', en: 'New PINs' },
  remove: { pl: 'Usuń', en: 'Delete' },
  deleted: { pl: 'Konferencja usunięta', en: 'Conference deleted' },
  pinsGiven: { pl: 'Nowe PIN-y działają od teraz', en: 'The new PINs work from now on' },
} as const;

const REFRESH_MS = 15_000;

/** Everything about one reservation. */
export function DetailsPage(): JSX.Element {
  const t = useWords();
  const { language } = useLanguage();
  const { params } = useRoute();
  const resource = useResource<ReservationView>(reservationResource(params['id'] ?? ''), {
    refreshMs: REFRESH_MS,
  });
  const reservation = resource.data;
  if (reservation === null) {
    return (
      <Page title={t(words.page)}>
        <LoadState resource={resource} />
      </Page>
    );
  }
  return (
    <Page
      title={titleOf(reservation, language)}
      lead={
        <span class="details-lead">
          <StateBadge reservation={reservation} />
          <WhenRange from={reservation.startAt} to={reservation.endAt} zone={reservation.zone} />
        </span>
      }
      actions={<Actions reservation={reservation} reload={resource.reload} />}
    >
      <Parts reservation={reservation} />
    </Page>
  );
}

function Parts({ reservation }: { readonly reservation: ReservationView }): JSX.Element {
  const isOver = isPast(reservation);
  return (
    <>
      {isOver ? null : <AccessCard reservation={reservation} />}
      {reservation.state === 'planned' ? null : <AttendanceCard reservation={reservation} />}
      <DeliveryCard reservation={reservation} />
      {isOver ? null : (
        <div class="columns">
          <InvitationCard reservation={reservation} />
          <JoinCard reservation={reservation} />
        </div>
      )}
      {isOver ? null : <LinksCard reservation={reservation} />}
      <FactsCard reservation={reservation} />
    </>
  );
}

function Actions({
  reservation,
  reload,
}: {
  readonly reservation: ReservationView;
  readonly reload: () => void;
}): JSX.Element | null {
  const t = useWords();
  const { route } = useLocation();
  const say = useToast();
  const [dialog, setDialog] = useState<'none' | 'delete' | 'pins'>('none');
  const close = (): void => setDialog('none');
  if (reservation.state === 'archived' || reservation.state === 'deleted') return null;
  return (
    <>
      {isPast(reservation) ? null : (
        <>
          <LinkButton href={editPath(reservation.reservationId)} icon="pencil" tone="primary">
            {t(words.edit)}
          </LinkButton>
          {reservation.adminPin === null ? null : (
            <Button onClick={() => setDialog('pins')}>{t(words.pins)}</Button>
          )}
        </>
      )}
      <Button icon="trash" tone="danger" onClick={() => setDialog('delete')}>
        {t(words.remove)}
      </Button>
      {dialog === 'delete' ? (
        <DeleteDialog
          reservation={reservation}
          onClose={close}
          onDeleted={() => {
            say(t(words.deleted));
            route(LIST_PATH);
          }}
        />
      ) : null}
      {dialog === 'pins' ? (
        <NewPinsDialog
          reservation={reservation}
          onClose={close}
          onDone={() => {
            close();
            say(t(words.pinsGiven));
            reload();
          }}
        />
      ) : null}
    </>
  );
}

function isPast({ state }: ReservationView): boolean {
  return state === 'finished' || state === 'archived' || state === 'deleted';
}
