import type { JSX } from 'preact';

import { useLanguage, useWords, type Language } from '../language.tsx';
import { plural } from '../plural.ts';
import type { Announcement } from './announcements.ts';
import type { RoomView } from './room-view.ts';

const words = {
  somebody: { pl: 'Ktoś', en: 'Somebody' },
  joined: {
    pl: (name: string) => `${name}: w pokoju.`,
    en: (name: string) => `${name} has joined.`,
  },
  left: {
    pl: (name: string) => `${name}: poza pokojem.`,
    en: (name: string) => `${name} has left.`,
  },
  hand: {
    pl: (name: string) => `${name}: ręka w górze.`,
    en: (name: string) => `${name} has raised a hand.`,
  },
  locked: { pl: 'Pokój został zamknięty.', en: 'The room was locked.' },
  open: { pl: 'Pokój został otwarty.', en: 'The room was unlocked.' },
  muted: {
    pl: 'Prowadzący wyciszył Twój mikrofon.',
    en: 'A moderator has muted your microphone.',
  },
  lowered: { pl: 'Twoja ręka jest opuszczona.', en: 'Your hand is lowered.' },
} as const;

/** Says to screen readers what others see. */
export function Announcer({ said }: { readonly said: RoomView['said'] }): JSX.Element {
  const t = useWords();
  const { language } = useLanguage();
  return (
    <div class="visually-hidden" role="log" aria-live="polite" data-announced={said.number}>
      {said.announcements.map((announcement, index) => (
        <p key={`${said.number} ${index}`}>{sentence(announcement, t, language)}</p>
      ))}
    </div>
  );
}

function sentence(said: Announcement, t: ReturnType<typeof useWords>, language: Language): string {
  switch (said.type) {
    case 'joined':
    case 'left':
    case 'hand':
      return t(words[said.type])(said.name === '' ? t(words.somebody) : said.name);
    case 'many-joined':
      return `${people(said.count, language)}: ${language === 'pl' ? 'weszło' : 'joined'}.`;
    case 'many-left':
      return `${people(said.count, language)}: ${language === 'pl' ? 'wyszło' : 'left'}.`;
    case 'lock':
      return t(words[said.lock]);
    case 'muted-by-moderator':
      return t(words.muted);
    case 'hand-lowered':
      return t(words.lowered);
  }
}

function people(count: number, language: Language): string {
  return language === 'pl'
    ? `${count} ${plural('pl', count, { one: 'osoba', few: 'osoby', many: 'osób', other: 'osoby' })}`
    : `${count} ${plural('en', count, { one: 'person', other: 'people' })}`;
}
