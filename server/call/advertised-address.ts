import ipaddr from 'ipaddr.js';
import type { LocalCandidate } from '../../mixer/protocol/media-security.ts';
import type { Config } from '../config/config.ts';

/** The literal address that SIP peers are told: the external one where there is one. */
export function sipHost(config: Config, localHost: string): string {
  const { externalAddress } = config.sip;
  return typeof externalAddress !== 'string' || externalAddress === 'auto'
    ? localHost
    : externalAddress;
}

/** The literal address that audio is to be sent to. */
export function mediaHost(config: Config, localHost: string): string {
  const { externalAddress } = config.media;
  return typeof externalAddress !== 'string' || externalAddress === 'auto'
    ? sipHost(config, localHost)
    : externalAddress;
}

/**
 * The candidates that a guest is told. An external address stands for the local ones of its family; those of the other
 * family are told as they are. Loopback is told only to a guest on this machine, who came over it.
 */
export function advertisedCandidates(
  candidates: readonly LocalCandidate[],
  config: Config,
  guestHost: string,
): readonly LocalCandidate[] {
  const external = mediaHost(config, '');
  const told = candidates
    .filter(({ host }) => !isLoopback(host) || isLoopback(guestHost))
    .map((candidate) => ({ ...candidate, host: seenFromOutside(candidate.host, external) }));
  return [...new Map(told.map((candidate) => [keyOf(candidate), candidate])).values()];
}

function seenFromOutside(host: string, external: string): string {
  if (external === '' || isLoopback(host)) return host;
  return kindOf(host) === kindOf(external) ? external : host;
}

function isLoopback(host: string): boolean {
  return ipaddr.isValid(host) && ipaddr.process(host).range() === 'loopback';
}

function kindOf(host: string): 'ipv4' | 'ipv6' | 'none' {
  return ipaddr.isValid(host) ? ipaddr.process(host).kind() : 'none';
}

function keyOf({ transport, host, port }: LocalCandidate): string {
  return `${transport} ${host} ${port}`;
}
