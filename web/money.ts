import type { Language } from './plural.ts';

/** "1,25 zł" of 1250 thousandths of PLN. Thousandths are shown only when there are some. */
export function money(milli: number, currency: string, language: Language): string {
  const fine = milli % 10 !== 0;
  return new Intl.NumberFormat(language === 'pl' ? 'pl-PL' : 'en-GB', {
    style: 'currency',
    currency,
    minimumFractionDigits: 2,
    maximumFractionDigits: fine ? 3 : 2,
  }).format(milli / 1000);
}

/** Thousandths of what somebody typed: "12,50", "-3", "1 000.5". Null when it is no amount. */
export function milliOf(text: string): number | null {
  const plain = text.replace(/[\s\u00a0]/gu, '').replace(',', '.');
  if (!/^[+-]?\d{1,9}(?:\.\d{1,3})?$/u.test(plain)) return null;
  return Math.round(Number(plain) * 1000);
}

/** Thousandths as an input shows them: "12.5"; nothing for null. */
export function milliText(milli: number | null): string {
  return milli === null ? '' : String(milli / 1000);
}
