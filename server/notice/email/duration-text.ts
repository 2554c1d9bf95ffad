import type { DurationMs } from '../../../mixer/protocol/units.ts';
import type { Language } from '../../reservation/reservation.ts';

const MINUTE_MS = 60_000;

type Unit = 'minute' | 'hour' | 'day';

/** Forms of a unit for `Intl.PluralRules`; the accusative in Polish, as after a verb or "przez". */
const FORMS: Readonly<Record<Language, Readonly<Record<Unit, Readonly<Record<string, string>>>>>> =
  {
    pl: {
      minute: { one: 'minutę', few: 'minuty', many: 'minut' },
      hour: { one: 'godzinę', few: 'godziny', many: 'godzin' },
      day: { one: 'dzień', few: 'dni', many: 'dni' },
    },
    en: {
      minute: { one: 'minute', other: 'minutes' },
      hour: { one: 'hour', other: 'hours' },
      day: { one: 'day', other: 'days' },
    },
  };

/**
 * A length of time in the unit that fits, `45 minut`, `24 godziny`, `7 dni`: minutes below two hours, days from three
 * days on. Never less than a minute.
 */
export function durationText(durationMs: DurationMs, language: Language): string {
  const minutes = Math.max(1, Math.round(durationMs / MINUTE_MS));
  if (minutes < 120) return counted(minutes, 'minute', language);
  const hours = Math.round(minutes / 60);
  if (hours < 72) return counted(hours, 'hour', language);
  return counted(Math.round(hours / 24), 'day', language);
}

function counted(count: number, unit: Unit, language: Language): string {
  const forms = FORMS[language][unit];
  const form = forms[new Intl.PluralRules(language).select(count)];
  return `${count} ${form ?? forms['other'] ?? unit}`;
}
