import type { WallclockMs } from '../../mixer/protocol/units.ts';
import type { ProfileId } from '../reservation/reservation.ts';
import type { Account, ApiToken, Session } from './account.ts';

/** An account as it is kept. */
export interface AccountRecord extends Account {
  /** The address as two spellings of it are compared; unique. */
  readonly emailKey: string;
  /** PHC string; null: has no password yet. Never leaves the store but to be checked. */
  readonly passwordHash: string | null;
}

/** A login as it is kept: of its secret only the SHA-256. */
export interface SessionRecord extends Session {
  readonly secretHash: string;
}

/** A bearer token as it is kept: of its secret only the SHA-256. */
export interface ApiTokenRecord extends ApiToken {
  readonly secretHash: string;
}

/** What an e-mailed link is good for. */
export type LinkPurpose =
  'confirm-address' | 'confirm-new-address' | 'reset-password' | 'invitation' | 'setup';

/** A link that was given out: of its secret only the SHA-256. */
export interface LinkRecord {
  readonly secretHash: string;
  readonly purpose: LinkPurpose;
  /** Null: of the server as a whole (`setup`). */
  readonly accountId: ProfileId | null;
  readonly createdAtMs: WallclockMs;
  readonly expiresAtMs: WallclockMs;
  /** JSON of what is done when it is used, such as the new address. */
  readonly data: string;
}

/** A browser that somebody has logged in from: of its cookie only the SHA-256. */
export interface DeviceRecord {
  readonly secretHash: string;
  readonly accountId: ProfileId;
  readonly lastUsedAtMs: WallclockMs;
}

/** Which accounts are listed: newest first, those after `after`. */
export interface AccountPage {
  /** Looked for in name and address, without regard to case; null: all. */
  readonly text: string | null;
  readonly after: { readonly createdAtMs: WallclockMs; readonly accountId: ProfileId } | null;
  readonly limit: number;
}

/** What is removed by `purge`. */
export interface AccountPurge {
  /** Sessions, links and tokens that ended before. */
  readonly endedBeforeMs: WallclockMs;
  /** Devices that were last used before. */
  readonly devicesUnusedSinceMs: WallclockMs;
  /** Accounts that were made before and never confirmed. */
  readonly unconfirmedSinceMs: WallclockMs;
}

/**
 * Where accounts are kept. Methods throw a `CodedError` when the store fails. Inside `transaction` of any store of the
 * same database all of them take part in it.
 */
export interface AccountStore {
  transaction<T>(work: () => T): T;
  /** Writes nothing that can be read: costs as much as a change, so that both take equally long. */
  touch(): void;

  insertAccount(account: AccountRecord): void;
  /** Replaces the account of the same id. */
  updateAccount(account: AccountRecord): void;
  accountById(accountId: ProfileId): AccountRecord | null;
  accountByEmailKey(emailKey: string): AccountRecord | null;
  listAccounts(page: AccountPage): readonly AccountRecord[];
  /** Active ones. */
  countAdministrators(): number;
  /** Removes it with its sessions, tokens, links and devices. */
  deleteAccount(accountId: ProfileId): void;

  insertSession(session: SessionRecord): void;
  sessionByHash(secretHash: string): SessionRecord | null;
  /** Notes that it was used. */
  updateSession(session: SessionRecord): void;
  /** The one used last comes first. */
  sessionsOf(accountId: ProfileId): readonly SessionRecord[];
  /** Whether there was one. */
  deleteSession(accountId: ProfileId, sessionId: string): 'deleted' | 'unknown';
  /** All but `keptSessionId`; null: all. */
  deleteSessions(accountId: ProfileId, keptSessionId: string | null): void;

  insertToken(token: ApiTokenRecord): void;
  tokenByHash(secretHash: string): ApiTokenRecord | null;
  updateToken(token: ApiTokenRecord): void;
  /** The newest first. */
  tokensOf(accountId: ProfileId): readonly ApiTokenRecord[];
  deleteToken(accountId: ProfileId, tokenId: string): 'deleted' | 'unknown';
  deleteTokens(accountId: ProfileId): void;

  insertLink(link: LinkRecord): void;
  linkByHash(secretHash: string): LinkRecord | null;
  linksOf(accountId: ProfileId | null, purpose: LinkPurpose): readonly LinkRecord[];
  deleteLink(secretHash: string): void;
  deleteLinks(accountId: ProfileId | null, purpose: LinkPurpose): void;

  /** Adds it, or notes that it was used; of more than ten of an account the longest unused go. */
  keepDevice(device: DeviceRecord): void;
  device(secretHash: string, accountId: ProfileId): DeviceRecord | null;
  /** Whether it is a device of any account. */
  isDevice(secretHash: string): 'known' | 'unknown';
  deleteDevices(accountId: ProfileId): void;

  /** Removes what has ended; ids of the accounts that went. */
  purge(limits: AccountPurge): readonly ProfileId[];
}
