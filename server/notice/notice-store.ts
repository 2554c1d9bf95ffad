import type { WallclockMs } from '../../mixer/protocol/units.ts';
import type { ProfileId } from '../reservation/reservation.ts';
import type { Channel, Notice, NoticeState } from './notice.ts';

/**
 * Where notices are kept. Methods throw a `CodedError` when the store fails. Inside `transaction` of any store of the
 * same database all of them take part in it.
 */
export interface NoticeStore {
  transaction<T>(work: () => T): T;
  insert(notice: Notice): void;
  /** Replaces the notice of the same id. */
  update(notice: Notice): void;
  byId(noticeId: string): Notice | null;
  byProviderId(providerId: string): Notice | null;
  /** What the SMS of a reservation have cost, in thousandths of the currency unit. */
  costMilli(reservationId: string): number;
  /** All of a reservation, the earliest due first. */
  ofReservation(reservationId: string): readonly Notice[];
  /**
   * Pending ones whose next attempt is due, the earliest first. Not one that comes after another to the same recipient
   * about the same reservation which is pending or being sent: that one goes first. One that was tried before comes
   * before one that was not, then the one due earlier.
   */
  due(channel: Channel, nowMs: WallclockMs, limit: number): readonly Notice[];
  /** Pending ones that are of no use any more. */
  expired(nowMs: WallclockMs, limit: number): readonly Notice[];
  /** All of a reservation in the order they were planned in, whatever the clock said then. */
  planned(reservationId: string): readonly Notice[];
  /** Whether one of this kind to this recipient, of this reservation, is pending or being sent. */
  isOnItsWay(like: Pick<Notice, 'reservationId' | 'recipient' | 'channel' | 'kind'>): boolean;
  /** Those in this state, latest first, for the start after a crash and for the administrator's page. */
  inState(state: NoticeState, limit: number): readonly Notice[];
  /** When the next pending one after `afterMs` is due; null: none is. */
  nextAttemptAtMs(afterMs: WallclockMs): WallclockMs | null;
  counts(): Readonly<Record<NoticeState, number>>;
  /** Removes those that reached their last state before `atMs` and whose reservation is over; how many. */
  purge(atMs: WallclockMs, limit: number): number;
}

/** Money of profiles, in thousandths of the currency unit. Every movement is a row that is never changed. */
export interface LedgerEntry {
  readonly entryId: string;
  readonly profileId: ProfileId;
  readonly atMs: WallclockMs;
  /** Negative when spent. */
  readonly amountMilli: number;
  readonly reason: 'top-up' | 'sms' | 'refund' | 'adjustment';
  /** Of `sms` and `refund`; one of each for a notice at most. */
  readonly noticeId: string | null;
  /** Words of the administrator who made it; empty otherwise. */
  readonly note: string;
}

/** Where the ledger is kept. */
export interface LedgerStore {
  /** Adds a row. A second one of the same reason and notice changes nothing. */
  add(entry: LedgerEntry): void;
  balanceMilli(profileId: ProfileId): number;
  /** What was spent on SMS from then on, what was paid back of those taken off. */
  spentSinceMilli(profileId: ProfileId, sinceMs: WallclockMs): number;
  /** The newest first. */
  list(profileId: ProfileId, limit: number): readonly LedgerEntry[];
}
