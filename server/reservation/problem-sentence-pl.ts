import { assertNever } from '../../mixer/protocol/coded-error.ts';
import type { BookingProblem } from './booking-problem.ts';
import type { SentenceWords } from './sentence-words.ts';

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

/** A problem in Polish, without a capital letter and a full stop. */
export function polishSentence(problem: BookingProblem, words: SentenceWords): string {
  const { at, exactly, quote, money } = words;
  const { code, facts } = problem;
  switch (code) {
    case 'bad-date':
      return `${quote(facts.given)} nie jest datą i godziną, taką jak 2026-12-01T10:00`;
    case 'date-does-not-exist':
      return `czas ${quote(facts.given)} nie istnieje w strefie ${facts.zone}: zegary są wtedy przestawiane do przodu`;
    case 'date-exists-twice':
      return `czas ${quote(facts.given)} zdarza się w strefie ${facts.zone} dwa razy: wybierz ${exactly(facts.earlierAtMs)} albo ${exactly(facts.laterAtMs)}`;
    case 'unknown-zone':
      return `${quote(facts.given)} nie jest strefą czasową, taką jak Europe/Warsaw`;
    case 'start-too-soon':
      return `najwcześniejszy możliwy teraz początek to ${at(facts.earliestStartAtMs)}`;
    case 'start-too-late':
      return `najpóźniejszy możliwy teraz początek to ${at(facts.latestStartAtMs)}`;
    case 'end-before-start':
      return `koniec musi być później niż początek, ${at(facts.startAtMs)}`;
    case 'too-long':
      return `rezerwacja może trwać najwyżej ${days(facts.longestMs / DAY_MS)}, tutaj do ${at(facts.latestEndAtMs)}`;
    case 'too-many-active':
      return `zajęte miejsca: ${facts.active} z ${facts.allowed}; najbliższe zwolni się ${at(facts.placeFreeAtMs)} albo od razu, gdy usuniesz jedną z rezerwacji`;
    case 'bad-email':
      return `${quote(facts.given)} nie jest adresem e-mail`;
    case 'too-many-emails':
      return `adresów e-mail może być najwyżej ${facts.allowed}, a podano ${facts.given}`;
    case 'bad-phone':
      return `${quote(facts.given)} nie jest numerem telefonu`;
    case 'landline':
      return `${quote(facts.given)} nie jest numerem komórkowym, SMS tam nie dotrze`;
    case 'too-many-phones':
      return `numerów telefonów może być najwyżej ${facts.allowed}, a podano ${facts.given}`;
    case 'sms-start-too-near':
      return `jest za późno na SMS przed początkiem, bo wychodzi on ${facts.reminderMs / MINUTE_MS} min wcześniej`;
    case 'sms-not-offered':
      return 'ten serwer nie wysyła SMS-ów';
    case 'no-funds':
      return `SMS-y kosztowałyby ${money(facts.costMilli, facts.currency)}, a do wydania zostało ${money(facts.availableMilli, facts.currency)}`;
    case 'no-price':
      return `nie wysyłamy SMS-ów na numery zaczynające się od ${facts.prefix}, takie jak ${quote(facts.given)}`;
    case 'title-too-long':
      return `tytuł może mieć najwyżej ${letters(facts.allowed)}, a ma ${facts.given}`;
    case 'note-too-long':
      return `notatka może mieć najwyżej ${letters(facts.allowed)}, a ma ${facts.given}`;
    case 'already-over':
      return `ta rezerwacja skończyła się ${at(facts.endAtMs)}`;
    case 'not-found':
      return 'nie ma takiej rezerwacji';
    case 'version-differs':
      return 'ta rezerwacja została w międzyczasie zmieniona, wczytaj ją ponownie';
    case 'no-number-free':
      return `nie ma wolnego numeru o ${facts.digits} cyfrach`;
    default:
      return assertNever(code);
  }
}

const PLURAL = new Intl.PluralRules('pl');

function days(count: number): string {
  return `${count} ${count === 1 ? 'dzień' : 'dni'}`;
}

function letters(count: number): string {
  const form = PLURAL.select(count);
  return `${count} ${form === 'one' ? 'znak' : form === 'few' ? 'znaki' : 'znaków'}`;
}
