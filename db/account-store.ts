import type { AccountRecord, AccountStore } from '../server/account/account-store.ts';
import { readAccount, writeAccount, type AccountRow } from './account-row.ts';
import { createAccountSecretStore } from './account-secret-store.ts';
import { withPlainErrors } from './database-error.ts';
import type { Connection } from './open-database.ts';

const INSERT = `INSERT INTO account (account_id, email, email_key, name, role, state, language, zone,
    monthly_limit_milli, password_hash, search_text, created_at_ms, last_login_at_ms)
  VALUES (@account_id, @email, @email_key, @name, @role, @state, @language, @zone,
    @monthly_limit_milli, @password_hash, @search_text, @created_at_ms, @last_login_at_ms)`;

const UPDATE = `UPDATE account SET email = @email, email_key = @email_key, name = @name, role = @role, state = @state,
    language = @language, zone = @zone, monthly_limit_milli = @monthly_limit_milli,
    password_hash = @password_hash, search_text = @search_text, created_at_ms = @created_at_ms,
    last_login_at_ms = @last_login_at_ms
  WHERE account_id = @account_id`;

const LIST = `SELECT * FROM account
  WHERE (@afterMs IS NULL OR (created_at_ms, account_id) < (@afterMs, @afterId))
    AND (@pattern IS NULL OR search_text LIKE @pattern ESCAPE '\\')
  ORDER BY created_at_ms DESC, account_id DESC LIMIT @limit`;

const ADMINISTRATORS = `SELECT count(*) FROM account WHERE role = 'administrator' AND state = 'active'`;

/** Accounts in SQLite. Every method throws a `DatabaseError` when the database fails. */
export function createAccountStore(connection: Connection): AccountStore {
  const file = connection.name;
  const insert = connection.prepare<[AccountRow]>(INSERT);
  const update = connection.prepare<[AccountRow]>(UPDATE);
  const remove = connection.prepare<[string]>('DELETE FROM account WHERE account_id = ?');
  const byId = connection.prepare<[string], AccountRow>(
    'SELECT * FROM account WHERE account_id = ?',
  );
  const byKey = connection.prepare<[string], AccountRow>(
    'SELECT * FROM account WHERE email_key = ?',
  );
  const list = connection.prepare<[object], AccountRow>(LIST);
  const administrators = connection.prepare<[], number>(ADMINISTRATORS).pluck();
  const touch = connection.prepare('UPDATE account_touch SET counter = counter + 1');
  const unconfirmed = connection
    .prepare<[number], string>(
      `DELETE FROM account WHERE state = 'unconfirmed' AND created_at_ms < ? RETURNING account_id`,
    )
    .pluck();
  const plain = <T>(work: () => T): T => withPlainErrors(file, work);
  const secrets = createAccountSecretStore(connection);
  const orNull = (row: AccountRow | undefined): AccountRecord | null =>
    row === undefined ? null : readAccount(row, file);
  // Immediate: the lock is taken before the first read, so what the rules saw still holds at the commit.
  const transaction = <T>(work: () => T): T =>
    plain(() => connection.transaction(work).immediate());

  return {
    ...secrets.store,
    transaction,
    touch: () => plain(() => void touch.run()),
    insertAccount: (account) => plain(() => void insert.run(writeAccount(account))),
    updateAccount: (account) => plain(() => void update.run(writeAccount(account))),
    accountById: (accountId) => plain(() => orNull(byId.get(accountId))),
    accountByEmailKey: (emailKey) => plain(() => orNull(byKey.get(emailKey))),
    listAccounts: ({ text, after, limit }) =>
      plain(() =>
        list
          .all({
            afterMs: after?.createdAtMs ?? null,
            afterId: after?.accountId ?? null,
            pattern: text === null ? null : likePattern(text),
            limit,
          })
          .map((row) => readAccount(row, file)),
      ),
    countAdministrators: () => plain(() => administrators.get() ?? 0),
    deleteAccount: (accountId) => plain(() => void remove.run(accountId)),
    purge: (limits) =>
      transaction(() => {
        secrets.purge(limits);
        return unconfirmed.all(limits.unconfirmedSinceMs);
      }),
  };
}

/** Text anywhere; `%` and `_` in it stand for themselves. */
function likePattern(text: string): string {
  return `%${text
    .normalize('NFC')
    .toLowerCase()
    .replace(/[\\%_]/gu, '\\$&')}%`;
}
