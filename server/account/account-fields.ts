import { AccountRefusal } from './account-refusal.ts';
import { readEmailAddress, type EmailAddress } from './email-address.ts';

/** Characters that are not seen, or turn the writing around: they could forge a line of an e-mail or of a page. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}]+/gu;

/** Names of IANA zones; nothing like `+01:00`, which knows no summer time. */
const ZONE = /^[A-Za-z][A-Za-z0-9_+/-]{0,99}$/u;

/** Longest piece of a User-Agent that is kept. */
const LONGEST_USER_AGENT = 200;

/**
 * A person's name on one line.
 * @throws AccountRefusal `name-missing`.
 */
export function readName(text: string): string {
  const name = oneLine(text);
  if (!/[\p{L}\p{N}]/u.test(name)) throw new AccountRefusal('name-missing', { pointer: '/name' });
  return name;
}

/**
 * One e-mail address.
 * @throws AccountRefusal `bad-email`.
 */
export function readAddress(text: string, pointer = '/email'): EmailAddress {
  const address = readEmailAddress(text);
  if (address === null) throw new AccountRefusal('bad-email', { pointer, facts: { given: text } });
  return address;
}

/**
 * An IANA zone that this machine knows.
 * @throws AccountRefusal `unknown-zone`.
 */
export function readZone(text: string): string {
  if (ZONE.test(text) && isKnownZone(text)) return text;
  throw new AccountRefusal('unknown-zone', { pointer: '/zone', facts: { given: text } });
}

/** What a browser says of itself, as it may be shown. */
export function readUserAgent(text: string): string {
  return oneLine(text).slice(0, LONGEST_USER_AGENT);
}

/** Text on one line without what cannot be seen. */
export function oneLine(text: string): string {
  return text.normalize('NFC').replace(UNSEEN, ' ').replace(/\s+/gu, ' ').trim();
}

function isKnownZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone !== '';
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}
