import type { DurationMs, WallclockMs } from '../../mixer/protocol/units.ts';
import type { AccountLinks } from './account-links.ts';
import { AccountRefusal } from './account-refusal.ts';
import type { AccountRecord } from './account-store.ts';
import type { Account } from './account.ts';
import type { AccountsOptions } from './accounts.ts';
import type { LoginThrottle } from './login-throttle.ts';
import type { AccountSessions } from './account-sessions.ts';
import type { MailThrottle } from './mail-throttle.ts';
import type { PendingSignUps } from './pending-sign-ups.ts';

/** What the parts of the service share. */
export interface AccountContext extends AccountsOptions {
  readonly sessions: AccountSessions;
  readonly links: AccountLinks;
  readonly throttle: LoginThrottle;
  readonly mailThrottle: MailThrottle;
  readonly pendingSignUps: PendingSignUps;
}

/** Mail that only tells of something is of no use after this time. */
export const TOLD_WITHIN_MS: DurationMs = 3 * 86_400_000;

/** One transaction, after which queued mail is looked at. */
export function commit<T>(context: AccountContext, work: () => T): T {
  const result = context.store.transaction(work);
  context.wake();
  return result;
}

/** What may be told of an account: no hash, no key. */
export function plainAccount(record: AccountRecord): Account {
  return {
    accountId: record.accountId,
    email: record.email,
    name: record.name,
    role: record.role,
    state: record.state,
    language: record.language,
    zone: record.zone,
    monthlyLimitMilli: record.monthlyLimitMilli,
    createdAtMs: record.createdAtMs,
    lastLoginAtMs: record.lastLoginAtMs,
  };
}

/**
 * The account of this id.
 * @throws AccountRefusal `not-found`.
 */
export function accountOf(context: AccountContext, accountId: string): AccountRecord {
  const account = context.store.accountById(accountId);
  if (account === null) throw new AccountRefusal('not-found');
  return account;
}

/**
 * Refuses what would leave the server without an administrator. To be called in the transaction, before the account
 * loses its role: two at once take turns there, so the second one finds that it is the last.
 * @throws AccountRefusal `last-administrator`.
 */
export function refuseIfLastAdministrator(context: AccountContext, account: AccountRecord): void {
  const isOne = account.role === 'administrator' && account.state === 'active';
  if (isOne && context.store.countAdministrators() <= 1) {
    throw new AccountRefusal('last-administrator');
  }
}

/** Refuses a try that must wait. @throws AccountRefusal `too-many-tries`. */
export function refuseWhileWaiting(waitMs: DurationMs): void {
  if (waitMs <= 0) return;
  const retryAfterSeconds = Math.ceil(waitMs / 1000);
  throw new AccountRefusal('too-many-tries', {
    retryAfterSeconds,
    facts: { seconds: retryAfterSeconds },
  });
}

/** The part of a new account that nobody fills in. */
export function blankAccount(
  context: AccountContext,
  nowMs: WallclockMs,
): Pick<AccountRecord, 'accountId' | 'monthlyLimitMilli' | 'createdAtMs' | 'lastLoginAtMs'> {
  return {
    accountId: context.random.hex(16),
    monthlyLimitMilli: null,
    createdAtMs: Math.floor(nowMs),
    lastLoginAtMs: null,
  };
}
