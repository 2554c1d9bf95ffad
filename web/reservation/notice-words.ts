import type { NoticeView } from '../../server/panel/api/reservation-api.ts';
import type { Language } from '../plural.ts';

type Said = Readonly<Record<Language, string>>;

/** States of a message in words. */
export const noticeStateWords: Readonly<Record<NoticeView['state'], Said>> = {
  pending: { pl: 'czeka', en: 'waiting' },
  sending: { pl: 'wysyłanie', en: 'sending' },
  sent: { pl: 'wysłana', en: 'sent' },
  delivered: { pl: 'doręczona', en: 'delivered' },
  failed: { pl: 'niedoręczona', en: 'failed' },
  unknown: { pl: 'nie wiadomo', en: 'unknown' },
  cancelled: { pl: 'odwołana', en: 'cancelled' },
  'too-late': { pl: 'za późno', en: 'too late' },
};

const KINDS: Readonly<Record<string, Said>> = {
  invitation: { pl: 'zaproszenie', en: 'invitation' },
  reminder: { pl: 'przypomnienie', en: 'reminder' },
  starting: { pl: 'informacja o początku', en: 'notice of the start' },
  update: { pl: 'informacja o zmianie', en: 'notice of a change' },
  cancellation: { pl: 'odwołanie', en: 'cancellation' },
  'organiser-booked': { pl: 'potwierdzenie rezerwacji', en: 'confirmation of the booking' },
  'organiser-changed': { pl: 'potwierdzenie zmiany', en: 'confirmation of the change' },
  'organiser-deleted': { pl: 'potwierdzenie usunięcia', en: 'confirmation of the deletion' },
  'organiser-guessing': {
    pl: 'ostrzeżenie: ktoś zgaduje PIN-y',
    en: 'warning: somebody guesses PINs',
  },
};

/** Reasons by how their codes begin, the more precise ones first. */
const REASONS: readonly (readonly [RegExp, Said])[] = [
  [
    /^smtp-55[0134]/u,
    {
      pl: 'Serwer adresata odrzucił wiadomość: ten adres prawdopodobnie nie istnieje.',
      en: 'The mail server of the addressee refused it: the address probably does not exist.',
    },
  ],
  [
    /^smtp-552/u,
    { pl: 'Skrzynka adresata jest pełna.', en: 'The mailbox of the addressee is full.' },
  ],
  [
    /^smtp-5/u,
    {
      pl: 'Serwer adresata odrzucił wiadomość.',
      en: 'The mail server of the addressee refused it.',
    },
  ],
  [
    /^smtp-4/u,
    {
      pl: 'Serwer poczty chwilowo nie przyjmuje tej wiadomości; spróbujemy jeszcze raz.',
      en: 'The mail server does not take it for now; we try again.',
    },
  ],
  [
    /^(?:E[A-Z]+|no-connection|timeout|no-answer|closed)$/u,
    {
      pl: 'Nie udało się połączyć z operatorem; spróbujemy jeszcze raz.',
      en: 'The provider could not be reached; we try again.',
    },
  ],
  [
    /^no-funds/u,
    { pl: 'Zabrakło środków na SMS.', en: 'There was not enough money left for the SMS.' },
  ],
  [/^sms-off/u, { pl: 'Ten serwer nie wysyła SMS-ów.', en: 'This server does not send SMS.' }],
  [
    /^(?:receipt|undeliverable|expired|rejected)/u,
    {
      pl: 'Operator zgłosił, że SMS nie dotarł.',
      en: 'The provider reported that the SMS did not arrive.',
    },
  ],
];

const UNKNOWN: Said = {
  pl: 'Nie wiadomo, czy SMS został wysłany. Nie wysyłamy go drugi raz sami, bo kosztuje.',
  en: 'It is not known whether the SMS went out. We do not send it a second time by ourselves, as it costs.',
};

const TOO_LATE: Said = {
  pl: 'Nie udało się jej wysłać na czas, a później nie byłaby już potrzebna.',
  en: 'It could not be sent in time, and later it would have been of no use.',
};

/** What a message is. */
export function noticeKindWords(kind: string, language: Language): string {
  return KINDS[kind]?.[language] ?? kind;
}

/** Why a message is where it is, in a sentence; null when there is nothing to explain. A code nobody knows is shown. */
export function noticeReason(
  notice: Pick<NoticeView, 'state' | 'reason'>,
  language: Language,
): string | null {
  const { state, reason } = notice;
  if (state === 'unknown') return UNKNOWN[language];
  if (state === 'too-late') return TOO_LATE[language];
  if (reason === null || state === 'cancelled' || state === 'sent' || state === 'delivered')
    return null;
  const known = REASONS.find(([pattern]) => pattern.test(reason));
  if (known !== undefined) return known[1][language];
  return language === 'pl' ? `Powód: ${reason}.` : `Reason: ${reason}.`;
}
