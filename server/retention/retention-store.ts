import type { WallclockMs } from '../../mixer/protocol/units.ts';
import type { ProfileId } from '../reservation/reservation.ts';
import type { Person } from './person.ts';

/** How many rows went, by kind. */
export type Counts = Readonly<Record<string, number>>;

/** What is held about somebody, by kind: rows as they are kept, without secrets. */
export type Holdings = Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>;

/** Removal across everything that is kept. Methods throw a `CodedError` when the store fails. */
export interface RetentionStore {
  transaction<T>(work: () => T): T;
  /**
   * Reservations over or deleted before `atMs`, with their notices; those still telling somebody stay. Each `purge…`
   * removes `limit` at most, and tells how many.
   */
  purgeReservations(atMs: WallclockMs, limit: number): number;
  /** Calls that ended before `atMs`. */
  purgeCalls(atMs: WallclockMs, limit: number): number;
  /** Deleted reservations of accounts that are gone, once everybody has been told. */
  purgeOrphans(limit: number): number;
  /** Numbers of removed reservations that were over before `atMs`. */
  purgeNumbers(atMs: WallclockMs, limit: number): number;
  /** What belongs to a profile beside its account. Reservations that somebody must still be told about stay. */
  removeProfile(profileId: ProfileId): void;
  find(person: Person): Holdings;
  /** Removes the person from everything but their own account. Pending notices to them are never sent. */
  erase(person: Person): Counts;
  /** Overwrites what removed rows have left in the file. Throws `DB_BUSY` while another process is in its way. */
  shred(): void;
}
