import type { DurationMs, WallclockMs } from '../../mixer/protocol/units.ts';
import {
  TOLD_WITHIN_MS,
  commit,
  refuseWhileWaiting,
  type AccountContext,
} from './account-context.ts';
import { inviteByMail } from './account-invitation.ts';
import { AccountRefusal } from './account-refusal.ts';
import type { AccountRecord } from './account-store.ts';
import type { Accounts, Entry, Origin } from './accounts.ts';
import { readEmailAddress } from './email-address.ts';
import { enter } from './log-in.ts';
import { checkNewPassword } from './password-rules.ts';

const MINUTE_MS: DurationMs = 60_000;

/** A new password by a link to the mailbox. */
export function createResetPassword(
  context: AccountContext,
): Pick<Accounts, 'requestReset' | 'completeReset'> {
  const { store, links } = context;

  function requestReset(email: string, origin: Origin, nowMs: WallclockMs): void {
    refuseWhileWaiting(context.mailThrottle.askMs('reset', origin.address, nowMs));
    const address = readEmailAddress(email);
    commit(context, () => {
      const account = address === null ? null : store.accountByEmailKey(address.emailKey);
      const may =
        address === null ? 'may-not' : context.mailThrottle.mayWrite(address.emailKey, nowMs);
      if (account === null || may === 'may-not' || account.state === 'suspended') store.touch();
      else if (account.state === 'invited') inviteByMail(context, account, nowMs);
      else sendReset(account, nowMs);
    });
  }

  function sendReset(account: AccountRecord, nowMs: WallclockMs): void {
    const { accountId, email, name, language } = account;
    const lifeMs = context.settings().resetLinkMinutes * MINUTE_MS;
    const given = links.give({ purpose: 'reset-password', accountId, lifeMs }, nowMs);
    const { link, expiresAtMs: uselessAtMs } = given;
    context.notify(
      { kind: 'reset-password', accountId, to: email, name, language, link, uselessAtMs },
      nowMs,
    );
  }

  /** The account that a link is for: whoever reads its mailbox may, so its address is confirmed too. */
  function accountOfLink(token: string, nowMs: WallclockMs): AccountRecord {
    const link = links.find(token, ['reset-password'], nowMs);
    const account = store.accountById(link.accountId ?? '');
    if (account?.state === 'active' || account?.state === 'unconfirmed') return account;
    throw new AccountRefusal('link-expired', { pointer: '/token' });
  }

  async function completeReset(
    { token, password }: { readonly token: string; readonly password: string },
    origin: Origin,
    nowMs: WallclockMs,
  ): Promise<Entry> {
    const { email, name } = accountOfLink(token, nowMs);
    const shortest = context.settings().passwordCharacters;
    checkNewPassword({ password, email, name, shortest });
    const passwordHash = await context.passwords.hash(password);
    return commit(context, () => {
      const account = accountOfLink(token, nowMs);
      endEverything(context, account.accountId);
      tellThatPasswordChanged(context, account, nowMs);
      const renewed: AccountRecord = { ...account, passwordHash, state: 'active' };
      return enter(context, { account: renewed, origin }, nowMs);
    });
  }

  return { requestReset, completeReset };
}

/**
 * Ends the logins, known devices and open links of an account whose password is set by a link. Bearer tokens go on:
 * programs are not stopped, and the owner sees and removes them on the account's page.
 */
export function endEverything(context: AccountContext, accountId: string): void {
  const { store } = context;
  store.deleteSessions(accountId, null);
  store.deleteDevices(accountId);
  for (const purpose of ['reset-password', 'confirm-address', 'confirm-new-address'] as const) {
    store.deleteLinks(accountId, purpose);
  }
  store.deleteLinks(accountId, 'invitation');
}

/** Tells the owner, in case it was somebody else. To be called in a transaction. */
export function tellThatPasswordChanged(
  context: AccountContext,
  account: AccountRecord,
  nowMs: WallclockMs,
): void {
  const { accountId, email, name, language } = account;
  const uselessAtMs = nowMs + TOLD_WITHIN_MS;
  const kind = 'password-changed';
  context.notify({ kind, accountId, to: email, name, language, link: null, uselessAtMs }, nowMs);
}
