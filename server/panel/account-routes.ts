import type { WallclockMs } from '../../mixer/protocol/units.ts';
import type { Accounts } from '../account/accounts.ts';
import type { LedgerEntry } from '../notice/notice-store.ts';
import type { Funds } from '../notice/notices.ts';
import type { ProfileId } from '../reservation/reservation.ts';
import { withAccountRefusals } from './account-routes-refusal.ts';
import { createAccountAccessRoutes } from './account-access-routes.ts';
import { actorOf, identityOf } from './account-identity.ts';
import {
  accountChangeSchema,
  accountDeletionSchema,
  balanceSchema,
  emailChangeSchema,
  passwordChangeSchema,
  type Balance,
} from './api/account-api.ts';
import { accountSchema } from './api/session-api.ts';
import { defineRoute, type AnyRoute } from './define-route.ts';
import { accountView } from './session-routes.ts';

/** What the routes of one's own account work with. */
export interface AccountRoutesOptions {
  readonly accounts: Accounts;
  /** `Notices.funds`. */
  readonly funds: (profileId: ProfileId, nowMs: WallclockMs) => Funds;
  /** `LedgerStore.list`. */
  readonly ledgerEntries: (profileId: ProfileId, limit: number) => readonly LedgerEntry[];
}

/** Movements that the balance page shows. */
const SHOWN_ENTRIES = 100;

/** One's own account: profile, password, address, sessions, tokens, balance, deletion. */
export function createAccountRoutes(options: AccountRoutesOptions): readonly AnyRoute[] {
  const { accounts } = options;
  return withAccountRefusals([
    ...profileRoutes(accounts),
    ...secretRoutes(accounts),
    ...createAccountAccessRoutes(accounts),
    balanceRoute(options),
  ]);
}

function profileRoutes(accounts: Accounts): readonly AnyRoute[] {
  return [
    defineRoute({
      method: 'GET',
      path: '/account',
      access: 'account:read',
      tag: 'account',
      summary: 'The account that asks',
      answers: { 200: accountSchema },
      handle: (request) => ({ status: 200, json: accountView(identityOf(request).account) }),
    }),
    defineRoute({
      method: 'PATCH',
      path: '/account',
      access: 'session',
      tag: 'account',
      summary: 'Change name, language or zone',
      body: accountChangeSchema,
      answers: { 200: accountSchema },
      handle: (request) => {
        const { accountId } = identityOf(request).account;
        return { status: 200, json: accountView(accounts.changeProfile(accountId, request.body)) };
      },
    }),
    defineRoute({
      method: 'DELETE',
      path: '/account',
      access: 'session',
      tag: 'account',
      summary: 'Delete the account with all its data',
      body: accountDeletionSchema,
      answers: { 204: null },
      handle: async (request) => {
        await accounts.deleteOwn(actorOf(accounts, request), request.body.password, request.nowMs);
        const { session, device } = accounts.cookies();
        const cookies = [session, device].map((name) => ({ name, value: '', maxAgeSeconds: 0 }));
        return { status: 204, cookies };
      },
    }),
  ];
}

function secretRoutes(accounts: Accounts): readonly AnyRoute[] {
  return [
    defineRoute({
      method: 'POST',
      path: '/account/password',
      access: 'session',
      tag: 'account',
      summary: 'Change the password; all other sessions end',
      body: passwordChangeSchema,
      answers: { 204: null },
      handle: async (request) => {
        const { password: present, newPassword: next } = request.body;
        const actor = actorOf(accounts, request);
        await accounts.changePassword(actor, { present, next }, request.nowMs);
        return { status: 204 };
      },
    }),
    defineRoute({
      method: 'POST',
      path: '/account/email',
      access: 'session',
      tag: 'account',
      summary: 'Change the e-mail address; a link goes to the new one',
      body: emailChangeSchema,
      answers: { 202: null },
      handle: async (request) => {
        const actor = actorOf(accounts, request);
        await accounts.requestEmailChange(actor, request.body, request.nowMs);
        return { status: 202 };
      },
    }),
  ];
}

function balanceRoute({ funds, ledgerEntries }: AccountRoutesOptions): AnyRoute {
  return defineRoute({
    method: 'GET',
    path: '/account/balance',
    access: 'account:read',
    tag: 'account',
    summary: 'What SMS may cost and have cost',
    answers: { 200: balanceSchema },
    handle: (request) => {
      const { accountId } = identityOf(request).account;
      const balance: Balance = {
        ...funds(accountId, request.nowMs),
        entries: ledgerEntries(accountId, SHOWN_ENTRIES).map((entry) => ({
          at: new Date(entry.atMs).toISOString(),
          amountMilli: entry.amountMilli,
          reason: entry.reason,
          note: entry.note,
        })),
      };
      return { status: 200, json: balance };
    },
  });
}
