import type { TrunkStanding } from '../../server/panel/api/admin-api.ts';

/**
 * How a trunk does at a glance. `partly`: calls get through, but not all is well. `starting`: it registers for the first
 * time. `ended`: taken back. `unchecked`: nobody asks whether it is there, since it does not register and is not pinged.
 */
export type TrunkHealth = 'trouble' | 'partly' | 'starting' | 'ended' | 'unchecked' | 'good';

/** How a trunk does, all that is known of it taken together. */
export function trunkHealth({ registration, hosts }: TrunkStanding): TrunkHealth {
  const state = registration?.state ?? 'none';
  if (state === 'refused' || state === 'failing') return 'trouble';
  const away = hosts.filter(isAway).length;
  if (away > 0 && away === hosts.length && state !== 'registered') return 'trouble';
  if (away > 0 || (state === 'registered' && registration?.trouble !== null)) return 'partly';
  if (state === 'registering') return 'starting';
  if (state === 'stopped') return 'ended';
  const isHeard = state === 'registered' || hosts.some((host) => host.state === 'up');
  return isHeard ? 'good' : 'unchecked';
}

/** Whether no call can go to a host: it is down, or nobody knows where it is. */
export function isAway({
  state,
  address,
  trouble,
}: Pick<TrunkStanding['hosts'][number], 'state' | 'address' | 'trouble'>): boolean {
  return state === 'down' || (address === null && trouble !== null);
}

const WORST_FIRST: readonly TrunkHealth[] = ['trouble', 'partly', 'starting'];

/** The same trunks, those in trouble first, otherwise as configured. */
export function worstFirst(trunks: readonly TrunkStanding[]): readonly TrunkStanding[] {
  const rank = (trunk: TrunkStanding): number => {
    const place = WORST_FIRST.indexOf(trunkHealth(trunk));
    return place < 0 ? WORST_FIRST.length : place;
  };
  return [...trunks].sort((one, other) => rank(one) - rank(other));
}
