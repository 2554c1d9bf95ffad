import type { AccessNumberText, ReservationFacts } from '../notice.ts';

/**
 * Key of the spoken menu that leads to "join a conference", and pauses before it, before the number and before the PIN.
 * A comma is about two seconds on a telephone: time for the call to be put through and for the menu to begin.
 */
const JOIN_KEY = '1';
const PAUSES = ',,';

/** `#`, which in an address would begin the fragment (RFC 3986 §3.5). It ends an entry. */
const HASH = '%23';

/** A `tel:` address of the first access number, with the keys typed ahead. Null: there is no access number. */
export function telUri(facts: ReservationFacts): string | null {
  const [access] = facts.accessNumbers;
  return access === undefined ? null : telUriOf(access, facts.reservation);
}

/**
 * The same for one access number, with this room number and PIN (or ADMIN PIN): `tel:+48223500908,,1,,12345%23,,54321%23`.
 * RFC 3966 §3 knows `tel:` addresses without keys only; pauses and keys behind them are what iOS and Android dial.
 */
export function telUriOf(
  access: AccessNumberText,
  keys: { readonly number: string; readonly pin: string },
): string {
  const dial = access.dial.replace(/[^0-9+]/gu, '');
  return `tel:${dial}${PAUSES}${JOIN_KEY}${PAUSES}${keys.number}${HASH}${PAUSES}${keys.pin}${HASH}`;
}
