import type { WallclockMs } from '../../mixer/protocol/units.ts';
import type { Random } from '../runtime/random.ts';
import type { BookingProblem } from './booking-problem.ts';
import type { ReservationStore } from './reservation-store.ts';
import type { Announcements, ProfileId, Reservation, ReservationRules } from './reservation.ts';

/** An instant, or a written date and time that is read in the request's zone (ISO 8601). */
export type Moment = WallclockMs | string;

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
  readonly announcements?: Announcements;
}

/** What an organiser may change later; a field that is left out stays as it is. */
export type ReservationChange = Partial<Omit<BookingRequest, 'profileId'>>;

/** All problems at once; nothing was changed. */
export interface Refused {
  readonly outcome: 'refused';
  readonly problems: readonly BookingProblem[];
}

/** What came of a booking. */
export type BookingOutcome =
  { readonly outcome: 'booked'; readonly reservation: Reservation } | Refused;

/** What came of a change. `before` tells a live room what to warn of. */
export type ChangeOutcome =
  | {
      readonly outcome: 'changed';
      readonly reservation: Reservation;
      readonly before: Reservation;
    }
  | Refused;

/** What came of a cancellation. */
export type CancelOutcome =
  { readonly outcome: 'cancelled'; readonly reservation: Reservation } | Refused;

/** Which reservation is meant. */
export type ReservationRef = { readonly number: string } | { readonly reservationId: string };

/** What the service works with. `reservedNumbers`: of permanent rooms, access numbers and live rooms made by phone. */
export interface ReservationsOptions {
  readonly store: ReservationStore;
  readonly rules: ReservationRules;
  readonly random: Random;
  readonly reservedNumbers: () => Iterable<string>;
}

/** The reservations of this server. Every method may throw the store's `CodedError`. */
export interface Reservations {
  /** Books by the rules; picks number, PIN and ADMIN PIN. What it answers is kept. */
  book(request: BookingRequest, nowMs: WallclockMs): BookingOutcome;
  change(reservationId: string, change: ReservationChange, nowMs: WallclockMs): ChangeOutcome;
  /** Moves the end on; refused beyond the greatest length. */
  extend(reservationId: string, minutes: 15 | 30 | 60, nowMs: WallclockMs): ChangeOutcome;
  /** Gives a standing reservation a new PIN and a new ADMIN PIN. */
  newPins(reservationId: string, nowMs: WallclockMs): ChangeOutcome;
  cancel(ref: ReservationRef, nowMs: WallclockMs): CancelOutcome;
  /** Those that take a place: planned, running, and finished for less than an hour. By start. */
  list(
    whose: { readonly profileId: ProfileId } | 'all',
    nowMs: WallclockMs,
  ): readonly Reservation[];
  byId(reservationId: string): Reservation | null;
  /** The planned or current one; one that is over or was deleted is still found for a day, to be told as over. */
  findByNumber(number: string, nowMs: WallclockMs): Reservation | null;
  /** Whether a number picked by phone may not be given: in use, resting, or reserved. */
  isNumberTaken(number: string, nowMs: WallclockMs): boolean;
  /** The standing reservation of the profile `demo`, or a new one from now on for the greatest length. */
  demonstration(title: string, nowMs: WallclockMs): BookingOutcome;
}

/** Makes the service. */
export function createReservations(options: ReservationsOptions): Reservations {
  throw new Error(`not written yet ${options.rules.numberDigits}`);
}
