/** Digits up to this many are all hidden: too few would be left to hide behind. */
const SHORTEST_SHOWN_DIGITS = 7;

/** From this many digits on, three are shown at the end. */
const LONG_DIGITS = 9;

/**
 * A caller's number as it may be logged: its first two digits and its last two or three, `+48******908`. Short numbers
 * are hidden whole; of a name that is no number the first letter is left.
 */
export function maskNumber(text: string): string {
  const compact = text.replace(/[\s\-./()]/gu, '');
  const [, plus = '', digits = ''] = /^(\+?)(\d+)$/u.exec(compact) ?? [];
  if (digits === '') return maskName(compact);
  if (digits.length < SHORTEST_SHOWN_DIGITS) return '*'.repeat(digits.length);
  const tail = digits.length < LONG_DIGITS ? 2 : 3;
  const hidden = Math.min(digits.length - 2 - tail, 20);
  return `${plus}${digits.slice(0, 2)}${'*'.repeat(hidden)}${digits.slice(-tail)}`;
}

function maskName(name: string): string {
  const [first] = name;
  return first === undefined ? '' : `${name.length > 3 ? first : ''}***`;
}

/** Country codes of one digit, and the beginnings of those that have two (ITU-T E.164). All others have three. */
const ONE_DIGIT = /^[17]/u;
const TWO_DIGITS = /^(?:2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58])/u;

/**
 * A caller's number as the others in a room may see it: its country and its last three digits, `+48 *** *** 123`.
 * `countryCode` — of numbers that are written without one. Empty for who withholds it (null); of a short number and of a
 * name nothing is shown.
 */
export function nameOfCaller(caller: string | null, countryCode: string): string {
  if (caller === null) return '';
  const compact = caller.replace(/[\s\-./()]/gu, '').replace(/^00(?=[1-9])/u, '+');
  const [, plus = '', digits = ''] = /^(\+?)0?(\d+)$/u.exec(compact) ?? [];
  if (digits.length < LONG_DIGITS) return '***';
  const country = plus === '' ? countryCode : countryOf(digits);
  return `+${country} *** *** ${digits.slice(-3)}`;
}

function countryOf(digits: string): string {
  if (ONE_DIGIT.test(digits)) return digits.slice(0, 1);
  return digits.slice(0, TWO_DIGITS.test(digits) ? 2 : 3);
}
