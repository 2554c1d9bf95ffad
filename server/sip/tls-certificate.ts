import { X509Certificate } from 'node:crypto';
import type { WallclockMs } from '../../mixer/protocol/units.ts';

/** PEM texts of one end of TLS. */
export interface TlsTexts {
  /** Certificate chain, ours first, and its key. */
  readonly cert?: string;
  readonly key?: string;
  /** Authorities that the peer's certificate must come from. */
  readonly ca?: string;
}

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g;

/**
 * When the first certificate of a chain expires, after all of them have been read.
 * @throws the library's error when one cannot be read, or there is none.
 */
export function expiryOf(pem: string): WallclockMs {
  const certificates = (pem.match(CERTIFICATE) ?? []).map((text) => new X509Certificate(text));
  const first = certificates[0];
  if (first === undefined) throw new Error('no certificate in it');
  return Date.parse(first.validTo);
}
