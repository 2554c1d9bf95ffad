import type { WallclockMs } from '../../mixer/protocol/units.ts';
import type { Account } from '../account/account.ts';
import type { Accounts, Entry, Origin } from '../account/accounts.ts';
import { withAccountRefusals } from './account-routes-refusal.ts';
import {
  acceptInvitationSchema,
  confirmSchema,
  loginSchema,
  resetCompleteSchema,
  resetRequestSchema,
  sessionSchema,
  setupSchema,
  signUpSchema,
  type AccountView,
  type SessionView,
} from './api/session-api.ts';
import { defineRoute, type AnyRoute } from './define-route.ts';
import type { Reply, ReplyCookie, RouteRequest } from './route.ts';

type AnyRequest = RouteRequest<unknown, unknown, unknown>;

/** What every way in answers. */
const ENTERED = { 200: sessionSchema };

/** Login and logout, sign-up, confirmation, invitation, reset, the first administrator. */
export function createSessionRoutes(accounts: Accounts): readonly AnyRoute[] {
  return withAccountRefusals([
    ...loginRoutes(accounts),
    ...signUpRoutes(accounts),
    ...resetRoutes(accounts),
  ]);
}

function loginRoutes(accounts: Accounts): readonly AnyRoute[] {
  return [
    defineRoute({
      method: 'GET',
      path: '/session',
      access: 'public',
      tag: 'session',
      summary: 'Who is logged in',
      answers: { 200: sessionSchema },
      handle: (request) => ({ status: 200, json: presentSession(accounts, request) }),
    }),
    defineRoute({
      method: 'POST',
      path: '/session',
      access: 'public',
      tag: 'session',
      summary: 'Log in',
      body: loginSchema,
      answers: ENTERED,
      handle: async (request) => {
        const origin = originOf(accounts, request);
        return entered(
          accounts,
          await accounts.logIn(request.body, origin, request.nowMs),
          request,
        );
      },
    }),
    defineRoute({
      method: 'DELETE',
      path: '/session',
      access: 'session',
      tag: 'session',
      summary: 'Log out',
      answers: { 204: null },
      handle: (request) => {
        const name = accounts.cookies().session;
        const secret = request.cookie(name);
        if (secret !== null) accounts.logOut(secret);
        return { status: 204, cookies: [removed(name)] };
      },
    }),
    defineRoute({
      method: 'POST',
      path: '/setup',
      access: 'public',
      tag: 'session',
      summary: 'Make the first administrator',
      body: setupSchema,
      answers: ENTERED,
      handle: async (request) => {
        const origin = originOf(accounts, request);
        return entered(
          accounts,
          await accounts.setUp(request.body, origin, request.nowMs),
          request,
        );
      },
    }),
  ];
}

function signUpRoutes(accounts: Accounts): readonly AnyRoute[] {
  return [
    defineRoute({
      method: 'POST',
      path: '/accounts',
      access: 'public',
      tag: 'session',
      summary: 'Sign up; a link goes to the address',
      body: signUpSchema,
      answers: { 202: null },
      handle: async (request) => {
        await accounts.signUp(request.body, originOf(accounts, request), request.nowMs);
        return { status: 202 };
      },
    }),
    defineRoute({
      method: 'POST',
      path: '/accounts/confirm',
      access: 'public',
      tag: 'session',
      summary: 'Confirm an e-mail address by the link that was sent to it',
      body: confirmSchema,
      answers: ENTERED,
      handle: (request) => {
        const origin = originOf(accounts, request);
        const entry = accounts.confirm(request.body.token, origin, request.nowMs);
        return entered(accounts, entry, request);
      },
    }),
    defineRoute({
      method: 'POST',
      path: '/accounts/accept',
      access: 'public',
      tag: 'session',
      summary: 'Accept an invitation',
      body: acceptInvitationSchema,
      answers: ENTERED,
      handle: async (request) => {
        const origin = originOf(accounts, request);
        return entered(
          accounts,
          await accounts.accept(request.body, origin, request.nowMs),
          request,
        );
      },
    }),
  ];
}

function resetRoutes(accounts: Accounts): readonly AnyRoute[] {
  return [
    defineRoute({
      method: 'POST',
      path: '/password-resets',
      access: 'public',
      tag: 'session',
      summary: 'Ask for a link to set a new password',
      body: resetRequestSchema,
      answers: { 202: null },
      handle: (request) => {
        accounts.requestReset(request.body.email, originOf(accounts, request), request.nowMs);
        return { status: 202 };
      },
    }),
    defineRoute({
      method: 'POST',
      path: '/password-resets/complete',
      access: 'public',
      tag: 'session',
      summary: 'Set a new password by the link',
      body: resetCompleteSchema,
      answers: ENTERED,
      handle: async (request) => {
        const origin = originOf(accounts, request);
        const entry = await accounts.completeReset(request.body, origin, request.nowMs);
        return entered(accounts, entry, request);
      },
    }),
  ];
}

/** An account as its owner sees it. */
export function accountView(account: Account): AccountView {
  const { accountId, email, name, role, language, zone } = account;
  const createdAt = new Date(account.createdAtMs).toISOString();
  return { accountId, email, name, role, language, zone, createdAt };
}

function presentSession(accounts: Accounts, request: AnyRequest): SessionView {
  const { identity, nowMs } = request;
  const now = new Date(nowMs).toISOString();
  if (identity === null) return { account: null, csrfToken: null, now };
  const secret = identity.via === 'session' ? request.cookie(accounts.cookies().session) : null;
  const presence = secret === null ? null : accounts.bySession(secret, request, nowMs);
  return { account: accountView(identity.account), csrfToken: presence?.csrfToken ?? null, now };
}

function originOf(accounts: Accounts, request: AnyRequest): Origin {
  const { session, device } = accounts.cookies();
  return {
    address: request.address,
    userAgent: request.userAgent,
    sessionSecret: request.cookie(session),
    deviceSecret: request.cookie(device),
  };
}

/** Both secrets as cookies; scripts see neither. */
function entered(
  accounts: Accounts,
  entry: Entry,
  { nowMs }: { readonly nowMs: WallclockMs },
): Reply {
  const { session, sessionSeconds, device, deviceSeconds } = accounts.cookies();
  const view: SessionView = {
    account: accountView(entry.account),
    csrfToken: entry.csrfToken,
    now: new Date(nowMs).toISOString(),
  };
  return {
    status: 200,
    json: view,
    cookies: [
      { name: session, value: entry.sessionSecret, maxAgeSeconds: sessionSeconds },
      { name: device, value: entry.deviceSecret, maxAgeSeconds: deviceSeconds },
    ],
  };
}

function removed(name: string): ReplyCookie {
  return { name, value: '', maxAgeSeconds: 0 };
}
