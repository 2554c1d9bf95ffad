import type { DurationMs, WallclockMs } from '../../mixer/protocol/units.ts';
import type { Random } from '../runtime/random.ts';
import { readUserAgent } from './account-fields.ts';
import type { AccountRecord, AccountStore, SessionRecord } from './account-store.ts';
import type { Session } from './account.ts';
import type { AccountSettings, CookieTerms, Origin } from './accounts.ts';
import { csrfTokenOf, newSecret, secretHash } from './secrets.ts';

const DAY_MS: DurationMs = 86_400_000;

/** Use is noted at most this often: each note is a write that waits for the disk. */
const NOTED_EVERY_MS: DurationMs = 60_000;

/** Logins of one account at once; of more the longest unused end. */
const MOST_SESSIONS = 50;

/** Longest life of a cookie that browsers grant, in days. */
const DEVICE_DAYS = 400;

/** Longest address that is kept. */
const LONGEST_ADDRESS = 64;

/** Secrets of a login that was just made. */
export interface NewSession {
  readonly session: Session;
  readonly sessionSecret: string;
  readonly csrfToken: string;
  readonly deviceSecret: string;
}

/** The logins of browsers. */
export interface AccountSessions {
  cookies(): CookieTerms;
  /** A new login with a new secret; the one that the browser had ends. To be called in a transaction. */
  begin(account: AccountRecord, origin: Origin, nowMs: WallclockMs): NewSession;
  /** The login of a secret, its use noted; null when there is none, or it is over. */
  find(secret: string, address: string, nowMs: WallclockMs): SessionRecord | null;
  end(secret: string): void;
  /** Those that hold. */
  list(accountId: string, nowMs: WallclockMs): readonly Session[];
  /** Hash of the device's cookie when somebody has logged in to this account from it. */
  knownDevice(deviceSecret: string | null, accountId: string): string | null;
}

/** Makes them. */
export function createAccountSessions(options: {
  readonly store: AccountStore;
  readonly random: Random;
  readonly settings: () => AccountSettings;
  readonly publicUrl: () => string;
}): AccountSessions {
  const { store, random } = options;

  /** Unused for too long, or too old in any case; by today's settings, so that a shorter one takes hold at once. */
  function endOf(createdAtMs: WallclockMs, lastSeenAtMs: WallclockMs): WallclockMs {
    const { sessionDays, longestSessionDays } = options.settings();
    return Math.min(lastSeenAtMs + sessionDays * DAY_MS, createdAtMs + longestSessionDays * DAY_MS);
  }

  function endOfRecord(session: SessionRecord): WallclockMs {
    return endOf(session.createdAtMs, session.lastSeenAtMs);
  }

  function insert(account: AccountRecord, origin: Origin, nowMs: WallclockMs): NewSession {
    const sessionSecret = newSecret(random);
    const atMs = Math.floor(nowMs);
    const session: Session = {
      sessionId: random.hex(16),
      accountId: account.accountId,
      createdAtMs: atMs,
      lastSeenAtMs: atMs,
      expiresAtMs: endOf(atMs, atMs),
      userAgent: readUserAgent(origin.userAgent),
      address: origin.address.slice(0, LONGEST_ADDRESS),
    };
    store.insertSession({ ...session, secretHash: hashOfOwn(sessionSecret) });
    const deviceSecret = rememberDevice(account, origin, atMs);
    return { session, sessionSecret, csrfToken: csrfTokenOf(sessionSecret), deviceSecret };
  }

  /** A cookie that we gave out stays, so that two people who share a browser are both known there. */
  function rememberDevice(account: AccountRecord, origin: Origin, nowMs: WallclockMs): string {
    const brought = secretHash(origin.deviceSecret);
    const isOurs = brought !== null && store.isDevice(brought) === 'known';
    const deviceSecret =
      isOurs && origin.deviceSecret !== null ? origin.deviceSecret : newSecret(random);
    const { accountId } = account;
    store.keepDevice({ secretHash: hashOfOwn(deviceSecret), accountId, lastUsedAtMs: nowMs });
    return deviceSecret;
  }

  function endSurplus(accountId: string): void {
    for (const session of store.sessionsOf(accountId).slice(MOST_SESSIONS)) {
      store.deleteSession(accountId, session.sessionId);
    }
  }

  function end(secret: string): void {
    const hash = secretHash(secret);
    const session = hash === null ? null : store.sessionByHash(hash);
    if (session !== null) store.deleteSession(session.accountId, session.sessionId);
  }

  return {
    cookies() {
      const prefix = options.publicUrl().startsWith('https:') ? '__Host-' : '';
      return {
        session: `${prefix}konfa`,
        device: `${prefix}konfa-device`,
        sessionSeconds: (options.settings().longestSessionDays * DAY_MS) / 1000,
        deviceSeconds: (DEVICE_DAYS * DAY_MS) / 1000,
      };
    },
    begin(account, origin, nowMs) {
      if (origin.sessionSecret !== null) end(origin.sessionSecret);
      const begun = insert(account, origin, nowMs);
      endSurplus(account.accountId);
      return begun;
    },
    find(secret, address, nowMs) {
      const hash = secretHash(secret);
      const session = hash === null ? null : store.sessionByHash(hash);
      if (session === null || nowMs >= endOfRecord(session)) return null;
      if (nowMs - session.lastSeenAtMs < NOTED_EVERY_MS) return session;
      const lastSeenAtMs = Math.floor(nowMs);
      const expiresAtMs = endOf(session.createdAtMs, lastSeenAtMs);
      const seen = {
        ...session,
        lastSeenAtMs,
        expiresAtMs,
        address: address.slice(0, LONGEST_ADDRESS),
      };
      store.updateSession(seen);
      return seen;
    },
    end,
    list: (accountId, nowMs) =>
      store
        .sessionsOf(accountId)
        .filter((session) => nowMs < endOfRecord(session))
        .map(plainSession),
    knownDevice(deviceSecret, accountId) {
      const hash = secretHash(deviceSecret);
      return hash === null ? null : (store.device(hash, accountId)?.secretHash ?? null);
    },
  };
}

/** Of a secret made here. */
function hashOfOwn(secret: string): string {
  return secretHash(secret) ?? '';
}

function plainSession(record: SessionRecord): Session {
  const { sessionId, accountId, createdAtMs, lastSeenAtMs, expiresAtMs, userAgent, address } =
    record;
  return { sessionId, accountId, createdAtMs, lastSeenAtMs, expiresAtMs, userAgent, address };
}
