import type { DurationMs, WallclockMs } from '../../mixer/protocol/units.ts';
import type { Random } from '../runtime/random.ts';
import { drawNumber, drawPins } from './access-data.ts';
import { checkDraft } from './booking-check.ts';
import type { BookingFields, CheckedDraft } from './booking-check.ts';
import { blankFields, changedDraft, isSame, newDraft } from './booking-draft.ts';
import type { BookingProblem } from './booking-problem.ts';
import type {
  BookingPreview,
  BookingRequest,
  BookingTrial,
  ReservationChange,
} from './booking-request.ts';
import type { ReservationEvent, ReservationRecorder } from './reservation-recorder.ts';
import type { HistoryPlace, ReservationStore } from './reservation-store.ts';
import type { ProfileId, Reservation, ReservationRules } from './reservation.ts';
import { placeProblems, startLimits, wholeMinute } from './rules.ts';
import { alreadyOver, NOT_FOUND, standingProblems, versionProblems } from './standing-problems.ts';

/** All problems at once; nothing was changed. */
export interface Refused {
  readonly outcome: 'refused';
  readonly problems: readonly BookingProblem[];
}

/** What came of a booking. */
export type BookingOutcome =
  { readonly outcome: 'booked'; readonly reservation: Reservation } | Refused;

/** What came of a change. `before` tells a live room what to warn of; it is `reservation` when nothing differed. */
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

/** A reservation in the version that its organiser has seen; a later one is refused as `version-differs`. */
export interface SeenReservation {
  readonly reservationId: string;
  readonly ifVersion?: number;
}

/** Which reservation is meant. */
export type ReservationRef = { readonly number: string } | SeenReservation;

/** A page of a profile's history. `next`: where the page after it begins; null: there is none. */
export interface HistoryPage {
  readonly reservations: readonly Reservation[];
  readonly next: HistoryPlace | null;
}

/** What the service works with. `reservedNumbers`: of permanent rooms, access numbers and live rooms made by phone. */
export interface ReservationsOptions {
  readonly store: ReservationStore;
  readonly rules: ReservationRules;
  readonly random: Random;
  readonly reservedNumbers: () => Iterable<string>;
  /** Hears of everything but the demonstration. */
  readonly recorder: ReservationRecorder;
}

/** The reservations of this server. Every method may throw the store's `CodedError`. */
export interface Reservations {
  /** Books by the rules; picks number, PIN and ADMIN PIN. What it answers is kept. */
  book(request: BookingRequest, nowMs: WallclockMs): BookingOutcome;
  /** What `book` or, with `standing`, `change` would say, and what was understood; the recorder is not asked. */
  check(trial: BookingTrial, standing: Reservation | null, nowMs: WallclockMs): BookingPreview;
  /**
   * Changes what differs; when nothing does, nothing is written. An end before now is kept as it was given: the
   * reservation is over at once, and the people in its room have the time of `warnings.movedEndMinutes` left.
   */
  change(
    which: string | SeenReservation,
    change: ReservationChange,
    nowMs: WallclockMs,
  ): ChangeOutcome;
  /** Moves the end on; refused beyond the greatest length. */
  extend(reservationId: string, minutes: 15 | 30 | 60, nowMs: WallclockMs): ChangeOutcome;
  /** Gives a standing reservation a new PIN and a new ADMIN PIN. */
  newPins(which: string | SeenReservation, nowMs: WallclockMs): ChangeOutcome;
  cancel(ref: ReservationRef, nowMs: WallclockMs): CancelOutcome;
  /** Those that take a place: planned, running, and finished for less than an hour. By start. */
  list(
    whose: { readonly profileId: ProfileId } | 'all',
    nowMs: WallclockMs,
  ): readonly Reservation[];
  /** Those that do not take a place any more, over or deleted, the one over last first. */
  history(
    profileId: ProfileId,
    page: { readonly before: HistoryPlace | null; readonly limit: number },
    nowMs: WallclockMs,
  ): HistoryPage;
  byId(reservationId: string): Reservation | null;
  /** Null also when it is somebody else's. */
  ofProfile(reservationId: string, profileId: ProfileId): Reservation | null;
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

/** Carries the recorder's problems out of the transaction, so that nothing of it is kept. */
class RecorderRefusal extends Error {
  readonly problems: readonly BookingProblem[];

  constructor(problems: readonly BookingProblem[]) {
    super('the recorder refuses');
    this.problems = problems;
  }
}

/** Makes the service. What is read and what is written in one call is one transaction. */
export function createReservations(options: ReservationsOptions): Reservations {
  const { store, rules, random, recorder } = options;

  function record(event: ReservationEvent, nowMs: WallclockMs): void {
    if (event.reservation.profileId === DEMONSTRATION_PROFILE) return;
    const problems = recorder.record(event, nowMs);
    if (problems.length > 0) throw new RecorderRefusal(problems);
  }

  function transaction<Outcome>(work: () => Outcome | Refused): Outcome | Refused {
    try {
      return store.transaction(work);
    } catch (error) {
      if (error instanceof RecorderRefusal) return refused(...error.problems);
      throw error;
    }
  }

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
      version: 1,
      createdAtMs: Math.floor(nowMs),
      deletedAtMs: null,
    };
    store.insert(reservation);
    record({ type: 'booked', reservation }, nowMs);
    return { outcome: 'booked', reservation };
  }

  function checkNew(trial: BookingTrial, nowMs: WallclockMs): CheckedDraft {
    const checked = checkDraft(newDraft(trial, rules), null, { nowMs, rules });
    const noPlace = placeProblems(taking(trial.profileId, nowMs), rules);
    if (noPlace.length === 0) return checked;
    return { ...checked, fields: null, problems: [...checked.problems, ...noPlace] };
  }

  function book(request: BookingRequest, nowMs: WallclockMs): BookingOutcome {
    return transaction(() => {
      const { fields, problems } = checkNew(request, nowMs);
      if (fields === null) return refused(...problems);
      return insertNew(request.profileId, fields, nowMs);
    });
  }

  function check(
    trial: BookingTrial,
    standing: Reservation | null,
    nowMs: WallclockMs,
  ): BookingPreview {
    const checked =
      standing === null
        ? checkNew(trial, nowMs)
        : checkDraft(changedDraft(standing, trial), standing, { nowMs, rules });
    const overProblems = standing === null ? [] : standingProblems(standing, nowMs);
    const { startAtMs, endAtMs, emails, phones, smsMoments } = checked;
    const isSound = startAtMs !== null && checked.start === 'sound';
    return {
      problems: [...overProblems, ...checked.problems],
      zone: trial.zone ?? standing?.zone ?? rules.defaultZone,
      ...startLimits(nowMs, rules),
      latestEndAtMs: isSound ? startAtMs + rules.longestMs : null,
      startAtMs,
      endAtMs,
      emails,
      phones,
      smsMoments,
    };
  }

  /** Changes a reservation that is not over, or says why not. `change` gives back what it got when nothing differs. */
  function changeStanding(
    which: string | SeenReservation,
    nowMs: WallclockMs,
    change: (before: Reservation) => Changed | Refused,
  ): ChangeOutcome {
    const seen = typeof which === 'string' ? { reservationId: which } : which;
    return transaction(() => {
      const before = store.byId(seen.reservationId);
      if (before === null || before.deletedAtMs !== null) return refused(NOT_FOUND);
      const problems = [...versionProblems(before, seen), ...standingProblems(before, nowMs)];
      if (problems.length > 0) return refused(...problems);
      const changed = change(before);
      if (changed.outcome === 'refused') return changed;
      if (changed.outcome === 'same') return { outcome: 'changed', reservation: before, before };
      const reservation = { ...before, ...changed.differences, version: before.version + 1 };
      store.update(reservation);
      const { how } = changed;
      record(
        how === 'extended'
          ? { type: how, reservation, before }
          : { type: 'changed', reservation, before, smsAgain: how },
        nowMs,
      );
      return { outcome: 'changed', reservation, before };
    });
  }

  function edit(
    which: string | SeenReservation,
    nowMs: WallclockMs,
    changeOf: (before: Reservation) => ReservationChange & { readonly how?: 'extended' },
  ): ChangeOutcome {
    return changeStanding(which, nowMs, (before) => {
      const { how, ...change } = changeOf(before);
      const { fields, problems } = checkDraft(changedDraft(before, change), before, {
        nowMs,
        rules,
      });
      if (fields === null) return refused(...problems);
      const smsAgain = fields.phones.length > 0 ? (change.smsAgain ?? 'none') : 'none';
      return smsAgain === 'none' && isSame(fields, before)
        ? { outcome: 'same' }
        : { outcome: 'differs', differences: fields, how: how ?? smsAgain };
    });
  }

  function newPins(which: string | SeenReservation, nowMs: WallclockMs): ChangeOutcome {
    return changeStanding(which, nowMs, () => ({
      outcome: 'differs',
      differences: drawPins(random, rules),
      how: 'none',
    }));
  }

  function cancel(ref: ReservationRef, nowMs: WallclockMs): CancelOutcome {
    return transaction(() => {
      const found =
        'number' in ref ? store.latestByNumber(ref.number) : store.byId(ref.reservationId);
      if (found === null || found.deletedAtMs !== null) return refused(NOT_FOUND);
      const problems = 'number' in ref ? [] : versionProblems(found, ref);
      if (problems.length > 0) return refused(...problems);
      if (nowMs >= found.endAtMs + rules.keptAfterEndMs) return refused(alreadyOver(found));
      const version = found.version + 1;
      const reservation = { ...found, version, deletedAtMs: Math.floor(nowMs) };
      store.update(reservation);
      record({ type: 'cancelled', reservation }, nowMs);
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
    return transaction(() => {
      const [standing] = store.endingAfter(nowMs + DEMONSTRATION_LEFT_MS, DEMONSTRATION_PROFILE);
      if (standing !== undefined) return { outcome: 'booked', reservation: standing };
      const startAtMs = wholeMinute(nowMs);
      const endAtMs = startAtMs + rules.longestMs;
      const fields = { ...blankFields(rules), title, startAtMs, endAtMs };
      return insertNew(DEMONSTRATION_PROFILE, fields, nowMs);
    });
  }

  function history(
    profileId: ProfileId,
    { before, limit }: { readonly before: HistoryPlace | null; readonly limit: number },
    nowMs: WallclockMs,
  ): HistoryPage {
    const endedByMs = nowMs - rules.keptAfterEndMs;
    // One more than asked for tells whether there is a page after this one.
    const found = store.history(profileId, { before, limit: limit + 1, endedByMs });
    const reservations = found.slice(0, limit);
    const last = found.length > limit ? reservations.at(-1) : undefined;
    return { reservations, next: last === undefined ? null : placeOf(last) };
  }

  return {
    book,
    check,
    change: (reservationId, change, nowMs) => edit(reservationId, nowMs, () => change),
    extend: (reservationId, minutes, nowMs) =>
      edit(reservationId, nowMs, (before) => ({
        end: before.endAtMs + minutes * 60_000,
        how: 'extended',
      })),
    newPins,
    cancel,
    list: (whose, nowMs) => taking(whose === 'all' ? null : whose.profileId, nowMs),
    history,
    byId: (reservationId) => store.byId(reservationId),
    ofProfile: (reservationId, profileId) => {
      const found = store.byId(reservationId);
      return found?.profileId === profileId ? found : null;
    },
    findByNumber,
    isNumberTaken,
    demonstration,
  };
}

/** What a change comes to. */
type Changed =
  | { readonly outcome: 'same' }
  | {
      readonly outcome: 'differs';
      readonly differences: Partial<Reservation>;
      /** By keys during the conference, or by its organiser, who asks for an SMS about it or does not. */
      readonly how: 'extended' | 'send' | 'none';
    };

function placeOf({ reservationId, endAtMs, deletedAtMs }: Reservation): HistoryPlace {
  return { reservationId, overAtMs: Math.min(endAtMs, deletedAtMs ?? endAtMs) };
}

function refused(...problems: readonly BookingProblem[]): Refused {
  return { outcome: 'refused', problems };
}
