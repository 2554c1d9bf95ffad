import type { DurationMs, WallclockMs } from '../../mixer/protocol/units.ts';
import { networkOf } from '../runtime/network-address.ts';
import { createTallies, type TallyTerms } from './tally.ts';

const MINUTE_MS = 60_000;

/** Requests that send mail, from one address. */
const ASKED: TallyTerms = {
  free: 20,
  forgetMs: 6 * MINUTE_MS,
  firstWaitMs: MINUTE_MS,
  longestWaitMs: 60 * MINUTE_MS,
};

/** Mails to one mailbox that nobody there has asked for by logging in. */
const RECEIVED: TallyTerms = {
  free: 4,
  forgetMs: 15 * MINUTE_MS,
  firstWaitMs: 15 * MINUTE_MS,
  longestWaitMs: 60 * MINUTE_MS,
};

const REMEMBERED = 50_000;

/**
 * Keeps strangers from sending mail through the server to whom they like. Whoever is written to too often is left in
 * peace without the asker being told, since that would tell whether there is an account; the links that were sent go on
 * working.
 */
export interface MailThrottle {
  /** How long an address must wait before it may ask; when 0, it has asked. */
  askMs(kind: 'sign-up' | 'reset', address: string, nowMs: WallclockMs): DurationMs;
  /** Whether a mailbox is written to once more. */
  mayWrite(emailKey: string, nowMs: WallclockMs): 'may' | 'may-not';
}

/** Makes one that has seen nothing. In memory; bounded. */
export function createMailThrottle(remembered = REMEMBERED): MailThrottle {
  const asked = createTallies(ASKED, remembered);
  const received = createTallies(RECEIVED, remembered);
  return {
    askMs(kind, address, nowMs) {
      const key = `${kind} ${networkOf(address)}`;
      const waitMs = asked.waitMs(key, nowMs);
      if (waitMs === 0) asked.count(key, nowMs);
      return waitMs;
    },
    mayWrite(emailKey, nowMs) {
      if (received.waitMs(emailKey, nowMs) > 0) return 'may-not';
      received.count(emailKey, nowMs);
      return 'may';
    },
  };
}
