import { DateTime } from 'luxon';
import type { WallclockMs } from '../../mixer/protocol/units.ts';
import type { Config } from '../config/config.ts';
import type { ProfileId } from '../reservation/reservation.ts';
import type { LedgerStore } from './notice-store.ts';
import type { Funds } from './notices.ts';

/** What tells how much a profile may spend. `zone`: of calendar months. */
export interface FundsOptions {
  readonly ledger: Pick<LedgerStore, 'balanceMilli' | 'spentSinceMilli'>;
  readonly settings: Pick<Config['notices']['sms'], 'billing' | 'currency' | 'monthlyLimit'>;
  readonly zone: string;
  /** The profile's own limit; null: as configured. */
  readonly limitOf: (profileId: ProfileId) => number | null;
}

/** Money of a profile: what was paid in, or what is left of this calendar month's limit. Never less than none. */
export function fundsOf(profileId: ProfileId, nowMs: WallclockMs, options: FundsOptions): Funds {
  const { ledger, settings, zone, limitOf } = options;
  const balanceMilli = ledger.balanceMilli(profileId);
  const spentThisMonthMilli = ledger.spentSinceMilli(profileId, monthStartMs(nowMs, zone));
  const { billing, currency } = settings;
  const monthlyLimitMilli =
    billing === 'balance' ? null : (limitOf(profileId) ?? Math.round(settings.monthlyLimit * 1000));
  const leftMilli =
    monthlyLimitMilli === null ? balanceMilli : monthlyLimitMilli - spentThisMonthMilli;
  return {
    billing,
    currency,
    availableMilli: Math.max(0, leftMilli),
    balanceMilli,
    monthlyLimitMilli,
    spentThisMonthMilli,
  };
}

function monthStartMs(nowMs: WallclockMs, zone: string): WallclockMs {
  return DateTime.fromMillis(nowMs, { zone }).startOf('month').toMillis();
}
