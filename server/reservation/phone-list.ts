import {
  getCountries,
  getCountryCallingCode,
  parsePhoneNumberFromString,
} from 'libphonenumber-js/max';
import type { BookingProblem } from './booking-problem.ts';

/** The good numbers as E.164, each once, in the order written; and what is wrong with the others, entry by entry. */
export interface PhoneList {
  readonly phones: readonly string[];
  readonly problems: readonly BookingProblem[];
}

/** How lists of numbers are read. `most`: how many there may be; `defaultCountry`: see `ReservationRules`. */
export interface PhoneListOptions {
  readonly defaultCountry: string;
  readonly most: number;
}

/** What a written number is. `landline`: a telephone that no SMS reaches. */
export type ReadPhone =
  | { readonly outcome: 'mobile'; readonly phone: string }
  | { readonly outcome: 'landline' }
  | { readonly outcome: 'not-a-number' };

/** Longest text worth looking at. */
const LONGEST_TEXT = 50;

/**
 * Reads mobile numbers as a person types them: several in an entry may be separated by commas, semicolons or line
 * ends (not by blanks, which stand within numbers). The same number written twice counts once.
 */
export function readPhones(entries: readonly string[], options: PhoneListOptions): PhoneList {
  const { defaultCountry, most } = options;
  const seen = new Set<string>();
  const phones: string[] = [];
  const problems: BookingProblem[] = [];
  for (const [index, entry] of entries.entries()) {
    for (const part of entry.split(/[,;\r\n]+/)) {
      const given = part.trim();
      const read = readPhone(given, defaultCountry);
      const name = read.outcome === 'mobile' ? read.phone : given;
      if (given === '' || seen.has(name)) continue;
      seen.add(name);
      if (read.outcome === 'mobile') phones.push(read.phone);
      else {
        const code = read.outcome === 'landline' ? 'landline' : 'bad-phone';
        problems.push({ code, field: 'phones', facts: { given, index } });
      }
    }
  }
  if (seen.size > most) {
    const facts = { given: seen.size, allowed: most };
    problems.push({ code: 'too-many-phones', field: 'phones', facts });
  }
  return { phones, problems };
}

/** Country codes that the library knows; it throws on others. */
const COUNTRY_CODES: ReadonlySet<string> = new Set(
  getCountries().map((country) => getCountryCallingCode(country)),
);

/** What people put between digits: blanks (also non-breaking ones), dashes, dots, slashes and brackets. */
const SEPARATORS = /[\s\u00a0\u2010-\u2015\-./()]/gu;

/**
 * Reads one number: with `+` or `00` and a country code, or national. Where numbers do not tell mobiles from landlines
 * (North America), all count as mobile.
 */
export function readPhone(text: string, defaultCountry: string): ReadPhone {
  if (text.length > LONGEST_TEXT) return { outcome: 'not-a-number' };
  const number = text.replace(SEPARATORS, '').replace(/^00/u, '+');
  const parsed = parsePhoneNumberFromString(number, {
    ...(COUNTRY_CODES.has(defaultCountry) ? { defaultCallingCode: defaultCountry } : {}),
    extract: false,
  });
  if (parsed === undefined || parsed.ext !== undefined || !parsed.isValid()) {
    return { outcome: 'not-a-number' };
  }
  const type = parsed.getType();
  return type === 'MOBILE' || type === 'FIXED_LINE_OR_MOBILE'
    ? { outcome: 'mobile', phone: parsed.number }
    : { outcome: 'landline' };
}
