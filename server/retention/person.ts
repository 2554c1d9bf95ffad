import parsePhoneNumber from 'libphonenumber-js/min';

/**
 * Somebody as data knows them: by an e-mail address or a telephone number. `forms`: every way in which it may be
 * written down, in lower case; the first is the one that is shown.
 */
export type Person =
  | { readonly type: 'email'; readonly forms: readonly [string] }
  | { readonly type: 'phone'; readonly forms: readonly [string, ...string[]] };

/** Reads what was given as an address or a number; null when it is neither. `countryCode` without `+`. */
export function readPerson(text: string, countryCode: string): Person | null {
  const trimmed = text.trim();
  if (/^[^\s@]+@[^\s@]+$/u.test(trimmed)) return { type: 'email', forms: [trimmed.toLowerCase()] };
  const compact = trimmed.replace(/[\s\-./()]/gu, '').replace(/^00/u, '+');
  if (!/^\+?\d{6,15}$/u.test(compact)) return null;
  const whole = compact.startsWith('+') ? compact : `+${countryCode}${compact}`;
  const e164 = parsePhoneNumber(whole)?.number ?? whole;
  const digits = e164.slice(1);
  const national = digits.startsWith(countryCode) ? [digits.slice(countryCode.length)] : [];
  return { type: 'phone', forms: [e164, `00${digits}`, digits, ...national] };
}
