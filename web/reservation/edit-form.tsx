import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';

import type { ReservationView } from '../../server/panel/api/reservation-api.ts';
import { api, ApiProblem } from '../api-client.ts';
import { useWords } from '../language.tsx';
import { Note } from '../ui/surface.tsx';
import { useToast } from '../ui/toast.tsx';
import { BookingFormBody } from './booking-form-body.tsx';
import { ConflictNote } from './conflict-note.tsx';
import { draftOf } from './draft.ts';
import { merge } from './merge.ts';
import { detailsPath, reservationResource } from './paths.ts';
import { requestOf, useBookingForm } from './use-booking-form.ts';
import type { KeptDraftState } from './use-kept-draft.ts';

const words = {
  save: { pl: 'Zapisz zmiany', en: 'Save changes' },
  saved: { pl: 'Zmiany zapisane', en: 'Changes saved' },
  nothing: { pl: 'Nic się nie zmieniło', en: 'Nothing was changed' },
  over: {
    pl: 'Ta konferencja już się zakończyła i nie można jej zmienić.',
    en: 'This conference is over and cannot be changed.',
  },
} as const;

/** A reservation as it was read, and the ETag that names this version. */
export interface Version {
  readonly reservation: ReservationView;
  readonly etag: string | null;
}

/** The form of a reservation that stands. When another tab was faster, both changes are brought together. */
export function EditForm({
  first,
  kept,
}: {
  readonly first: Version;
  readonly kept: KeptDraftState;
}): JSX.Element {
  const t = useWords();
  const { route } = useLocation();
  const say = useToast();
  const [version, setVersion] = useState(first);
  const [conflict, setConflict] = useState(kept.meanwhile);
  const { reservation } = version;
  const form = useBookingForm(kept, reservation);
  const leave = (text: string): void => {
    kept.done();
    say(text);
    route(detailsPath(reservation.reservationId));
  };
  const bringTogether = async (): Promise<void> => {
    const { data, etag } = await api.get<ReservationView>(
      reservationResource(reservation.reservationId),
    );
    const merged = merge(kept.draft, draftOf(reservation), draftOf(data));
    kept.change(() => merged.draft);
    setVersion({ reservation: data, etag });
    setConflict(merged);
  };
  const save = async (): Promise<void> => {
    const change = requestOf(kept.draft, reservation, form.smsAgain).draft;
    if (Object.keys(change).length === 0) {
      leave(t(words.nothing));
      return;
    }
    try {
      const path = reservationResource(reservation.reservationId);
      await api.send('PATCH', path, change, { ifMatch: version.etag });
    } catch (error) {
      if (error instanceof ApiProblem && error.status === 412) return bringTogether();
      throw error;
    }
    leave(t(words.saved));
  };
  if (['finished', 'archived', 'deleted'].includes(reservation.state))
    return <Note tone="warning">{t(words.over)}</Note>;
  return (
    <BookingFormBody form={form} kept={kept} action={t(words.save)} onSubmit={save}>
      {conflict === null ? null : (
        <ConflictNote conflict={conflict} now={reservation} onTake={kept.change} />
      )}
    </BookingFormBody>
  );
}
