import { plural } from '../plural.ts';

/** What the help page says. */
export const helpWords = {
  title: { pl: 'Pomoc', en: 'Help' },
  lead: {
    pl: 'Jak wejść do telekonferencji, jakie klawisze w niej działają i co ile kosztuje.',
    en: 'How to get into a conference, which keys work there, and what it costs.',
  },
  print: { pl: 'Drukuj', en: 'Print' },
  joining: { pl: 'Jak dołączyć', en: 'How to join' },
  dial: {
    pl: 'Zadzwoń z dowolnego telefonu:',
    en: 'Call from any telephone:',
  },
  onNet: { pl: '(tylko z telefonów w tej sieci)', en: '(only from telephones in this network)' },
  pressOne: {
    before: { pl: 'Po powitaniu naciśnij', en: 'After the greeting press' },
    after: { pl: '– nie trzeba czekać do końca.', en: '– there is no need to hear it out.' },
  },
  typeNumber: { pl: 'Wpisz numer telekonferencji i', en: 'Key in the conference number and' },
  typePin: {
    pl: 'Wpisz PIN (organizator: ADMIN PIN) i',
    en: 'Key in the PIN (the organiser: ADMIN PIN) and',
  },
  browser: {
    title: { pl: 'W przeglądarce', en: 'In the browser' },
    text: {
      pl: 'Otwórz link z zaproszenia i wybierz „Dołącz w przeglądarce”: bez instalowania, bez konta, z lepszym dźwiękiem i listą osób. Przeglądarka zapyta o mikrofon.',
      en: 'Open the link in the invitation and choose “Join in the browser”: nothing to install, no account, better sound and a list of people. The browser asks for the microphone.',
    },
    link: { pl: 'Bez linku: numer i PIN', en: 'Without a link: number and PIN' },
    keys: {
      pl: 'W pokoju spacja wycisza i włącza mikrofon. Po zerwaniu sieci wracasz sam na swoje miejsce. Klawiatura na ekranie działa jak klawisze telefonu.',
      en: 'In the room the space bar mutes and unmutes. When the network breaks you are brought back to your place. The keypad on the screen works like the keys of a telephone.',
    },
  },
  early: {
    pl: (n: number) =>
      `Wejść można ${n} ${plural('pl', n, { one: 'minutę', few: 'minuty', many: 'minut', other: 'minuty' })} przed początkiem, wychodzić i wracać – do samego końca.`,
    en: (n: number) =>
      `You may enter ${n} ${plural('en', n, { one: 'minute', other: 'minutes' })} before the start, and leave and come back until the end.`,
  },
  full: {
    pl: (n: number) => `W pokoju mieści się ${n} osób naraz.`,
    en: (n: number) => `A room holds ${n} people at once.`,
  },
  keys: { pl: 'Klawisze w pokoju', en: 'Keys in the room' },
  open: {
    before: { pl: 'Menu otwiera', en: 'The menu opens with' },
    after: {
      pl: ', potem naciska się jeden z klawiszy. Nikt inny tego nie słyszy.',
      en: ', then one of these keys. Nobody else hears it.',
    },
  },
  everybody: { pl: 'Dla wszystkich', en: 'For everybody' },
  moderator: { pl: 'Dla moderatora', en: 'For the moderator' },
  becoming: {
    pl: 'Moderatorem jest, kto zamiast PIN-u wpisze ADMIN PIN.',
    en: 'Whoever keys in the ADMIN PIN instead of the PIN is a moderator.',
  },
  booking: { pl: 'Jak rezerwować', en: 'How to book' },
  ruleStart: {
    pl: (minutes: number, days: number) =>
      `Początek: najwcześniej za ${minutes} min, najpóźniej za ${days} dni.`,
    en: (minutes: number, days: number) =>
      `The start: in ${minutes} min at the earliest, in ${days} days at the latest.`,
  },
  ruleLength: {
    pl: (days: number) =>
      `Rezerwacja może trwać do ${days} dni; w tym czasie można się spotykać dowolnie wiele razy, z tym samym numerem i PIN-em.`,
    en: (days: number) =>
      `A reservation lasts up to ${days} days; in that time you can meet as often as you like, with the same number and PIN.`,
  },
  rulePlaces: {
    pl: (places: number, minutes: number) =>
      `Naraz można mieć ${places} rezerwacje. Zakończona zwalnia miejsce po ${minutes} min albo od razu, gdy ją usuniesz.`,
    en: (places: number, minutes: number) =>
      `You may have ${places} reservations at a time. One that is over frees its place after ${minutes} min, or at once when you delete it.`,
  },
  ruleMails: {
    pl: (minutes: number) =>
      `Zaproszeni dostają e-mail po rezerwacji i ${minutes} min przed początkiem; po zmianie terminu – nowy.`,
    en: (minutes: number) =>
      `Those invited get an e-mail after booking and ${minutes} min before the start; and a new one when the times change.`,
  },
  ruleAgain: {
    pl: 'Numer i PIN nie zmieniają się przy edycji; nowe dostaniesz tylko na własne życzenie.',
    en: 'The number and the PIN stay when you edit; you get new ones only when you ask for them.',
  },
  rulePin: {
    pl: 'ADMIN PIN zachowaj dla siebie: nie ma go w żadnym zaproszeniu.',
    en: 'Keep the ADMIN PIN to yourself: no invitation carries it.',
  },
  costs: { pl: 'Co ile kosztuje', en: 'What it costs' },
  costsText: {
    pl: 'Rezerwacja, rozmowa i e-maile są bezpłatne; dzwoniący płacą swojemu operatorowi jak za zwykłe połączenie. Płatne są tylko SMS-y:',
    en: 'Booking, talking and e-mails are free; callers pay their operator as for any call. Only SMS cost money:',
  },
  freeText: {
    pl: 'Rezerwacja, rozmowa i e-maile są bezpłatne; dzwoniący płacą swojemu operatorowi jak za zwykłe połączenie.',
    en: 'Booking, talking and e-mails are free; callers pay their operator as for any call.',
  },
} as const;
