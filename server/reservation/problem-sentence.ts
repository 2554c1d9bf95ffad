import { DateTime } from 'luxon';
import type { WallclockMs } from '../../mixer/protocol/units.ts';
import type { BookingProblem } from './booking-problem.ts';
import { englishSentence } from './problem-sentence-en.ts';
import { polishSentence } from './problem-sentence-pl.ts';
import type { Language } from './reservation.ts';
import { cut, type SentenceWords } from './sentence-words.ts';

/** Says a problem in one sentence to be shown beside its field. Times are written in `zone`, with its name. */
export function problemSentence(problem: BookingProblem, zone: string, language: Language): string {
  const words = WORDS[language](zone);
  const sentence =
    language === 'pl' ? polishSentence(problem, words) : englishSentence(problem, words);
  return `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}.`;
}

/**
 * Says a problem for the command line, in English, with its field before it and without a full stop. A time that is
 * shown can be entered again as it stands.
 */
export function commandLineSentence(problem: BookingProblem, zone: string): string {
  const at = (atMs: WallclockMs): string => inZone(atMs, zone).toFormat("yyyy-MM-dd'T'HH:mmZZ");
  const quote = (text: string): string => JSON.stringify(cut(text));
  const sentence = englishSentence(problem, { at, exactly: at, quote, money: moneyIn('en') });
  const isOfWhole = problem.field === 'reservation' || problem.field === 'number';
  return isOfWhole ? sentence : `${problem.field}: ${sentence}`;
}

const WORDS: Readonly<Record<Language, (zone: string) => SentenceWords>> = {
  en: (zone) => wordsIn('en', zone, (text) => `“${text}”`),
  pl: (zone) => wordsIn('pl', zone, (text) => `„${text}”`),
};

function wordsIn(language: Language, zone: string, marks: (text: string) => string): SentenceWords {
  const date = (atMs: WallclockMs): DateTime => inZone(atMs, zone).setLocale(language);
  return {
    at: (atMs) => {
      const time = date(atMs);
      return `${time.toFormat('d MMMM yyyy, HH:mm')} (${time.zoneName ?? 'UTC'})`;
    },
    exactly: (atMs) => date(atMs).toFormat("d MMMM yyyy, HH:mm '(UTC'Z')'"),
    quote: (text) => marks(cut(text).replace(/\p{Cc}/gu, ' ')),
    money: moneyIn(language),
  };
}

/** A zone that nobody knows is UTC here: its own problem says so. */
function inZone(atMs: WallclockMs, zone: string): DateTime {
  const time = DateTime.fromMillis(atMs, { zone });
  return time.isValid ? time : DateTime.fromMillis(atMs, { zone: 'utc' });
}

function moneyIn(language: Language): SentenceWords['money'] {
  return (milli, currency) =>
    new Intl.NumberFormat(language, {
      style: 'currency',
      currency,
      minimumFractionDigits: 2,
      maximumFractionDigits: 3,
    }).format(milli / 1000);
}
