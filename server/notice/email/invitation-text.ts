import type { Language } from '../../reservation/reservation.ts';
import type { ReservationFacts } from '../notice.ts';
import { accessFacts, cleanNames, notePart, numberFacts } from './access-part.ts';
import { blockText } from './letter-text.ts';
import { reservationWords } from './reservation-words.ts';
import type { ReservationWords } from './reservation-words.ts';
import { telUri } from './tel-uri.ts';
import { periodText, shortText } from './time-text.ts';

/** A ready invitation for pasting into a message of one's own: everything that participants need. */
export function invitationText(
  facts: ReservationFacts,
  language: Language,
): { readonly subject: string; readonly text: string } {
  const words = reservationWords(language);
  const names = cleanNames(facts);
  const { startAtMs, endAtMs, zone } = facts.reservation;
  const reading = { zone, language };
  const parts = [
    words.invitation(names),
    `${words.when}: ${periodText(startAtMs, endAtMs, reading)}`,
    ...notePart(facts, words).map(blockText),
    ...phonePart(facts, words),
    `${words.byBrowser}:\n${facts.joinUrl}`,
  ];
  return {
    subject: `${names.title === '' ? words.untitled : names.title} – ${shortText(startAtMs, reading)}`,
    text: `${parts.join('\n\n')}\n`,
  };
}

/** How one gets in by telephone, as plain text. */
function phonePart(facts: ReservationFacts, words: ReservationWords): readonly string[] {
  const rows = [...numberFacts(facts, words), ...accessFacts(facts, words, 'participant')];
  const uri = telUri(facts);
  return [
    `${words.byPhone}:\n${blockText({ kind: 'facts', facts: rows })}`,
    ...(uri === null ? [] : [`${words.oneTap}:\n${uri}`]),
  ];
}
