import './booking-form.css';

import type { JSX } from 'preact';
import { useCallback, useMemo, useState } from 'preact/hooks';
import { useLocation, useRoute } from 'preact-iso';

import type { ReservationView } from '../../server/panel/api/reservation-api.ts';
import { api, serverNowMs, useResource } from '../api-client.ts';
import { useLanguage, useWords } from '../language.tsx';
import { useSession } from '../session.tsx';
import { Page } from '../ui/page.tsx';
import { useToast } from '../ui/toast.tsx';
import { BookingFormBody } from './booking-form-body.tsx';
import { draftOf, type Draft } from './draft.ts';
import { earliestStartMs, firstTimes } from './draft-times.ts';
import { EditForm, type Version } from './edit-form.tsx';
import { keptDraftName } from './kept-draft.ts';
import { LoadState } from './load-state.tsx';
import { confirmationPath, reservationResource } from './paths.ts';
import { bookingBody } from './draft.ts';
import { useBookingForm } from './use-booking-form.ts';
import { useKeptDraft } from './use-kept-draft.ts';

const words = {
  add: { pl: 'Nowa konferencja', en: 'New conference' },
  addLead: {
    pl: 'Wystarczą początek i koniec. Numer i PIN-y dostaniesz od razu.',
    en: 'A start and an end will do. You get the number and PINs at once.',
  },
  edit: { pl: 'Zmiana konferencji', en: 'Edit conference' },
  editLead: {
    pl: 'Numer i PIN-y pozostaną bez zmian.',
    en: 'The number and PINs stay the same.',
  },
  book: { pl: 'Zarezerwuj', en: 'Book' },
  booked: { pl: 'Konferencja zarezerwowana', en: 'Conference booked' },
} as const;

/** The form: of a new reservation, or of the one that the address names. */
export function FormPage(): JSX.Element {
  const { params } = useRoute();
  const reservationId = params['id'];
  return reservationId === undefined ? <NewForm /> : <EditPage reservationId={reservationId} />;
}

function NewForm(): JSX.Element {
  const t = useWords();
  const { route } = useLocation();
  const say = useToast();
  const { account } = useSession();
  const begin = useFirstDraft();
  const kept = useKeptDraft(keptDraftName(account?.accountId ?? '', null), begin);
  const form = useBookingForm(kept, null);
  const book = async (): Promise<void> => {
    const { data } = await api.send<ReservationView>(
      'POST',
      '/reservations',
      bookingBody(kept.draft),
      { idempotencyKey: kept.idempotencyKey },
    );
    kept.done();
    say(t(words.booked));
    route(confirmationPath(data.reservationId));
  };
  return (
    <Page title={t(words.add)} lead={t(words.addLead)}>
      <BookingFormBody form={form} kept={kept} action={t(words.book)} onSubmit={book} />
    </Page>
  );
}

/** An empty form with sensible times. */
function useFirstDraft(): () => Draft {
  const { account, settings } = useSession();
  const { language } = useLanguage();
  return useCallback(() => {
    const zone = account?.zone ?? settings.defaultZone;
    const earliestMs = earliestStartMs(serverNowMs(), settings.rules.earliestStartMinutes);
    return {
      ...firstTimes(earliestMs, zone),
      zone,
      title: '',
      note: '',
      language: account?.language ?? language,
      announcements: 'tone',
      emails: [],
      phones: [],
      sms: [],
    };
  }, []);
}

function EditPage({ reservationId }: { readonly reservationId: string }): JSX.Element {
  const t = useWords();
  const resource = useResource<ReservationView>(reservationResource(reservationId));
  // The form goes on from the version it was opened with: what is read later is merged only when saving is refused.
  const [first, setFirst] = useState<Version | null>(null);
  if (first === null && resource.data !== null)
    setFirst({ reservation: resource.data, etag: resource.etag });
  const name = useSession().account?.accountId ?? '';
  return (
    <Page title={t(words.edit)} lead={t(words.editLead)}>
      {first === null ? (
        <LoadState resource={resource} />
      ) : (
        <EditWithDraft first={first} name={keptDraftName(name, reservationId)} />
      )}
    </Page>
  );
}

function EditWithDraft({
  first,
  name,
}: {
  readonly first: Version;
  readonly name: string;
}): JSX.Element {
  const begin = useMemo(() => () => draftOf(first.reservation), [first]);
  const kept = useKeptDraft(name, begin);
  return <EditForm first={first} kept={kept} />;
}
