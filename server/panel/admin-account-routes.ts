import { z } from 'zod';

import type { WallclockMs } from '../../mixer/protocol/units.ts';
import type { Account } from '../account/account.ts';
import type { Accounts } from '../account/accounts.ts';
import type { LedgerStore } from '../notice/notice-store.ts';
import type { Funds } from '../notice/notices.ts';
import type { ProfileId } from '../reservation/reservation.ts';
import type { Random } from '../runtime/random.ts';
import { withAccountRefusals } from './account-routes-refusal.ts';
import {
  accountInvitationSchema,
  accountListSchema,
  accountQuerySchema,
  adminAccountChangeSchema,
  adminAccountSchema,
  ledgerBodySchema,
  type AccountList,
  type AdminAccount,
} from './api/admin-api.ts';
import { defineRoute, type AnyRoute } from './define-route.ts';
import { ProblemError } from './problem-error.ts';

/** What the administrator's routes work with. */
export interface AdminAccountRoutesOptions {
  readonly accounts: Accounts;
  readonly ledger: Pick<LedgerStore, 'add'>;
  readonly random: Random;
  /** `Notices.funds`. */
  readonly funds: (profileId: ProfileId, nowMs: WallclockMs) => Funds;
  /** How many reservations of a profile take a place. */
  readonly activeReservations: (profileId: ProfileId, nowMs: WallclockMs) => number;
}

const accountParams = z.object({ accountId: z.string().regex(/^[0-9a-f]{32}$/u) });

/** Accounts as an administrator sees and changes them; money paid in. */
export function createAdminAccountRoutes(options: AdminAccountRoutesOptions): readonly AnyRoute[] {
  return withAccountRefusals([
    listRoute(options),
    invitationRoute(options),
    changeRoute(options),
    deletionRoute(options),
    ledgerRoute(options),
  ]);
}

function listRoute(options: AdminAccountRoutesOptions): AnyRoute {
  return defineRoute({
    method: 'GET',
    path: '/admin/accounts',
    access: 'administrator',
    tag: 'administration',
    summary: 'All accounts, the newest first',
    query: accountQuerySchema,
    answers: { 200: accountListSchema },
    handle: ({ query, nowMs }) => {
      const { cursor, limit } = query;
      const after = cursor === undefined ? null : readCursor(cursor);
      const text = query.text?.trim() ?? '';
      // One more than asked for tells whether there is a next page.
      const found = options.accounts.list({
        text: text === '' ? null : text,
        after,
        limit: limit + 1,
      });
      const page = found.slice(0, limit);
      const last = page.at(-1);
      const json: AccountList = {
        accounts: page.map((account) => adminView(options, account, nowMs)),
        nextCursor: found.length > limit && last !== undefined ? writeCursor(last) : null,
      };
      return { status: 200, json };
    },
  });
}

function invitationRoute(options: AdminAccountRoutesOptions): AnyRoute {
  return defineRoute({
    method: 'POST',
    path: '/admin/accounts',
    access: 'administrator',
    tag: 'administration',
    summary: 'Invite somebody by e-mail',
    body: accountInvitationSchema,
    answers: { 201: adminAccountSchema },
    handle: ({ body, nowMs }) => {
      const account = options.accounts.invite(body, nowMs);
      return { status: 201, json: adminView(options, account, nowMs) };
    },
  });
}

function changeRoute(options: AdminAccountRoutesOptions): AnyRoute {
  return defineRoute({
    method: 'PATCH',
    path: '/admin/accounts/{accountId}',
    access: 'administrator',
    tag: 'administration',
    summary: 'Change role, state or monthly limit',
    params: accountParams,
    body: adminAccountChangeSchema,
    answers: { 200: adminAccountSchema },
    handle: ({ params, body, nowMs }) => {
      const account = options.accounts.administer(params.accountId, body);
      return { status: 200, json: adminView(options, account, nowMs) };
    },
  });
}

function deletionRoute({ accounts }: AdminAccountRoutesOptions): AnyRoute {
  return defineRoute({
    method: 'DELETE',
    path: '/admin/accounts/{accountId}',
    access: 'administrator',
    tag: 'administration',
    summary: 'Delete an account with all its data',
    params: accountParams,
    answers: { 204: null },
    handle: ({ params, nowMs }) => {
      accounts.erase(params.accountId, nowMs);
      return { status: 204 };
    },
  });
}

function ledgerRoute(options: AdminAccountRoutesOptions): AnyRoute {
  return defineRoute({
    method: 'POST',
    path: '/admin/accounts/{accountId}/ledger',
    access: 'administrator',
    tag: 'administration',
    summary: 'Book money that was paid in, or put a balance right',
    params: accountParams,
    body: ledgerBodySchema,
    idempotent: 'by-key',
    answers: { 201: adminAccountSchema },
    handle: ({ params, body, nowMs }) => {
      const account = options.accounts.byId(params.accountId);
      if (account === null) throw new ProblemError('not-found', 404);
      options.ledger.add({
        entryId: options.random.hex(16),
        profileId: account.accountId,
        atMs: Math.floor(nowMs),
        amountMilli: body.amountMilli,
        reason: body.reason,
        noticeId: null,
        note: body.note,
      });
      return { status: 201, json: adminView(options, account, nowMs) };
    },
  });
}

function adminView(
  options: AdminAccountRoutesOptions,
  account: Account,
  nowMs: WallclockMs,
): AdminAccount {
  const { accountId, email, name, role, state, language, monthlyLimitMilli } = account;
  const { balanceMilli, spentThisMonthMilli } = options.funds(accountId, nowMs);
  return {
    ...{ accountId, email, name, role, state, language, monthlyLimitMilli },
    createdAt: new Date(account.createdAtMs).toISOString(),
    lastLoginAt:
      account.lastLoginAtMs === null ? null : new Date(account.lastLoginAtMs).toISOString(),
    activeReservations: options.activeReservations(accountId, nowMs),
    balanceMilli,
    spentThisMonthMilli,
  };
}

/** Where the next page begins: `<createdAtMs>-<accountId>`. Clients do not look inside. */
function writeCursor({ createdAtMs, accountId }: Account): string {
  return `${createdAtMs}-${accountId}`;
}

function readCursor(cursor: string): {
  readonly createdAtMs: WallclockMs;
  readonly accountId: string;
} {
  const [, createdAtMs, accountId] = /^(\d{1,15})-([0-9a-f]{32})$/u.exec(cursor) ?? [];
  if (createdAtMs === undefined || accountId === undefined) {
    throw new ProblemError('bad-cursor', 400);
  }
  return { createdAtMs: Number(createdAtMs), accountId };
}
