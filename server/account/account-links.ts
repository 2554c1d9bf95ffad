import type { DurationMs, WallclockMs } from '../../mixer/protocol/units.ts';
import type { ProfileId } from '../reservation/reservation.ts';
import type { Random } from '../runtime/random.ts';
import { AccountRefusal } from './account-refusal.ts';
import type { AccountStore, LinkPurpose, LinkRecord } from './account-store.ts';
import { newSecret, secretHash } from './secrets.ts';

/** Pages of the panel that links lead to; the token is the last part of the path. */
const PAGES: Readonly<Record<LinkPurpose, string>> = {
  'confirm-address': 'confirm',
  'confirm-new-address': 'confirm-email',
  'reset-password': 'reset',
  invitation: 'accept',
  setup: 'setup',
};

/**
 * Links of `confirm-address` that hold at once. They do not void one another: each carries the password it was asked
 * with, and a stranger who signs up with somebody's address must not void the link that this person waits for.
 */
const MOST_CONFIRMATIONS = 5;

/** A link to be given out. */
export interface LinkRequest {
  readonly purpose: LinkPurpose;
  readonly accountId: ProfileId | null;
  readonly lifeMs: DurationMs;
  /** JSON of what is done when it is used. Default `{}`. */
  readonly data?: string;
}

/** A link that was given out. */
export interface GivenLink {
  /** The whole address. */
  readonly link: string;
  readonly expiresAtMs: WallclockMs;
}

/** Links with 256-bit tokens that work once, for one purpose, for a time. */
export interface AccountLinks {
  /** Gives one out; older ones of the same purpose and account end. To be called in a transaction. */
  give(request: LinkRequest, nowMs: WallclockMs): GivenLink;
  /**
   * What a token stands for. It is not used up: `use` does that in the transaction of what it is used for.
   * @throws AccountRefusal `link-expired` when it never was, is over, or is for something else.
   */
  find(token: string, purposes: readonly LinkPurpose[], nowMs: WallclockMs): LinkRecord;
  /** Ends it and its like. */
  use(link: LinkRecord): void;
  /** An address of the panel without a token. */
  page(path: string): string;
}

/** Makes them. */
export function createAccountLinks(options: {
  readonly store: AccountStore;
  readonly random: Random;
  readonly publicUrl: () => string;
}): AccountLinks {
  const { store, random } = options;
  const page = (path: string): string => `${options.publicUrl().replace(/\/+$/u, '')}/${path}`;

  function endOlder(purpose: LinkPurpose, accountId: ProfileId | null): void {
    if (purpose !== 'confirm-address') {
      store.deleteLinks(accountId, purpose);
      return;
    }
    const older = store.linksOf(accountId, purpose);
    const tooMany = older.slice(0, Math.max(0, older.length - MOST_CONFIRMATIONS + 1));
    for (const link of tooMany) store.deleteLink(link.secretHash);
  }

  return {
    page,
    give({ purpose, accountId, lifeMs, data = '{}' }, nowMs) {
      const token = newSecret(random);
      const createdAtMs = Math.floor(nowMs);
      const expiresAtMs = createdAtMs + lifeMs;
      const hash = hashOf(token);
      endOlder(purpose, accountId);
      store.insertLink({ secretHash: hash, purpose, accountId, createdAtMs, expiresAtMs, data });
      return { link: page(`${PAGES[purpose]}/${token}`), expiresAtMs };
    },
    find(token, purposes, nowMs) {
      const link = store.linkByHash(hashOf(token));
      if (link === null || !purposes.includes(link.purpose) || nowMs >= link.expiresAtMs) {
        throw new AccountRefusal('link-expired', { pointer: '/token' });
      }
      return link;
    },
    use: (link) => store.deleteLinks(link.accountId, link.purpose),
  };
}

function hashOf(token: string): string {
  const hash = secretHash(token);
  if (hash === null) throw new AccountRefusal('link-expired', { pointer: '/token' });
  return hash;
}
