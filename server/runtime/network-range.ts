import ipaddr from 'ipaddr.js';

/** A network: an address of it, and how many bits all its addresses share. */
export type NetworkRange = readonly [ipaddr.IPv4 | ipaddr.IPv6, number];

/**
 * The network that a setting names: an address, or CIDR notation. The settings have been checked. An IPv4 network that is
 * written as IPv6 is the IPv4 network it is.
 */
export function networkRange(text: string): NetworkRange {
  if (!text.includes('/')) {
    const address = ipaddr.process(text);
    return [address, address.kind() === 'ipv4' ? 32 : 128];
  }
  const [network, bits] = ipaddr.parseCIDR(text);
  if (!(network instanceof ipaddr.IPv6) || !network.isIPv4MappedAddress() || bits < 96) {
    return [network, bits];
  }
  return [network.toIPv4Address(), bits - 96];
}

/** Whether an address, as `literalAddress` gives it, is in a network. */
export function isInRange(
  [network, bits]: NetworkRange,
  address: ipaddr.IPv4 | ipaddr.IPv6,
): boolean {
  return network.kind() === address.kind() && address.match(network, bits);
}

/** The one text that all ways of writing a network come to: its first address, and the length. */
export function canonicalNetwork(text: string): string {
  const [network, bits] = networkRange(text);
  const parser = network instanceof ipaddr.IPv4 ? ipaddr.IPv4 : ipaddr.IPv6;
  return `${parser.networkAddressFromCIDR(`${network.toString()}/${bits}`).toString()}/${bits}`;
}
