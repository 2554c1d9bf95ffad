import type { WallclockMs } from '../../mixer/protocol/units.ts';
import type { Language } from '../reservation/reservation.ts';
import type {
  AccountNoticeKind,
  EmailMessage,
  ReservationFacts,
  ReservationNoticeKind,
} from './notice.ts';

/** What an e-mail says; who it is from and to is the sender's part. */
export type EmailContent = Pick<EmailMessage, 'subject' | 'text' | 'html' | 'calendar'>;

/** Everything that is written to people. Each makes its text anew from what it is given; none reads a clock. */
export interface NoticeTexts {
  readonly reservationEmail: (
    kind: ReservationNoticeKind,
    facts: ReservationFacts,
    options: { readonly language: Language; readonly nowMs: WallclockMs },
  ) => EmailContent;
  readonly accountEmail: (
    kind: AccountNoticeKind,
    options: {
      readonly name: string;
      readonly link: string | null;
      readonly language: Language;
      readonly publicUrl: string;
    },
  ) => EmailContent;
  /** For pasting into a message of one's own. */
  readonly invitationText: (
    facts: ReservationFacts,
    language: Language,
  ) => { readonly subject: string; readonly text: string };
  readonly telUri: (facts: ReservationFacts) => string;
  /** METHOD:PUBLISH. */
  readonly calendarFile: (
    facts: ReservationFacts,
    language: Language,
    nowMs: WallclockMs,
  ) => string;
  readonly smsText: (
    facts: ReservationFacts,
    options: {
      readonly language: Language;
      readonly sender: string;
      readonly letters: 'ascii' | 'as-written';
    },
  ) => string;
  readonly segmentsOf: (text: string) => number;
  /** Of one segment to this number; null when its country has no price. */
  readonly priceMilliOf: (phone: string, prices: readonly SmsPrice[]) => number | null;
}

/** A line of the price list, in the currency of the config. */
export interface SmsPrice {
  readonly prefix: string;
  readonly perSegment: number;
}
