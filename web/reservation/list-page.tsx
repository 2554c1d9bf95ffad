// Nothing imports a declaration of modules, so that it would pass for unused.
// eslint-disable-next-line @typescript-eslint/triple-slash-reference
/// <reference path="./stylesheet.d.ts" />
import './reservation.css';

import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';

import type { ReservationList, ReservationView } from '../../server/panel/api/reservation-api.ts';
import { useNow, useResource } from '../api-client.ts';
import { plural, useWords } from '../language.tsx';
import { useSession } from '../session.tsx';
import { LinkButton } from '../ui/button.tsx';
import { ErrorSummary } from '../ui/error-summary.tsx';
import { Page } from '../ui/page.tsx';
import { EmptyState, Skeleton } from '../ui/surface.tsx';
import { useToast } from '../ui/toast.tsx';
import { AddButton, PlacesLine } from './places.tsx';
import { DeleteDialog } from './delete-dialog.tsx';
import { groupList, placeState } from './list-view.ts';
import { HISTORY_PATH, NEW_PATH } from './paths.ts';
import { ReservationCard } from './reservation-card.tsx';

const words = {
  title: { pl: 'Telekonferencje', en: 'Conferences' },
  now: { pl: 'Teraz', en: 'Now' },
  planned: { pl: 'Zaplanowane', en: 'Planned' },
  over: { pl: 'Zakończone niedawno', en: 'Just finished' },
  empty: { pl: 'Nie masz jeszcze żadnej konferencji', en: 'You have no conference yet' },
  emptyText: {
    pl: 'Podaj początek i koniec, a od razu dostaniesz numer i PIN. Uczestnicy dołączą z dowolnego telefonu.',
    en: 'Give a start and an end, and you get a number and a PIN at once. People join from any phone.',
  },
  emptyRules: {
    pl: (minutes: number, days: number) =>
      `Pierwsza może zacząć się już za ${minutes} ${plural('pl', minutes, { one: 'minutę', few: 'minuty', many: 'minut', other: 'minuty' })}, najpóźniej za ${days} ${plural('pl', days, { one: 'dzień', few: 'dni', many: 'dni', other: 'dnia' })}.`,
    en: (minutes: number, days: number) =>
      `The first one can start in ${minutes} ${plural('en', minutes, { one: 'minute', other: 'minutes' })}, and at the latest in ${days} ${plural('en', days, { one: 'day', other: 'days' })}.`,
  },
  add: { pl: 'Dodaj konferencję', en: 'Add conference' },
  history: { pl: 'Wcześniejsze są w historii.', en: 'Earlier ones are in the history.' },
  deleted: { pl: 'Konferencja usunięta', en: 'Conference deleted' },
} as const;

/** How often the list is asked for anew while somebody looks at it. */
const REFRESH_MS = 15_000;

/** **Telekonferencje**: the reservations that take a place. */
export function ListPage(): JSX.Element {
  const t = useWords();
  const say = useToast();
  const resource = useFreshList();
  const list = resource.data;
  const [toDelete, setToDelete] = useState<ReservationView | null>(null);
  const places = list === null ? null : placeState(list);
  return (
    <Page
      title={t(words.title)}
      lead={places === null ? undefined : <PlacesLine places={places} onDelete={setToDelete} />}
      actions={<AddButton places={places} />}
    >
      {list === null ? (
        <Waiting error={resource.error} />
      ) : list.reservations.length === 0 ? (
        <NoReservations />
      ) : (
        <Groups list={list} onDelete={setToDelete} />
      )}
      {toDelete === null ? null : (
        <DeleteDialog
          reservation={toDelete}
          onClose={() => setToDelete(null)}
          onDeleted={() => {
            setToDelete(null);
            say(t(words.deleted));
            resource.reload();
          }}
        />
      )}
    </Page>
  );
}

/** Anew every 15 s, when the window gets the focus, and when a state must have changed by the clock. */
function useFreshList() {
  const resource = useResource<ReservationList>('/reservations', { refreshMs: REFRESH_MS });
  const { reload } = resource;
  useEffect(() => {
    window.addEventListener('focus', reload);
    return () => window.removeEventListener('focus', reload);
  }, [reload]);
  return resource;
}

function Waiting({ error }: { readonly error: unknown }): JSX.Element {
  return error === null ? <Skeleton lines={4} /> : <ErrorSummary error={error} />;
}

function NoReservations(): JSX.Element {
  const t = useWords();
  const { rules } = useSession().settings;
  return (
    <EmptyState icon="conferences" title={t(words.empty)}>
      <p>{t(words.emptyText)}</p>
      <p>{t(words.emptyRules)(rules.earliestStartMinutes, rules.latestStartDays)}</p>
      <LinkButton href={NEW_PATH} tone="primary" icon="plus">
        {t(words.add)}
      </LinkButton>
    </EmptyState>
  );
}

function Groups({
  list,
  onDelete,
}: {
  readonly list: ReservationList;
  readonly onDelete: (reservation: ReservationView) => void;
}): JSX.Element {
  const t = useWords();
  const nowMs = useNow(15_000);
  const groups = groupList(list.reservations);
  return (
    <>
      {(['now', 'planned', 'over'] as const).map((group) =>
        groups[group].length === 0 ? null : (
          <section key={group} class="stack list-group">
            <h2 class="list-heading">{t(words[group])}</h2>
            {groups[group].map((reservation) => (
              <ReservationCard
                key={reservation.reservationId}
                {...{ reservation, nowMs, onDelete }}
              />
            ))}
          </section>
        ),
      )}
      <p class="muted small">
        <a href={HISTORY_PATH}>{t(words.history)}</a>
      </p>
    </>
  );
}
