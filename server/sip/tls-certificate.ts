import { X509Certificate } from 'node:crypto';
import type { WallclockMs } from '../../mixer/protocol/units.ts';
import { dnsNames } from './peer-name.ts';

/** PEM texts of one end of TLS. */
export interface TlsTexts {
  /** Certificate chain, ours first, and its key. */
  readonly cert?: string;
  readonly key?: string;
  /** Authorities that the peer's certificate must come from. */
  readonly ca?: string;
}

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g;

/** What the first certificate of a chain says. */
export interface ChainFacts {
  readonly expiresAtMs: WallclockMs;
  /** Host names that it is for, in lower case, wildcards among them. */
  readonly hostNames: readonly string[];
}

/**
 * What the first certificate of a chain says, after all of them have been read.
 * @throws the library's error when one cannot be read, or there is none.
 */
export function describeChain(pem: string): ChainFacts {
  const certificates = (pem.match(CERTIFICATE) ?? []).map((text) => new X509Certificate(text));
  const first = certificates[0];
  if (first === undefined) throw new Error('no certificate in it');
  return { expiresAtMs: Date.parse(first.validTo), hostNames: hostNamesOf(first) };
}

/** Its DNS names; where it has none, what old ones have in their place, the common name (RFC 6125 §6.4.4). */
function hostNamesOf({ subjectAltName, subject }: X509Certificate): readonly string[] {
  const names = dnsNames(subjectAltName ?? '');
  if (names.length > 0) return names;
  const commonName = /^CN=(.+)$/m.exec(subject)?.[1];
  return commonName === undefined ? [] : [commonName.toLowerCase()];
}
