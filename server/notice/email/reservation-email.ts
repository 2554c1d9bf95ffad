import type { EmailMessage, ReservationFacts, ReservationNoticeKind } from '../notice.ts';
import {
  accessFacts,
  cleanNames,
  entryFact,
  joinButtons,
  notePart,
  numberFacts,
  phoneSteps,
} from './access-part.ts';
import { calendarEntry } from './calendar-entry.ts';
import { capitalised, oneLine } from './clean-text.ts';
import type { EmailContent, EmailSettings } from './email-content.ts';
import { letterHtml } from './letter-html.ts';
import { letterText } from './letter-text.ts';
import type { Letter, LetterBlock, LetterFact } from './letter.ts';
import { organiserParts } from './organiser-part.ts';
import { reservationWords } from './reservation-words.ts';
import type { Occasion, ReservationWords } from './reservation-words.ts';
import { clockText, isSameDay, periodOf, shortText } from './time-text.ts';
import type { Period } from './time-text.ts';

/** Settings with whom the e-mail is for. */
type Addressed = EmailSettings & { readonly recipient: string };

/**
 * The e-mail of this kind to `recipient`, an address. What participants get never has the ADMIN PIN. Invitations and
 * updates carry a calendar entry to put down or change (METHOD:REQUEST), cancellations one to take out (CANCEL).
 */
export function reservationEmail(
  kind: ReservationNoticeKind,
  facts: ReservationFacts,
  settings: Addressed,
): EmailContent {
  const letter = compose(kind, facts, settings);
  return {
    subject: letter.subject,
    text: letterText(letter),
    html: letterHtml(letter),
    calendar: calendarOf(kind, facts, settings),
    replyTo: isForOrganiser(kind) ? null : (facts.organiser?.email ?? null),
  };
}

function compose(
  kind: ReservationNoticeKind,
  facts: ReservationFacts,
  settings: Addressed,
): Letter {
  const words = reservationWords(settings.language);
  const occasion = occasionOf(facts, settings);
  const opening = words.openings[kind](occasion);
  const when = whenOf(facts, settings);
  const lead = [words.greeting, ...opening.paragraphs];
  return {
    language: settings.language,
    subject: oneLine(opening.subject),
    brand: oneLine(settings.fromName),
    eyebrow: opening.eyebrow,
    tone: TONES[kind],
    heading: opening.heading,
    preview: `${capitalised(opening.paragraphs[0] ?? '')} ${when.text} (${when.zone})`,
    blocks: [
      ...lead.map((text): LetterBlock => ({ kind: 'paragraph', text })),
      { kind: 'facts', facts: timeFacts(kind, facts, settings) },
      ...bodyOf(kind, facts, { words, settings }),
    ],
    footer: footerOf(kind, words, { brand: oneLine(settings.fromName), occasion }),
  };
}

const TONES: Readonly<Record<ReservationNoticeKind, Letter['tone']>> = {
  invitation: 'calm',
  reminder: 'calm',
  starting: 'calm',
  update: 'changed',
  cancellation: 'over',
  'organiser-booked': 'calm',
  'organiser-changed': 'changed',
  'organiser-deleted': 'over',
  'organiser-guessing': 'alarm',
};

function isForOrganiser(kind: ReservationNoticeKind): boolean {
  return kind.startsWith('organiser-');
}

function occasionOf(facts: ReservationFacts, settings: Addressed): Occasion {
  const { startAtMs, endAtMs, zone, deletedAtMs, emails } = facts.reservation;
  const reading = { zone, language: settings.language };
  return {
    ...cleanNames(facts),
    start: shortText(startAtMs, reading),
    clock: clockText(startAtMs, reading),
    startDay: isSameDay(startAtMs, settings.nowMs, reading) ? 'today' : 'another-day',
    standing: deletedAtMs === null ? 'stands' : 'deleted',
    guests: emails.length > 0 && (deletedAtMs ?? settings.nowMs) < endAtMs ? 'told' : 'none',
  };
}

function whenOf({ reservation }: ReservationFacts, { language }: Addressed): Period {
  const { startAtMs, endAtMs, zone } = reservation;
  return periodOf(startAtMs, endAtMs, { zone, language });
}

/** When, and for participants by whom. */
function timeFacts(
  kind: ReservationNoticeKind,
  facts: ReservationFacts,
  settings: Addressed,
): readonly LetterFact[] {
  const words = reservationWords(settings.language);
  const { organiser } = cleanNames(facts);
  const { text, zone } = whenOf(facts, settings);
  return [
    { label: words.when, value: text, hint: zone, style: 'strong' },
    ...(organiser === null || isForOrganiser(kind)
      ? []
      : [{ label: words.organiser, value: organiser, style: 'plain' as const }]),
  ];
}

/** What stands below the times. */
function bodyOf(
  kind: ReservationNoticeKind,
  facts: ReservationFacts,
  { words, settings }: { readonly words: ReservationWords; readonly settings: Addressed },
): readonly LetterBlock[] {
  switch (kind) {
    case 'cancellation':
    case 'organiser-deleted':
      return [];
    case 'organiser-guessing':
      return [
        { kind: 'steps', title: words.guessingStepsTitle, steps: words.guessingSteps },
        {
          kind: 'buttons',
          buttons: [{ label: words.newPinsButton, href: facts.panelUrl, rank: 'primary' }],
        },
      ];
    case 'organiser-booked':
    case 'organiser-changed':
      return organiserParts(facts, words, entryOf(facts, words, settings));
    case 'invitation':
    case 'reminder':
    case 'starting':
    case 'update':
      return [
        ...notePart(facts, words),
        { kind: 'buttons', buttons: joinButtons(facts, words) },
        {
          kind: 'facts',
          facts: [
            ...accessFacts(facts, words, 'participant'),
            ...numberFacts(facts, words),
            ...entryOf(facts, words, settings),
          ],
        },
        ...phoneSteps(facts, words),
        ...(facts.accessNumbers.length === 0
          ? []
          : [{ kind: 'small' as const, text: words.oneTapHint }]),
      ];
  }
}

/** From when one may enter; nothing once one may. */
function entryOf(
  { reservation }: ReservationFacts,
  words: ReservationWords,
  { nowMs, earlyEntryMs, language }: Addressed,
): readonly LetterFact[] {
  const { startAtMs, zone } = reservation;
  const opensAtMs = startAtMs - earlyEntryMs;
  if (nowMs >= opensAtMs) return [];
  return [entryFact(opensAtMs, startAtMs, { words, reading: { zone, language } })];
}

function footerOf(
  kind: ReservationNoticeKind,
  words: ReservationWords,
  { brand, occasion }: { readonly brand: string; readonly occasion: Occasion },
): readonly string[] {
  const { organiser } = occasion;
  if (isForOrganiser(kind) || organiser === null)
    return [`${words.footer(brand)} ${words.noReplyHint}`];
  return [words.footerOfOrganiser(brand, organiser), words.replyHint];
}

/**
 * The calendar entry that goes with the e-mail. A reminder has none: its recipient got the entry before, and some
 * mail programs ask again for an answer to every one that comes.
 */
function calendarOf(
  kind: ReservationNoticeKind,
  facts: ReservationFacts,
  settings: Addressed,
): EmailMessage['calendar'] {
  switch (kind) {
    case 'reminder':
    case 'organiser-guessing':
      return null;
    case 'invitation':
    case 'starting':
    case 'update':
      return calendarEntry(facts, { ...settings, method: 'REQUEST', reader: 'participant' });
    case 'cancellation':
      return calendarEntry(facts, { ...settings, method: 'CANCEL', reader: 'participant' });
    case 'organiser-booked':
    case 'organiser-changed':
      return calendarEntry(facts, { ...settings, method: 'REQUEST', reader: 'organiser' });
    case 'organiser-deleted':
      return calendarEntry(facts, { ...settings, method: 'CANCEL', reader: 'organiser' });
  }
}
