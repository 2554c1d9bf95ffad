import { familyOf, literalAddress } from './literal-address.ts';

/**
 * Of our listeners, the one that a peer and we can reach each other by: of the peer's family, and bound to this machine
 * alone only for a peer that is on it. Undefined when there is none of the family. `peerHost`: a literal address.
 */
export function reachingListener<Listener extends { readonly host: string }>(
  listeners: readonly Listener[],
  peerHost: string,
): Listener | undefined {
  const ofFamily = listeners.filter(({ host }) => isIpv6(host) === isIpv6(peerHost));
  const side = sideOf(peerHost);
  return (
    ofFamily.find(({ host }) => sideOf(host) === side) ??
    ofFamily.find(({ host }) => sideOf(host) === 'both') ??
    ofFamily[0]
  );
}

/** An IPv4 address that is written as IPv6 counts as IPv4. */
function isIpv6(host: string): boolean {
  return familyOf(host) === 'ipv6';
}

function sideOf(host: string): 'this-machine' | 'outside' | 'both' {
  const range = literalAddress(host)?.range();
  if (range === 'unspecified') return 'both';
  return range === 'loopback' ? 'this-machine' : 'outside';
}
