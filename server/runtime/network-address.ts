import ipaddr from 'ipaddr.js';

/** Hextets of the part of an IPv6 address that a provider gives to one customer: /64, RFC 6177 §2. */
const CUSTOMER_HEXTETS = 4;

/**
 * What requests of one customer have in common: an IPv4 address as it is, of an IPv6 address its /64. Text that is no
 * address stands for itself, cut.
 */
export function networkOf(address: string): string {
  if (!ipaddr.isValid(address)) return address.slice(0, 64);
  const parsed = ipaddr.process(address);
  if (parsed instanceof ipaddr.IPv4) return parsed.toString();
  const hextets = parsed.parts.slice(0, CUSTOMER_HEXTETS);
  return `${hextets.map((hextet) => hextet.toString(16)).join(':')}::/64`;
}
