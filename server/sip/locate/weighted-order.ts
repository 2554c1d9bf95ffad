import type { Random } from '../../runtime/random.ts';

/**
 * Brings things of one priority into the order in which they are to be tried: each is next with a chance that is in
 * proportion to its weight among those that are left; those of weight 0 hardly ever come first (RFC 2782, "Usage rules").
 */
export function weightedOrder<Item extends { readonly weight: number }>(
  items: readonly Item[],
  random: Random,
): readonly Item[] {
  // Weight 0 stands first, so that it is taken only by the lowest of all numbers drawn.
  const left = [...items.filter(isWeightless), ...items.filter((item) => !isWeightless(item))];
  const ordered: Item[] = [];
  while (left.length > 0) {
    const sum = left.reduce((total, { weight }) => total + Math.max(0, weight), 0);
    const drawn = random.integer(sum + 1);
    let running = 0;
    const found = left.findIndex(({ weight }) => {
      running += Math.max(0, weight);
      return running >= drawn;
    });
    ordered.push(...left.splice(Math.max(0, found), 1));
  }
  return ordered;
}

function isWeightless({ weight }: { readonly weight: number }): boolean {
  return weight <= 0;
}
