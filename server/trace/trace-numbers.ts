import { maskNumber } from '../runtime/mask.ts';
import { headAndBody } from './trace-secrets.ts';

/** Shorter numbers are extensions and access numbers, which are nobody's own. */
const SHORTEST_HIDDEN_DIGITS = 7;

/** User part of a URI. */
const SIP_USER = /\b(sips?:)([^@\s<>":;,?]+)(?=[^@\s<>"]{0,300}@)/giu;
const TEL_NUMBER = /\b(tel:)([+\d*#().-]+)/giu;

/** Names before an address in angle brackets. */
const QUOTED_NAME = /"((?:[^"\\\r\n]|\\.)*)"(?=[ \t]*<)/gu;
const PLAIN_NAME = /([:,])([^"<>,:;\r\n]+)(?=<(?:sips?|tel):)/giu;

/** Numbers in header fields that somebody made up. */
const PRIVATE_FIELD = /^((?:x|p)-[\w-]+[ \t]*:)([^\r\n]*)/gimu;
const BARE_NUMBER = /(?<![\w.@:])\+?\d{9,15}(?![\w.])/gu;

/** The user name of the origin of SDP. */
const SDP_ORIGIN = /^(o=)(\+?\d{7,})(?= )/gmu;

/**
 * Masks telephone numbers and names of people in a message. `dialled` — the number that was called, which is ours where
 * somebody calls here: it stays. Empty: none does. `text` — decoded.
 */
export function maskNumbers(text: string, dialled: string): string {
  const ours = digitsOf(dialled).replace('+', '');
  const hide = (user: string): string => {
    const digits = digitsOf(user);
    const isNumber = digits.length >= SHORTEST_HIDDEN_DIGITS && /^[+\d().*#%A-F-]+$/iu.test(user);
    return !isNumber || digits.replace('+', '') === ours ? user : maskNumber(digits);
  };
  const [head, body] = headAndBody(text);
  const shown = head
    .replace(SIP_USER, (_, scheme: string, user: string) => scheme + hide(user))
    .replace(TEL_NUMBER, (_, scheme: string, number: string) => scheme + hide(number))
    .replace(QUOTED_NAME, (_, name: string) => `"${hideName(name, ours)}"`)
    .replace(PLAIN_NAME, (_, before: string, name: string) => before + hideName(name, ours))
    .replace(PRIVATE_FIELD, (_, field: string, value: string) => {
      return field + value.replace(BARE_NUMBER, (number) => hide(number));
    });
  return shown + body.replace(SDP_ORIGIN, (_, line: string, user: string) => line + hide(user));
}

/** The digits of a number, with its plus. Escapes are undone. */
function digitsOf(number: string): string {
  return number
    .replace(/%2b/giu, '+')
    .replace(/%../gu, '')
    .replace(/[^+\d]/gu, '');
}

/** Blanks around the name stay. */
function hideName(name: string, ours: string): string {
  const bare = name.trim();
  if (bare === '' || (ours !== '' && digitsOf(bare).replace('+', '') === ours)) return name;
  return name.replace(bare, () => maskNumber(bare));
}
