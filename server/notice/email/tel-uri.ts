import type { AccessNumberText, ReservationFacts } from '../notice.ts';

/** A `tel:` address of the first access number, with the keys typed ahead. Null: there is no access number. */
export function telUri(facts: ReservationFacts): string | null {
  const [access] = facts.accessNumbers;
  return access === undefined ? null : telUriOf(access, facts.reservation);
}

/** The same for one access number, with this room number and PIN (or ADMIN PIN). */
export function telUriOf(
  access: AccessNumberText,
  keys: { readonly number: string; readonly pin: string },
): string {
  return `tel:${access.dial},,1,,${keys.number}%23,,${keys.pin}%23`;
}
