import { createHash, createHmac } from 'node:crypto';

import type { Random } from '../runtime/random.ts';

/** 256 bits, too many to guess. */
const SECRET_BYTES = 32;

/** What a secret of ours looks like: anything else need not be looked for. */
const SECRET = /^[0-9a-f]{64}$/u;

/** Begins every bearer token, so that leaked ones are found by scanners. */
const TOKEN_PREFIX = 'konfa_';

/** A new secret: 64 hexadecimal digits. */
export function newSecret(random: Random): string {
  return random.hex(SECRET_BYTES);
}

/** A new bearer token: `konfa_` and 64 hexadecimal digits. */
export function newTokenSecret(random: Random): string {
  return `${TOKEN_PREFIX}${newSecret(random)}`;
}

/**
 * SHA-256 of a secret, what is kept of it; null when the text cannot be one. A plain hash is enough for 256 random
 * bits, and the look-up by it tells nothing by its time: who does not know the secret cannot choose the hash.
 */
export function secretHash(text: string | null): string | null {
  return text !== null && SECRET.test(text) ? sha256(text) : null;
}

/** The same of a bearer token. */
export function tokenSecretHash(text: string): string | null {
  const isToken = text.startsWith(TOKEN_PREFIX) && SECRET.test(text.slice(TOKEN_PREFIX.length));
  return isToken ? sha256(text) : null;
}

/** What a changing request of a session must carry: bound to the session, of no use to find its secret. */
export function csrfTokenOf(sessionSecret: string): string {
  return createHmac('sha256', sessionSecret).update('csrf').digest('hex');
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
