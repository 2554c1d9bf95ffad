import ipaddr from 'ipaddr.js';
import { literalAddress } from './literal-address.ts';

/** Hextets of the part of an IPv6 address that a provider gives to one customer: /64, RFC 6177 §2. */
const CUSTOMER_HEXTETS = 4;

/**
 * What requests of one customer have in common: an IPv4 address as it is, also when it came over an IPv6 socket, and of
 * an IPv6 address its /64. Text that is no address stands for itself, cut. Cheap for IPv4 written plainly.
 */
export function networkOf(address: string): string {
  if (!address.includes(':')) return address.slice(0, 64);
  const parsed = literalAddress(address);
  if (parsed === null) return address.slice(0, 64);
  if (parsed instanceof ipaddr.IPv4) return parsed.toString();
  const hextets = parsed.parts.slice(0, CUSTOMER_HEXTETS);
  return `${hextets.map((hextet) => hextet.toString(16)).join(':')}::/64`;
}
