import type { KeptAnswer, KeptAnswerStore } from '../server/panel/kept-answer.ts';
import { withPlainErrors } from './database-error.ts';
import type { Connection } from './open-database.ts';

const FIND = `SELECT profile_id AS profileId, route, key, body_hash AS bodyHash, status, answer,
    created_at_ms AS createdAtMs
  FROM kept_answer WHERE profile_id = @profileId AND route = @route AND key = @key`;

const KEEP = `INSERT OR REPLACE INTO kept_answer (profile_id, route, key, body_hash, status, answer, created_at_ms)
  VALUES (@profileId, @route, @key, @bodyHash, @status, @answer, @createdAtMs)`;

const PURGE = `DELETE FROM kept_answer WHERE (profile_id, route, key) IN
  (SELECT profile_id, route, key FROM kept_answer WHERE created_at_ms < ? LIMIT ?)`;

/** Answers to requests with an Idempotency-Key. Every method throws a `DatabaseError` when the database fails. */
export function createKeptAnswerStore(connection: Connection): KeptAnswerStore {
  const plain = <T>(work: () => T): T => withPlainErrors(connection.name, work);
  const find = connection.prepare<[object], KeptAnswer>(FIND);
  const keep = connection.prepare<[KeptAnswer]>(KEEP);
  const purge = connection.prepare<[number, number]>(PURGE);
  return {
    transaction: (work) => plain(() => connection.transaction(work).immediate()),
    find: (key) => plain(() => find.get(key) ?? null),
    keep: (answer) => plain(() => void keep.run(answer)),
    purge: (atMs, limit) => plain(() => purge.run(atMs, limit).changes),
  };
}
