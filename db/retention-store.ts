import type { Person } from '../server/retention/person.ts';
import type { Counts, Holdings, RetentionStore } from '../server/retention/retention-store.ts';
import { DatabaseError, errorCode, toDatabaseError, withPlainErrors } from './database-error.ts';
import type { Connection } from './open-database.ts';
import { erasePerson } from './person-erasure.ts';
import { findPerson } from './person-search.ts';

/** A notice that somebody still has to get. */
const STILL_TELLING = `EXISTS (SELECT 1 FROM notice WHERE notice.reservation_id = reservation.reservation_id
  AND notice.state IN ('pending', 'sending'))`;

/** As the index `reservation_over` has it. */
const OLD = `SELECT reservation_id FROM reservation
  WHERE min(end_at_ms, coalesce(deleted_at_ms, end_at_ms)) < ? AND NOT ${STILL_TELLING} LIMIT ?`;

/** Whose account is gone. The command line, the demonstration and telephones never had one. */
const ORPHANED = `SELECT reservation_id FROM reservation
  WHERE deleted_at_ms IS NOT NULL AND profile_id NOT IN (SELECT account_id FROM account)
    AND profile_id NOT IN ('local', 'demo', 'phone') AND NOT ${STILL_TELLING} LIMIT ?`;

const OLD_CALLS = `DELETE FROM call_record WHERE rowid IN
  (SELECT rowid FROM call_record WHERE start_at_ms < @atMs AND end_at_ms < @atMs LIMIT @limit)`;

const RESTED = `DELETE FROM resting_number WHERE rowid IN
  (SELECT rowid FROM resting_number WHERE over_at_ms < ? LIMIT ?)`;

/** What goes with a profile beside calls, reservations and notices, in this order. */
const PROFILE_TABLES = ['contact', 'contact_group', 'webhook', 'kept_answer', 'ledger_entry'];

/** Removal in SQLite. Every method throws a `DatabaseError` when the database fails. */
export function createRetentionStore(connection: Connection): RetentionStore {
  const file = connection.name;
  // SQLite's own lower() knows ASCII alone.
  connection.function('fold', { deterministic: true }, (text: unknown) =>
    typeof text === 'string' ? text.toLowerCase() : text,
  );
  const plain = <T>(work: () => T): T => withPlainErrors(file, work);
  const transaction = <T>(work: () => T): T =>
    plain(() => connection.transaction(work).immediate());
  const old = connection.prepare<[number, number], string>(OLD).pluck();
  const orphaned = connection.prepare<[number], string>(ORPHANED).pluck();
  const oldCalls = connection.prepare<[object]>(OLD_CALLS);
  const rested = connection.prepare<[number, number]>(RESTED);
  const removeNotices = connection.prepare<[string]>('DELETE FROM notice WHERE reservation_id = ?');
  const remove = connection.prepare<[string]>('DELETE FROM reservation WHERE reservation_id = ?');

  function removeAll(reservationIds: readonly string[]): number {
    for (const reservationId of reservationIds) {
      removeNotices.run(reservationId);
      remove.run(reservationId);
    }
    return reservationIds.length;
  }

  return {
    transaction,
    purgeReservations: (atMs, limit) =>
      transaction(() => removeAll(old.all(Math.floor(atMs), limit))),
    purgeOrphans: (limit) => transaction(() => removeAll(orphaned.all(limit))),
    purgeCalls: (atMs, limit) =>
      plain(() => oldCalls.run({ atMs: Math.floor(atMs), limit }).changes),
    purgeNumbers: (atMs, limit) => plain(() => rested.run(Math.floor(atMs), limit).changes),
    removeProfile: (profileId) => transaction(() => removeProfile(connection, profileId)),
    find: (person: Person): Holdings => plain(() => findPerson(connection, person)),
    erase: (person: Person): Counts => transaction(() => erasePerson(connection, person)),
    shred: () => shred(connection),
  };
}

/** Freed pages keep what stood on them until the file is written anew, and so does the log beside it. */
function shred(connection: Connection): void {
  const file = connection.name;
  try {
    connection.exec('VACUUM');
    const busy = Number(connection.pragma('wal_checkpoint(TRUNCATE)', { simple: true }));
    if (busy === 0) return;
  } catch (error) {
    if (!errorCode(error).startsWith('SQLITE_BUSY')) throw toDatabaseError(error, file);
  }
  const sentence = `the data was erased, but while another process uses the database its traces stay in ${file}: run the command again`;
  throw new DatabaseError('DB_BUSY', sentence, { file });
}

function removeProfile(connection: Connection, profileId: string): void {
  const statements = [
    `DELETE FROM call_record WHERE room_id IN
      (SELECT reservation_id FROM reservation WHERE profile_id = ?)`,
    `DELETE FROM reservation WHERE profile_id = ? AND NOT ${STILL_TELLING}`,
    `DELETE FROM notice WHERE profile_id = ? AND state NOT IN ('pending', 'sending')`,
    ...PROFILE_TABLES.map((table) => `DELETE FROM ${table} WHERE profile_id = ?`),
  ];
  for (const sql of statements) connection.prepare<[string]>(sql).run(profileId);
}
