import { SipParseError } from './sip-parse-error.ts';

const TAB = 9;
const SPACE = 32;
const QUOTE = 34;
const COMMA = 44;
const SEMICOLON = 59;
const LESS_THAN = 60;
const EQUALS = 61;
const BACKSLASH = 92;

/** Whether the character is a blank or a tab: what is left of linear white space after unfolding. */
export function isBlank(code: number): boolean {
  return code === SPACE || code === TAB;
}

/** `text` from `start` to `end` without blanks at either side. Cheaper than slicing and trimming. */
export function trimmed(text: string, start: number, end: number): string {
  let from = start;
  let to = end;
  while (from < to && isBlank(text.charCodeAt(from))) from += 1;
  while (to > from && isBlank(text.charCodeAt(to - 1))) to -= 1;
  return text.slice(from, to);
}

/**
 * The position after the quoted string that opens at `at`.
 * @throws SipParseError when it is not closed.
 */
export function skipQuoted(text: string, at: number): number {
  for (let i = at + 1; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    if (code === BACKSLASH) i += 1;
    else if (code === QUOTE) return i + 1;
  }
  throw new SipParseError('Unbalanced Quotes');
}

/**
 * The next `wanted` character from `at` on that is outside quoted strings and angle brackets, or the length of `text`.
 * @throws SipParseError when a quoted string or an angle bracket is not closed.
 */
export function findOutside(text: string, wanted: number, at: number): number {
  let i = at;
  while (i < text.length) {
    const code = text.charCodeAt(i);
    if (code === wanted) return i;
    if (code === QUOTE) {
      i = skipQuoted(text, i);
    } else if (code === LESS_THAN) {
      i = text.indexOf('>', i) + 1;
      if (i === 0) throw new SipParseError('Unbalanced Angle Brackets');
    } else {
      i += 1;
    }
  }
  return i;
}

/**
 * Splits a header value at its commas (RFC 3261 §7.3.1); commas in quoted strings and angle brackets do not count.
 * Empty elements are left out.
 * @throws SipParseError when a quoted string or an angle bracket is not closed.
 */
export function splitList(value: string): readonly string[] {
  if (value.indexOf(',') === -1) return value === '' ? [] : [value];
  const elements: string[] = [];
  let start = 0;
  while (start <= value.length) {
    const end = findOutside(value, COMMA, start);
    const element = trimmed(value, start, end);
    if (element !== '') elements.push(element);
    start = end + 1;
  }
  return elements;
}

/** What a quoted string stands for; text that is not quoted is returned as it is. */
export function unquote(text: string): string {
  if (text.charCodeAt(0) !== QUOTE) return text;
  const inner = text.slice(1, text.endsWith('"') && text.length > 1 ? -1 : undefined);
  if (inner.indexOf('\\') === -1) return inner;
  let plain = '';
  for (let i = 0; i < inner.length; i += 1) {
    if (inner.charCodeAt(i) === BACKSLASH && i + 1 < inner.length) i += 1;
    plain += inner.charAt(i);
  }
  return plain;
}

/** `text` as a quoted string (RFC 3261 §25.1). Line ends become blanks. */
export function quote(text: string): string {
  return `"${text.replace(/[\r\n]/g, ' ').replace(/["\\]/g, '\\$&')}"`;
}

/**
 * Looks a parameter up in `;name=value;flag`, without regard to case in the name.
 * Returns its value unquoted, `''` for a flag, and undefined when it is not there.
 * @throws SipParseError when a quoted string is not closed.
 */
export function parameter(parameters: string, name: string): string | undefined {
  let found: string | undefined;
  forEachParameter(parameters, (each, value) => {
    if (found === undefined && each.length === name.length && each.toLowerCase() === name) {
      found = value === undefined ? '' : unquote(value);
    }
  });
  return found;
}

/**
 * Calls `visit` with each parameter of `;name=value;flag`, the value as it is written, undefined for a flag.
 * @throws SipParseError when a quoted string is not closed.
 */
export function forEachParameter(
  parameters: string,
  visit: (name: string, value: string | undefined) => void,
): void {
  let start = 0;
  while (start < parameters.length) {
    const end = findOutside(parameters, SEMICOLON, start);
    let equals = start;
    while (equals < end && parameters.charCodeAt(equals) !== EQUALS) equals += 1;
    const name = trimmed(parameters, start, equals);
    if (name !== '') {
      visit(name, equals < end ? trimmed(parameters, equals + 1, end) : undefined);
    }
    start = end + 1;
  }
}

/**
 * Reads a whole number of decimal digits.
 * @throws SipParseError when it is none, or above `max`.
 */
export function parseDigits(text: string, max: number, what: string): number {
  if (text === '' || text.length > 20) throw new SipParseError(`Bad ${what}`);
  let value = 0;
  for (let i = 0; i < text.length; i += 1) {
    const digit = text.charCodeAt(i) - 48;
    if (digit < 0 || digit > 9) throw new SipParseError(`Bad ${what}`);
    value = value * 10 + digit;
  }
  if (value > max) throw new SipParseError(`Bad ${what}`);
  return value;
}

/** Whether all characters are those of a token (RFC 3261 §25.1), and there is one at least. */
export function isToken(text: string): boolean {
  for (let i = 0; i < text.length; i += 1) {
    if (TOKEN_CHARACTERS[text.charCodeAt(i)] !== 1) return false;
  }
  return text !== '';
}

const TOKEN_CHARACTERS: Uint8Array = characterSet(
  "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-.!%*_+`'~",
);

function characterSet(members: string): Uint8Array {
  const set = new Uint8Array(256);
  for (let i = 0; i < members.length; i += 1) set[members.charCodeAt(i)] = 1;
  return set;
}

export { LESS_THAN, QUOTE, SEMICOLON };
