/** What people put between digits: blanks (also non-breaking ones), dashes, dots, slashes and brackets. */
const SEPARATORS = /[\s\u00a0\u2010-\u2015\-./()]/gu;

/** `text` without what people put between digits. */
export function withoutSeparators(text: string): string {
  return text.replace(SEPARATORS, '');
}

/**
 * Brings a telephone number to the form in which numbers are compared: national digits. Separators go, and
 * `countryCode` goes when `+` or `00` stands before it: `+48 22 350-09-08`, `0048223500908` and `223500908` are one.
 * A number of another country keeps its digits after a `+`. What is no number is returned without its separators.
 */
export function normaliseNumber(text: string, countryCode: string): string {
  const compact = withoutSeparators(text);
  const digits = /^(?:\+|00)(\d+)$/u.exec(compact)?.[1];
  if (digits === undefined) return compact;
  const isNational = digits.startsWith(countryCode) && digits.length > countryCode.length;
  return isNational ? digits.slice(countryCode.length) : `+${digits}`;
}
