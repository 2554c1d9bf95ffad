import { plural, type Language, type PluralForms } from '../plural.ts';

const DAY_MINUTES = 24 * 60;

const FORMS: Readonly<
  Record<
    Language,
    { readonly day: PluralForms; readonly hour: PluralForms; readonly minute: PluralForms }
  >
> = {
  pl: {
    day: { one: 'dzień', few: 'dni', many: 'dni', other: 'dnia' },
    hour: { one: 'godzina', few: 'godziny', many: 'godzin', other: 'godziny' },
    minute: { one: 'minuta', few: 'minuty', many: 'minut', other: 'minuty' },
  },
  en: {
    day: { one: 'day', other: 'days' },
    hour: { one: 'hour', other: 'hours' },
    minute: { one: 'minute', other: 'minutes' },
  },
};

/** A length of time in words: "1 godzina 15 minut", "2 days 3 hours". */
export function durationText(minutes: number, language: Language): string {
  const whole = Math.max(0, Math.round(minutes));
  const parts = [
    { unit: 'day', count: Math.floor(whole / DAY_MINUTES) },
    { unit: 'hour', count: Math.floor((whole % DAY_MINUTES) / 60) },
    { unit: 'minute', count: whole % 60 },
  ] as const;
  const said = parts
    .filter(({ count }) => count > 0)
    .map(({ unit, count }) => `${count} ${plural(language, count, FORMS[language][unit])}`);
  return said.length === 0 ? `0 ${FORMS[language].minute.many ?? 'minutes'}` : said.join(' ');
}
