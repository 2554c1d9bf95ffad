import type { AccountRecord } from '../server/account/account-store.ts';
import type { Account } from '../server/account/account.ts';
import { DatabaseError } from './database-error.ts';

/** A row of the table `account`. */
export interface AccountRow {
  readonly account_id: string;
  readonly email: string;
  readonly email_key: string;
  readonly name: string;
  readonly role: string;
  readonly state: string;
  readonly language: string;
  readonly zone: string;
  readonly monthly_limit_milli: number | null;
  readonly password_hash: string | null;
  /** Name and address in lower case: SQLite's own LIKE knows the case of ASCII letters alone. */
  readonly search_text: string;
  readonly created_at_ms: number;
  readonly last_login_at_ms: number | null;
}

/** An account as a row. */
export function writeAccount(account: AccountRecord): AccountRow {
  return {
    account_id: account.accountId,
    email: account.email,
    email_key: account.emailKey,
    name: account.name,
    role: account.role,
    state: account.state,
    language: account.language,
    zone: account.zone,
    monthly_limit_milli: account.monthlyLimitMilli,
    password_hash: account.passwordHash,
    search_text: `${account.name}\n${account.email}`.normalize('NFC').toLowerCase(),
    created_at_ms: account.createdAtMs,
    last_login_at_ms: account.lastLoginAtMs,
  };
}

/**
 * A row as an account.
 * @throws DatabaseError `DB_CORRUPT` when the row is not one of ours.
 */
export function readAccount(row: AccountRow, file: string): AccountRecord {
  const { role, state, language } = row;
  if (!isRole(role) || !isState(state) || (language !== 'pl' && language !== 'en')) {
    const sentence = `the database holds an account that cannot be read: ${file}`;
    throw new DatabaseError('DB_CORRUPT', sentence, { file });
  }
  return {
    accountId: row.account_id,
    email: row.email,
    emailKey: row.email_key,
    name: row.name,
    role,
    state,
    language,
    zone: row.zone,
    monthlyLimitMilli: row.monthly_limit_milli,
    passwordHash: row.password_hash,
    createdAtMs: row.created_at_ms,
    lastLoginAtMs: row.last_login_at_ms,
  };
}

function isRole(text: string): text is Account['role'] {
  return text === 'organiser' || text === 'administrator';
}

function isState(text: string): text is Account['state'] {
  return text === 'invited' || text === 'unconfirmed' || text === 'active' || text === 'suspended';
}
