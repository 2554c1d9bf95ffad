/** Marks that change the direction of writing: with them a title could pretend to be something else. */
const DIRECTION_MARKS = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/** What takes no room and is of no use in a title: it only hides words from filters. */
const INVISIBLE = /[\u200b\u2060\ufeff\u00ad]/gu;

/** Halves of a surrogate pair that stand alone: no UTF-8 exists for them. */
const LONE_SURROGATES = /\p{Surrogate}/gu;

/** Longest line that goes into a header or a heading. */
const LONGEST_LINE = 200;

/**
 * Makes one line of a person's text: whatever could break a header or a calendar line (control characters, line and
 * paragraph separators) becomes a blank, direction marks go. Cut to 200 characters.
 */
export function oneLine(text: string): string {
  const line = withoutMarks(text)
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .trim();
  const characters = Array.from(line);
  return characters.length <= LONGEST_LINE
    ? line
    : `${characters.slice(0, LONGEST_LINE - 1).join('')}…`;
}

/** The same for text of several lines: its line breaks, as `\n`, are kept. At most one empty line in a row. */
export function manyLines(text: string): string {
  return withoutMarks(text)
    .replace(/\r\n?|[\u0085\u2028\u2029\v\f]/gu, '\n')
    .replace(/\t/gu, ' ')
    .replace(/[^\P{Cc}\n]/gu, '')
    .replace(/[^\S\n]+\n/gu, '\n')
    .replace(/\n{3,}/gu, '\n\n')
    .trim();
}

/** Whether text could be taken for an address to click on: such names are left out of mails to strangers. */
export function looksLikeAddress(text: string): boolean {
  return /[/\\@]|www\.|\p{L}\.\p{L}{2,}/iu.test(text);
}

/** With a capital letter at the beginning. */
export function capitalised(text: string): string {
  const [first = ''] = text;
  return first.toUpperCase() + text.slice(first.length);
}

function withoutMarks(text: string): string {
  return text
    .normalize('NFC')
    .replace(LONE_SURROGATES, '\ufffd')
    .replace(DIRECTION_MARKS, '')
    .replace(INVISIBLE, '');
}
