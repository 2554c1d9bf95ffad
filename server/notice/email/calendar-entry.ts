import ical, {
  ICalAlarmType,
  ICalAttendeeRole,
  ICalAttendeeStatus,
  ICalAttendeeType,
  ICalCalendarMethod,
  ICalEventBusyStatus,
  ICalEventClass,
  ICalEventStatus,
  ICalEventTransparency,
} from 'ical-generator';
import type { ICalEventData, ICalOrganizer } from 'ical-generator';
import { DateTime } from 'luxon';
import { tzlib_get_ical_block } from 'timezones-ical-library';
import type { EmailMessage, ReservationFacts } from '../notice.ts';
import { accessFacts, cleanNames, notePart, numberFacts, phoneSteps } from './access-part.ts';
import { withConferences } from './calendar-conference.ts';
import type { Conference } from './calendar-conference.ts';
import { oneLine } from './clean-text.ts';
import type { EmailSettings } from './email-content.ts';
import { blockText } from './letter-text.ts';
import { reservationWords } from './reservation-words.ts';
import { telUri } from './tel-uri.ts';
import { knownZone } from './time-text.ts';

/** How long before the start the calendar rings. */
const ALARM_S = 900;

/** Longer ones do not make their people busy: somebody invited to a room for a fortnight is not away for a fortnight. */
const LONGEST_BUSY_MS = 86_400_000;

/** What the entry is for. `organiser`: has the ADMIN PIN, and is closed to people whom a calendar is shared with. */
export interface CalendarPurpose extends EmailSettings {
  readonly method: 'REQUEST' | 'CANCEL' | 'PUBLISH';
  readonly reader: 'participant' | 'organiser';
  /** Who it is addressed to; null for PUBLISH, which has no attendees (RFC 5546 §3.2.1). */
  readonly recipient: string | null;
}

/** iCalendar text of a reservation for downloading, METHOD:PUBLISH, without the ADMIN PIN. */
export function calendarFile(facts: ReservationFacts, settings: EmailSettings): string {
  return calendarEntry(facts, {
    ...settings,
    method: 'PUBLISH',
    reader: 'participant',
    recipient: null,
  }).text;
}

/**
 * The calendar object that goes with an e-mail (RFC 5545, RFC 5546). The UID stays, SEQUENCE is the reservation's
 * version, so that each one replaces those before.
 *
 * A cancellation says `STATUS:CANCELLED` also to somebody who alone was taken off the list, where RFC 5546 §3.2.5 would
 * leave it out: it is that person's copy only, and calendars drop it more surely so.
 */
export function calendarEntry(
  facts: ReservationFacts,
  purpose: CalendarPurpose,
): NonNullable<EmailMessage['calendar']> {
  const calendar = ical({
    prodId: { company: 'Konfa', product: 'Konfa', language: purpose.language.toUpperCase() },
    method: ICalCalendarMethod[purpose.method],
    timezone: { name: null, generator: zoneBlock },
    scale: 'GREGORIAN',
  });
  calendar.createEvent(eventData(facts, purpose));
  // The last line is a line too (RFC 5545 §3.1).
  const text = `${calendar.toString()}\r\n`;
  return { method: purpose.method, text: withConferences(text, conferences(facts, purpose)) };
}

/** The ways in; a cancelled entry has none. */
function conferences(facts: ReservationFacts, purpose: CalendarPurpose): readonly Conference[] {
  if (purpose.method === 'CANCEL') return [];
  const words = reservationWords(purpose.language);
  const phone = telUri(facts);
  return [
    { features: ['AUDIO'], label: words.browserButton, uri: browserUrl(facts) },
    ...(phone === null ? [] : [{ features: ['PHONE'] as const, label: words.byPhone, uri: phone }]),
  ];
}

/** Where the reader enters by browser: an organiser as moderator. */
function browserUrl({ moderatorUrl, joinUrl }: ReservationFacts): string {
  return moderatorUrl ?? joinUrl;
}

function eventData(facts: ReservationFacts, purpose: CalendarPurpose): ICalEventData {
  const { reservation } = facts;
  const { startAtMs, endAtMs } = reservation;
  const zone = calendarZone(reservation.zone);
  const words = reservationWords(purpose.language);
  const { title } = cleanNames(facts);
  const isLong = endAtMs - startAtMs > LONGEST_BUSY_MS;
  const isOff = purpose.method === 'CANCEL';
  return {
    id: `${reservation.reservationId}@konfa`,
    sequence: reservation.version,
    stamp: new Date(purpose.nowMs),
    created: new Date(reservation.createdAtMs),
    start: DateTime.fromMillis(startAtMs, { zone: zone ?? 'UTC' }),
    end: DateTime.fromMillis(endAtMs, { zone: zone ?? 'UTC' }),
    timezone: zone,
    summary: title === '' ? words.untitled : title,
    description: description(facts, purpose),
    location: locationText(facts),
    url: browserUrl(facts),
    organizer: organizer(facts, purpose),
    attendees: attendees(purpose),
    categories: [{ name: words.category }],
    status: isOff ? ICalEventStatus.CANCELLED : ICalEventStatus.CONFIRMED,
    transparency:
      isLong || isOff ? ICalEventTransparency.TRANSPARENT : ICalEventTransparency.OPAQUE,
    busystatus: isLong || isOff ? ICalEventBusyStatus.FREE : ICalEventBusyStatus.BUSY,
    class: purpose.reader === 'organiser' ? ICalEventClass.PRIVATE : ICalEventClass.PUBLIC,
    alarms: isOff
      ? []
      : [{ type: ICalAlarmType.display, trigger: ALARM_S, description: title || words.untitled }],
  };
}

/** How to get in, as plain text. A cancelled entry says nothing of it. */
function description(facts: ReservationFacts, purpose: CalendarPurpose): string {
  const words = reservationWords(purpose.language);
  if (purpose.method === 'CANCEL') return '';
  const uri = telUri(facts);
  const rows = [...accessFacts(facts, words, purpose.reader), ...numberFacts(facts, words)];
  return [
    ...notePart(facts, words).map(blockText),
    blockText({ kind: 'facts', facts: rows }),
    ...(uri === null ? [] : [`${words.oneTap}:\n${uri}`]),
    `${words.byBrowser}:\n${browserUrl(facts)}`,
    ...phoneSteps(facts, words).map(blockText),
  ].join('\n\n');
}

/** The number to call; without one, the page to open. */
function locationText(facts: ReservationFacts): string {
  const [access] = facts.accessNumbers;
  const url = browserUrl(facts);
  return access === undefined ? url : `${access.shown}, ${url}`;
}

/**
 * Who invites. To the organiser it is the service, since calendars take no invitation from their own user; on behalf of
 * the organiser it is the service that sends, which SENT-BY tells (RFC 5545 §3.2.18).
 */
function organizer(facts: ReservationFacts, purpose: CalendarPurpose): ICalOrganizer {
  const service = { name: parameterText(purpose.fromName), email: purpose.fromAddress };
  const { organiser } = facts;
  if (organiser === null || purpose.reader === 'organiser') return service;
  const name = cleanNames(facts).organiser ?? organiser.email;
  return {
    name: parameterText(name),
    email: oneLine(organiser.email),
    ...(purpose.method === 'PUBLISH' ? {} : { sentBy: purpose.fromAddress }),
  };
}

function attendees({ recipient }: CalendarPurpose): NonNullable<ICalEventData['attendees']> {
  if (recipient === null) return [];
  return [
    {
      email: oneLine(recipient),
      name: parameterText(recipient),
      role: ICalAttendeeRole.REQ,
      status: ICalAttendeeStatus.NEEDSACTION,
      type: ICalAttendeeType.INDIVIDUAL,
      rsvp: false,
    },
  ];
}

/** A quoted parameter has no way to hold a double quote (RFC 5545 §3.2), and a backslash in it would be doubled. */
function parameterText(text: string): string {
  return oneLine(text).replaceAll('"', "'").replaceAll('\\', '/');
}

/** The name under which the library has the zone: `UTC` is `Etc/UTC` there. Null: it has none, and UTC is written. */
function calendarZone(zone: string): string | null {
  const [, name = ''] = zoneParts(knownZone(zone));
  return name === '' ? null : name.replace(/^TZID=/u, '');
}

function zoneBlock(zone: string): string | null {
  const [block = ''] = zoneParts(zone);
  return block === '' ? null : block;
}

/** What the library said of zones: it unpacks its data at every question. Only zones that there are get in. */
const ZONE_PARTS = new Map<string, readonly string[]>();

function zoneParts(zone: string): readonly string[] {
  const known = ZONE_PARTS.get(zone);
  if (known !== undefined) return known;
  const found = tzlib_get_ical_block(zone);
  const parts = typeof found === 'string' ? [] : found;
  if (parts.length > 0) ZONE_PARTS.set(zone, parts);
  return parts;
}
