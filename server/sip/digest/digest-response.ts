import { createHash } from 'node:crypto';

import { encodeUtf8 } from '../octet-string.ts';
import type { Challenge, DigestHash } from './challenge.ts';

/** What goes into a digest beside the challenge. */
export interface DigestInput {
  readonly user: string;
  /** A secret. */
  readonly password: string;
  readonly method: string;
  /** The Request-URI, as it is written there. */
  readonly uri: string;
  readonly body: Uint8Array;
  readonly cnonce: string;
  /** How often the nonce has been used, this time included, as eight hexadecimal digits. */
  readonly nonceCount: string;
}

const NODE_NAMES: Readonly<Record<DigestHash, string>> = {
  MD5: 'md5',
  'SHA-256': 'sha256',
  'SHA-512-256': 'sha512-256',
};

/** The `response` of credentials: hexadecimal digits (RFC 7616 §3.4.1; without qop RFC 2069 §2.1.2). */
export function digestResponse(challenge: Challenge, input: DigestInput): string {
  const { hash, realm, nonce, qop } = challenge;
  const plain = hashOf(hash, `${encodeUtf8(input.user)}:${realm}:${encodeUtf8(input.password)}`);
  const key =
    challenge.key === 'session' ? hashOf(hash, `${plain}:${nonce}:${input.cnonce}`) : plain;
  const ofBody = qop === 'auth-int' ? `:${hashOf(hash, input.body)}` : '';
  const ofRequest = hashOf(hash, `${input.method}:${input.uri}${ofBody}`);
  if (qop === 'none') return hashOf(hash, `${key}:${nonce}:${ofRequest}`);
  return hashOf(hash, `${key}:${nonce}:${input.nonceCount}:${input.cnonce}:${qop}:${ofRequest}`);
}

/** `data` — octets, or an octet string. */
function hashOf(hash: DigestHash, data: string | Uint8Array): string {
  const octets = typeof data === 'string' ? Buffer.from(data, 'latin1') : data;
  return createHash(NODE_NAMES[hash]).update(octets).digest('hex');
}
