import ipaddr from 'ipaddr.js';

/** The two kinds of addresses. An IPv4 address that is written as IPv6 is one of IPv4. */
export type AddressFamily = 'ipv4' | 'ipv6';

const DOT = 46;
const ZERO = 48;
const NINE = 57;

/**
 * An IPv4 address as a number, or null for all other texts. Four parts without leading zeros: some read those as octal,
 * and one text must not mean two addresses. By hand, for it is done for every packet.
 */
export function ipv4Number(text: string): number | null {
  let value = 0;
  let part = 0;
  let digits = 0;
  let parts = 1;
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    if (code === DOT && digits > 0) {
      value = value * 256 + part;
      part = digits = 0;
      parts += 1;
    } else if (code >= ZERO && code <= NINE && (digits === 0 || part > 0)) {
      part = part * 10 + code - ZERO;
      digits += 1;
      if (part > 255) return null;
    } else {
      return null;
    }
  }
  return parts === 4 && digits > 0 ? value * 256 + part : null;
}

/**
 * An address, read; null for what is none. IPv6 without brackets, with or without a scope (`fe80::1%eth0`). An IPv4 address
 * that is written as IPv6 (`::ffff:192.0.2.1`, RFC 4291 §2.5.5.2) comes as the IPv4 address it is.
 */
export function literalAddress(text: string): ipaddr.IPv4 | ipaddr.IPv6 | null {
  const number = ipv4Number(text);
  if (number !== null) return new ipaddr.IPv4(octetsOf(number));
  return text.includes(':') && ipaddr.IPv6.isValid(text) ? ipaddr.process(text) : null;
}

function octetsOf(number: number): number[] {
  return [number >>> 24, (number >>> 16) & 0xff, (number >>> 8) & 0xff, number & 0xff];
}

/** Whether a host is written as an address, so that nothing need be looked up. */
export function isLiteralAddress(text: string): boolean {
  return ipv4Number(text) !== null || (text.includes(':') && ipaddr.IPv6.isValid(text));
}

/** Family of a literal address; `none` for anything else. */
export function familyOf(text: string): AddressFamily | 'none' {
  return ipv4Number(text) === null ? (literalAddress(text)?.kind() ?? 'none') : 'ipv4';
}

/** Family of an address that `plainHost` has written: the colon tells. For every packet that is sent. */
export function familyOfPlain(host: string): AddressFamily {
  return host.includes(':') ? 'ipv6' : 'ipv4';
}

/**
 * An address as all of the server bears it: without brackets, IPv6 as RFC 5952 writes it, and an IPv4 address that came
 * over an IPv6 socket (`::ffff:192.0.2.1`) as the IPv4 address it is. The scope of a link-local address (`fe80::1%eth0`,
 * RFC 4007 §11) stays: without it nothing can be sent there. What is no address stays as it is.
 */
export function plainHost(host: string): string {
  const bare = host.startsWith('[') && host.endsWith(']') ? host.slice(1, -1) : host;
  return bare.includes(':') ? (literalAddress(bare)?.toString() ?? bare) : bare;
}

/** As `plainHost`, without the scope: it means something on this machine only (RFC 4007 §11.2). */
export function unscopedHost(host: string): string {
  const plain = plainHost(host);
  const scopeAt = plain.indexOf('%');
  return scopeAt === -1 ? plain : plain.slice(0, scopeAt);
}
