/** Letters and signs that do not come apart into a basic letter and a mark, and what stands for them. */
const FOLDED: Readonly<Record<string, string>> = {
  ł: 'l',
  Ł: 'L',
  ø: 'o',
  Ø: 'O',
  đ: 'd',
  Đ: 'D',
  ð: 'd',
  Ð: 'D',
  þ: 'th',
  Þ: 'Th',
  ħ: 'h',
  Ħ: 'H',
  ŧ: 't',
  Ŧ: 'T',
  ı: 'i',
  ĸ: 'k',
  ŋ: 'n',
  Ŋ: 'N',
  æ: 'ae',
  Æ: 'AE',
  œ: 'oe',
  Œ: 'OE',
  ß: 'ss',
  ẞ: 'SS',
  '‘': "'",
  '’': "'",
  '‚': "'",
  '“': '"',
  '”': '"',
  '„': '"',
  '«': '"',
  '»': '"',
  '‐': '-',
  '‑': '-',
  '‒': '-',
  '–': '-',
  '—': '-',
  '−': '-',
  '…': '...',
  '€': 'EUR',
};

/**
 * Writes `text` with printable ASCII alone, so that it is GSM-7 and every phone shows it: Latin letters lose their
 * marks, quotes and dashes become plain ones, any kind of blank a space, a line's end stays. What has no such form
 * becomes `?`.
 */
export function foldToAscii(text: string): string {
  const folded = Array.from(text.normalize('NFC')).map(foldCharacter).join('');
  // The one printable ASCII character that GSM-7 lacks.
  return folded.replaceAll('`', "'");
}

function foldCharacter(character: string): string {
  if (/^[\n\x20-\x7e]$/u.test(character)) return character;
  const folded = FOLDED[character];
  if (folded !== undefined) return folded;
  if (/^\s$/u.test(character)) return ' ';
  const bare = character.normalize('NFKD').replace(/\p{M}/gu, '');
  if (/^[\x20-\x7e]+$/u.test(bare)) return bare;
  // A mark alone, or a zero-width sign, has no width that something would have to stand for.
  return /^[\p{M}\p{Cf}\p{Cc}]$/u.test(character) ? '' : '?';
}
