import type { Config } from '../../config/config.ts';

/** What a segment costs to numbers that begin with `prefix`, in currency units of at most three decimals. */
export type SmsPrice = Config['notices']['sms']['prices'][number];

/**
 * Price of one segment to `phone` (E.164) in thousandths of the currency unit, by the longest prefix that fits; null
 * when the list has none.
 */
export function priceMilliOf(phone: string, prices: readonly SmsPrice[]): number | null {
  let best: SmsPrice | null = null;
  for (const price of prices) {
    if (!phone.startsWith(price.prefix)) continue;
    if (best === null || price.prefix.length > best.prefix.length) best = price;
  }
  // Rounded, as 0.57 × 1000 is 569.9999 in binary; the config allows no more than three decimals.
  return best === null ? null : Math.round(best.perSegment * 1000);
}
