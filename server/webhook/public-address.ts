import ipaddr from 'ipaddr.js';

/** First and last first octet of global unicast addresses, 2000::/3: RFC 4291 §2.4, IANA's registry. */
const GLOBAL_UNICAST = { first: 0x20, last: 0x3f } as const;

/**
 * Whether webhooks may reach `address`: a public one, or one in `allowNetworks` (addresses and CIDR). Loopback, private,
 * link-local, shared (RFC 6598), unique-local, multicast and reserved ones are not public, nor are those that carry an
 * IPv4 address which is not. What is no address is not public either.
 */
export function isAllowedAddress(address: string, allowNetworks: readonly string[]): boolean {
  if (!ipaddr.IPv4.isValidFourPartDecimal(address) && !ipaddr.IPv6.isValid(address)) return false;
  // An IPv4 address written as IPv6 (::ffff:10.0.0.1) is judged as what it is.
  const parsed = ipaddr.process(address);
  return isPublic(parsed) || allowNetworks.some((network) => isWithin(parsed, network));
}

function isPublic(address: ipaddr.IPv4 | ipaddr.IPv6): boolean {
  if (address.range() !== 'unicast') return false;
  if (address.kind() === 'ipv4') return true;
  const [first = 0] = address.toByteArray();
  return first >= GLOBAL_UNICAST.first && first <= GLOBAL_UNICAST.last;
}

function isWithin(address: ipaddr.IPv4 | ipaddr.IPv6, network: string): boolean {
  const [base, bits] = network.includes('/')
    ? ipaddr.parseCIDR(network)
    : [ipaddr.process(network), null];
  if (address.kind() !== base.kind()) return false;
  return address.match(base, bits ?? (base.kind() === 'ipv4' ? 32 : 128));
}
