import type { Language } from '../reservation/reservation.ts';

/** Longest Accept-Language worth reading. */
const LONGEST_HEADER = 500;

/** The language a browser prefers of those we speak, by `q` (RFC 9110 §12.5.4); null when it asks for neither. */
export function preferredLanguage(acceptLanguage: string | undefined): Language | null {
  if (acceptLanguage === undefined || acceptLanguage.length > LONGEST_HEADER) return null;
  const wishes = acceptLanguage.split(',').map((part, index) => {
    const [range = '', ...parameters] = part.trim().toLowerCase().split(';');
    const weight = parameters.map((text) => /^\s*q=([01](?:\.\d{0,3})?)\s*$/u.exec(text)?.[1]);
    return { tag: range.split('-')[0] ?? '', quality: Number(weight[0] ?? '1'), index };
  });
  const [best] = wishes
    .filter(({ tag, quality }) => (tag === 'pl' || tag === 'en') && quality > 0)
    .toSorted((one, other) => other.quality - one.quality || one.index - other.index);
  if (best === undefined) return null;
  return best.tag === 'pl' ? 'pl' : 'en';
}
