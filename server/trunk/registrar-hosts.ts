import type { MonotonicMs } from '../../mixer/protocol/units.ts';
import { NEVER } from '../../mixer/protocol/units.ts';
import type { Destination, Located } from '../sip/locate/locate.ts';

/** One configured host of a trunk, and where it is. */
export interface LocatedHost {
  readonly located: Located;
  /** Where it was before, for when the DNS does not answer now. */
  readonly known: readonly Destination[];
}

/**
 * Makes one list of where a registrar is asked, out of all hosts: as they are configured, each as the DNS ranks it, and
 * those that are down after all others. Nothing is found only when that is so for each host.
 */
export function gatherHosts(
  hosts: readonly LocatedHost[],
  isDown: (destination: Destination) => 'yes' | 'no',
): Located {
  const [only] = hosts;
  if (hosts.length === 1 && only !== undefined && only.located.type !== 'found') {
    return only.located;
  }
  const up: Destination[] = [];
  const down: Destination[] = [];
  let firstRank = 0;
  for (const { located, known } of hosts) {
    const here = located.type === 'found' ? located.destinations : stillKnown(located, known);
    for (const destination of here) {
      const ranked = { ...destination, rank: firstRank + destination.rank };
      (isDown(destination) === 'yes' ? down : up).push(ranked);
    }
    firstRank += 1 + Math.max(-1, ...here.map(({ rank }) => rank));
  }
  const destinations = [
    ...up,
    ...down.map((destination) => ({ ...destination, rank: firstRank + destination.rank })),
  ];
  const untilMs = Math.min(NEVER, ...hosts.map(({ located }) => located.untilMs));
  return destinations.length > 0
    ? { type: 'found', destinations, untilMs }
    : nothing(hosts, untilMs);
}

/** An answer that there is no such host counts; no answer does not. */
function stillKnown(located: Located, known: readonly Destination[]): readonly Destination[] {
  return located.type === 'failed' ? known : [];
}

function nothing(hosts: readonly LocatedHost[], untilMs: MonotonicMs): Located {
  for (const { located } of hosts) if (located.type === 'failed') return located;
  return { type: 'none', untilMs };
}
