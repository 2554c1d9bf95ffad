import { createAccountAdministration } from './account-administration.ts';
import { plainAccount, type AccountContext } from './account-context.ts';
import { createAccountLinks } from './account-links.ts';
import { AccountRefusal } from './account-refusal.ts';
import { createAccountSessions } from './account-sessions.ts';
import type { AccountRecord } from './account-store.ts';
import type { Accounts, AccountsOptions } from './accounts.ts';
import { createApiTokens } from './api-tokens.ts';
import { readEmailAddress } from './email-address.ts';
import { createFirstAdministrator } from './first-administrator.ts';
import { createLogIn } from './log-in.ts';
import { createLoginThrottle } from './login-throttle.ts';
import { createMailThrottle } from './mail-throttle.ts';
import { createOwnAccount } from './own-account.ts';
import { createPendingSignUps } from './pending-sign-ups.ts';
import { createResetPassword } from './reset-password.ts';
import { csrfTokenOf } from './secrets.ts';
import { createSignUp } from './sign-up.ts';

const HOUR_MS = 3_600_000;

/** Makes the accounts of a server. What is counted to slow down guessing is in memory, and begins at nothing. */
export function createAccounts(options: AccountsOptions): Accounts {
  const { store, settings, random, publicUrl } = options;
  const holdsMs = (): number => settings().emailLinkHours * HOUR_MS;
  const context: AccountContext = {
    ...options,
    sessions: createAccountSessions({ store, random, settings, publicUrl }),
    links: createAccountLinks({ store, random, publicUrl }),
    throttle: createLoginThrottle(),
    mailThrottle: createMailThrottle(),
    pendingSignUps: createPendingSignUps(random, holdsMs),
  };
  return {
    cookies: () => context.sessions.cookies(),
    ...createSignUp(context),
    ...createFirstAdministrator(context),
    ...createLogIn(context),
    ...createResetPassword(context),
    ...createOwnAccount(context),
    ...createApiTokens(context),
    ...createAccountAdministration(context),
    ...presentSessions(context),
    byId: (accountId) => orNull(store.accountById(accountId)),
    byEmail(email) {
      const address = readEmailAddress(email);
      return address === null ? null : orNull(store.accountByEmailKey(address.emailKey));
    },
  };
}

function presentSessions(
  context: AccountContext,
): Pick<Accounts, 'bySession' | 'sessions' | 'endSession' | 'endOtherSessions'> {
  const { store, sessions } = context;
  return {
    bySession(sessionSecret, { address }, nowMs) {
      const session = sessions.find(sessionSecret, address, nowMs);
      const account = session === null ? null : store.accountById(session.accountId);
      if (session === null || account?.state !== 'active') return null;
      return {
        account: plainAccount(account),
        credentialId: session.sessionId,
        scopes: 'all',
        csrfToken: csrfTokenOf(sessionSecret),
      };
    },
    sessions: (accountId, nowMs) => sessions.list(accountId, nowMs),
    endSession(accountId, sessionId) {
      if (store.deleteSession(accountId, sessionId) === 'unknown') {
        throw new AccountRefusal('not-found');
      }
    },
    endOtherSessions: ({ accountId, sessionId }) => store.deleteSessions(accountId, sessionId),
  };
}

function orNull(record: AccountRecord | null): ReturnType<typeof plainAccount> | null {
  return record === null ? null : plainAccount(record);
}
