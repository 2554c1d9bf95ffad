import type { JSX } from 'preact';

import type { LivePerson } from '../../server/panel/api/live-api.ts';
import { useWords } from '../language.tsx';
import { Button } from '../ui/button.tsx';
import { Icon } from '../ui/icon.tsx';
import { Badge } from '../ui/surface.tsx';

const words = {
  people: { pl: 'Osoby w pokoju', en: 'People in the room' },
  you: { pl: 'Ty', en: 'You' },
  moderator: { pl: 'Prowadzący', en: 'Moderator' },
  phone: { pl: 'telefon', en: 'telephone' },
  browser: { pl: 'przeglądarka', en: 'browser' },
  nameless: { pl: 'Bez nazwy', en: 'No name' },
  muted: { pl: 'wyciszony mikrofon', en: 'microphone muted' },
  mutedBy: { pl: 'wyciszony przez prowadzącego', en: 'muted by a moderator' },
  live: { pl: 'mikrofon włączony', en: 'microphone on' },
  speaking: { pl: 'mówi', en: 'speaking' },
  hand: { pl: 'Ręka w górze', en: 'Hand raised' },
  away: { pl: 'Wraca…', en: 'Coming back…' },
  mute: { pl: 'Wycisz', en: 'Mute' },
  lower: { pl: 'Opuść rękę', en: 'Lower hand' },
  remove: { pl: 'Usuń', en: 'Remove' },
  of: { pl: (name: string) => `: ${name}`, en: (name: string) => `: ${name}` },
} as const;

/** What a moderator can do to somebody. */
export interface PersonActions {
  readonly mute: (person: LivePerson) => void;
  readonly lowerHand: (person: LivePerson) => void;
  readonly remove: (person: LivePerson) => void;
}

/** Everybody, in the order in which they came. `actions` null: the viewer is no moderator. */
export function PeopleList({
  people,
  you,
  actions,
}: {
  readonly people: readonly LivePerson[];
  readonly you: string;
  readonly actions: PersonActions | null;
}): JSX.Element {
  const t = useWords();
  return (
    <ul class="people" aria-label={t(words.people)}>
      {people.map((person) => (
        <PersonRow
          key={person.personId}
          person={person}
          isYou={person.personId === you}
          actions={actions}
        />
      ))}
    </ul>
  );
}

function PersonRow({
  person,
  isYou,
  actions,
}: {
  readonly person: LivePerson;
  readonly isYou: boolean;
  readonly actions: PersonActions | null;
}): JSX.Element {
  const t = useWords();
  const name = person.name === '' ? t(words.nameless) : person.name;
  const isMuted = person.microphone === 'muted';
  const speaks = person.speaking && !isMuted;
  return (
    <li
      class={speaks ? 'people-row people-speaking' : 'people-row'}
      data-person-id={person.personId}
      data-speaking={speaks ? 'yes' : 'no'}
      data-microphone={person.microphone}
      data-hand={person.hand}
      data-presence={person.presence}
      data-role={person.role}
      data-you={isYou ? 'yes' : 'no'}
    >
      <MicrophoneMark person={person} />
      <span class="people-who">
        <span class="people-name">{name}</span>
        <span class="people-kind">
          {t(words[person.kind])}
          {speaks ? <span class="visually-hidden">, {t(words.speaking)}</span> : null}
        </span>
      </span>
      <PersonBadges person={person} isYou={isYou} />
      {actions === null ? null : (
        <PersonButtons person={person} name={name} isYou={isYou} actions={actions} />
      )}
    </li>
  );
}

function MicrophoneMark({ person }: { readonly person: LivePerson }): JSX.Element {
  const t = useWords();
  const open = person.kind === 'phone' ? 'phone' : 'microphone';
  return (
    <span class="people-mark">
      <Icon name={person.microphone === 'muted' ? 'microphone-off' : open} />
      <span class="visually-hidden">{t(microphoneWords(person))}</span>
    </span>
  );
}

function PersonBadges({
  person,
  isYou,
}: {
  readonly person: LivePerson;
  readonly isYou: boolean;
}): JSX.Element {
  const t = useWords();
  return (
    <span class="badges">
      {isYou ? <Badge tone="info">{t(words.you)}</Badge> : null}
      {person.role === 'moderator' ? <Badge tone="good">{t(words.moderator)}</Badge> : null}
      {person.hand === 'raised' ? <Badge tone="warning">{t(words.hand)}</Badge> : null}
      {person.presence === 'away' ? <Badge>{t(words.away)}</Badge> : null}
    </span>
  );
}

function PersonButtons({
  person,
  name,
  isYou,
  actions,
}: {
  readonly person: LivePerson;
  readonly name: string;
  readonly isYou: boolean;
  readonly actions: PersonActions;
}): JSX.Element {
  const t = useWords();
  const whom = <span class="visually-hidden">{t(words.of)(name)}</span>;
  return (
    <span class="people-actions">
      {person.hand === 'raised' ? (
        <Button size="small" tone="quiet" onClick={() => actions.lowerHand(person)}>
          {t(words.lower)}
          {whom}
        </Button>
      ) : null}
      {person.microphone === 'live' && !isYou ? (
        <Button size="small" tone="quiet" onClick={() => actions.mute(person)}>
          {t(words.mute)}
          {whom}
        </Button>
      ) : null}
      {isYou ? null : (
        <Button size="small" tone="quiet" onClick={() => actions.remove(person)}>
          {t(words.remove)}
          {whom}
        </Button>
      )}
    </span>
  );
}

function microphoneWords(person: LivePerson): (typeof words)['live' | 'muted' | 'mutedBy'] {
  if (person.microphone === 'live') return words.live;
  return person.mutedBy === 'moderator' ? words.mutedBy : words.muted;
}
