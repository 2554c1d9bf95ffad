import type { JSX } from 'preact';
import { useId } from 'preact/hooks';

import type { ReservationView } from '../../server/panel/api/reservation-api.ts';
import { useNow } from '../api-client.ts';
import { useLanguage, useWords } from '../language.tsx';
import { useSession } from '../session.tsx';
import { Button, LinkButton } from '../ui/button.tsx';
import { atMoment } from './at-moment.ts';
import type { PlaceState } from './list-view.ts';
import { NEW_PATH } from './paths.ts';
import { titleOf } from './reservation-title.ts';

const words = {
  add: { pl: 'Dodaj konferencję', en: 'Add conference' },
  used: {
    pl: (used: number, allowed: number) => `Zajęte miejsca: ${used} z ${allowed}.`,
    en: (used: number, allowed: number) => `Places used: ${used} of ${allowed}.`,
  },
  full: {
    pl: (when: string) => `Wszystkie miejsca są zajęte. Najbliższe zwolni się ${when}`,
    en: (when: string) => `All places are taken. The next one is free ${when}`,
  },
  orNow: { pl: ', albo od razu:', en: ', or at once:' },
  remove: {
    pl: (title: string) => `usuń „${title}”`,
    en: (title: string) => `delete “${title}”`,
  },
  orDelete: {
    pl: ', albo od razu, gdy usuniesz którąś z listy.',
    en: ', or at once when you delete one of the list.',
  },
} as const;

/** Places used of those allowed; when all are, when the next becomes free, and what can be done about it. */
export function PlacesLine({
  places,
  onDelete,
}: {
  readonly places: PlaceState;
  readonly onDelete: (reservation: ReservationView) => void;
}): JSX.Element {
  const t = useWords();
  const { language } = useLanguage();
  const when = useFreeing(places);
  if (places.state === 'free' || when === null)
    return <>{t(words.used)(places.used, places.allowed)}</>;
  const { over } = places;
  return (
    <span class="places-full">
      {t(words.full)(when)}
      {over === null ? (
        t(words.orDelete)
      ) : (
        <>
          {t(words.orNow)}{' '}
          <Button size="small" icon="trash" onClick={() => onDelete(over)}>
            {t(words.remove)(titleOf(over, language))}
          </Button>
        </>
      )}
    </span>
  );
}

/** **Dodaj konferencję**; while all places are taken it says why it cannot be used. */
export function AddButton({ places }: { readonly places: PlaceState | null }): JSX.Element {
  const t = useWords();
  const id = useId();
  const when = useFreeing(places);
  if (when === null) {
    return (
      <LinkButton href={NEW_PATH} tone="primary" icon="plus">
        {t(words.add)}
      </LinkButton>
    );
  }
  return (
    <span class="add-full">
      <Button tone="primary" icon="plus" disabled describedBy={id}>
        {t(words.add)}
      </Button>
      <span id={id} class="visually-hidden">
        {t(words.full)(when)}.
      </span>
    </span>
  );
}

/** When a place becomes free, in words; null while one is. */
function useFreeing(places: PlaceState | null): string | null {
  const { language } = useLanguage();
  const { account, settings } = useSession();
  const nowMs = useNow(15_000);
  if (places === null || places.state === 'free' || places.freesAt === null) return null;
  const style = { language, zone: account?.zone ?? settings.defaultZone };
  return atMoment(places.freesAt, nowMs, style);
}
