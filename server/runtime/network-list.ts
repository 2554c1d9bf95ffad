import ipaddr from 'ipaddr.js';
import { ipv4Number, literalAddress } from './literal-address.ts';
import { isInRange, networkRange } from './network-range.ts';
import type { NetworkRange } from './network-range.ts';

/** Addresses and networks in CIDR notation that are treated alike. Cheap for IPv4: it is asked for every packet. */
export class NetworkList {
  /** First and last address of each. */
  readonly #ipv4: (readonly [first: number, last: number])[] = [];
  readonly #ipv6: NetworkRange[] = [];

  /** `texts` — checked by the settings: each is an address or a network. */
  constructor(texts: readonly string[]) {
    for (const range of texts.map(networkRange)) {
      const [network, bits] = range;
      if (network instanceof ipaddr.IPv4) this.#ipv4.push(endsOf(network, bits));
      else this.#ipv6.push(range);
    }
  }

  /** Whether an address is in one of them, as `literalAddress` reads it. What is no address is in none. */
  includes(host: string): boolean {
    const number = ipv4Number(host);
    if (number !== null) return this.#includesNumber(number);
    const address = literalAddress(host);
    if (address === null) return false;
    if (address instanceof ipaddr.IPv4) return this.#includesNumber(numberOf(address));
    return this.#ipv6.some((range) => isInRange(range, address));
  }

  #includesNumber(number: number): boolean {
    return this.#ipv4.some(([first, last]) => number >= first && number <= last);
  }
}

function endsOf(network: ipaddr.IPv4, bits: number): readonly [number, number] {
  const size = 2 ** (32 - bits);
  const first = Math.floor(numberOf(network) / size) * size;
  return [first, first + size - 1];
}

function numberOf(address: ipaddr.IPv4): number {
  return address.toByteArray().reduce((number, octet) => number * 256 + octet, 0);
}
