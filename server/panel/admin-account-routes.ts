import type { WallclockMs } from '../../mixer/protocol/units.ts';
import type { Accounts } from '../account/accounts.ts';
import type { LedgerStore } from '../notice/notice-store.ts';
import type { Funds } from '../notice/notices.ts';
import type { ProfileId } from '../reservation/reservation.ts';
import type { Random } from '../runtime/random.ts';
import type { AnyRoute } from './define-route.ts';

/** What the administrator's routes work with. */
export interface AdminAccountRoutesOptions {
  readonly accounts: Accounts;
  readonly ledger: LedgerStore;
  readonly random: Random;
  /** `Notices.funds`. */
  readonly funds: (profileId: ProfileId, nowMs: WallclockMs) => Funds;
  /** How many reservations of a profile take a place. */
  readonly activeReservations: (profileId: ProfileId, nowMs: WallclockMs) => number;
}

/** Accounts as an administrator sees and changes them; money paid in. */
export function createAdminAccountRoutes(options: AdminAccountRoutesOptions): readonly AnyRoute[] {
  void options;
  return [];
}
