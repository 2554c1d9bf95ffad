import { IANAZone } from 'luxon';
import type { DurationMs, WallclockMs } from '../../mixer/protocol/units.ts';

/** What a written date and time stands for. Instants are whole minutes. */
export type ParsedMoment =
  | { readonly outcome: 'instant'; readonly atMs: WallclockMs }
  /** A local time in the hour that is repeated when clocks are set back: the writer must say which. */
  | {
      readonly outcome: 'exists-twice';
      readonly earlierAtMs: WallclockMs;
      readonly laterAtMs: WallclockMs;
    }
  /** A local time in the hour that is skipped when clocks are set forward. */
  | { readonly outcome: 'does-not-exist' }
  | { readonly outcome: 'not-a-date' }
  | { readonly outcome: 'unknown-zone' };

const MINUTE_MS: DurationMs = 60_000;
const DAY_MS: DurationMs = 86_400_000;

/** Longest text worth looking at. */
const LONGEST_TEXT = 40;

/** Date, time, seconds that are dropped, offset. ISO 8601 extended format; a blank may stand for the T. */
const PATTERN =
  /^(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d)(?::([0-5]\d)(?:[.,]\d{1,9})?)?(?:([Zz])|([+-])(\d\d):?(\d\d)?)?$/;

/**
 * Reads ISO 8601 to the minute: `2026-12-01T10:00`, with `Z` or an offset, or without one as local time in `zone`
 * (an IANA name). Seconds are dropped.
 */
export function parseMoment(text: string, zone: string): ParsedMoment {
  const match = text.length > LONGEST_TEXT ? null : PATTERN.exec(text.trim());
  if (match === null) return { outcome: 'not-a-date' };
  const asUtcMs = minuteAsUtc(match.slice(1, 6).map(Number));
  if (asUtcMs === null) return { outcome: 'not-a-date' };
  const [, , , , , , , zulu, sign, hours, minutes] = match;
  if (zulu !== undefined) return { outcome: 'instant', atMs: asUtcMs };
  if (sign === undefined) return inZone(asUtcMs, zone);
  const offsetMinutes = Number(hours) * 60 + Number(minutes ?? '0');
  if (offsetMinutes > 18 * 60 || Number(minutes ?? '0') > 59) return { outcome: 'not-a-date' };
  const offsetMs = offsetMinutes * MINUTE_MS;
  return { outcome: 'instant', atMs: sign === '+' ? asUtcMs - offsetMs : asUtcMs + offsetMs };
}

/** Tells whether `zone` is an IANA time zone that this machine knows. */
export function isKnownZone(zone: string): boolean {
  if (KNOWN_ZONES.has(zone)) return true;
  if (zone === '' || !IANAZone.isValidZone(zone)) return false;
  if (KNOWN_ZONES.size >= MOST_KNOWN_ZONES) KNOWN_ZONES.clear();
  KNOWN_ZONES.add(zone);
  return true;
}

/** Zones that were asked about and are known: the library takes half a millisecond to tell, each time anew. */
const KNOWN_ZONES = new Set<string>();

/** There are about 600; each may be written in capitals and small letters. */
const MOST_KNOWN_ZONES = 1_000;

/** The parts read as UTC, or null when the calendar or the clock has no such minute. */
function minuteAsUtc(parts: readonly number[]): WallclockMs | null {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0] = parts;
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  date.setUTCHours(hour, minute);
  const sameDay = date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  const sameTime = date.getUTCHours() === hour && date.getUTCMinutes() === minute;
  return sameDay && sameTime ? date.getTime() : null;
}

/** Every instant at which clocks in `zone` show the time that `asUtcMs` shows in UTC. */
function inZone(asUtcMs: WallclockMs, zone: string): ParsedMoment {
  if (!isKnownZone(zone)) return { outcome: 'unknown-zone' };
  const known = IANAZone.create(zone);
  // A change of the clocks within a day makes these two differ; each offset is then tried.
  const offsets = new Set([known.offset(asUtcMs - DAY_MS), known.offset(asUtcMs + DAY_MS)]);
  const instants = [...offsets]
    .map((offset) => ({ offset, atMs: asUtcMs - offset * MINUTE_MS }))
    .filter(({ offset, atMs }) => known.offset(atMs) === offset)
    .map(({ atMs }) => atMs)
    .sort((a, b) => a - b);
  const [earlierAtMs, laterAtMs] = instants;
  if (earlierAtMs === undefined) return { outcome: 'does-not-exist' };
  if (laterAtMs === undefined) return { outcome: 'instant', atMs: earlierAtMs };
  return { outcome: 'exists-twice', earlierAtMs, laterAtMs };
}
