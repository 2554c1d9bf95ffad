import type { WallclockMs } from '../../mixer/protocol/units.ts';
import type { Moment } from './booking-check.ts';
import type { BookingProblem } from './booking-problem.ts';
import type { Announcements, Language, ProfileId, SmsMoment } from './reservation.ts';

/** What an organiser fills in. */
export interface BookingRequest {
  readonly profileId: ProfileId;
  readonly start: Moment;
  readonly end: Moment;
  /** IANA zone of `start` and `end` without an offset, and of what callers are told. Default: of the rules. */
  readonly zone?: string;
  readonly title?: string;
  /** Entries may hold several addresses, separated by commas, semicolons or blanks. */
  readonly emails?: readonly string[];
  /** Mobile numbers; entries may hold several, separated by commas, semicolons or line ends. */
  readonly phones?: readonly string[];
  readonly smsMoments?: readonly SmsMoment[];
  readonly note?: string;
  /** Of notices to participants. Default: of the rules. */
  readonly language?: Language;
  readonly announcements?: Announcements;
}

/** What an organiser may change later; a field that is left out stays as it is. */
export type ReservationChange = Partial<Omit<BookingRequest, 'profileId'>> & {
  /** Whether an SMS about this change goes out. Default: none. */
  readonly smsAgain?: 'send' | 'none';
};

/** A draft to be tried: of a new reservation of `profileId`, or a change. What is left out is not filled in yet. */
export type BookingTrial = ReservationChange & { readonly profileId: ProfileId };

/** What would come of a draft. Nothing is kept. */
export interface BookingPreview {
  readonly problems: readonly BookingProblem[];
  readonly zone: string;
  readonly earliestStartAtMs: WallclockMs;
  readonly latestStartAtMs: WallclockMs;
  /** Of the draft's start; null while it is not sound. */
  readonly latestEndAtMs: WallclockMs | null;
  /** Null while it cannot be read. */
  readonly startAtMs: WallclockMs | null;
  readonly endAtMs: WallclockMs | null;
  /** The good ones, as they would be kept. */
  readonly emails: readonly string[];
  readonly phones: readonly string[];
  readonly smsMoments: readonly SmsMoment[];
}
