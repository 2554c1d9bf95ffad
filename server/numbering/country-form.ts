import parsePhoneNumber from 'libphonenumber-js/min';

/**
 * A number of more digits than these is a subscriber's; a shorter one is a short number of the exchange, which belongs to
 * no country: 112, 908, an extension.
 */
const MAX_SHORT_DIGITS = 6;

/**
 * Brings digits to our form: national digits of `own`, and `+` with the country code for every other country.
 * `compact` — without separators. `country`: of numbers that are written without one. What is no number stays.
 */
export function countryForm(
  compact: string,
  codes: { readonly country: string; readonly own: string },
): string {
  const { country, own } = codes;
  const international = /^(?:\+|00)(\d+)$/u.exec(compact)?.[1];
  if (international !== undefined) return nationalOf(international, own) ?? `+${international}`;
  if (!/^\d+$/u.test(compact) || compact.length <= MAX_SHORT_DIGITS) return compact;
  const national = withoutTrunkZero(compact, country) ?? compact;
  if (country === own) return national;
  return `+${country}${national}`;
}

/** National digits, or null for a number of another country, and for one that nobody could tell from another then. */
function nationalOf(international: string, own: string): string | null {
  if (!international.startsWith(own) || international.length === own.length) return null;
  const national = international.slice(own.length);
  return withoutTrunkZero(national, own);
}

/**
 * Drops the 0 that is dialled before national numbers and does not belong to them: where the number is one of the
 * country without it and none with it, as `+48 (0)22…`. In Italy the 0 stays. Null when neither is a number.
 */
function withoutTrunkZero(national: string, country: string): string | null {
  if (!national.startsWith('0')) return national;
  if (national.startsWith('00')) return null;
  if (isNumberOf(national, country)) return national;
  const rest = national.slice(1);
  return isNumberOf(rest, country) ? rest : null;
}

function isNumberOf(national: string, country: string): boolean {
  const parsed = parsePhoneNumber(`+${country}${national}`);
  return parsed?.isValid() === true && parsed.number === `+${country}${national}`;
}
