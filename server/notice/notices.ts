import type { WallclockMs } from '../../mixer/protocol/units.ts';
import type { AccountMail } from '../account/account-mail.ts';
import type { BookingProblem } from '../reservation/booking-problem.ts';
import type { ReservationRecorder } from '../reservation/reservation-recorder.ts';
import type { Language, ProfileId, Reservation, SmsMoment } from '../reservation/reservation.ts';
import type { FactsReader, Notice, NoticeState, ProviderHealth } from './notice.ts';

/** What a draft's SMS would be and cost, and whether it can be paid. */
export interface SmsQuote {
  /** As it would be sent; `x` for digits that are not known yet. */
  readonly text: string;
  readonly segments: number;
  readonly recipients: number;
  /** Of all its SMS together. */
  readonly costMilli: number;
  readonly availableMilli: number;
  readonly currency: string;
  readonly beforeStartUnavailable: 'start-too-near' | 'not-offered' | null;
  /** Unpriced countries, no funds: what `recorder` would refuse with. */
  readonly problems: readonly BookingProblem[];
}

/** What is asked of `quote`. Nulls: not known yet. */
export interface QuoteRequest {
  readonly profileId: ProfileId;
  readonly startAtMs: WallclockMs | null;
  readonly zone: string;
  readonly language: Language;
  readonly phones: readonly string[];
  readonly smsMoments: readonly SmsMoment[];
  /** The reservation that the draft changes. */
  readonly standing: Reservation | null;
  readonly smsAgain: 'send' | 'none';
}

/** Money of a profile, in thousandths of the currency unit. */
export interface Funds {
  readonly billing: 'balance' | 'monthly-limit';
  readonly currency: string;
  readonly availableMilli: number;
  readonly balanceMilli: number;
  readonly monthlyLimitMilli: number | null;
  readonly spentThisMonthMilli: number;
}

/** What came of asking for another sending. */
export type ResendOutcome =
  | { readonly outcome: 'queued'; readonly notice: Notice }
  | {
      readonly outcome: 'refused';
      readonly code: 'not-found' | 'not-resendable' | 'too-often' | 'too-late' | 'no-funds';
    };

/** Everything that people are told. All writing takes part in the transaction it is called in. */
export interface Notices {
  readonly recorder: ReservationRecorder;
  quote(request: QuoteRequest, nowMs: WallclockMs): SmsQuote;
  /** Instants at which the e-mails of a reservation made now would go out. */
  emailsAtMs(startAtMs: WallclockMs, nowMs: WallclockMs): readonly WallclockMs[];
  funds(profileId: ProfileId, nowMs: WallclockMs): Funds;
  ofReservation(reservationId: string): readonly Notice[];
  mayResend(notice: Notice, nowMs: WallclockMs): 'may' | 'may-not';
  resend(reservationId: string, noticeId: string, nowMs: WallclockMs): ResendOutcome;
  /** What SMS of a reservation have cost so far, refunds taken off. */
  costMilli(reservationId: string): number;
  sendAccountMail(mail: AccountMail, nowMs: WallclockMs): void;
  /** Tells the organiser, at most once an hour for a reservation. */
  reportGuessing(reservationId: string, nowMs: WallclockMs): void;
  /** Ready text for pasting, and `tel:` with the keys typed ahead. */
  invitation(reservation: Reservation): {
    readonly pl: { readonly subject: string; readonly text: string };
    readonly en: { readonly subject: string; readonly text: string };
    readonly telUri: string;
  };
  /** iCalendar text of a reservation, METHOD:PUBLISH, with the reader's own link. */
  calendar(reservation: Reservation, language: Language, reader: FactsReader): string;
  health(): {
    readonly email: ProviderHealth;
    readonly sms: ProviderHealth;
    readonly counts: Readonly<Record<NoticeState, number>>;
    readonly latestFailed: readonly Notice[];
  };
  /** Begins to send: what a crash left half done is settled first. */
  start(): void;
  /** Something may be due sooner than was known: called after every transaction that may have queued a notice. */
  wake(): void;
  /** Ends after what is being handed over now, in at most 3 s. */
  stop(): Promise<void>;
}
