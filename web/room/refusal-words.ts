import type { Words } from '../words.ts';

/** A page about something that did not work: what, and what to do next. */
export interface PlainWords {
  readonly title: Words<string>;
  readonly text: Words<string>;
  /** Whether trying again makes sense. */
  readonly retry: 'yes' | 'no';
}

const LINK_NOT_VALID: PlainWords = {
  title: { pl: 'Ten link nie działa', en: 'This link does not work' },
  text: {
    pl: 'Sprawdź, czy został skopiowany w całości, albo poproś organizatora o nowy.',
    en: 'Check that it was copied as a whole, or ask the organiser for a new one.',
  },
  retry: 'no',
};

const UNKNOWN: PlainWords = {
  title: { pl: 'Nie udało się wejść', en: 'You could not enter' },
  text: {
    pl: 'Spróbuj jeszcze raz za chwilę albo zadzwoń telefonem.',
    en: 'Try again in a moment, or call by telephone.',
  },
  retry: 'yes',
};

const WORDS: Readonly<Record<string, PlainWords>> = {
  'no-such-link': LINK_NOT_VALID,
  'not-found': LINK_NOT_VALID,
  'link-revoked': {
    title: { pl: 'Ten link został odwołany', en: 'This link was withdrawn' },
    text: {
      pl: 'Organizator unieważnił go. Poproś o nowe zaproszenie.',
      en: 'The organiser has withdrawn it. Ask for a new invitation.',
    },
    retry: 'no',
  },
  'too-early': {
    title: { pl: 'Jest jeszcze za wcześnie', en: 'It is too early yet' },
    text: {
      pl: 'Konferencja nie jest jeszcze otwarta.',
      en: 'The conference is not open yet.',
    },
    retry: 'yes',
  },
  over: {
    title: { pl: 'Konferencja już się skończyła', en: 'The conference is over' },
    text: {
      pl: 'Jeśli ma trwać dalej, poproś organizatora o nowy termin.',
      en: 'If it is to go on, ask the organiser for a new time.',
    },
    retry: 'no',
  },
  locked: {
    title: { pl: 'Pokój jest zamknięty', en: 'The room is locked' },
    text: {
      pl: 'Prowadzący nie wpuszcza teraz nikogo więcej. Daj mu znać i spróbuj ponownie.',
      en: 'The moderator lets nobody else in now. Let them know and try again.',
    },
    retry: 'yes',
  },
  full: {
    title: { pl: 'Pokój jest pełny', en: 'The room is full' },
    text: {
      pl: 'Wszystkie miejsca są zajęte. Spróbuj ponownie, gdy ktoś wyjdzie.',
      en: 'All places are taken. Try again when somebody has left.',
    },
    retry: 'yes',
  },
  'full-moderator': {
    title: { pl: 'Pokój jest pełny', en: 'The room is full' },
    text: {
      pl: 'Wszystkie miejsca są zajęte. Poczekaj, aż ktoś wyjdzie, albo jako prowadzący usuń osobę, która dołączyła ostatnia.',
      en: 'All places are taken. Wait until somebody has left or, as a moderator, remove the one who joined last.',
    },
    retry: 'yes',
  },
  'moderator-only': {
    title: { pl: 'To może tylko prowadzący', en: 'Only a moderator can do that' },
    text: {
      pl: 'Usunąć kogoś z pełnego pokoju może tylko prowadzący. Spróbuj ponownie, gdy ktoś wyjdzie.',
      en: 'Only a moderator can remove somebody from a full room. Try again when somebody has left.',
    },
    retry: 'yes',
  },
  'wrong-pin': {
    title: { pl: 'Numer i PIN nie pasują do siebie', en: 'Number and PIN do not fit' },
    text: {
      pl: 'Sprawdź oba w zaproszeniu i wpisz je jeszcze raz.',
      en: 'Check both in the invitation and enter them again.',
    },
    retry: 'yes',
  },
  'refused-for-a-while': {
    title: { pl: 'Za dużo nieudanych prób', en: 'Too many failed tries' },
    text: {
      pl: 'Odczekaj chwilę, zanim spróbujesz ponownie.',
      en: 'Wait a while before you try again.',
    },
    retry: 'yes',
  },
  'server-stopping': {
    title: { pl: 'Serwer jest właśnie uruchamiany ponownie', en: 'The server is being restarted' },
    text: { pl: 'Spróbuj ponownie za minutę.', en: 'Try again in a minute.' },
    retry: 'yes',
  },
  'webrtc-off': {
    title: {
      pl: 'Tu nie można rozmawiać w przeglądarce',
      en: 'Talking in the browser is not possible here',
    },
    text: {
      pl: 'Ten serwer przyjmuje tylko telefony. Zadzwoń pod numer z zaproszenia.',
      en: 'This server takes telephones only. Call the number in the invitation.',
    },
    retry: 'no',
  },
  'rate-limited': {
    title: { pl: 'Za dużo prób naraz', en: 'Too many tries at once' },
    text: {
      pl: 'Odczekaj minutę i spróbuj ponownie.',
      en: 'Wait a minute and try again.',
    },
    retry: 'yes',
  },
};

/** Words for the code of a refused seat, with or without its `seat-`; general ones for codes that came later. */
export function refusalWords(code: string): PlainWords {
  return WORDS[refusalOf(code)] ?? UNKNOWN;
}

/** The refusal that a code stands for: `seat-full` is `full`. */
export function refusalOf(code: string): string {
  return code.startsWith('seat-') ? code.slice('seat-'.length) : code;
}
