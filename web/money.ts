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
