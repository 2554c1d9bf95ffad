import { createHmac } from 'node:crypto';

import type { DurationMs, WallclockMs } from '../../mixer/protocol/units.ts';
import { LatestMap } from '../runtime/latest-map.ts';
import type { Random } from '../runtime/random.ts';

const REMEMBERED = 10_000;

/**
 * Who signed up with which password a while ago, so that a login can answer `address-not-confirmed`. Were that read from
 * the accounts, a stranger could sign up with somebody's address and then see, by logging in, whether it had an account
 * before. So it is told to whoever has signed up, whether that made an account or not. In memory alone, under a key
 * that no one else has: a restart forgets it, and the login then answers `bad-login`.
 */
export interface PendingSignUps {
  /** What to forget it by. */
  remember(emailKey: string, password: string, nowMs: WallclockMs): string;
  /** This very sign-up was confirmed. */
  forget(entry: string): void;
  isPending(emailKey: string, password: string, nowMs: WallclockMs): 'pending' | 'unknown';
}

/** Makes an empty one. `holdsMs`: how long the links of sign-ups hold. */
export function createPendingSignUps(random: Random, holdsMs: () => DurationMs): PendingSignUps {
  const key = random.hex(32);
  const entries = new LatestMap<WallclockMs>(REMEMBERED);

  function entryOf(emailKey: string, password: string): string {
    const text = JSON.stringify([emailKey, password.normalize('NFKC')]);
    return createHmac('sha256', key).update(text).digest('base64');
  }

  return {
    remember(emailKey, password, nowMs) {
      const entry = entryOf(emailKey, password);
      entries.set(entry, nowMs);
      return entry;
    },
    forget: (entry) => entries.delete(entry),
    isPending(emailKey, password, nowMs) {
      const atMs = entries.get(entryOf(emailKey, password));
      return atMs !== undefined && nowMs < atMs + holdsMs() ? 'pending' : 'unknown';
    },
  };
}
