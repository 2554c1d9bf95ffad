import { withoutSeparators } from '../config/phone-number.ts';

/** Longest number, and longest name, that goes any further. */
const MAX_NUMBER_CHARACTERS = 32;

/** What was written: a telephone number without separators, or a name, which is left alone. */
type WrittenNumber =
  | { readonly kind: 'number'; readonly compact: string; readonly context: string }
  | { readonly kind: 'name'; readonly text: string };

const NUMBER = /^\+?[0-9*#]+$/u;
/** The user part of a `sip:` URI, or what a `tel:` URI calls. */
const URI = /^(?:tel:([^?]*)|sips?:([^@?]*)@.*)$/isu;
/** RFC 3966 §3: a context that is a country or an area; domains say nothing about the number. */
const CONTEXT = /;phone-context=(\+[0-9\-.()]{1,16})(?:;|$)/iu;

/**
 * Reads a number as carriers and people write it: with separators, as a `tel:` or `sip:` URI, with RFC 3966's parameters,
 * its `+` escaped. `context`: country and area code of a local number, with a `+`; else empty. Extensions
 * (`;ext=`) and all other parameters go. Text that is no number is a name, cut to `MAX_NUMBER_CHARACTERS`.
 */
export function readNumber(text: string): WrittenNumber {
  const trimmed = text.trim();
  const uri = URI.exec(trimmed);
  const address = (uri?.[1] ?? uri?.[2] ?? trimmed).replace(/^%2b/iu, '+');
  const end = address.indexOf(';');
  const compact = withoutSeparators(end === -1 ? address : address.slice(0, end));
  if (NUMBER.test(compact)) {
    const context = end === -1 ? undefined : CONTEXT.exec(address)?.[1];
    return {
      kind: 'number',
      compact: shortened(compact),
      context: withoutSeparators(context ?? ''),
    };
  }
  if (Array.from(trimmed).length <= MAX_NUMBER_CHARACTERS) return { kind: 'name', text: trimmed };
  // What is left may be a number: it is read as one, or the same text would mean two things.
  return readNumber(shortened(trimmed));
}

/** `text` cut to `MAX_NUMBER_CHARACTERS`. */
export function shortened(text: string): string {
  return text.length <= MAX_NUMBER_CHARACTERS
    ? text
    : Array.from(text).slice(0, MAX_NUMBER_CHARACTERS).join('');
}
