import type { WallclockMs } from '../../mixer/protocol/units.ts';
import type { ProfileId, Reservation } from './reservation.ts';

/** A place in a profile's history: what comes after it was over earlier, or at the same time with a lower id. */
export interface HistoryPlace {
  /** The end, or the deletion when that came first. It does not change any more. */
  readonly overAtMs: WallclockMs;
  readonly reservationId: string;
}

/** Which part of a history. `before` null: from the newest. */
export interface HistoryQuery {
  readonly before: HistoryPlace | null;
  readonly limit: number;
  readonly endedByMs: WallclockMs;
}

/**
 * Where reservations are kept. What `insert` and `update` wrote survives a crash once the transaction has returned.
 * Every method throws a `CodedError` with a plain sentence when the store fails (`DB_FULL`, `DB_BUSY` …).
 */
export interface ReservationStore {
  /** Runs `work` alone among all writers, in all processes; keeps all of it or, when it throws, nothing. */
  transaction<T>(work: () => T): T;
  insert(reservation: Reservation): void;
  /** Replaces the reservation of the same id. */
  update(reservation: Reservation): void;
  byId(reservationId: string): Reservation | null;
  /** The one made last under this number, whatever its state. */
  latestByNumber(number: string): Reservation | null;
  /** Those not deleted whose end lies after `atMs`, by start. `profileId` null: of every profile. */
  endingAfter(atMs: WallclockMs, profileId: ProfileId | null): readonly Reservation[];
  /**
   * Those of a profile that were deleted or ended at `endedByMs` or before, the one over last first (`overAtMs`), at
   * most `limit`, after the place `before`.
   */
  history(profileId: ProfileId, query: HistoryQuery): readonly Reservation[];
  /** Whether a reservation under this number ended or was deleted after `sinceMs`, or is not over at all. */
  isNumberInUse(number: string, sinceMs: WallclockMs): boolean;
}
