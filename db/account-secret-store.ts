import type {
  AccountPurge,
  AccountStore,
  ApiTokenRecord,
  DeviceRecord,
  LinkRecord,
  SessionRecord,
} from '../server/account/account-store.ts';
import { SCOPES } from '../server/account/account.ts';
import type { Scope } from '../server/account/account.ts';
import { DatabaseError, withPlainErrors } from './database-error.ts';
import type { Connection } from './open-database.ts';

/** The part of the store that is about sessions, tokens, links and devices. */
export type SecretStore = Omit<
  AccountStore,
  | 'transaction'
  | 'touch'
  | 'purge'
  | 'insertAccount'
  | 'updateAccount'
  | 'accountById'
  | 'accountByEmailKey'
  | 'listAccounts'
  | 'countAdministrators'
  | 'deleteAccount'
>;

/** Rows are read under the names of the records, so that they need no translation. */
const SESSION = `session_id AS sessionId, secret_hash AS secretHash, account_id AS accountId,
  created_at_ms AS createdAtMs, last_seen_at_ms AS lastSeenAtMs, expires_at_ms AS expiresAtMs,
  user_agent AS userAgent, address`;
const TOKEN = `token_id AS tokenId, secret_hash AS secretHash, account_id AS accountId, name, scopes,
  created_at_ms AS createdAtMs, last_used_at_ms AS lastUsedAtMs, expires_at_ms AS expiresAtMs`;
const LINK = `secret_hash AS secretHash, purpose, account_id AS accountId, created_at_ms AS createdAtMs,
  expires_at_ms AS expiresAtMs, data`;
const DEVICE = `secret_hash AS secretHash, account_id AS accountId, last_used_at_ms AS lastUsedAtMs`;

/** Devices of an account that are kept. */
const MOST_DEVICES = 10;

/** Sessions, tokens, links and devices in SQLite. */
export function createAccountSecretStore(connection: Connection): {
  readonly store: SecretStore;
  purge(limits: AccountPurge): void;
} {
  return {
    store: {
      ...sessionStore(connection),
      ...tokenStore(connection),
      ...linkStore(connection),
      ...deviceStore(connection),
    },
    purge: purger(connection),
  };
}

type SessionStore = Pick<
  SecretStore,
  | 'insertSession'
  | 'sessionByHash'
  | 'updateSession'
  | 'sessionsOf'
  | 'deleteSession'
  | 'deleteSessions'
>;

function sessionStore(connection: Connection): SessionStore {
  const plain = <T>(work: () => T): T => withPlainErrors(connection.name, work);
  const insert = connection.prepare<[SessionRecord]>(
    `INSERT INTO account_session VALUES (@sessionId, @secretHash, @accountId, @createdAtMs, @lastSeenAtMs,
       @expiresAtMs, @userAgent, @address)`,
  );
  const byHash = connection.prepare<[string], SessionRecord>(
    `SELECT ${SESSION} FROM account_session WHERE secret_hash = ?`,
  );
  const update = connection.prepare<[SessionRecord]>(
    `UPDATE account_session SET last_seen_at_ms = @lastSeenAtMs, expires_at_ms = @expiresAtMs,
       address = @address WHERE session_id = @sessionId`,
  );
  const ofAccount = connection.prepare<[string], SessionRecord>(
    `SELECT ${SESSION} FROM account_session WHERE account_id = ? ORDER BY last_seen_at_ms DESC, session_id`,
  );
  const remove = connection.prepare<[string, string]>(
    'DELETE FROM account_session WHERE account_id = ? AND session_id = ?',
  );
  const removeOthers = connection.prepare<[string, string | null]>(
    'DELETE FROM account_session WHERE account_id = ? AND session_id IS NOT ?',
  );
  return {
    insertSession: (session) => plain(() => void insert.run(session)),
    sessionByHash: (hash) => plain(() => byHash.get(hash) ?? null),
    updateSession: (session) => plain(() => void update.run(session)),
    sessionsOf: (accountId) => plain(() => ofAccount.all(accountId)),
    deleteSession: (accountId, sessionId) =>
      plain(() => (remove.run(accountId, sessionId).changes > 0 ? 'deleted' : 'unknown')),
    deleteSessions: (accountId, kept) => plain(() => void removeOthers.run(accountId, kept)),
  };
}

/** A token whose scopes are JSON still. */
type TokenRow = Omit<ApiTokenRecord, 'scopes'> & { readonly scopes: string };

type TokenStore = Pick<
  SecretStore,
  'insertToken' | 'tokenByHash' | 'updateToken' | 'tokensOf' | 'deleteToken' | 'deleteTokens'
>;

function tokenStore(connection: Connection): TokenStore {
  const file = connection.name;
  const plain = <T>(work: () => T): T => withPlainErrors(file, work);
  const insert = connection.prepare<[TokenRow]>(
    `INSERT INTO api_token VALUES (@tokenId, @secretHash, @accountId, @name, @scopes, @createdAtMs,
       @lastUsedAtMs, @expiresAtMs)`,
  );
  const byHash = connection.prepare<[string], TokenRow>(
    `SELECT ${TOKEN} FROM api_token WHERE secret_hash = ?`,
  );
  const update = connection.prepare<[TokenRow]>(
    'UPDATE api_token SET last_used_at_ms = @lastUsedAtMs WHERE token_id = @tokenId',
  );
  const ofAccount = connection.prepare<[string], TokenRow>(
    `SELECT ${TOKEN} FROM api_token WHERE account_id = ? ORDER BY created_at_ms DESC, token_id`,
  );
  const remove = connection.prepare<[string, string]>(
    'DELETE FROM api_token WHERE account_id = ? AND token_id = ?',
  );
  const removeAll = connection.prepare<[string]>('DELETE FROM api_token WHERE account_id = ?');
  return {
    insertToken: (token) => plain(() => void insert.run(writeToken(token))),
    tokenByHash: (hash) =>
      plain(() => {
        const row = byHash.get(hash);
        return row === undefined ? null : readToken(row, file);
      }),
    updateToken: (token) => plain(() => void update.run(writeToken(token))),
    tokensOf: (accountId) =>
      plain(() => ofAccount.all(accountId).map((row) => readToken(row, file))),
    deleteToken: (accountId, tokenId) =>
      plain(() => (remove.run(accountId, tokenId).changes > 0 ? 'deleted' : 'unknown')),
    deleteTokens: (accountId) => plain(() => void removeAll.run(accountId)),
  };
}

type LinkStore = Pick<
  SecretStore,
  'insertLink' | 'linkByHash' | 'linksOf' | 'deleteLink' | 'deleteLinks'
>;

function linkStore(connection: Connection): LinkStore {
  const plain = <T>(work: () => T): T => withPlainErrors(connection.name, work);
  const insert = connection.prepare<[LinkRecord]>(
    `INSERT INTO account_link VALUES (@secretHash, @purpose, @accountId, @createdAtMs, @expiresAtMs, @data)`,
  );
  const byHash = connection.prepare<[string], LinkRecord>(
    `SELECT ${LINK} FROM account_link WHERE secret_hash = ?`,
  );
  const ofAccount = connection.prepare<[string | null, string], LinkRecord>(
    `SELECT ${LINK} FROM account_link WHERE account_id IS ? AND purpose = ? ORDER BY created_at_ms, rowid`,
  );
  const remove = connection.prepare<[string]>('DELETE FROM account_link WHERE secret_hash = ?');
  const removeAll = connection.prepare<[string | null, string]>(
    'DELETE FROM account_link WHERE account_id IS ? AND purpose = ?',
  );
  return {
    insertLink: (link) => plain(() => void insert.run(link)),
    linkByHash: (hash) => plain(() => byHash.get(hash) ?? null),
    linksOf: (accountId, purpose) => plain(() => ofAccount.all(accountId, purpose)),
    deleteLink: (hash) => plain(() => void remove.run(hash)),
    deleteLinks: (accountId, purpose) => plain(() => void removeAll.run(accountId, purpose)),
  };
}

type DeviceStore = Pick<SecretStore, 'keepDevice' | 'device' | 'isDevice' | 'deleteDevices'>;

function deviceStore(connection: Connection): DeviceStore {
  const plain = <T>(work: () => T): T => withPlainErrors(connection.name, work);
  const keep = connection.prepare<[DeviceRecord]>(
    `INSERT INTO account_device VALUES (@secretHash, @accountId, @lastUsedAtMs)
     ON CONFLICT DO UPDATE SET last_used_at_ms = excluded.last_used_at_ms`,
  );
  const drop = connection.prepare<[object]>(
    `DELETE FROM account_device WHERE account_id = @accountId AND secret_hash NOT IN
       (SELECT secret_hash FROM account_device WHERE account_id = @accountId
        ORDER BY last_used_at_ms DESC, rowid DESC LIMIT @most)`,
  );
  const one = connection.prepare<[string, string], DeviceRecord>(
    `SELECT ${DEVICE} FROM account_device WHERE secret_hash = ? AND account_id = ?`,
  );
  const any = connection.prepare<[string], DeviceRecord>(
    `SELECT ${DEVICE} FROM account_device WHERE secret_hash = ? LIMIT 1`,
  );
  const removeAll = connection.prepare<[string]>('DELETE FROM account_device WHERE account_id = ?');
  return {
    keepDevice: (device) =>
      plain(() => {
        keep.run(device);
        drop.run({ accountId: device.accountId, most: MOST_DEVICES });
      }),
    device: (hash, accountId) => plain(() => one.get(hash, accountId) ?? null),
    isDevice: (hash) => plain(() => (any.get(hash) === undefined ? 'unknown' : 'known')),
    deleteDevices: (accountId) => plain(() => void removeAll.run(accountId)),
  };
}

function purger(connection: Connection): (limits: AccountPurge) => void {
  const sessions = connection.prepare<[number]>(
    'DELETE FROM account_session WHERE expires_at_ms < ?',
  );
  const tokens = connection.prepare<[number]>('DELETE FROM api_token WHERE expires_at_ms < ?');
  const links = connection.prepare<[number]>('DELETE FROM account_link WHERE expires_at_ms < ?');
  const devices = connection.prepare<[number]>(
    'DELETE FROM account_device WHERE last_used_at_ms < ?',
  );
  return (limits) => {
    for (const statement of [sessions, tokens, links]) statement.run(limits.endedBeforeMs);
    devices.run(limits.devicesUnusedSinceMs);
  };
}

function writeToken(token: ApiTokenRecord): TokenRow {
  return { ...token, scopes: JSON.stringify(token.scopes) };
}

function readToken(row: TokenRow, file: string): ApiTokenRecord {
  const scopes: unknown = JSON.parse(row.scopes);
  if (!Array.isArray(scopes) || !scopes.every(isScope)) {
    const sentence = `the database holds an access token that cannot be read: ${file}`;
    throw new DatabaseError('DB_CORRUPT', sentence, { file });
  }
  return { ...row, scopes };
}

const KNOWN: ReadonlySet<unknown> = new Set(SCOPES);

function isScope(value: unknown): value is Scope {
  return KNOWN.has(value);
}
