import { bearsName, bearsWildcardOf } from './peer-name.ts';

/**
 * Which of several certificates is for the name that a peer has called us by (SNI, RFC 6066 §3): the first that bears it,
 * else the first that bears it by a wildcard, else the first of all. `hostNames` of each, in lower case.
 *
 * @returns its place, 0 for a name that none bears.
 */
export function presentedAt(hostNames: readonly (readonly string[])[], serverName: string): number {
  const wanted = serverName.toLowerCase().replace(/\.$/, '');
  const exact = hostNames.findIndex((names) => bearsName(names, wanted));
  if (exact !== -1) return exact;
  return Math.max(
    0,
    hostNames.findIndex((names) => bearsWildcardOf(names, wanted)),
  );
}
