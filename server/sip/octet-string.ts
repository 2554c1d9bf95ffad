/**
 * Octet strings: one character for each octet, 0–255. Headers are kept so, because what is echoed in a response must be
 * the same octets that came in, valid UTF-8 or not, and because character codes of such strings are cheap to look at.
 */

/** The octets `start` to `end` as an octet string. */
export function octetsToString(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('latin1');
}

/** Reads an octet string as UTF-8; octets that are no UTF-8 become U+FFFD. */
export function decodeUtf8(octets: string): string {
  for (let i = 0; i < octets.length; i += 1) {
    if (octets.charCodeAt(i) > 0x7f) return Buffer.from(octets, 'latin1').toString('utf8');
  }
  return octets;
}

/** Writes text as an octet string of its UTF-8. */
export function encodeUtf8(text: string): string {
  for (let i = 0; i < text.length; i += 1) {
    if (text.charCodeAt(i) > 0x7f) return Buffer.from(text, 'utf8').toString('latin1');
  }
  return text;
}

/**
 * Text from a peer, fit to be kept and shown: without control characters (among them those that turn the direction of
 * writing around), trimmed, and at most `maxCharacters` long.
 */
export function presentable(text: string, maxCharacters: number): string {
  const shown = [];
  for (const character of text) {
    if (shown.length === maxCharacters) break;
    if (!isControl(character.codePointAt(0) ?? 0)) shown.push(character);
  }
  return shown.join('').trim();
}

function isControl(codePoint: number): boolean {
  return (
    codePoint < 0x20 ||
    (codePoint >= 0x7f && codePoint < 0xa0) ||
    (codePoint >= 0x200e && codePoint <= 0x200f) ||
    (codePoint >= 0x2028 && codePoint <= 0x202e) ||
    (codePoint >= 0x2066 && codePoint <= 0x2069)
  );
}
