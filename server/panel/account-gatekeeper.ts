import type { WallclockMs } from '../../mixer/protocol/units.ts';
import type { Accounts, Presence } from '../account/accounts.ts';
import type { Admission, Credentials, Gatekeeper } from './gatekeeper.ts';

/** `Bearer` and the token, RFC 6750 §2.1; the scheme's name in any case, RFC 9110 §11.1. */
const BEARER = /^bearer +(\S+) *$/iu;

/**
 * Tells who sends a request by its bearer token or its session cookie. A request with an Authorization header is judged
 * by that alone: a program whose token has ended must not go on under somebody's cookie.
 */
export function createGatekeeper(accounts: Accounts): Gatekeeper {
  function byHeader(header: string, nowMs: WallclockMs): Admission {
    const secret = BEARER.exec(header)?.[1];
    const presence = secret === undefined ? null : accounts.byToken(secret, nowMs);
    return presence === null ? { result: 'bad-token' } : admitted(presence, 'token');
  }

  function byCookie(credentials: Credentials, nowMs: WallclockMs): Admission {
    const secret = credentials.cookie(accounts.cookies().session);
    const presence = secret === null ? null : accounts.bySession(secret, credentials, nowMs);
    return presence === null ? { result: 'anonymous' } : admitted(presence, 'session');
  }

  return {
    admit: (credentials, nowMs) =>
      credentials.authorization === null
        ? byCookie(credentials, nowMs)
        : byHeader(credentials.authorization, nowMs),
  };
}

function admitted(presence: Presence, via: 'session' | 'token'): Admission {
  const { account, credentialId, scopes, csrfToken } = presence;
  return { result: 'known', identity: { account, credentialId, via }, scopes, csrfToken };
}
