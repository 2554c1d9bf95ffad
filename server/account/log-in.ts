import type { WallclockMs } from '../../mixer/protocol/units.ts';
import {
  commit,
  plainAccount,
  refuseWhileWaiting,
  type AccountContext,
} from './account-context.ts';
import { AccountRefusal } from './account-refusal.ts';
import type { AccountRecord } from './account-store.ts';
import type { Accounts, Entry, Origin } from './accounts.ts';
import { readEmailAddress } from './email-address.ts';
import type { LoginTry } from './login-throttle.ts';
import type { PasswordCheck } from './passwords.ts';

/** Longest text that stands for an address that is none. */
const LONGEST_KEY = 254;

/** Login and logout. */
export function createLogIn(context: AccountContext): Pick<Accounts, 'logIn' | 'logOut'> {
  const { store, passwords, sessions } = context;

  async function logIn(
    login: { readonly email: string; readonly password: string },
    origin: Origin,
    nowMs: WallclockMs,
  ): Promise<Entry> {
    const address = readEmailAddress(login.email);
    const account = address === null ? null : store.accountByEmailKey(address.emailKey);
    const emailKey = address?.emailKey ?? login.email.toLowerCase().slice(0, LONGEST_KEY);
    const attempt: LoginTry = {
      address: origin.address,
      emailKey,
      knownDevice:
        account === null ? null : sessions.knownDevice(origin.deviceSecret, account.accountId),
    };
    const check = await slowly(context, attempt, {
      nowMs,
      verify: (device) => passwords.verify(login.password, account?.passwordHash ?? null, device),
    });
    if (check.result === 'wrong' || account === null) {
      const pending = context.pendingSignUps.isPending(emailKey, login.password, nowMs);
      throw new AccountRefusal(pending === 'pending' ? 'address-not-confirmed' : 'bad-login');
    }
    refuseIfNotActive(account);
    const renewed = check.renew ? await passwords.hash(login.password) : account.passwordHash;
    return commit(context, () => {
      // While the password was checked it may have been changed, or the account have gone.
      const now = store.accountById(account.accountId);
      if (now?.passwordHash !== account.passwordHash) throw new AccountRefusal('bad-login');
      refuseIfNotActive(now);
      return enter(context, { account: { ...now, passwordHash: renewed }, origin }, nowMs);
    });
  }

  return { logIn, logOut: (sessionSecret) => store.transaction(() => sessions.end(sessionSecret)) };
}

/**
 * Checks a password under the throttle: the try counts before the check, and is taken back when it was right or could
 * not be made.
 * @throws AccountRefusal `too-many-tries`, or `busy`.
 */
export async function slowly(
  context: AccountContext,
  attempt: LoginTry,
  work: {
    readonly nowMs: WallclockMs;
    readonly verify: (device: 'known' | 'unknown') => Promise<PasswordCheck>;
  },
): Promise<PasswordCheck> {
  const { throttle } = context;
  const verdict = throttle.begin(attempt, work.nowMs);
  if (verdict.verdict === 'wait') refuseWhileWaiting(verdict.waitMs);
  try {
    const check = await work.verify(attempt.knownDevice === null ? 'unknown' : 'known');
    if (check.result === 'right') throttle.succeeded(attempt, work.nowMs);
    return check;
  } catch (error) {
    throttle.abandoned(attempt, work.nowMs);
    throw error;
  }
}

/** Begins a session of an account that is written as given. To be called in a transaction. */
export function enter(
  context: AccountContext,
  { account, origin }: { readonly account: AccountRecord; readonly origin: Origin },
  nowMs: WallclockMs,
): Entry {
  const entered = { ...account, lastLoginAtMs: Math.floor(nowMs) };
  context.store.updateAccount(entered);
  return { ...context.sessions.begin(entered, origin, nowMs), account: plainAccount(entered) };
}

/** Only told to who knows the password. @throws AccountRefusal */
function refuseIfNotActive(account: AccountRecord): void {
  if (account.state === 'suspended') throw new AccountRefusal('suspended');
  if (account.state !== 'active') throw new AccountRefusal('bad-login');
}
