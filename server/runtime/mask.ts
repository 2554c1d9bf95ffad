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
