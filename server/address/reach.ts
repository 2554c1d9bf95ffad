import { literalAddress } from '../runtime/literal-address.ts';

/** From where an address can be reached. `unknown`: it is no literal address. */
export type Reach = 'this-machine' | 'private' | 'public' | 'unknown';

/** RFC 1918 and 6598, unique local (RFC 4193), and link-local addresses (RFC 3927, RFC 4291 §2.5.6). */
const PRIVATE: ReadonlySet<string> = new Set([
  'private',
  'carrierGradeNat',
  'uniqueLocal',
  'linkLocal',
]);
const THIS_MACHINE: ReadonlySet<string> = new Set(['loopback', 'unspecified']);

/** Tells where a literal address means something. IPv4 in IPv6 (`::ffff:10.0.0.1`) counts as the IPv4 address it is. */
export function reachOf(host: string): Reach {
  const range = literalAddress(host)?.range();
  if (range === undefined) return 'unknown';
  if (THIS_MACHINE.has(range)) return 'this-machine';
  return PRIVATE.has(range) ? 'private' : 'public';
}
