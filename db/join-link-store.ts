import type { JoinLinkStore, StoredJoinLink } from '../server/guest/join-link-store.ts';
import { withPlainErrors } from './database-error.ts';
import type { Connection } from './open-database.ts';

const INSERT = `INSERT INTO join_link (link_id, reservation_id, role, person, token_hash, created_at_ms, revoked_at_ms)
  VALUES (@linkId, @reservationId, @role, @person, @tokenHash, @createdAtMs, @revokedAtMs)`;

const COLUMNS = `link_id AS linkId, reservation_id AS reservationId, role, person, token_hash AS tokenHash,
  created_at_ms AS createdAtMs, revoked_at_ms AS revokedAtMs`;

const OF_RESERVATION = `SELECT ${COLUMNS} FROM join_link WHERE reservation_id = ? ORDER BY created_at_ms, rowid`;

const REVOKE = `UPDATE join_link SET revoked_at_ms = @atMs WHERE link_id = @linkId AND revoked_at_ms IS NULL`;

/** Join links in SQLite. Every method throws a `DatabaseError` when the database fails. */
export function createJoinLinkStore(connection: Connection): JoinLinkStore {
  const file = connection.name;
  const insert = connection.prepare<[StoredJoinLink]>(INSERT);
  const byTokenHash = connection.prepare<[string], StoredJoinLink>(
    `SELECT ${COLUMNS} FROM join_link WHERE token_hash = ?`,
  );
  const byId = connection.prepare<[string], StoredJoinLink>(
    `SELECT ${COLUMNS} FROM join_link WHERE link_id = ?`,
  );
  const ofReservation = connection.prepare<[string], StoredJoinLink>(OF_RESERVATION);
  const revoke = connection.prepare<[object]>(REVOKE);
  const plain = <T>(work: () => T): T => withPlainErrors(file, work);
  return {
    transaction: (work) => plain(() => connection.transaction(work).immediate()),
    insert: (link) => plain(() => void insert.run(link)),
    byTokenHash: (tokenHash) => plain(() => byTokenHash.get(tokenHash) ?? null),
    byId: (linkId) => plain(() => byId.get(linkId) ?? null),
    ofReservation: (reservationId) => plain(() => ofReservation.all(reservationId)),
    revoke: (linkId, atMs) => plain(() => void revoke.run({ linkId, atMs })),
  };
}
