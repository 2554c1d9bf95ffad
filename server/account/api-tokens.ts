import type { DurationMs, WallclockMs } from '../../mixer/protocol/units.ts';
import { accountOf, plainAccount, type AccountContext } from './account-context.ts';
import { oneLine } from './account-fields.ts';
import { AccountRefusal } from './account-refusal.ts';
import type { ApiTokenRecord } from './account-store.ts';
import type { ApiToken } from './account.ts';
import type { Accounts, Presence, TokenRequest } from './accounts.ts';
import { newTokenSecret, tokenSecretHash } from './secrets.ts';

/** Use is noted at most this often. */
const NOTED_EVERY_MS: DurationMs = 60_000;

/** Tokens of one account. */
const MOST_TOKENS = 50;

/** Bearer tokens for programs. */
export function createApiTokens(
  context: AccountContext,
): Pick<Accounts, 'tokens' | 'addToken' | 'removeToken' | 'byToken'> {
  const { store, random } = context;

  function addToken(
    accountId: string,
    { name, scopes, lifeMs }: TokenRequest,
    nowMs: WallclockMs,
  ): { readonly token: ApiToken; readonly secret: string } {
    return store.transaction(() => {
      const account = accountOf(context, accountId);
      if (scopes.includes('admin') && account.role !== 'administrator') {
        throw new AccountRefusal('scope-not-allowed', { pointer: '/scopes' });
      }
      if (store.tokensOf(accountId).length >= MOST_TOKENS) {
        throw new AccountRefusal('too-many-tokens', { facts: { allowed: MOST_TOKENS } });
      }
      const secret = newTokenSecret(random);
      const createdAtMs = Math.floor(nowMs);
      const token: ApiToken = {
        tokenId: random.hex(16),
        accountId,
        name: oneLine(name),
        scopes: [...new Set(scopes)],
        createdAtMs,
        lastUsedAtMs: null,
        expiresAtMs: lifeMs === null ? null : createdAtMs + lifeMs,
      };
      store.insertToken({ ...token, secretHash: tokenSecretHash(secret) ?? '' });
      return { token, secret };
    });
  }

  function byToken(secret: string, nowMs: WallclockMs): Presence | null {
    const hash = tokenSecretHash(secret);
    const token = hash === null ? null : store.tokenByHash(hash);
    if (token === null || hasEnded(token, nowMs)) return null;
    const account = store.accountById(token.accountId);
    if (account?.state !== 'active') return null;
    if (nowMs - (token.lastUsedAtMs ?? 0) >= NOTED_EVERY_MS) {
      store.updateToken({ ...token, lastUsedAtMs: Math.floor(nowMs) });
    }
    const { tokenId: credentialId, scopes } = token;
    return { account: plainAccount(account), credentialId, scopes, csrfToken: null };
  }

  return {
    tokens: (accountId) => store.tokensOf(accountId).map(plainToken),
    addToken,
    removeToken(accountId, tokenId) {
      if (store.deleteToken(accountId, tokenId) === 'unknown')
        throw new AccountRefusal('not-found');
    },
    byToken,
  };
}

function hasEnded(token: ApiToken, nowMs: WallclockMs): boolean {
  return token.expiresAtMs !== null && nowMs >= token.expiresAtMs;
}

function plainToken(record: ApiTokenRecord): ApiToken {
  const { tokenId, accountId, name, scopes, createdAtMs, lastUsedAtMs, expiresAtMs } = record;
  return { tokenId, accountId, name, scopes, createdAtMs, lastUsedAtMs, expiresAtMs };
}
