import ipaddr from 'ipaddr.js';
import { networkOf } from '../../runtime/network-address.ts';

/**
 * What stands for all addresses of one customer: an IPv4 address as it is, also when it came over an IPv6 socket, and of
 * an IPv6 address its /64. Cheap for IPv4 written plainly, which nearly every message comes from.
 */
export function sourceKey(host: string): string {
  return host.includes(':') ? networkOf(host) : host.slice(0, 64);
}

/** A source as a log line names it: an address without zone and IPv4 mapping, so that a firewall understands it. */
export function plainAddress(host: string): string {
  if (!host.includes(':')) return host.slice(0, 64);
  if (!ipaddr.isValid(host)) return '';
  const address = ipaddr.process(host);
  return address instanceof ipaddr.IPv4
    ? address.toString()
    : new ipaddr.IPv6(address.parts).toString();
}

/** An IPv4 address as a number, or null for all other texts. By hand: it is done for every message of a stranger. */
function ipv4Number(text: string): number | null {
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
    } else if (code >= ZERO && code <= ZERO + 9 && digits < 3) {
      part = part * 10 + code - ZERO;
      digits += 1;
      if (part > 255) return null;
    } else {
      return null;
    }
  }
  return parts === 4 && digits > 0 ? value * 256 + part : null;
}

const DOT = 46;
const ZERO = 48;

/** Addresses and networks in CIDR notation that are treated alike. */
export class NetworkList {
  /** First and last address of each. */
  readonly #ipv4: (readonly [first: number, last: number])[] = [];
  readonly #ipv6: (readonly [network: ipaddr.IPv6, bits: number])[] = [];

  /** `texts` — checked by the settings: each is an address or a network. */
  constructor(texts: readonly string[]) {
    for (const text of texts) {
      const [address, bits] = text.includes('/') ? ipaddr.parseCIDR(text) : wholeAddress(text);
      if (address instanceof ipaddr.IPv6) {
        this.#ipv6.push([address, bits]);
        continue;
      }
      const size = 2 ** (32 - bits);
      const number = ipv4Number(address.toString()) ?? 0;
      const first = Math.floor(number / size) * size;
      this.#ipv4.push([first, first + size - 1]);
    }
  }

  includes(host: string): boolean {
    const number = ipv4Number(host);
    if (number !== null) return this.#includesNumber(number);
    if (!ipaddr.isValid(host)) return false;
    const address = ipaddr.process(host);
    if (address instanceof ipaddr.IPv4) {
      return this.#includesNumber(ipv4Number(address.toString()) ?? -1);
    }
    return this.#ipv6.some(([network, bits]) => address.match(network, bits));
  }

  #includesNumber(number: number): boolean {
    return this.#ipv4.some(([first, last]) => number >= first && number <= last);
  }
}

function wholeAddress(text: string): readonly [ipaddr.IPv4 | ipaddr.IPv6, number] {
  const address = ipaddr.process(text);
  return [address, address.kind() === 'ipv4' ? 32 : 128];
}
