import type { DurationMs, WallclockMs } from '../../mixer/protocol/units.ts';
import {
  accountOf,
  commit,
  plainAccount,
  refuseIfLastAdministrator,
  type AccountContext,
} from './account-context.ts';
import { readAddress, readName, readZone } from './account-fields.ts';
import { AccountRefusal } from './account-refusal.ts';
import type { AccountRecord } from './account-store.ts';
import type { Accounts, Actor, ProfileChange } from './accounts.ts';
import type { EmailAddress } from './email-address.ts';
import { slowly } from './log-in.ts';
import { checkNewPassword } from './password-rules.ts';
import { tellThatPasswordChanged } from './reset-password.ts';
import { secretHash } from './secrets.ts';
import { tellThatAccountExists } from './sign-up.ts';

const HOUR_MS: DurationMs = 3_600_000;

type OwnAccount = Pick<
  Accounts,
  'changeProfile' | 'changePassword' | 'requestEmailChange' | 'deleteOwn'
>;

/** What somebody does with their own account. */
export function createOwnAccount(context: AccountContext): OwnAccount {
  const { store } = context;

  /** Asks for the present password again. @throws AccountRefusal `wrong-password` */
  async function prove(actor: Actor, password: string, nowMs: WallclockMs): Promise<AccountRecord> {
    const account = accountOf(context, actor.accountId);
    // By session: a stolen one has few tries, and spends none of those that the owner has elsewhere.
    const knownDevice = `session ${actor.sessionId}`;
    const attempt = { address: '', emailKey: account.emailKey, knownDevice };
    const check = await slowly(context, attempt, {
      nowMs,
      verify: (device) => context.passwords.verify(password, account.passwordHash, device),
    });
    if (check.result === 'wrong') {
      throw new AccountRefusal('wrong-password', { pointer: '/password' });
    }
    return account;
  }

  /** As it is in the transaction; refused when the password that was proved is not the present one any more. */
  function stillProved(proved: AccountRecord): AccountRecord {
    const account = accountOf(context, proved.accountId);
    if (account.passwordHash === proved.passwordHash && account.state === 'active') return account;
    throw new AccountRefusal('wrong-password', { pointer: '/password' });
  }

  async function changePassword(
    actor: Actor,
    { present, next }: { readonly present: string; readonly next: string },
    nowMs: WallclockMs,
  ): Promise<void> {
    const proved = await prove(actor, present, nowMs);
    const shortest = context.settings().passwordCharacters;
    const { email, name } = proved;
    checkNewPassword({ password: next, email, name, shortest, pointer: '/newPassword' });
    const passwordHash = await context.passwords.hash(next);
    commit(context, () => {
      const account = stillProved(proved);
      store.updateAccount({ ...account, passwordHash });
      endElsewhere(actor, nowMs);
      tellThatPasswordChanged(context, account, nowMs);
    });
  }

  /** Of all that could get in with the old password only the present browser stays. */
  function endElsewhere({ accountId, sessionId, deviceSecret }: Actor, nowMs: WallclockMs): void {
    const present = context.sessions.knownDevice(deviceSecret, accountId);
    store.deleteSessions(accountId, sessionId);
    store.deleteDevices(accountId);
    store.deleteLinks(accountId, 'reset-password');
    store.deleteLinks(accountId, 'confirm-new-address');
    if (present !== null && present === secretHash(deviceSecret)) {
      store.keepDevice({ secretHash: present, accountId, lastUsedAtMs: Math.floor(nowMs) });
    }
  }

  async function requestEmailChange(
    actor: Actor,
    request: { readonly password: string; readonly newEmail: string },
    nowMs: WallclockMs,
  ): Promise<void> {
    const proved = await prove(actor, request.password, nowMs);
    const address = readAddress(request.newEmail, '/newEmail');
    commit(context, () => {
      const account = stillProved(proved);
      const owner = store.accountByEmailKey(address.emailKey);
      const isOwn = owner?.accountId === account.accountId;
      const may = context.mailThrottle.mayWrite(address.emailKey, nowMs);
      if (may === 'may-not' || (isOwn && owner.email === address.email)) store.touch();
      else if (!isOwn && (owner?.state === 'active' || owner?.state === 'suspended')) {
        tellThatAccountExists(context, owner, nowMs);
      } else askNewAddress(account, address, nowMs);
    });
  }

  function askNewAddress(account: AccountRecord, address: EmailAddress, nowMs: WallclockMs): void {
    const { accountId, name, language } = account;
    const lifeMs = context.settings().emailLinkHours * HOUR_MS;
    const { email, emailKey } = address;
    const data = JSON.stringify({ email, emailKey });
    const kind = 'confirm-new-address';
    const given = context.links.give({ purpose: kind, accountId, lifeMs, data }, nowMs);
    const { link, expiresAtMs: uselessAtMs } = given;
    context.notify({ kind, accountId, to: email, name, language, link, uselessAtMs }, nowMs);
  }

  async function deleteOwn(actor: Actor, password: string, nowMs: WallclockMs): Promise<void> {
    const proved = await prove(actor, password, nowMs);
    commit(context, () => {
      const account = stillProved(proved);
      refuseIfLastAdministrator(context, account);
      context.eraseProfile(account.accountId, nowMs);
      store.deleteAccount(account.accountId);
    });
  }

  return {
    changeProfile: (accountId, change) =>
      store.transaction(() => {
        const changed = { ...accountOf(context, accountId), ...readChange(change) };
        store.updateAccount(changed);
        return plainAccount(changed);
      }),
    changePassword,
    requestEmailChange,
    deleteOwn,
  };
}

function readChange(
  change: ProfileChange,
): Partial<Pick<AccountRecord, 'name' | 'language' | 'zone'>> {
  return {
    ...(change.name === undefined ? {} : { name: readName(change.name) }),
    ...(change.language === undefined ? {} : { language: change.language }),
    ...(change.zone === undefined ? {} : { zone: readZone(change.zone) }),
  };
}
