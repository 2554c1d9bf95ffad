import type { DurationMs, WallclockMs } from '../../mixer/protocol/units.ts';
import {
  accountOf,
  commit,
  plainAccount,
  refuseIfLastAdministrator,
  type AccountContext,
} from './account-context.ts';
import { readAddress } from './account-fields.ts';
import { insertInvited, invitationLink, inviteByMail } from './account-invitation.ts';
import { AccountRefusal } from './account-refusal.ts';
import type { AccountRecord } from './account-store.ts';
import type { Account } from './account.ts';
import type { Accounts, AdministratorChange, Invitation, InvitationRequest } from './accounts.ts';
import { isConfirmationData, readLinkData } from './link-data.ts';

/** Devices that were not seen for this long are forgotten; so do browsers with their cookie. */
const DEVICE_MS: DurationMs = 400 * 86_400_000;

type Administration = Pick<Accounts, 'list' | 'invite' | 'add' | 'administer' | 'erase' | 'purge'>;

/** What administrators do with accounts, on the panel and on the command line. */
export function createAccountAdministration(context: AccountContext): Administration {
  const { store } = context;

  function invite(request: InvitationRequest, nowMs: WallclockMs): Account {
    if (context.settings().signUp === 'closed') throw new AccountRefusal('sign-up-closed');
    const address = readAddress(request.email);
    return commit(context, () => {
      const known = store.accountByEmailKey(address.emailKey);
      if (known?.state === 'active' || known?.state === 'suspended') {
        throw new AccountRefusal('address-taken', { pointer: '/email' });
      }
      const { role, language } = request;
      const account: AccountRecord =
        known === null
          ? insertInvited(context, { address, request }, nowMs)
          : { ...known, role, language, name: '', state: 'invited', passwordHash: null };
      store.updateAccount(account);
      // A stranger's sign-up with this address must not end as an administrator's account.
      store.deleteLinks(account.accountId, 'confirm-address');
      store.deleteLinks(account.accountId, 'reset-password');
      inviteByMail(context, account, nowMs);
      return plainAccount(account);
    });
  }

  function add(request: InvitationRequest, nowMs: WallclockMs): Invitation {
    const address = readAddress(request.email);
    return commit(context, () => {
      const known = store.accountByEmailKey(address.emailKey);
      const account: AccountRecord =
        known === null
          ? insertInvited(context, { address, request }, nowMs)
          : { ...known, role: higherRole(known, request), state: letBackIn(known) };
      store.updateAccount(account);
      store.deleteLinks(account.accountId, 'confirm-address');
      const { link } = invitationLink(context, account, nowMs);
      return { account: plainAccount(account), link };
    });
  }

  function administer(accountId: string, change: AdministratorChange): Account {
    return commit(context, () => {
      const before = accountOf(context, accountId);
      const after = changed(before, change);
      if (after.role !== 'administrator' || after.state !== 'active') {
        refuseIfLastAdministrator(context, before);
      }
      store.updateAccount(after);
      if (after.state === 'suspended') endAccess(accountId);
      return plainAccount(after);
    });
  }

  function changed(before: AccountRecord, change: AdministratorChange): AccountRecord {
    const { role = before.role, monthlyLimitMilli = before.monthlyLimitMilli } = change;
    const state = change.state ?? before.state;
    const after: AccountRecord = { ...before, role, state, monthlyLimitMilli };
    if (state !== 'active' || before.state === 'active' || before.passwordHash !== null)
      return after;
    return { ...after, ...profileOfSignUp(before) };
  }

  /** An address that an administrator vouches for: what the person signed up with counts. */
  function profileOfSignUp(account: AccountRecord): Partial<AccountRecord> {
    const link = store.linksOf(account.accountId, 'confirm-address').at(-1);
    const data = link === undefined ? null : readLinkData(link.data, isConfirmationData);
    if (data === null) throw new AccountRefusal('not-accepted-yet', { pointer: '/state' });
    store.deleteLinks(account.accountId, 'confirm-address');
    context.pendingSignUps.forget(data.pendingEntry);
    return data.profile;
  }

  function endAccess(accountId: string): void {
    store.deleteSessions(accountId, null);
    store.deleteDevices(accountId);
    for (const purpose of ['reset-password', 'confirm-new-address', 'invitation'] as const) {
      store.deleteLinks(accountId, purpose);
    }
  }

  function erase(accountId: string, nowMs: WallclockMs): void {
    commit(context, () => {
      const account = accountOf(context, accountId);
      refuseIfLastAdministrator(context, account);
      context.eraseProfile(accountId, nowMs);
      store.deleteAccount(accountId);
    });
  }

  return {
    list: (query) => store.listAccounts(query).map(plainAccount),
    invite,
    add,
    administer,
    erase,
    purge: (unconfirmedMs, nowMs) =>
      store.purge({
        endedBeforeMs: nowMs,
        devicesUnusedSinceMs: nowMs - DEVICE_MS,
        unconfirmedSinceMs: nowMs - unconfirmedMs,
      }).length,
  };
}

function higherRole(known: AccountRecord, request: InvitationRequest): AccountRecord['role'] {
  return known.role === 'administrator' ? 'administrator' : request.role;
}

function letBackIn({ state, passwordHash }: AccountRecord): AccountRecord['state'] {
  if (state === 'active' || (state === 'suspended' && passwordHash !== null)) return 'active';
  return 'invited';
}
