import type { LedgerEntry, LedgerStore } from '../server/notice/notice-store.ts';
import { DatabaseError, withPlainErrors } from './database-error.ts';
import type { Connection } from './open-database.ts';

interface LedgerRow {
  readonly entry_id: string;
  readonly profile_id: string;
  readonly at_ms: number;
  readonly amount_milli: number;
  readonly reason: string;
  readonly notice_id: string | null;
  readonly note: string;
}

/** The index on notice and reason refuses a second row; it is passed over, so booking again is harmless. */
const ADD = `INSERT INTO ledger_entry (entry_id, profile_id, at_ms, amount_milli, reason, notice_id, note)
  VALUES (@entry_id, @profile_id, @at_ms, @amount_milli, @reason, @notice_id, @note)
  ON CONFLICT (notice_id, reason) WHERE notice_id IS NOT NULL DO NOTHING`;

const BALANCE = `SELECT coalesce(sum(amount_milli), 0) FROM ledger_entry WHERE profile_id = ?`;

/** A refund of an earlier month's SMS leaves this month's as it is: it would raise the limit of this month. */
const SPENT_SINCE = `SELECT max(0, -coalesce(sum(entry.amount_milli), 0)) FROM ledger_entry AS entry
  WHERE profile_id = @profileId AND at_ms >= @sinceMs
    AND (reason = 'sms' OR reason = 'refund' AND EXISTS (SELECT 1 FROM ledger_entry AS paid
      WHERE paid.notice_id = entry.notice_id AND paid.reason = 'sms' AND paid.at_ms >= @sinceMs))`;

const LIST = `SELECT entry_id, profile_id, at_ms, amount_milli, reason, notice_id, note FROM ledger_entry
  WHERE profile_id = ? ORDER BY at_ms DESC, sequence DESC LIMIT ?`;

/** The ledger in SQLite. Every method throws a `DatabaseError` when the database fails. */
export function createLedgerStore(connection: Connection): LedgerStore {
  const file = connection.name;
  const add = connection.prepare<[LedgerRow]>(ADD);
  const balance = connection.prepare<[string], number>(BALANCE).pluck();
  const spentSince = connection.prepare<[object], number>(SPENT_SINCE).pluck();
  const list = connection.prepare<[string, number], LedgerRow>(LIST);
  const plain = <T>(work: () => T): T => withPlainErrors(file, work);
  return {
    add: (entry) => plain(() => void add.run(toRow(entry))),
    balanceMilli: (profileId) => plain(() => balance.get(profileId) ?? 0),
    spentSinceMilli: (profileId, sinceMs) =>
      plain(() => spentSince.get({ profileId, sinceMs: Math.floor(sinceMs) }) ?? 0),
    list: (profileId, limit) =>
      plain(() => list.all(profileId, limit).map((row) => fromRow(row, file))),
  };
}

function toRow(entry: LedgerEntry): LedgerRow {
  return {
    entry_id: entry.entryId,
    profile_id: entry.profileId,
    at_ms: entry.atMs,
    amount_milli: entry.amountMilli,
    reason: entry.reason,
    notice_id: entry.noticeId,
    note: entry.note,
  };
}

function fromRow(row: LedgerRow, file: string): LedgerEntry {
  if (!isReason(row.reason)) {
    const sentence = `the database holds a ledger entry that cannot be read: ${file}`;
    throw new DatabaseError('DB_CORRUPT', sentence, { file });
  }
  return {
    entryId: row.entry_id,
    profileId: row.profile_id,
    atMs: row.at_ms,
    amountMilli: row.amount_milli,
    reason: row.reason,
    noticeId: row.notice_id,
    note: row.note,
  };
}

function isReason(text: string): text is LedgerEntry['reason'] {
  return text === 'top-up' || text === 'sms' || text === 'refund' || text === 'adjustment';
}
