import type { WallclockMs } from '../../mixer/protocol/units.ts';
import type { Accounts } from '../account/accounts.ts';
import type { LedgerEntry } from '../notice/notice-store.ts';
import type { Funds } from '../notice/notices.ts';
import type { ProfileId } from '../reservation/reservation.ts';
import type { AnyRoute } from './define-route.ts';

/** What the routes of one's own account work with. */
export interface AccountRoutesOptions {
  readonly accounts: Accounts;
  /** `Notices.funds`. */
  readonly funds: (profileId: ProfileId, nowMs: WallclockMs) => Funds;
  /** `LedgerStore.list`. */
  readonly ledgerEntries: (profileId: ProfileId, limit: number) => readonly LedgerEntry[];
}

/** One's own account: profile, password, address, sessions, tokens, balance, deletion. */
export function createAccountRoutes(options: AccountRoutesOptions): readonly AnyRoute[] {
  void options;
  return [];
}
