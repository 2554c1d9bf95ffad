import { networkInterfaces } from 'node:os';
import ipaddr from 'ipaddr.js';
import { isLiteralAddress } from './literal-address.ts';

/** Addresses that stand for every one of the machine. */
const WILDCARDS = new Set(['0.0.0.0', '::']);
const LOOPBACK = { ipv4: '127.0.0.1', ipv6: '::1' } as const;

/**
 * The local literal address that a peer reaches us by: the listener's own when it names one, else that of the
 * interface whose network the peer is in, else the first that leads out of the machine.
 */
export function localAddressFor(listenHost: string, peerHost: string): string {
  if (!WILDCARDS.has(listenHost) && isLiteralAddress(listenHost)) return listenHost;
  const peer = ipaddr.process(peerHost);
  const family = peer.kind();
  if (peer.range() === 'loopback') return LOOPBACK[family];
  const rows = Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter((row) => !row.internal && row.family.toLowerCase() === family);
  const near = rows.find((row) => row.cidr !== null && peer.match(ipaddr.parseCIDR(row.cidr)));
  return near?.address ?? rows[0]?.address ?? LOOPBACK[family];
}

/**
 * Every literal address that this machine can be reached by, its loopback addresses last. Link-local ones are left out:
 * they mean nothing without the name of an interface.
 */
export function localAddresses(): readonly string[] {
  const rows = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  const usable = rows.filter((row) => ipaddr.process(row.address).range() !== 'linkLocal');
  return [
    ...usable.filter((row) => !row.internal).map((row) => row.address),
    ...usable.filter((row) => row.internal).map((row) => row.address),
  ];
}
