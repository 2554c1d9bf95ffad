import type { DurationMs, WallclockMs } from '../../mixer/protocol/units.ts';
import {
  TOLD_WITHIN_MS,
  blankAccount,
  commit,
  refuseWhileWaiting,
  type AccountContext,
} from './account-context.ts';
import { readAddress, readName, readZone } from './account-fields.ts';
import { inviteByMail } from './account-invitation.ts';
import { AccountRefusal } from './account-refusal.ts';
import type { AccountRecord, LinkRecord } from './account-store.ts';
import type { Accounts, Entry, Origin, SignUpRequest } from './accounts.ts';
import type { EmailAddress } from './email-address.ts';
import { enter } from './log-in.ts';
import { checkNewPassword } from './password-rules.ts';
import {
  isConfirmationData,
  isNewAddress,
  readLinkData,
  type ConfirmationData,
  type PendingProfile,
} from './link-data.ts';

const HOUR_MS: DurationMs = 3_600_000;

/** Sign-up and the links that confirm an address. */
export function createSignUp(context: AccountContext): Pick<Accounts, 'signUp' | 'confirm'> {
  const { store, links } = context;

  async function signUp(request: SignUpRequest, origin: Origin, nowMs: WallclockMs): Promise<void> {
    if (context.settings().signUp !== 'open') throw new AccountRefusal('sign-up-closed');
    const address = readAddress(request.email);
    const name = readName(request.name);
    const zone = readZone(request.zone);
    const { password, language } = request;
    const shortest = context.settings().passwordCharacters;
    checkNewPassword({ password, email: address.email, name, shortest });
    refuseWhileWaiting(context.mailThrottle.askMs('sign-up', origin.address, nowMs));
    // Before anybody looks whether the address is known: both ways take as long.
    const passwordHash = await context.passwords.hash(password);
    const profile = { name, zone, language, passwordHash };
    const pendingEntry = context.pendingSignUps.remember(address.emailKey, password, nowMs);
    commit(context, () => answerSignUp({ profile, pendingEntry }, address, nowMs));
  }

  /** Whatever the address is, one mail goes to it; or nobody is written to, and the disk is waited for all the same. */
  function answerSignUp(data: ConfirmationData, address: EmailAddress, nowMs: WallclockMs): void {
    const known = store.accountByEmailKey(address.emailKey);
    const may = context.mailThrottle.mayWrite(address.emailKey, nowMs);
    if (may === 'may-not' || known?.state === 'suspended') store.touch();
    else if (known === null || known.state === 'unconfirmed') {
      askToConfirm(known ?? insertUnconfirmed(data.profile, address, nowMs), data, nowMs);
    } else if (known.state === 'invited') {
      // Not with the password of whoever asks: the invitation may carry the rights of an administrator.
      inviteByMail(context, known, nowMs);
    } else tellThatAccountExists(context, known, nowMs);
  }

  function insertUnconfirmed(
    profile: PendingProfile,
    { email, emailKey }: EmailAddress,
    nowMs: WallclockMs,
  ): AccountRecord {
    const account: AccountRecord = {
      ...blankAccount(context, nowMs),
      ...profile,
      email,
      emailKey,
      role: 'organiser',
      state: 'unconfirmed',
      // Which of several sign-ups counts is decided by the link that is used.
      passwordHash: null,
    };
    store.insertAccount(account);
    return account;
  }

  function askToConfirm(account: AccountRecord, about: ConfirmationData, nowMs: WallclockMs): void {
    const { accountId, email } = account;
    const lifeMs = context.settings().emailLinkHours * HOUR_MS;
    const data = JSON.stringify(about);
    const given = links.give({ purpose: 'confirm-address', accountId, lifeMs, data }, nowMs);
    const { name, language } = about.profile;
    const kind = 'confirm-address';
    const uselessAtMs = given.expiresAtMs;
    context.notify(
      { kind, accountId, to: email, name, language, link: given.link, uselessAtMs },
      nowMs,
    );
  }

  function confirm(token: string, origin: Origin, nowMs: WallclockMs): Entry {
    return commit(context, () => {
      const link = links.find(token, ['confirm-address', 'confirm-new-address'], nowMs);
      const account = store.accountById(link.accountId ?? '');
      if (account === null) throw expired();
      const confirmed =
        link.purpose === 'confirm-address'
          ? activate(account, link)
          : moveToNewAddress(account, link, nowMs);
      links.use(link);
      return enter(context, { account: confirmed, origin }, nowMs);
    });
  }

  /** With the name and password of the sign-up that this very link was sent for. */
  function activate(account: AccountRecord, link: LinkRecord): AccountRecord {
    const data = readLinkData(link.data, isConfirmationData);
    if (account.state !== 'unconfirmed' || data === null) throw expired();
    context.pendingSignUps.forget(data.pendingEntry);
    return { ...account, ...data.profile, state: 'active' };
  }

  function moveToNewAddress(
    account: AccountRecord,
    link: LinkRecord,
    nowMs: WallclockMs,
  ): AccountRecord {
    const address = readLinkData(link.data, isNewAddress);
    if (address === null || account.state !== 'active') throw expired();
    const other = store.accountByEmailKey(address.emailKey);
    if (other !== null && other.accountId !== account.accountId) {
      if (other.state === 'active' || other.state === 'suspended') throw expired();
      // Nobody ever proved to have this mailbox, until now.
      store.deleteAccount(other.accountId);
    }
    // A link to a new password may lie in the mailbox that was left.
    store.deleteLinks(account.accountId, 'reset-password');
    const { accountId, email, name, language } = account;
    const uselessAtMs = nowMs + TOLD_WITHIN_MS;
    const kind = 'address-changed';
    context.notify({ kind, accountId, to: email, name, language, link: null, uselessAtMs }, nowMs);
    return { ...account, ...address };
  }

  return { signUp, confirm };
}

/** Tells the owner of an address that somebody tried to have another account under it. */
export function tellThatAccountExists(
  context: AccountContext,
  account: AccountRecord,
  nowMs: WallclockMs,
): void {
  const { accountId, email, name, language } = account;
  const link = context.links.page('login');
  const uselessAtMs = nowMs + TOLD_WITHIN_MS;
  context.store.touch();
  context.notify(
    { kind: 'account-exists', accountId, to: email, name, language, link, uselessAtMs },
    nowMs,
  );
}

function expired(): AccountRefusal {
  return new AccountRefusal('link-expired', { pointer: '/token' });
}
