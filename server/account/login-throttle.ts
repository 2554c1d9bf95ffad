import type { DurationMs, WallclockMs } from '../../mixer/protocol/units.ts';
import { LatestMap } from '../runtime/latest-map.ts';
import { networkOf } from '../runtime/network-address.ts';
import { createTallies, type TallyTerms } from './tally.ts';

/*
 * How guessing of passwords is slowed down without locking anybody out.
 *
 *   request ──▶ known device of this account? ──yes──▶ its own tally for this account, and nothing else
 *                        │ no
 *                        ▼
 *               tally of the address (IPv6: its /64), over all accounts      one machine that tries many accounts
 *                        ▼
 *               tally of address and account together                        one machine that tries one account
 *                        ▼
 *               tally of the account over all unknown devices                many machines that try one account
 *                 quiet: go on                    over its free tries: the address must have waited its turn
 *
 * A try counts when it is let in, not when it has failed, so that a thousand at once are not let in together; the right
 * password takes it back. A right password does not clear the address: whoever has an account of their own could wash
 * a spraying machine clean with it.
 *
 * What an attacker gets in an hour for one account: from one address the free tries of the pair and then one per
 * quarter of an hour; from many addresses the free tries of the account and then the turns: one every 30 seconds, or one
 * per address in two hours, whichever is more. What an attacker cannot do is to keep the owner out: a browser that has
 * logged in before has a tally of its own that nobody else can fill; from a new browser the owner draws a turn of their
 * own, told by Retry-After, that comes within two hours and that no attacker can take or push back; and a link for a
 * new password, which proves the mailbox, is not slowed down by any of this. Whoever shares the address of an attacker
 * shares its tally: there too the known browser and the link are the way in.
 *
 * Accounts that do not exist are counted as those that do, so waiting tells nothing. Everything is in memory and
 * bounded; a restart forgets it, which gives an attacker the free tries once more.
 */

/** Who tries to log in as whom. */
export interface LoginTry {
  readonly address: string;
  /** The e-mail address as it is compared, whether it has an account or not. */
  readonly emailKey: string;
  /** Hash of the device's cookie when it is a device of this very account; else null. */
  readonly knownDevice: string | null;
}

/** Whether a password may be tried now. */
export type TryVerdict =
  { readonly verdict: 'allowed' } | { readonly verdict: 'wait'; readonly waitMs: DurationMs };

/** Slows down the guessing of passwords. */
export interface LoginThrottle {
  /** To be asked before a password is checked. When it is allowed, the try counts. */
  begin(attempt: LoginTry, nowMs: WallclockMs): TryVerdict;
  /** The password was right: the try is taken back. */
  succeeded(attempt: LoginTry, nowMs: WallclockMs): void;
  /** The password was not looked at after all. */
  abandoned(attempt: LoginTry, nowMs: WallclockMs): void;
}

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

const ADDRESS: TallyTerms = {
  free: 20,
  forgetMs: 10 * MINUTE_MS,
  firstWaitMs: 5 * SECOND_MS,
  longestWaitMs: 10 * MINUTE_MS,
};
const PAIR: TallyTerms = {
  free: 5,
  forgetMs: 15 * MINUTE_MS,
  firstWaitMs: 15 * SECOND_MS,
  longestWaitMs: 15 * MINUTE_MS,
};
const DEVICE: TallyTerms = {
  free: 10,
  forgetMs: 6 * MINUTE_MS,
  firstWaitMs: 5 * SECOND_MS,
  longestWaitMs: 10 * MINUTE_MS,
};
/** The account's own waits are turns; of this tally only the level is used. */
const ACCOUNT: TallyTerms = {
  free: 20,
  forgetMs: 3 * MINUTE_MS,
  firstWaitMs: 0,
  longestWaitMs: 0,
};

/** Turns of addresses at an account under attack: this far apart, and none later than this. */
const TURN_EVERY_MS = 30 * SECOND_MS;
const LONGEST_TURN_MS = 2 * HOUR_MS;
/** A turn that is not taken lapses. */
const TURN_HOLDS_MS = 12 * HOUR_MS;

const REMEMBERED = 50_000;

/** Makes a throttle that has seen nothing. `remembered`: greatest number of addresses, pairs, accounts and devices, each. */
export function createLoginThrottle(remembered = REMEMBERED): LoginThrottle {
  const addresses = createTallies(ADDRESS, remembered);
  const pairs = createTallies(PAIR, remembered);
  const devices = createTallies(DEVICE, remembered);
  const accounts = createTallies(ACCOUNT, remembered);
  /** When the turn of an address at an account comes. */
  const turns = new LatestMap<WallclockMs>(remembered);
  /** When the last turn given out at an account comes. */
  const lastTurns = new LatestMap<WallclockMs>(remembered);

  /** How long until the turn comes; draws one when the address has none. */
  function turnWaitMs(keys: Keys, nowMs: WallclockMs): DurationMs {
    if (accounts.level(keys.account, nowMs) < ACCOUNT.free) return 0;
    const drawn = turns.get(keys.pair);
    if (drawn !== undefined && drawn + TURN_HOLDS_MS > nowMs && drawn <= nowMs + LONGEST_TURN_MS) {
      return Math.max(0, drawn - nowMs);
    }
    const lastAtMs = Math.max(nowMs, lastTurns.get(keys.account) ?? 0);
    const turnAtMs = Math.min(lastAtMs + TURN_EVERY_MS, nowMs + LONGEST_TURN_MS);
    lastTurns.set(keys.account, turnAtMs);
    turns.set(keys.pair, turnAtMs);
    return turnAtMs - nowMs;
  }

  function beginUnknown(keys: Keys, nowMs: WallclockMs): TryVerdict {
    // The address first: a refused one must not be able to push others out of what is remembered.
    const ownMs = Math.max(addresses.waitMs(keys.address, nowMs), pairs.waitMs(keys.pair, nowMs));
    const waitMs = ownMs > 0 ? ownMs : turnWaitMs(keys, nowMs);
    if (waitMs > 0) return { verdict: 'wait', waitMs };
    addresses.count(keys.address, nowMs);
    pairs.count(keys.pair, nowMs);
    accounts.count(keys.account, nowMs);
    turns.delete(keys.pair);
    return { verdict: 'allowed' };
  }

  function beginKnown(device: string, nowMs: WallclockMs): TryVerdict {
    const waitMs = devices.waitMs(device, nowMs);
    if (waitMs > 0) return { verdict: 'wait', waitMs };
    devices.count(device, nowMs);
    return { verdict: 'allowed' };
  }

  function takeBack(keys: Keys, nowMs: WallclockMs): void {
    if (keys.device !== null) {
      devices.takeBack(keys.device, nowMs);
      return;
    }
    addresses.takeBack(keys.address, nowMs);
    pairs.takeBack(keys.pair, nowMs);
    accounts.takeBack(keys.account, nowMs);
  }

  return {
    begin(attempt, nowMs) {
      const keys = keysOf(attempt);
      return keys.device === null ? beginUnknown(keys, nowMs) : beginKnown(keys.device, nowMs);
    },
    succeeded(attempt, nowMs) {
      const keys = keysOf(attempt);
      takeBack(keys, nowMs);
      if (keys.device === null) pairs.forget(keys.pair);
      else devices.forget(keys.device);
    },
    abandoned: (attempt, nowMs) => takeBack(keysOf(attempt), nowMs),
  };
}

interface Keys {
  readonly address: string;
  readonly account: string;
  readonly pair: string;
  readonly device: string | null;
}

function keysOf({ address, emailKey, knownDevice }: LoginTry): Keys {
  const network = networkOf(address);
  return {
    address: network,
    account: emailKey,
    pair: `${network} ${emailKey}`,
    device: knownDevice === null ? null : `${knownDevice} ${emailKey}`,
  };
}
