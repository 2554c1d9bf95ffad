/** Characters that would break a line, or turn the direction of what follows them. */
const UNSEEN = /[\p{Cc}\p{Zl}\p{Zp}\p{Surrogate}\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/gu;
/** Leaves nothing on a screen, and would make two names that differ look alike. Joiners of emoji are none of them. */
const BLANK =
  /[\u00AD\u115F\u1160\u180E\u200B\u2060-\u2065\u206A-\u206F\u2800\u3164\uFEFF\uFFA0\u{E0000}-\u{E0FFF}]/gu;
/** The server masks numbers by asterisks: no guest shall look like a telephone. */
const MASK = /\*/gu;
/** Marks upon marks would cover the lines above and below. */
const TOWER = /(\p{M}{3})\p{M}+/gu;
const VISIBLE = /[^\p{C}\p{Z}\p{M}]/u;
const LONGEST = 60;

/** A guest's name as the others may see it: one line, 1–60 characters, of which one can be seen. */
export function cleanName(name: string): string {
  const line = name
    .replace(UNSEEN, ' ')
    .replace(BLANK, '')
    .replace(MASK, '')
    .replace(TOWER, '$1')
    .replace(/\s+/gu, ' ')
    .trim();
  const shown = Array.from(line).slice(0, LONGEST).join('').trim();
  return VISIBLE.test(shown) ? shown : '?';
}
