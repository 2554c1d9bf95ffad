import { DateTime, IANAZone } from 'luxon';
import type { WallclockMs } from '../../../mixer/protocol/units.ts';
import type { Language } from '../../reservation/reservation.ts';

/** A time as people read it, in a zone that is always named. */
export interface ZonedTime {
  readonly language: Language;
  /** IANA zone. */
  readonly zone: string;
}

const LONG_DATE = 'cccc, d MMMM yyyy';

/** From when until when, and on which clock. */
export interface Period {
  readonly text: string;
  readonly zone: string;
}

/**
 * From when until when, `wtorek, 1 grudnia 2026, 10:00–11:00 (czas warszawski, UTC+1)`. Both dates stand there when
 * they differ, and both offsets when the clocks are changed in between.
 */
export function periodText(
  startAtMs: WallclockMs,
  endAtMs: WallclockMs,
  reading: ZonedTime,
): string {
  const { text, zone } = periodOf(startAtMs, endAtMs, reading);
  return `${text} (${zone})`;
}

/** The same in two parts, for where the zone stands apart. */
export function periodOf(startAtMs: WallclockMs, endAtMs: WallclockMs, reading: ZonedTime): Period {
  const start = localTime(startAtMs, reading);
  const end = localTime(endAtMs, reading);
  const sameOffset = start.offset === end.offset;
  const from = `${start.toFormat(`${LONG_DATE}, HH:mm`)}${sameOffset ? '' : ` (${offsetText(start)})`}`;
  const isOneDay = haveSameDate(start, end);
  const until = isOneDay ? end.toFormat('HH:mm') : end.toFormat(`${LONG_DATE}, HH:mm`);
  const dash = isOneDay && sameOffset ? '–' : ' – ';
  return { text: `${from}${dash}${until}`, zone: zoneText(end, reading) };
}

/** One instant: `wtorek, 1 grudnia 2026, 10:00 (czas warszawski, UTC+1)`. */
export function instantText(atMs: WallclockMs, reading: ZonedTime): string {
  const time = localTime(atMs, reading);
  return `${time.toFormat(`${LONG_DATE}, HH:mm`)} (${zoneText(time, reading)})`;
}

/** Short, for a subject: `1 grudnia 2026, 10:00`. The zone stands in the message. */
export function shortText(atMs: WallclockMs, reading: ZonedTime): string {
  return localTime(atMs, reading).toFormat('d MMMM yyyy, HH:mm');
}

/** Hours and minutes alone, `09:55`. */
export function clockText(atMs: WallclockMs, reading: ZonedTime): string {
  return localTime(atMs, reading).toFormat('HH:mm');
}

/** Whether two instants are on one day where the reservation is. */
export function isSameDay(one: WallclockMs, other: WallclockMs, reading: ZonedTime): boolean {
  return haveSameDate(localTime(one, reading), localTime(other, reading));
}

/** The zone that this machine knows by this name, else UTC: an unknown name must not lose the message. */
export function knownZone(zone: string): string {
  // `create` remembers what it has found out; asking anew costs a millisecond each time.
  return zone !== '' && IANAZone.create(zone).isValid ? zone : 'UTC';
}

function localTime(atMs: WallclockMs, { zone, language }: ZonedTime): DateTime {
  const locale = language === 'pl' ? 'pl' : 'en-GB';
  return DateTime.fromMillis(atMs, { zone: knownZone(zone), locale });
}

/** Quicker than the library's `hasSame`, which looks for the beginning and the end of the day. */
function haveSameDate(one: DateTime, other: DateTime): boolean {
  return one.year === other.year && one.ordinal === other.ordinal;
}

/** `czas warszawski, UTC+1`. */
function zoneText(time: DateTime, { zone, language }: ZonedTime): string {
  const name = knownZone(zone);
  if (/^(?:Etc\/)?(?:UTC|UCT|GMT|Universal|Zulu)$/u.test(name)) return 'UTC';
  const city = name.split('/').at(-1)?.replaceAll('_', ' ') ?? name;
  const words = { pl: `strefa czasowa ${name}`, en: `${city} time` }[language];
  const known = name === 'Europe/Warsaw' && language === 'pl' ? 'czas warszawski' : words;
  return `${known}, ${offsetText(time)}`;
}

/** `UTC+1`, `UTC−3:30`. */
function offsetText(time: DateTime): string {
  const minutes = Math.abs(time.offset);
  const sign = time.offset < 0 ? '−' : '+';
  const rest = minutes % 60;
  const tail = rest === 0 ? '' : `:${String(rest).padStart(2, '0')}`;
  return `UTC${sign}${Math.floor(minutes / 60)}${tail}`;
}
