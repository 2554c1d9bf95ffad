import type { Person } from '../server/retention/person.ts';
import type { Counts, Holdings, RetentionStore } from '../server/retention/retention-store.ts';
import { withPlainErrors } from './database-error.ts';
import type { Connection } from './open-database.ts';
import { erasePerson } from './person-erasure.ts';
import { findPerson } from './person-search.ts';

/** A notice that somebody still has to get. */
const STILL_TELLING = `EXISTS (SELECT 1 FROM notice WHERE notice.reservation_id = reservation.reservation_id
  AND notice.state IN ('pending', 'sending'))`;

const OVER_BEFORE = `min(end_at_ms, coalesce(deleted_at_ms, end_at_ms)) < ?`;

/** Whose account is gone. The command line, the demonstration and telephones never had one. */
const ORPHANED = `profile_id NOT IN (SELECT account_id FROM account)
  AND profile_id NOT IN ('local', 'demo', 'phone')`;

const DROP_NOTICES = `DELETE FROM notice WHERE reservation_id IS NOT NULL
  AND reservation_id NOT IN (SELECT reservation_id FROM reservation)`;

/** What goes with a profile, in this order. */
const PROFILE_TABLES = ['contact', 'contact_group', 'webhook', 'kept_answer', 'ledger_entry'];

/** Removal in SQLite. Every method throws a `DatabaseError` when the database fails. */
export function createRetentionStore(connection: Connection): RetentionStore {
  const file = connection.name;
  const plain = <T>(work: () => T): T => withPlainErrors(file, work);
  const transaction = <T>(work: () => T): T =>
    plain(() => connection.transaction(work).immediate());
  const dropNotices = connection.prepare<[]>(DROP_NOTICES);
  const purgeReservations = connection.prepare<[number]>(
    `DELETE FROM reservation WHERE ${OVER_BEFORE} AND NOT ${STILL_TELLING}`,
  );
  const purgeOrphans = connection.prepare<[]>(
    `DELETE FROM reservation WHERE deleted_at_ms IS NOT NULL AND ${ORPHANED} AND NOT ${STILL_TELLING}`,
  );
  const purgeCalls = connection.prepare<[number]>('DELETE FROM call_record WHERE end_at_ms < ?');

  function removeProfile(profileId: string): void {
    connection
      .prepare<[string]>(
        `DELETE FROM call_record WHERE room_id IN
          (SELECT reservation_id FROM reservation WHERE profile_id = ?)`,
      )
      .run(profileId);
    connection
      .prepare<[string]>(`DELETE FROM reservation WHERE profile_id = ? AND NOT ${STILL_TELLING}`)
      .run(profileId);
    connection
      .prepare<[string]>(
        `DELETE FROM notice WHERE profile_id = ? AND state NOT IN ('pending', 'sending')`,
      )
      .run(profileId);
    for (const table of PROFILE_TABLES) {
      connection.prepare<[string]>(`DELETE FROM ${table} WHERE profile_id = ?`).run(profileId);
    }
  }

  return {
    transaction,
    purgeReservations: (atMs) =>
      transaction(() => {
        const { changes } = purgeReservations.run(Math.floor(atMs));
        dropNotices.run();
        return changes;
      }),
    purgeCalls: (atMs) => plain(() => purgeCalls.run(Math.floor(atMs)).changes),
    purgeOrphans: () =>
      transaction(() => {
        const { changes } = purgeOrphans.run();
        dropNotices.run();
        return changes;
      }),
    removeProfile: (profileId) => transaction(() => removeProfile(profileId)),
    find: (person: Person): Holdings => plain(() => findPerson(connection, person)),
    erase: (person: Person): Counts => transaction(() => erasePerson(connection, person)),
    shred: () =>
      plain(() => {
        // Freed pages keep what stood on them until the file is written anew, and so does the log beside it.
        connection.exec('VACUUM');
        connection.pragma('wal_checkpoint(TRUNCATE)');
      }),
  };
}
