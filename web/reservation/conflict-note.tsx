import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

import type { ReservationView } from '../../server/panel/api/reservation-api.ts';
import { useLanguage, useWords, type Language } from '../language.tsx';
import { range } from '../time.ts';
import { Button } from '../ui/button.tsx';
import { Note } from '../ui/surface.tsx';
import { draftOf, type Draft } from './draft.ts';
import { withPart, type Merge, type MergePart } from './merge.ts';

const words = {
  title: {
    pl: 'Tę konferencję zmieniono tymczasem w innej karcie lub na innym urządzeniu.',
    en: 'Meanwhile this conference was changed in another tab or on another device.',
  },
  taken: {
    pl: 'Przejęte do tego formularza:',
    en: 'Taken over into this form:',
  },
  both: {
    pl: 'Zmienione w obu miejscach — zostało to, co jest tutaj:',
    en: 'Changed in both places — what is here was kept:',
  },
  there: { pl: (value: string) => `tam: ${value}`, en: (value: string) => `there: ${value}` },
  take: { pl: 'Weź tamto', en: 'Take theirs' },
  check: {
    pl: 'Sprawdź i zapisz jeszcze raz.',
    en: 'Please look it over and save again.',
  },
} as const;

const PARTS: Readonly<Record<MergePart, Readonly<Record<Language, string>>>> = {
  times: { pl: 'czas', en: 'times' },
  title: { pl: 'tytuł', en: 'title' },
  note: { pl: 'wiadomość', en: 'message' },
  language: { pl: 'język zaproszeń', en: 'language of invitations' },
  announcements: { pl: 'zapowiedzi', en: 'announcements' },
  emails: { pl: 'adresy mailowe', en: 'e-mail addresses' },
  phones: { pl: 'numery telefonów', en: 'phone numbers' },
  sms: { pl: 'SMS-y', en: 'SMS' },
};

/** Says what another tab changed, and lets its version of a part be taken. */
export function ConflictNote({
  conflict,
  now,
  onTake,
}: {
  readonly conflict: Merge;
  readonly now: ReservationView;
  readonly onTake: (change: (draft: Draft) => Draft) => void;
}): JSX.Element {
  const t = useWords();
  const { language } = useLanguage();
  const element = useRef<HTMLDivElement>(null);
  useEffect(() => {
    element.current?.focus();
    element.current?.scrollIntoView({ block: 'center' });
  }, [conflict]);
  const taken = conflict.theirs.filter((part) => !conflict.both.includes(part));
  return (
    <div ref={element} tabIndex={-1} role="alert" class="conflict">
      <Note tone="warning">
        <p>
          <strong>{t(words.title)}</strong>
        </p>
        {taken.length === 0 ? null : (
          <p>
            {t(words.taken)} {taken.map((part) => PARTS[part][language]).join(', ')}.
          </p>
        )}
        {conflict.both.length === 0 ? null : (
          <>
            <p>{t(words.both)}</p>
            <ul>
              {conflict.both.map((part) => (
                <li key={part}>
                  {PARTS[part][language]} ({t(words.there)(shown(now, part, language))}){' '}
                  <Button
                    size="small"
                    onClick={() => onTake((draft) => withPart(draft, draftOf(now), part))}
                  >
                    {t(words.take)}
                  </Button>
                </li>
              ))}
            </ul>
          </>
        )}
        <p>{t(words.check)}</p>
      </Note>
    </div>
  );
}

function shown(now: ReservationView, part: MergePart, language: Language): string {
  switch (part) {
    case 'times':
      return range(now.startAt, now.endAt, { language, zone: now.zone });
    case 'emails':
    case 'phones':
      return now[part].join(', ') || '–';
    case 'sms':
      return String(now.sms.length);
    case 'title':
    case 'note':
    case 'language':
    case 'announcements':
      return now[part] || '–';
  }
}
