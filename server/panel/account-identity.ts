import type { Accounts, Actor } from '../account/accounts.ts';
import { ProblemError } from './problem-error.ts';
import type { Identity, RouteRequest } from './route.ts';

type AnyRequest = RouteRequest<unknown, unknown, unknown>;

/**
 * Who asks, on routes where the shell lets in nobody unknown.
 * @throws ProblemError 401 all the same.
 */
export function identityOf({ identity }: AnyRequest): Identity {
  if (identity === null) throw new ProblemError('not-logged-in', 401);
  return identity;
}

/** The session that asks. */
export function actorOf(accounts: Accounts, request: AnyRequest): Actor {
  const { account, credentialId } = identityOf(request);
  return {
    accountId: account.accountId,
    sessionId: credentialId,
    deviceSecret: request.cookie(accounts.cookies().device),
  };
}
