import type { JSX } from 'preact';

import type { ReservationView } from '../../server/panel/api/reservation-api.ts';
import { plural, useLanguage, useWords } from '../language.tsx';
import { Badge, type BadgeTone } from '../ui/surface.tsx';

const words = {
  planned: { pl: 'zaplanowana', en: 'planned' },
  open: { pl: 'otwarta', en: 'open' },
  'in-progress': { pl: 'trwa', en: 'in progress' },
  finished: { pl: 'zakończona', en: 'finished' },
  archived: { pl: 'zakończona', en: 'finished' },
  deleted: { pl: 'usunięta', en: 'deleted' },
} as const;

const TONES: Readonly<Record<ReservationView['state'], BadgeTone>> = {
  planned: 'info',
  open: 'good',
  'in-progress': 'live',
  finished: 'neutral',
  archived: 'neutral',
  deleted: 'neutral',
};

const people = {
  pl: { one: 'osoba', few: 'osoby', many: 'osób', other: 'osoby' },
  en: { one: 'person', other: 'people' },
} as const;

/** State of a reservation in a word; while people are in the room, how many. */
export function StateBadge({
  reservation,
}: {
  readonly reservation: Pick<ReservationView, 'state' | 'people'>;
}): JSX.Element {
  const t = useWords();
  const { language } = useLanguage();
  const { state } = reservation;
  const inside =
    state === 'in-progress' && reservation.people > 0
      ? ` · ${reservation.people} ${plural(language, reservation.people, people[language])}`
      : '';
  return (
    <Badge tone={TONES[state]}>
      {t(words[state])}
      {inside}
    </Badge>
  );
}
