/** Characters that would break a line, or turn the direction of what follows them. */
const UNSEEN = /[\p{Cc}\p{Zl}\p{Zp}\u200E\u200F\u202A-\u202E\u2066-\u2069]/gu;
const LONGEST = 60;

/** A guest's name as the others may see it: one line, 1–60 characters. */
export function cleanName(name: string): string {
  const line = name.replace(UNSEEN, ' ').replace(/\s+/gu, ' ').trim();
  const shown = Array.from(line).slice(0, LONGEST).join('').trim();
  return shown === '' ? '?' : shown;
}
