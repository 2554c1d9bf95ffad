import type { Occasion, Opening, ReservationWords } from './reservation-words.ts';

const UNTITLED = 'Telekonferencja';

/** Messages about reservations in Polish: polite and impersonal, as the voice on the telephone speaks. */
export const polishWords: ReservationWords = {
  untitled: UNTITLED,
  greeting: 'Dzień dobry,',
  openings: {
    invitation: (occasion) =>
      opening(occasion, { subject: 'Zaproszenie', eyebrow: 'Zaproszenie' }, [invited(occasion)]),
    reminder: (occasion) =>
      opening(occasion, { subject: 'Przypomnienie', eyebrow: 'Przypomnienie' }, [
        occasion.startDay === 'today'
          ? `przypominamy o telekonferencji. Zaczyna się dziś o ${occasion.clock}.`
          : 'przypominamy o zbliżającej się telekonferencji.',
      ]),
    starting: (occasion) =>
      opening(occasion, { subject: 'Zaczyna się', eyebrow: 'Zaczyna się' }, [
        occasion.organiser === null
          ? 'zapraszamy na telekonferencję, która właśnie się zaczyna. Można już dołączyć.'
          : `${occasion.organiser} zaprasza na telekonferencję, która właśnie się zaczyna. Można już dołączyć.`,
      ]),
    update: (occasion) =>
      opening(occasion, { subject: 'Zmiana', eyebrow: 'Zmiana' }, [
        'telekonferencja została zmieniona. Obowiązują dane z tej wiadomości; wcześniejsze są nieaktualne.',
      ]),
    cancellation: (occasion) =>
      occasion.standing === 'deleted'
        ? opening(occasion, { subject: 'Odwołano', eyebrow: 'Odwołanie' }, [
            'telekonferencja została odwołana. Jej numer i PIN już nie działają.',
          ])
        : opening(occasion, { subject: 'Zaproszenie wycofane', eyebrow: 'Odwołanie' }, [
            'zaproszenie na tę telekonferencję zostało wycofane.',
          ]),
    'organiser-booked': (occasion) =>
      opening(occasion, { subject: 'Zarezerwowano', eyebrow: 'Rezerwacja przyjęta' }, [
        'telekonferencja jest zarezerwowana. Oto wszystkie jej dane.',
      ]),
    'organiser-changed': (occasion) =>
      opening(occasion, { subject: 'Zmieniono', eyebrow: 'Zmiany zapisane' }, [
        'zmiany w telekonferencji zostały zapisane. Oto dane, które teraz obowiązują.',
      ]),
    'organiser-deleted': (occasion) =>
      opening(occasion, { subject: 'Usunięto', eyebrow: 'Usunięcie' }, [
        'telekonferencja została usunięta. Jej numer i PIN-y już nie działają.',
        ...(occasion.guests === 'told'
          ? ['Osoby zaproszone e-mailem otrzymają wiadomość o odwołaniu.']
          : []),
      ]),
    'organiser-guessing': (occasion) =>
      opening(occasion, { subject: 'Błędne PIN-y', eyebrow: 'Ostrzeżenie' }, [
        'ktoś wielokrotnie podał błędny PIN do tej telekonferencji. Być może próbuje go odgadnąć.',
        'Dalsze próby są przez pewien czas odrzucane. Kto zna właściwy PIN, nadal może dołączyć.',
      ]),
  },
  when: 'Termin',
  organiser: 'Organizator',
  accessNumber: 'Numer dostępowy',
  onNetOnly: 'tylko z telefonów w naszej sieci',
  number: 'Numer konferencji',
  pin: 'PIN',
  adminPin: 'ADMIN PIN',
  entryFrom: 'Wejście od',
  joinLink: 'Link dla uczestników',
  moderatorLink: 'Link dla moderatorów',
  moderatorLinkHint: 'proszę nie przekazywać go uczestnikom',
  note: 'Od organizatora',
  invitedByEmail: 'Zaproszeni e-mailem',
  invitedBySms: 'Zaproszeni SMS-em',
  andMore: (count) => `i jeszcze ${count}`,
  callButton: (shown) => `Zadzwoń: ${shown}`,
  moderatorCallButton: (shown) => `Zadzwoń jako moderator: ${shown}`,
  browserButton: 'Dołącz przez przeglądarkę',
  moderatorBrowserButton: 'Dołącz jako moderator przez przeglądarkę',
  panelButton: 'Otwórz w panelu',
  newPinsButton: 'Nadaj nowe PIN-y w panelu',
  stepsTitle: 'Jak dołączyć przez telefon',
  steps: (numbers) => [
    `Proszę zadzwonić pod numer ${numbers.map(dialled).join(' lub ')}.`,
    'Po powitaniu proszę wcisnąć\u00a01.',
    'Proszę podać numer konferencji, a potem PIN. Każdy z nich można zakończyć krzyżykiem (#).',
  ],
  oneTapHint: '„Zadzwoń”, dotknięte na telefonie, wybiera od razu także numer konferencji i PIN.',
  moderatorHint:
    'ADMIN PIN podany zamiast PIN-u daje uprawnienia moderatora. Proszę go nie przekazywać uczestnikom.',
  guessingStepsTitle: 'Co można zrobić',
  guessingSteps: [
    'Jeśli PIN mógł trafić w niepowołane ręce, proszę nadać w panelu nowe PIN-y. Zaproszone osoby otrzymają je w wiadomości o zmianie.',
    'W trakcie konferencji moderator może zamknąć pokój, gdy wszyscy już są.',
    'Jeśli to pomyłka kogoś z zaproszonych, nie trzeba robić nic.',
  ],
  footer: (brand) => `Wiadomość wysłana automatycznie przez ${brand}.`,
  footerOfOrganiser: (brand, organiser) =>
    `Wiadomość wysłana automatycznie przez ${brand}. Organizator: ${organiser}.`,
  replyHint: 'Odpowiedź na tę wiadomość trafi do organizatora.',
  noReplyHint: 'Prosimy na nią nie odpowiadać.',
  invitation: ({ title, organiser }) => {
    const named = title === '' ? '' : ` „${title}”`;
    return organiser === null
      ? `Zapraszamy na telekonferencję${named}.`
      : `${organiser} zaprasza na telekonferencję${named}.`;
  },
  byPhone: 'Przez telefon',
  oneTap: 'Jednym dotknięciem',
  byBrowser: 'Przez przeglądarkę',
  category: 'Telekonferencja',
};

function invited({ organiser }: Occasion): string {
  return organiser === null
    ? 'zapraszamy na telekonferencję.'
    : `${organiser} zaprasza na telekonferencję.`;
}

function opening(
  { title, start }: Occasion,
  names: { readonly subject: string; readonly eyebrow: string },
  paragraphs: readonly string[],
): Opening {
  const heading = title === '' ? UNTITLED : title;
  return {
    subject: `${names.subject}: ${heading} – ${start}`,
    eyebrow: names.eyebrow,
    heading,
    paragraphs,
  };
}

function dialled({ shown, reach }: { readonly shown: string; readonly reach: string }): string {
  return reach === 'on-net' ? `${shown} (tylko z telefonów w naszej sieci)` : shown;
}
