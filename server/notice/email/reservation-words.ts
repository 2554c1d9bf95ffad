import type { Language } from '../../reservation/reservation.ts';
import type { ReservationNoticeKind } from '../notice.ts';
import { englishWords } from './reservation-words-en.ts';
import { polishWords } from './reservation-words-pl.ts';

/** What the opening of a message depends on. Texts are clean. */
export interface Occasion {
  /** Empty: the organiser gave none. */
  readonly title: string;
  /** Null: there is no account behind the reservation. */
  readonly organiser: string | null;
  /** Start with date, without zone. */
  readonly start: string;
  /** Start, hours and minutes. */
  readonly clock: string;
  readonly startDay: 'today' | 'another-day';
  /** `deleted`: the whole reservation; else it goes on without the recipient. */
  readonly standing: 'stands' | 'deleted';
  /** Whether participants are told of a deletion. */
  readonly guests: 'told' | 'none';
}

/** How a message begins. */
export interface Opening {
  readonly subject: string;
  readonly eyebrow: string;
  readonly heading: string;
  readonly paragraphs: readonly string[];
}

/** An access number as it is spoken of. */
export interface DialledNumber {
  readonly shown: string;
  readonly reach: 'anybody' | 'on-net';
}

/** All words of messages about reservations, in one language. */
export interface ReservationWords {
  readonly untitled: string;
  readonly greeting: string;
  readonly openings: Readonly<Record<ReservationNoticeKind, (occasion: Occasion) => Opening>>;
  readonly when: string;
  readonly organiser: string;
  readonly accessNumber: string;
  readonly onNetOnly: string;
  readonly number: string;
  readonly pin: string;
  readonly adminPin: string;
  readonly entryFrom: string;
  readonly joinLink: string;
  readonly moderatorLink: string;
  /** A few words behind that link. */
  readonly moderatorLinkHint: string;
  readonly note: string;
  readonly invitedByEmail: string;
  readonly invitedBySms: string;
  readonly andMore: (count: number) => string;
  readonly callButton: (shown: string) => string;
  readonly moderatorCallButton: (shown: string) => string;
  readonly browserButton: string;
  readonly moderatorBrowserButton: string;
  readonly panelButton: string;
  readonly newPinsButton: string;
  readonly stepsTitle: string;
  readonly steps: (numbers: readonly DialledNumber[]) => readonly string[];
  readonly oneTapHint: string;
  readonly moderatorHint: string;
  readonly guessingStepsTitle: string;
  readonly guessingSteps: readonly string[];
  readonly footer: (brand: string) => string;
  readonly footerOfOrganiser: (brand: string, organiser: string) => string;
  readonly replyHint: string;
  readonly noReplyHint: string;
  /** First line of an invitation for pasting. */
  readonly invitation: (occasion: Pick<Occasion, 'title' | 'organiser'>) => string;
  readonly byPhone: string;
  readonly oneTap: string;
  readonly byBrowser: string;
  readonly category: string;
}

/** The words of `language`. */
export function reservationWords(language: Language): ReservationWords {
  return { pl: polishWords, en: englishWords }[language];
}
