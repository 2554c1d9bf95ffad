/** A wall clock reading to the minute without a zone, `2026-11-22T13:45`. */
export type LocalMinute = string;

/** Milliseconds of a minute. */
export const MINUTE_MS = 60_000;

const LOCAL = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2})$/u;

/** No zone is further from UTC than this. */
const FURTHEST_MS = 26 * 60 * MINUTE_MS;

const formatters = new Map<string, Intl.DateTimeFormat>();

/** Whether this browser knows the zone. */
export function isZone(zone: string): boolean {
  return formatterOf(zone) !== null;
}

/** What a clock in the zone shows at an instant. An unknown zone is read as UTC. */
export function localOf(atMs: number, zone: string): LocalMinute {
  const minuteMs = Math.floor(atMs / MINUTE_MS) * MINUTE_MS;
  return localOfUtc(minuteMs + offsetMs(minuteMs, zone));
}

/**
 * Instants at which a clock in the zone shows this: one as a rule, none in the hour that is left out in spring, two
 * (the earlier first) in the hour that is doubled in autumn.
 */
export function instantsOf(local: LocalMinute, zone: string): readonly number[] {
  const asUtcMs = utcOf(local);
  if (asUtcMs === null) return [];
  const offsets = new Set([
    offsetMs(asUtcMs - FURTHEST_MS, zone),
    offsetMs(asUtcMs, zone),
    offsetMs(asUtcMs + FURTHEST_MS, zone),
  ]);
  return [...offsets]
    .map((offset) => asUtcMs - offset)
    .filter((atMs) => localOf(atMs, zone) === local)
    .sort((one, other) => one - other);
}

/** The reading some minutes later on a clock that is never put forward or back. */
export function plusMinutes(local: LocalMinute, minutes: number): LocalMinute {
  const asUtcMs = utcOf(local);
  return asUtcMs === null ? local : localOfUtc(asUtcMs + minutes * MINUTE_MS);
}

/** Minutes between two readings; null when one of them is not a date. */
export function minutesBetween(from: LocalMinute, to: LocalMinute): number | null {
  const fromMs = utcOf(from);
  const toMs = utcOf(to);
  return fromMs === null || toMs === null ? null : (toMs - fromMs) / MINUTE_MS;
}

/** A reading with the zone's offset at that instant: `2026-10-25T02:30+01:00`. */
export function withOffset(atMs: number, zone: string): string {
  const minutes = Math.round(offsetMs(atMs, zone) / MINUTE_MS);
  const size = Math.abs(minutes);
  const sign = minutes < 0 ? '-' : '+';
  return `${localOf(atMs, zone)}${sign}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}

/** How far the zone is from UTC at an instant, as people write it: `UTC+2`, `UTC+5:30`, `UTC`. */
export function offsetName(atMs: number, zone: string): string {
  const minutes = Math.round(offsetMs(atMs, zone) / MINUTE_MS);
  if (minutes === 0) return 'UTC';
  const size = Math.abs(minutes);
  const rest = size % 60 === 0 ? '' : `:${two(size % 60)}`;
  return `UTC${minutes < 0 ? '−' : '+'}${Math.floor(size / 60)}${rest}`;
}

/** Whether two zones show the same time at an instant. */
export function sameClock(atMs: number, zone: string, other: string): boolean {
  return offsetMs(atMs, zone) === offsetMs(atMs, other);
}

function offsetMs(atMs: number, zone: string): number {
  const formatter = formatterOf(zone);
  if (formatter === null) return 0;
  const part = new Map(formatter.formatToParts(atMs).map(({ type, value }) => [type, value]));
  const read = (type: Intl.DateTimeFormatPartTypes): number => Number(part.get(type) ?? 0);
  const shownMs = Date.UTC(
    read('year'),
    read('month') - 1,
    read('day'),
    read('hour'),
    read('minute'),
    read('second'),
  );
  return shownMs - Math.floor(atMs / 1000) * 1000;
}

function formatterOf(zone: string): Intl.DateTimeFormat | null {
  const known = formatters.get(zone);
  if (known !== undefined) return known;
  try {
    const made = new Intl.DateTimeFormat('en-GB', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    });
    formatters.set(zone, made);
    return made;
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/** The reading taken for UTC; null when there is no such date. */
function utcOf(local: LocalMinute): number | null {
  const match = LOCAL.exec(local);
  if (match === null) return null;
  const [, year, month, day, hour, minute] = match.map(Number);
  const atMs = Date.UTC(year ?? 0, (month ?? 0) - 1, day, hour, minute);
  return localOfUtc(atMs) === local ? atMs : null;
}

function localOfUtc(atMs: number): LocalMinute {
  return new Date(atMs).toISOString().slice(0, 16);
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}
