import type { DurationMs, WallclockMs } from '../../mixer/protocol/units.ts';
import type { Random } from '../runtime/random.ts';
import { drawNumber, drawPins } from './access-data.ts';
import { checkDraft, type BookingDraft, type BookingFields, type Moment } from './booking-check.ts';
import type { BookingProblem } from './booking-problem.ts';
import type { ReservationStore } from './reservation-store.ts';
import type { Announcements, ProfileId, Reservation, ReservationRules } from './reservation.ts';
import { placeProblems, wholeMinute } from './rules.ts';

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
  /** The standing reservation of `DEMONSTRATION_PROFILE`, or a new one from now on for the greatest length. */
  demonstration(title: string, nowMs: WallclockMs): BookingOutcome;
}

/** Whose the reservation is that lets a new installation be tried. */
export const DEMONSTRATION_PROFILE: ProfileId = 'demo';

/** How long a reservation that is over is still told as over, and not as unknown. */
const TOLD_AS_OVER_MS: DurationMs = 86_400_000;

/** A demonstration that ends sooner than this is replaced at the next start. */
const DEMONSTRATION_LEFT_MS: DurationMs = 86_400_000;

const NOT_FOUND: Refused = refused({ code: 'not-found', field: 'reservation', facts: {} });

/** Makes the service. What is read and what is written in one call is one transaction. */
export function createReservations(options: ReservationsOptions): Reservations {
  const { store, rules, random } = options;

  function isNumberTaken(number: string, nowMs: WallclockMs): boolean {
    for (const reserved of options.reservedNumbers()) if (reserved === number) return true;
    return store.isNumberInUse(number, nowMs - rules.numberRestMs);
  }

  function taking(profileId: ProfileId | null, nowMs: WallclockMs): readonly Reservation[] {
    return store.endingAfter(nowMs - rules.keptAfterEndMs, profileId);
  }

  function insertNew(
    profileId: ProfileId,
    fields: BookingFields,
    nowMs: WallclockMs,
  ): BookingOutcome {
    const digits = rules.numberDigits;
    const isTaken = (number: string): boolean => isNumberTaken(number, nowMs);
    const number = drawNumber({ random, digits, isTaken });
    if (number === null)
      return refused({ code: 'no-number-free', field: 'number', facts: { digits } });
    const reservation: Reservation = {
      ...fields,
      ...drawPins(random, rules),
      reservationId: random.hex(16),
      profileId,
      number,
      createdAtMs: Math.floor(nowMs),
      deletedAtMs: null,
    };
    store.insert(reservation);
    return { outcome: 'booked', reservation };
  }

  function book(request: BookingRequest, nowMs: WallclockMs): BookingOutcome {
    const { profileId, ...given } = request;
    const draft = { ...blankDraft(rules.defaultZone), ...given };
    return store.transaction(() => {
      const checked = checkDraft(draft, null, { nowMs, rules });
      const problems = [
        ...(checked.outcome === 'bad' ? checked.problems : []),
        ...placeProblems(taking(profileId, nowMs), rules),
      ];
      if (checked.outcome === 'bad' || problems.length > 0) return refused(...problems);
      return insertNew(profileId, checked.fields, nowMs);
    });
  }

  /** Changes a reservation that is not over, or says why not. */
  function changeStanding(
    reservationId: string,
    nowMs: WallclockMs,
    change: (before: Reservation) => Reservation | Refused,
  ): ChangeOutcome {
    return store.transaction(() => {
      const before = store.byId(reservationId);
      if (before === null || before.deletedAtMs !== null) return NOT_FOUND;
      if (nowMs >= before.endAtMs) return refusedAsOver(before);
      const after = change(before);
      if ('outcome' in after) return after;
      store.update(after);
      return { outcome: 'changed', reservation: after, before };
    });
  }

  function edit(
    reservationId: string,
    nowMs: WallclockMs,
    changeOf: (before: Reservation) => ReservationChange,
  ): ChangeOutcome {
    return changeStanding(reservationId, nowMs, (before) => {
      const checked = checkDraft({ ...draftOf(before), ...changeOf(before) }, before, {
        nowMs,
        rules,
      });
      return checked.outcome === 'bad'
        ? refused(...checked.problems)
        : { ...before, ...checked.fields };
    });
  }

  function cancel(ref: ReservationRef, nowMs: WallclockMs): CancelOutcome {
    return store.transaction(() => {
      const found =
        'number' in ref ? store.latestByNumber(ref.number) : store.byId(ref.reservationId);
      if (found === null || found.deletedAtMs !== null) return NOT_FOUND;
      if (nowMs >= found.endAtMs + rules.keptAfterEndMs) return refusedAsOver(found);
      const reservation = { ...found, deletedAtMs: Math.floor(nowMs) };
      store.update(reservation);
      return { outcome: 'cancelled', reservation };
    });
  }

  function findByNumber(number: string, nowMs: WallclockMs): Reservation | null {
    const found = store.latestByNumber(number);
    if (found === null) return null;
    const overAtMs = Math.min(found.endAtMs, found.deletedAtMs ?? found.endAtMs);
    return nowMs < overAtMs + TOLD_AS_OVER_MS ? found : null;
  }

  function demonstration(title: string, nowMs: WallclockMs): BookingOutcome {
    return store.transaction(() => {
      const [standing] = store.endingAfter(nowMs + DEMONSTRATION_LEFT_MS, DEMONSTRATION_PROFILE);
      if (standing !== undefined) return { outcome: 'booked', reservation: standing };
      const { zone, emails, announcements } = blankDraft(rules.defaultZone);
      const startAtMs = wholeMinute(nowMs);
      const endAtMs = startAtMs + rules.longestMs;
      const fields = { startAtMs, endAtMs, zone, title, emails, announcements };
      return insertNew(DEMONSTRATION_PROFILE, fields, nowMs);
    });
  }

  return {
    book,
    change: (reservationId, change, nowMs) => edit(reservationId, nowMs, () => change),
    extend: (reservationId, minutes, nowMs) =>
      edit(reservationId, nowMs, (before) => ({ end: before.endAtMs + minutes * 60_000 })),
    newPins: (reservationId, nowMs) =>
      changeStanding(reservationId, nowMs, (before) => ({ ...before, ...drawPins(random, rules) })),
    cancel,
    list: (whose, nowMs) => taking(whose === 'all' ? null : whose.profileId, nowMs),
    byId: (reservationId) => store.byId(reservationId),
    findByNumber,
    isNumberTaken,
    demonstration,
  };
}

function blankDraft(zone: string): Omit<BookingDraft, 'start' | 'end'> {
  return { zone, title: '', emails: [], announcements: 'tone' };
}

function draftOf(reservation: Reservation): BookingDraft {
  const { startAtMs, endAtMs, zone, title, emails, announcements } = reservation;
  return { start: startAtMs, end: endAtMs, zone, title, emails, announcements };
}

function refused(...problems: readonly BookingProblem[]): Refused {
  return { outcome: 'refused', problems };
}

function refusedAsOver(reservation: Reservation): Refused {
  const { endAtMs } = reservation;
  return refused({ code: 'already-over', field: 'reservation', facts: { endAtMs } });
}
