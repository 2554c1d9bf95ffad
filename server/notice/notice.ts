import type { AccountMail } from '../account/account-mail.ts';
import type { DurationMs, WallclockMs } from '../../mixer/protocol/units.ts';
import type { Language, ProfileId, Reservation, Role } from '../reservation/reservation.ts';

/** How a notice travels. */
export type Channel = 'email' | 'sms';

/**
 * What a notice says. To participants: `invitation`, `reminder` (before the start), `starting` (at the start, when it
 * was near at booking), `update`, `cancellation`. To the organiser, always by e-mail: `booked`, `changed`, `deleted`
 * (with all access data) and `guessing` (somebody tries PINs).
 */
export type ReservationNoticeKind =
  | 'invitation'
  | 'reminder'
  | 'starting'
  | 'update'
  | 'cancellation'
  | 'organiser-booked'
  | 'organiser-changed'
  | 'organiser-deleted'
  | 'organiser-guessing';

/** E-mail about an account. `account-exists`: somebody tried to sign up with an address that has an account. */
export type AccountNoticeKind = AccountMail['kind'];

/** Every kind of notice. */
export type NoticeKind = ReservationNoticeKind | AccountNoticeKind;

/**
 * ```
 *            ┌─ back-off ──────────┐
 *            ▼                     │
 *   pending ───▶ sending ──▶ sent ─┼─▶ delivered        (SMS with receipts)
 *      │            ├──▶ failed ◀──┘                     (definite refusal, or a receipt that says so)
 *      │            └──▶ unknown                         (SMS: handed over or not, nobody can tell; never sent again)
 *      ├──▶ cancelled                                    (its reason went away before it was sent)
 *      └──▶ too-late                                     (it would be of no use any more)
 * ```
 * An e-mail found `sending` after a crash is sent again under the same Message-ID; an SMS becomes `unknown`.
 */
export type NoticeState =
  'pending' | 'sending' | 'sent' | 'delivered' | 'failed' | 'unknown' | 'cancelled' | 'too-late';

/** A row of the outbox: one message to one person. */
export interface Notice {
  /** 32 hexadecimal digits. The Message-ID of an e-mail is made of it. */
  readonly noticeId: string;
  /** Null: about an account. */
  readonly reservationId: string | null;
  readonly profileId: ProfileId;
  readonly channel: Channel;
  readonly kind: NoticeKind;
  /** E-mail address, or E.164. */
  readonly recipient: string;
  readonly language: Language;
  /** JSON of what the message needs beside the reservation (a link with its token); null once it was sent. */
  readonly payload: string | null;
  readonly createdAtMs: WallclockMs;
  readonly dueAtMs: WallclockMs;
  /** From then on it is of no use. */
  readonly uselessAtMs: WallclockMs;
  readonly state: NoticeState;
  readonly attempts: number;
  /** Not tried before; `dueAtMs` at first, later by back-off. */
  readonly nextAttemptAtMs: WallclockMs;
  /** When it reached its present state. */
  readonly stateAtMs: WallclockMs;
  /** A short code of why it failed or waits, such as `smtp-550`, `no-connection`; null when all is well. */
  readonly reason: string | null;
  /** What the provider calls it, for receipts. */
  readonly providerId: string | null;
  /** SMS: number of segments; null for e-mail. */
  readonly segments: number | null;
  /** SMS: cost in thousandths of the currency unit; 0 once refunded; null for e-mail. */
  readonly costMilli: number | null;
}

/** Settings that decide what is sent when, from `config.notices`. */
export interface NoticeRules {
  readonly shortNotice: 'at-start' | 'at-booking' | 'both';
  readonly shortNoticeMs: DurationMs;
  readonly reminderMs: DurationMs;
}

/** Who organises: what messages say of them, and where their own go. Null where nobody has an account (command line). */
export interface Organiser {
  readonly name: string;
  readonly email: string;
  readonly language: Language;
}

/** What every message about a reservation needs. */
export interface ReservationFacts {
  readonly reservation: Reservation;
  readonly organiser: Organiser | null;
  /** Numbers to dial, national as people write them, with the one-tap form. Those that anybody may call come first. */
  readonly accessNumbers: readonly AccessNumberText[];
  /** The reader's own link into the room; for the organiser that of all participants. Empty in an SMS. */
  readonly joinUrl: string;
  /** The link of moderators; null for whoever is not the organiser. */
  readonly moderatorUrl: string | null;
  /** Page for the organiser. */
  readonly panelUrl: string;
}

/**
 * Who reads a message: whoever holds a link of the room (`person` null) or of one person's own, the organiser, or the
 * owner of a telephone, who gets no link.
 */
export type FactsReader =
  { readonly role: Role; readonly person: string | null } | 'organiser' | 'phone';

/** Gathers what a message about a reservation says. Links are made that were never made before. */
export type FactsOf = (reservation: Reservation, reader: FactsReader) => ReservationFacts;

/** A number that participants dial. `dial`: digits with an optional `+`, for `tel:`. */
export interface AccessNumberText {
  readonly shown: string;
  readonly dial: string;
  readonly reach: 'anybody' | 'on-net';
}

/** What came of handing a message over. `retry`: nothing is lost by trying again. */
export type SendOutcome =
  | { readonly outcome: 'sent'; readonly providerId: string | null }
  | { readonly outcome: 'retry'; readonly reason: string }
  | { readonly outcome: 'failed'; readonly reason: string }
  /** SMS: the connection broke after the message had gone. */
  | { readonly outcome: 'unknown'; readonly reason: string };

/** An e-mail ready to send. Strings are plain; the transport encodes them. */
export interface EmailMessage {
  readonly messageId: string;
  readonly fromName: string;
  readonly fromAddress: string;
  readonly replyTo: string | null;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** iCalendar object and its METHOD (RFC 5546); null when there is none. */
  readonly calendar: {
    readonly method: 'REQUEST' | 'CANCEL' | 'PUBLISH';
    readonly text: string;
  } | null;
}

/** Sends e-mail. Never rejects: what goes wrong is an outcome. */
export interface EmailTransport {
  send(message: EmailMessage): Promise<SendOutcome>;
  /** How it is, for the administrator's page. */
  health(): ProviderHealth;
  close(): Promise<void>;
}

/** An SMS ready to send. */
export interface SmsMessage {
  /** The notice's id: the provider may use it to recognise a repetition. */
  readonly noticeId: string;
  readonly to: string;
  readonly from: string;
  readonly text: string;
  readonly segments: number;
}

/** A receipt that came later. */
export interface SmsReceipt {
  readonly providerId: string;
  readonly state: 'delivered' | 'failed';
  readonly reason: string | null;
}

/** Sends SMS. Never rejects. `onReceipt` is called for receipts, also long after the message. */
export interface SmsProvider {
  send(message: SmsMessage): Promise<SendOutcome>;
  onReceipt(handler: (receipt: SmsReceipt) => void): void;
  health(): ProviderHealth;
  close(): Promise<void>;
}

/** How a way of sending is. `detail` is a short word without secrets: `connected`, `refused`, `ETIMEDOUT`. */
export interface ProviderHealth {
  readonly name: string;
  readonly state: 'good' | 'failing' | 'unused';
  readonly detail: string;
  readonly sinceMs: WallclockMs | null;
}
