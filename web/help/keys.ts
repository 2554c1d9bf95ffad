import type { Words } from '../language.tsx';

/** A key in the room's menu. `who`: everybody, or the moderator alone. */
export interface MenuKey {
  /** Pressed one after the other, after `*`. */
  readonly keys: readonly string[];
  readonly who: 'all' | 'moderator';
  readonly does: Words<string>;
}

/** The keys that work in a room. `*` opens the menu, then one of these. */
export const MENU_KEYS: readonly MenuKey[] = [
  {
    keys: ['1'],
    who: 'all',
    does: { pl: 'wyłącza i włącza mój mikrofon', en: 'turns my microphone off and on' },
  },
  {
    keys: ['4'],
    who: 'all',
    does: { pl: 'konferencja ciszej, dla mnie', en: 'the conference quieter, for me' },
  },
  {
    keys: ['6'],
    who: 'all',
    does: { pl: 'konferencja głośniej, dla mnie', en: 'the conference louder, for me' },
  },
  {
    keys: ['7'],
    who: 'all',
    does: { pl: 'mój głos ciszej, dla innych', en: 'my voice quieter, for the others' },
  },
  {
    keys: ['9'],
    who: 'all',
    does: { pl: 'mój głos głośniej, dla innych', en: 'my voice louder, for the others' },
  },
  {
    keys: ['#'],
    who: 'all',
    does: {
      pl: 'mówi, ile osób jest w pokoju, jaki jest mój stan i ile zostało czasu',
      en: 'says how many people are there, how I am set, and the time left',
    },
  },
  { keys: ['*'], who: 'all', does: { pl: 'czyta tę listę', en: 'reads this list out' } },
  { keys: ['8'], who: 'all', does: { pl: 'zamyka menu', en: 'leaves the menu' } },
  {
    keys: ['2'],
    who: 'moderator',
    does: { pl: 'zamyka i otwiera pokój', en: 'locks and unlocks the room' },
  },
  {
    keys: ['3'],
    who: 'moderator',
    does: { pl: 'usuwa osobę, która weszła ostatnia', en: 'removes the last one who joined' },
  },
  {
    keys: ['0', '5'],
    who: 'moderator',
    does: {
      pl: 'przedłuża rezerwację o 15, 30 albo 60 minut',
      en: 'extends the reservation by 15, 30 or 60 minutes',
    },
  },
  {
    keys: ['0', '9', '9'],
    who: 'moderator',
    does: { pl: 'kończy konferencję dla wszystkich', en: 'ends the conference for all' },
  },
];
