import type { ReservationFacts } from '../notice.ts';
import { manyLines, oneLine } from './clean-text.ts';
import type { LetterBlock, LetterButton, LetterFact } from './letter.ts';
import type { ReservationWords } from './reservation-words.ts';
import { telUriOf } from './tel-uri.ts';
import { clockText, instantText, isSameDay } from './time-text.ts';
import type { ZonedTime } from './time-text.ts';

/** Number and PIN, and where to type them in. */
export function accessFacts(
  facts: ReservationFacts,
  words: ReservationWords,
  reader: 'participant' | 'organiser',
): readonly LetterFact[] {
  const { number, pin, adminPin } = facts.reservation;
  return [
    { label: words.number, value: number, style: 'code' },
    { label: words.pin, value: pin, style: 'code' },
    ...(reader === 'organiser' && adminPin !== null
      ? [{ label: words.adminPin, value: adminPin, style: 'code' as const }]
      : []),
  ];
}

/** The access numbers, each with its one-tap address. Those that not everybody can call say so. */
export function numberFacts(
  facts: ReservationFacts,
  words: ReservationWords,
): readonly LetterFact[] {
  return facts.accessNumbers.map((access) => ({
    label: words.accessNumber,
    value: access.shown,
    style: 'strong',
    href: telUriOf(access, facts.reservation),
    ...(access.reach === 'on-net' ? { hint: words.onNetOnly } : {}),
  }));
}

/** From when people may enter. */
export function entryFact(
  opensAtMs: number,
  startAtMs: number,
  { words, reading }: { readonly words: ReservationWords; readonly reading: ZonedTime },
): LetterFact {
  const sameDay = isSameDay(opensAtMs, startAtMs, reading);
  const value = sameDay ? clockText(opensAtMs, reading) : instantText(opensAtMs, reading);
  return { label: words.entryFrom, value, style: 'plain' };
}

/** One button to call with the keys typed ahead, one for the browser: neither is the lesser way. */
export function joinButtons(
  facts: ReservationFacts,
  words: ReservationWords,
): readonly LetterButton[] {
  const [access] = facts.accessNumbers;
  const browser = { label: words.browserButton, href: facts.joinUrl, rank: 'primary' } as const;
  if (access === undefined) return [browser];
  return [
    {
      label: words.callButton(unbroken(access.shown)),
      href: telUriOf(access, facts.reservation),
      rank: 'primary',
    },
    browser,
  ];
}

/** A number that stays on one line. */
export function unbroken(shown: string): string {
  return shown.replaceAll(' ', '\u00a0');
}

/** How to join by phone; nothing when there is no access number. */
export function phoneSteps(
  facts: ReservationFacts,
  words: ReservationWords,
): readonly LetterBlock[] {
  if (facts.accessNumbers.length === 0) return [];
  return [{ kind: 'steps', title: words.stepsTitle, steps: words.steps(facts.accessNumbers) }];
}

/** The organiser's words; nothing when there are none. */
export function notePart(facts: ReservationFacts, words: ReservationWords): readonly LetterBlock[] {
  const text = manyLines(facts.reservation.note);
  return text === '' ? [] : [{ kind: 'quote', label: words.note, text }];
}

/** Title and organiser as they may be shown. */
export function cleanNames(facts: ReservationFacts): {
  readonly title: string;
  readonly organiser: string | null;
} {
  const organiser = oneLine(facts.organiser?.name ?? '');
  return {
    title: oneLine(facts.reservation.title),
    organiser: organiser === '' ? null : organiser,
  };
}
