import { z } from 'zod';

import type { ApiToken, Session } from '../account/account.ts';
import type { Accounts } from '../account/accounts.ts';
import { actorOf, identityOf } from './account-identity.ts';
import {
  apiTokenSchema,
  deviceSessionSchema,
  newTokenSchema,
  tokenRequestSchema,
  type ApiTokenView,
  type DeviceSession,
  type NewToken,
} from './api/account-api.ts';
import { defineRoute, type AnyRoute } from './define-route.ts';

const DAY_MS = 86_400_000;

/** An id of ours: 32 hexadecimal digits. */
const id = z.string().regex(/^[0-9a-f]{32}$/u);

/** Where somebody is logged in, and the tokens of their programs. */
export function createAccountAccessRoutes(accounts: Accounts): readonly AnyRoute[] {
  return [...sessionRoutes(accounts), ...tokenRoutes(accounts)];
}

function sessionRoutes(accounts: Accounts): readonly AnyRoute[] {
  return [
    defineRoute({
      method: 'GET',
      path: '/account/sessions',
      access: 'session',
      tag: 'account',
      summary: 'Where this account is logged in',
      answers: { 200: z.object({ sessions: z.array(deviceSessionSchema) }) },
      handle: (request) => {
        const { account, credentialId } = identityOf(request);
        const sessions = accounts.sessions(account.accountId, request.nowMs);
        const views = sessions.map((session) => sessionView(session, credentialId));
        return { status: 200, json: { sessions: views } };
      },
    }),
    defineRoute({
      method: 'DELETE',
      path: '/account/sessions',
      access: 'session',
      tag: 'account',
      summary: 'End all other sessions',
      answers: { 204: null },
      handle: (request) => {
        accounts.endOtherSessions(actorOf(accounts, request));
        return { status: 204 };
      },
    }),
    defineRoute({
      method: 'DELETE',
      path: '/account/sessions/{sessionId}',
      access: 'session',
      tag: 'account',
      summary: 'End one session',
      params: z.object({ sessionId: id }),
      answers: { 204: null },
      handle: (request) => {
        accounts.endSession(identityOf(request).account.accountId, request.params.sessionId);
        return { status: 204 };
      },
    }),
  ];
}

function tokenRoutes(accounts: Accounts): readonly AnyRoute[] {
  return [
    defineRoute({
      method: 'GET',
      path: '/account/tokens',
      access: 'session',
      tag: 'account',
      summary: 'Tokens of programs',
      answers: { 200: z.object({ tokens: z.array(apiTokenSchema) }) },
      handle: (request) => {
        const tokens = accounts.tokens(identityOf(request).account.accountId);
        return { status: 200, json: { tokens: tokens.map(tokenView) } };
      },
    }),
    defineRoute({
      method: 'POST',
      path: '/account/tokens',
      access: 'session',
      tag: 'account',
      summary: 'Make a token; its secret is shown this once',
      body: tokenRequestSchema,
      answers: { 201: newTokenSchema },
      handle: (request) => {
        const { name, scopes, expiresInDays } = request.body;
        const lifeMs = expiresInDays === null ? null : expiresInDays * DAY_MS;
        const { accountId } = identityOf(request).account;
        const made = accounts.addToken(accountId, { name, scopes, lifeMs }, request.nowMs);
        const view: NewToken = { ...tokenView(made.token), secret: made.secret };
        return { status: 201, json: view };
      },
    }),
    defineRoute({
      method: 'DELETE',
      path: '/account/tokens/{tokenId}',
      access: 'session',
      tag: 'account',
      summary: 'Remove a token',
      params: z.object({ tokenId: id }),
      answers: { 204: null },
      handle: (request) => {
        accounts.removeToken(identityOf(request).account.accountId, request.params.tokenId);
        return { status: 204 };
      },
    }),
  ];
}

function sessionView(session: Session, presentId: string): DeviceSession {
  return {
    sessionId: session.sessionId,
    createdAt: new Date(session.createdAtMs).toISOString(),
    lastSeenAt: new Date(session.lastSeenAtMs).toISOString(),
    userAgent: session.userAgent,
    address: session.address,
    present: session.sessionId === presentId,
  };
}

function tokenView(token: ApiToken): ApiTokenView {
  return {
    tokenId: token.tokenId,
    name: token.name,
    scopes: [...token.scopes],
    createdAt: new Date(token.createdAtMs).toISOString(),
    lastUsedAt: token.lastUsedAtMs === null ? null : new Date(token.lastUsedAtMs).toISOString(),
    expiresAt: token.expiresAtMs === null ? null : new Date(token.expiresAtMs).toISOString(),
  };
}
