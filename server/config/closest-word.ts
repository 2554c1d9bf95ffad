import { distance } from 'fastest-levenshtein';

/** The candidate that `word` was probably meant to be: at most a third of it is wrong; else undefined. */
export function closestWord(word: string, candidates: readonly string[]): string | undefined {
  const wanted = word.toLowerCase();
  let best: string | undefined;
  let fewest = Math.floor(Math.max(word.length, 3) / 3) + 1;
  for (const candidate of candidates) {
    const edits = typingErrors(wanted, candidate.toLowerCase());
    if (edits < fewest) [best, fewest] = [candidate, edits];
  }
  return best;
}

/** Letters in another order are one slip, as in `upd` for `udp`. */
function typingErrors(word: string, candidate: string): number {
  const letters = (text: string): string => Array.from(text).sort().join('');
  const sameLetters = word !== candidate && letters(word) === letters(candidate);
  return sameLetters ? 1 : distance(word, candidate);
}
