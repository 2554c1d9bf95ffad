import type { Accounts } from '../account/accounts.ts';
import type { AnyRoute } from './define-route.ts';

/** Login and logout, sign-up, confirmation, invitation, reset, the first administrator. */
export function createSessionRoutes(accounts: Accounts): readonly AnyRoute[] {
  void accounts;
  return [];
}
