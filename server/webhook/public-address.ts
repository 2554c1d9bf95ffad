import type ipaddr from 'ipaddr.js';
import { literalAddress } from '../runtime/literal-address.ts';
import { NetworkList } from '../runtime/network-list.ts';

/** First and last first octet of global unicast addresses, 2000::/3: RFC 4291 §2.4, IANA's registry. */
const GLOBAL_UNICAST = { first: 0x20, last: 0x3f } as const;

/**
 * Whether webhooks may reach `address`: a public one, or one in `allowNetworks` (addresses and CIDR). Loopback, private,
 * link-local, shared (RFC 6598), unique-local, multicast and reserved ones are not public, nor are those that carry an
 * IPv4 address which is not. What is no address is not public either.
 */
export function isAllowedAddress(address: string, allowNetworks: readonly string[]): boolean {
  const parsed = literalAddress(address);
  if (parsed === null) return false;
  return isPublic(parsed) || new NetworkList(allowNetworks).includes(address);
}

function isPublic(address: ipaddr.IPv4 | ipaddr.IPv6): boolean {
  if (address.range() !== 'unicast') return false;
  if (address.kind() === 'ipv4') return true;
  const [first = 0] = address.toByteArray();
  return first >= GLOBAL_UNICAST.first && first <= GLOBAL_UNICAST.last;
}
