import type { ReservationFacts } from '../notice.ts';
import { accessFacts, notePart, numberFacts, unbroken } from './access-part.ts';
import { oneLine } from './clean-text.ts';
import type { LetterBlock, LetterButton, LetterFact } from './letter.ts';
import type { ReservationWords } from './reservation-words.ts';
import { telUriOf } from './tel-uri.ts';

/** Most addresses that are listed by name. */
const MOST_LISTED = 12;

/** Everything about a reservation, ADMIN PIN included, for its organiser. `entry`: from when one may enter. */
export function organiserParts(
  facts: ReservationFacts,
  words: ReservationWords,
  entry: readonly LetterFact[],
): readonly LetterBlock[] {
  const { emails, phones } = facts.reservation;
  return [
    { kind: 'facts', facts: accessFacts(facts, words, 'organiser') },
    { kind: 'small', text: words.moderatorHint },
    { kind: 'buttons', buttons: organiserButtons(facts, words) },
    {
      kind: 'facts',
      facts: [
        ...numberFacts(facts, words),
        ...entry,
        { label: words.joinLink, value: facts.joinUrl, style: 'plain', href: facts.joinUrl },
        ...moderatorFact(facts, words),
        ...listFact(words.invitedByEmail, emails, words),
        ...listFact(words.invitedBySms, phones, words),
      ],
    },
    ...notePart(facts, words),
  ];
}

function organiserButtons(
  facts: ReservationFacts,
  words: ReservationWords,
): readonly LetterButton[] {
  const [access] = facts.accessNumbers;
  const { number, pin, adminPin } = facts.reservation;
  const { moderatorUrl } = facts;
  const call: readonly LetterButton[] =
    access === undefined
      ? []
      : [
          {
            label: words.moderatorCallButton(unbroken(access.shown)),
            href: telUriOf(access, { number, pin: adminPin ?? pin }),
            rank: 'primary',
          },
        ];
  const browser: readonly LetterButton[] =
    moderatorUrl === null
      ? []
      : [{ label: words.moderatorBrowserButton, href: moderatorUrl, rank: 'primary' }];
  return [
    ...call,
    ...browser,
    { label: words.panelButton, href: facts.panelUrl, rank: 'secondary' },
  ];
}

function moderatorFact(
  { moderatorUrl }: ReservationFacts,
  words: ReservationWords,
): readonly LetterFact[] {
  if (moderatorUrl === null) return [];
  const [label, hint] = [words.moderatorLink, words.moderatorLinkHint];
  return [{ label, value: moderatorUrl, style: 'plain', href: moderatorUrl, hint }];
}

function listFact(
  label: string,
  entries: readonly string[],
  words: ReservationWords,
): readonly LetterFact[] {
  if (entries.length === 0) return [];
  const listed = entries.slice(0, MOST_LISTED).map(oneLine).join(', ');
  const more = entries.length - MOST_LISTED;
  const value = more > 0 ? `${listed} ${words.andMore(more)}` : listed;
  return [{ label, value, style: 'plain' }];
}
