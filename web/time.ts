import type { Language } from './plural.ts';

const LOCALES = { pl: 'pl-PL', en: 'en-GB' } as const;

/** How to say a time: in which language and IANA zone. */
export interface TimeStyle {
  readonly language: Language;
  readonly zone: string;
}

/** An instant: epoch ms, or RFC 3339 as the interface writes it. */
export type Instant = number | string;

/** The zone of whoever looks at the page. */
export function viewerZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** Zones that can be chosen. */
export function allZones(): readonly string[] {
  return ['UTC', ...Intl.supportedValuesOf('timeZone').filter((zone) => zone !== 'UTC')];
}

/** Epoch ms of an instant. */
function msOf(instant: Instant): number {
  return typeof instant === 'number' ? instant : Date.parse(instant);
}

/** "wt., 24 listopada 2026, 16:36 CET": day, time and zone. */
export function dateTime(instant: Instant, style: TimeStyle): string {
  return `${dateTimeWithoutZone(instant, style)} ${zoneName(instant, style)}`;
}

/** "wt., 24 listopada 2026, 16:36". Only where the zone is said beside it. */
function dateTimeWithoutZone(instant: Instant, style: TimeStyle): string {
  return `${date(instant, style)}, ${time(instant, style)}`;
}

/** "wt., 24 listopada 2026". */
export function date(instant: Instant, { language, zone }: TimeStyle): string {
  return formatter(language, {
    weekday: 'short',
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    timeZone: zone,
  }).format(msOf(instant));
}

/** "16:36". */
export function time(instant: Instant, { language, zone }: TimeStyle): string {
  return formatter(language, {
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    timeZone: zone,
  }).format(msOf(instant));
}

/** "CET" or "GMT+1": what the zone is called at that instant, which differs in summer and winter. */
export function zoneName(instant: Instant, { language, zone }: TimeStyle): string {
  const parts = formatter(language, { timeZone: zone, timeZoneName: 'short' }).formatToParts(
    msOf(instant),
  );
  return parts.find((part) => part.type === 'timeZoneName')?.value ?? zone;
}

/** "Europe/Warsaw" as "Warsaw": the place that people know the zone by. */
export function zonePlace(zone: string): string {
  return (zone.split('/').at(-1) ?? zone).replaceAll('_', ' ');
}

/** From and to with the zone once; the day of the end is said only when it is another. */
export function range(from: Instant, to: Instant, style: TimeStyle): string {
  const sameDay = date(from, style) === date(to, style);
  const end = sameDay ? time(to, style) : dateTimeWithoutZone(to, style);
  const zones = new Set([zoneName(from, style), zoneName(to, style)]);
  // On a night when clocks change the two ends are in different zones.
  if (zones.size > 1) return `${dateTime(from, style)} – ${end} ${zoneName(to, style)}`;
  return `${dateTimeWithoutZone(from, style)} – ${end} ${zoneName(to, style)}`;
}

/** Whether two zones show another time at that instant. */
export function zonesDiffer(instant: Instant, oneZone: string, otherZone: string): boolean {
  return localInput(instant, oneZone) !== localInput(instant, otherZone);
}

/** `YYYY-MM-DDTHH:mm` in a zone: what inputs for date and time take. */
export function localInput(instant: Instant, zone: string): string {
  const parts = formatter('en', {
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    timeZone: zone,
  }).formatToParts(msOf(instant));
  const of = (type: string): string => parts.find((part) => part.type === type)?.value ?? '';
  return `${of('year').padStart(4, '0')}-${of('month')}-${of('day')}T${of('hour')}:${of('minute')}`;
}

const STEPS = [
  { unit: 'day', ms: 86_400_000 },
  { unit: 'hour', ms: 3_600_000 },
  { unit: 'minute', ms: 60_000 },
] as const;

/** "za 3 godziny", "2 days ago". Whole units, the largest that fits; less than a minute is "teraz". */
export function relative(instant: Instant, nowMs: number, language: Language): string {
  const awayMs = msOf(instant) - nowMs;
  const format = new Intl.RelativeTimeFormat(LOCALES[language], { numeric: 'auto' });
  for (const { unit, ms } of STEPS) {
    if (Math.abs(awayMs) >= ms) return format.format(Math.trunc(awayMs / ms), unit);
  }
  return format.format(0, 'second');
}

/** "16:36" today, "jutro"-like dates otherwise: "śr., 25 listopada 2026, 16:36". Without the zone. */
export function shortMoment(instant: Instant, nowMs: number, style: TimeStyle): string {
  return date(instant, style) === date(nowMs, style)
    ? time(instant, style)
    : dateTimeWithoutZone(instant, style);
}

/** Formatters are dear to make, and pages need the same few again and again. */
const formatters = new Map<string, Intl.DateTimeFormat>();

function formatter(language: Language, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${language} ${JSON.stringify(options)}`;
  const known = formatters.get(key);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat(LOCALES[language], options);
  formatters.set(key, made);
  return made;
}
