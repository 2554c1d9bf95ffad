import type { TrunkStanding, TrunkTrouble } from '../../../server/panel/api/admin-api.ts';

type Registration = NonNullable<TrunkStanding['registration']>;
type Host = TrunkStanding['hosts'][number];

/** A trunk that only calls us, but for what is said. */
export function trunk(more: Partial<TrunkStanding>): TrunkStanding {
  const calls = { calls: 0, maxCalls: 30 };
  return {
    ...{ name: 'carrier', onNet: false, transport: 'udp', ...calls, registration: null, hosts: [] },
    ...more,
  };
}

/** A registration that holds. */
export function registration(more: Partial<Registration> = {}): Registration {
  return {
    state: 'registered',
    server: 'sip.example.com',
    since: '12:00',
    registeredUntil: '13:00',
    nextTryAt: '12:50',
    ...{ seenAs: null, trouble: null },
    ...more,
  };
}

/** A host of which nothing bad is known. */
export function host(more: Partial<Host>): Host {
  return {
    host: 'sip.example.com',
    address: 'udp 192.0.2.7:5060',
    state: 'unknown',
    use: 'preferred',
    ...{ since: null, roundTripMs: null, trouble: null },
    ...more,
  };
}

/** Something that is wrong. */
export function trouble(code: string, more: Partial<TrunkTrouble> = {}): TrunkTrouble {
  return { code, status: null, detail: 'in English', ...more };
}
