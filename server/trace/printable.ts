/** Control characters and those that turn the direction of writing. */
const UNSAFE =
  // eslint-disable-next-line no-control-regex -- They are what is looked for.
  /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu;

/** A peer's text as a terminal may show it: what could move the cursor or colour what follows is shown as `\x1b`. */
export function printable(text: string): string {
  return text.replace(UNSAFE, (character) => {
    const code = character.charCodeAt(0).toString(16);
    return code.length > 2 ? `\\u${code.padStart(4, '0')}` : `\\x${code.padStart(2, '0')}`;
  });
}

/** The same for a text of several lines, which stay lines. */
export function printableLines(text: string): readonly string[] {
  return text.split(/\r\n|\n|\r/u).map(printable);
}
