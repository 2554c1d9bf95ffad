import { DateTime } from 'luxon';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { calendarEntry, calendarFile } from '../../../../server/notice/email/calendar-entry.ts';
import type { CalendarPurpose } from '../../../../server/notice/email/calendar-entry.ts';
import { reservationEmail } from '../../../../server/notice/email/reservation-email.ts';
import type { ReservationNoticeKind } from '../../../../server/notice/notice.ts';
import { only, property, readCalendar } from './icalendar-reader.ts';
import type { CalendarComponent } from './icalendar-reader.ts';
import { HOUR_MS, sampleFacts, sampleSettings, START_AT_MS } from './sample-facts.ts';

const REQUEST: CalendarPurpose = {
  ...sampleSettings('pl'),
  method: 'REQUEST',
  reader: 'participant',
};

function valueOf(component: CalendarComponent, name: string): string | null {
  return property(component, name)?.value ?? null;
}

/** The offset that a VTIMEZONE of two yearly rules gives to a local time of its zone, RFC 5545 §3.6.5. */
function offsetByRules(zone: CalendarComponent, local: DateTime): string | null {
  const begun = zone.components
    .flatMap((rule) => {
      const recurrence = valueOf(rule, 'RRULE');
      const [, month, which, day] =
        /^FREQ=YEARLY;BYMONTH=(\d+);BYDAY=(-?\d)([A-Z]{2})$/u.exec(recurrence ?? '') ?? [];
      const time = DateTime.fromFormat(valueOf(rule, 'DTSTART') ?? '', "yyyyLLdd'T'HHmmss", {
        zone: 'utc',
      });
      if (month === undefined || which !== '-1' || day !== 'SU') throw new Error('another rule');
      return [local.year - 1, local.year].map((year) => {
        const lastDay = DateTime.utc(year, Number(month), 1).endOf('month').startOf('day');
        const sunday = lastDay.minus({ days: lastDay.weekday % 7 });
        return {
          at: sunday.set({ hour: time.hour, minute: time.minute }).toMillis(),
          offset: valueOf(rule, 'TZOFFSETTO'),
        };
      });
    })
    .filter(({ at }) => at <= local.toMillis())
    .sort((one, other) => other.at - one.at);
  return begun[0]?.offset ?? null;
}

test('invites with METHOD:REQUEST to an event that is named, timed and confirmed (RFC 5546 §3.2.2)', () => {
  const { method, text } = calendarEntry(sampleFacts(), REQUEST);

  const calendar = readCalendar(text);
  const event = only(calendar, 'VEVENT');
  assert.is(method, 'REQUEST');
  assert.is(valueOf(calendar, 'METHOD'), 'REQUEST');
  assert.is(valueOf(calendar, 'VERSION'), '2.0');
  assert.is(valueOf(calendar, 'PRODID'), '-//Konfa//Konfa//PL');
  assert.is(valueOf(event, 'UID'), `${'ab'.repeat(16)}@konfa`);
  assert.is(valueOf(event, 'SEQUENCE'), '3');
  assert.is(valueOf(event, 'DTSTAMP'), '20261130T090000Z');
  assert.equal(property(event, 'DTSTART'), {
    name: 'DTSTART',
    parameters: { TZID: 'Europe/Warsaw' },
    value: '20261201T100000',
  });
  assert.is(valueOf(event, 'DTEND'), '20261201T110000');
  assert.is(valueOf(event, 'SUMMARY'), 'Narada zarządu');
  assert.is(valueOf(event, 'STATUS'), 'CONFIRMED');
  assert.is(valueOf(event, 'TRANSP'), 'OPAQUE');
  assert.is(valueOf(event, 'URL'), sampleFacts().joinUrl);
  assert.match(valueOf(event, 'LOCATION') ?? '', '22 350 09 08');
  assert.is(valueOf(event, 'CATEGORIES'), 'Telekonferencja');
});

/** CONFERENCE properties: features, and where each leads. */
function conferencesOf(text: string): readonly (readonly (string | undefined)[])[] {
  return only(readCalendar(text), 'VEVENT')
    .properties.filter(({ name }) => name === 'CONFERENCE')
    .map(({ parameters, value }) => [parameters['VALUE'], parameters['FEATURE'], value]);
}

test('offers both ways in as CONFERENCE (RFC 7986 §5.11), each by the link of the reader', () => {
  const tel = 'tel:+48223500908,,1,,12345%23,,54321%23';
  const { joinUrl } = sampleFacts();
  assert.equal(conferencesOf(calendarEntry(sampleFacts(), REQUEST).text), [
    ['URI', 'AUDIO', joinUrl],
    ['URI', 'PHONE', tel],
  ]);
  const moderatorUrl = 'https://konfa.example.org/j/moderator';
  const facts = sampleFacts({}, { moderatorUrl });
  const ofOrganiser = calendarEntry(facts, { ...REQUEST, reader: 'organiser' }).text;
  assert.equal(conferencesOf(ofOrganiser)[0], ['URI', 'AUDIO', moderatorUrl]);
  const nobody = sampleFacts({}, { accessNumbers: [] });
  assert.is(conferencesOf(calendarEntry(nobody, REQUEST).text).length, 1);
  assert.equal(conferencesOf(calendarEntry(facts, { ...REQUEST, method: 'CANCEL' }).text), []);
});

test('names the organiser, who sends for them, and one attendee who need not answer', () => {
  const event = only(readCalendar(calendarEntry(sampleFacts(), REQUEST).text), 'VEVENT');

  const organizer = property(event, 'ORGANIZER');
  const attendee = property(event, 'ATTENDEE');
  assert.equal(organizer?.parameters, { CN: 'Anna Nowak', 'SENT-BY': 'mailto:konfa@example.org' });
  assert.is(organizer?.value, 'mailto:anna@example.org');
  assert.is(attendee?.value.toLowerCase(), 'mailto:jan@example.org');
  assert.is(attendee?.parameters['RSVP'], 'FALSE');
  assert.is(attendee?.parameters['PARTSTAT'], 'NEEDS-ACTION');
  assert.not.match(calendarEntry(sampleFacts(), REQUEST).text, 'ewa@example.org');
});

test('is organised by the service when nobody has an account', () => {
  const event = only(
    readCalendar(calendarEntry(sampleFacts({}, { organiser: null }), REQUEST).text),
    'VEVENT',
  );

  assert.equal(property(event, 'ORGANIZER')?.parameters, { CN: 'Konfa' });
  assert.is(property(event, 'ORGANIZER')?.value, 'mailto:konfa@example.org');
});

test('tells how to get in with number and PIN, and rings 15 minutes before', () => {
  const event = only(readCalendar(calendarEntry(sampleFacts(), REQUEST).text), 'VEVENT');

  const description = valueOf(event, 'DESCRIPTION') ?? '';
  for (const part of [
    'Numer konferencji: 12345',
    'PIN: 54321',
    '22 350 09 08',
    'tel:+48223500908,,1,,12345%23,,54321%23',
    sampleFacts().joinUrl,
    'Proszę przynieść zestawienia.\n  Do zobaczenia!',
  ])
    assert.ok(description.includes(part), part);
  const alarm = only(event, 'VALARM');
  assert.is(valueOf(alarm, 'ACTION'), 'DISPLAY');
  assert.is(valueOf(alarm, 'TRIGGER'), '-PT15M');
  assert.is(valueOf(alarm, 'DESCRIPTION'), 'Narada zarządu');
});

test('takes an event out with METHOD:CANCEL, the same UID and STATUS:CANCELLED (RFC 5546 §3.2.5)', () => {
  const facts = sampleFacts({ version: 4, deletedAtMs: START_AT_MS - HOUR_MS });

  const { method, text } = calendarEntry(facts, { ...REQUEST, method: 'CANCEL' });

  const calendar = readCalendar(text);
  const event = only(calendar, 'VEVENT');
  assert.is(method, 'CANCEL');
  assert.is(valueOf(calendar, 'METHOD'), 'CANCEL');
  assert.is(valueOf(event, 'UID'), `${'ab'.repeat(16)}@konfa`);
  assert.is(valueOf(event, 'SEQUENCE'), '4');
  assert.is(valueOf(event, 'STATUS'), 'CANCELLED');
  assert.equal(event.components, []);
  assert.not.match(text, '54321');
});

test('publishes a file without attendees (RFC 5546 §3.2.1) and without the ADMIN PIN', () => {
  const text = calendarFile(sampleFacts(), sampleSettings('en'));

  const calendar = readCalendar(text);
  assert.is(valueOf(calendar, 'METHOD'), 'PUBLISH');
  assert.is(property(only(calendar, 'VEVENT'), 'ATTENDEE'), null);
  assert.not.match(text, '7654321');
  assert.match(text, '54321');
});

const KINDS: readonly (readonly [ReservationNoticeKind, string | null, 'has' | 'has-not'])[] = [
  ['invitation', 'REQUEST', 'has-not'],
  ['starting', 'REQUEST', 'has-not'],
  ['update', 'REQUEST', 'has-not'],
  ['cancellation', 'CANCEL', 'has-not'],
  ['reminder', null, 'has-not'],
  ['organiser-booked', 'REQUEST', 'has'],
  ['organiser-changed', 'REQUEST', 'has'],
  ['organiser-deleted', 'CANCEL', 'has-not'],
  ['organiser-guessing', null, 'has-not'],
];

for (const [kind, method, adminPin] of KINDS) {
  test(`sends ${method ?? 'no calendar entry'} with ${kind}, which ${adminPin} the ADMIN PIN in it`, () => {
    const { calendar } = reservationEmail(kind, sampleFacts(), sampleSettings('pl'));

    assert.is(calendar?.method ?? null, method);
    const unfolded = (calendar?.text ?? '').replaceAll('\r\n ', '');
    assert.is(unfolded.includes('7654321'), adminPin === 'has');
  });
}

test('invites the organiser by the service, and keeps the ADMIN PIN from those who share the calendar', () => {
  const { calendar } = reservationEmail('organiser-booked', sampleFacts(), {
    ...sampleSettings('pl'),
    recipient: 'anna@example.org',
  });

  const event = only(readCalendar(calendar?.text ?? ''), 'VEVENT');
  assert.is(property(event, 'ORGANIZER')?.value, 'mailto:konfa@example.org');
  assert.is(valueOf(event, 'CLASS'), 'PRIVATE');
});

test('does not make people busy for more than a day', () => {
  const day = sampleFacts({ endAtMs: START_AT_MS + 24 * HOUR_MS });
  const longer = sampleFacts({ endAtMs: START_AT_MS + 24 * HOUR_MS + 60_000 });

  const transparency = [day, longer].map((facts) =>
    valueOf(only(readCalendar(calendarEntry(facts, REQUEST).text), 'VEVENT'), 'TRANSP'),
  );

  assert.equal(transparency, ['OPAQUE', 'TRANSPARENT']);
});

test('carries a VTIMEZONE that gives the offset of the zone on both sides of both changes', () => {
  const zone = only(readCalendar(calendarEntry(sampleFacts(), REQUEST).text), 'VTIMEZONE');

  assert.is(valueOf(zone, 'TZID'), 'Europe/Warsaw');
  for (const local of [
    '2026-03-29T01:59',
    '2026-03-29T03:00',
    '2026-07-01T12:00',
    '2026-10-25T01:59',
    '2026-10-25T03:00',
    '2026-12-31T23:59',
    '2028-02-29T12:00',
  ]) {
    const known = DateTime.fromISO(local, { zone: 'Europe/Warsaw' }).toFormat('ZZZ');
    assert.is(offsetByRules(zone, DateTime.fromISO(local, { zone: 'utc' })), known, local);
  }
});

test('writes both ends of an event over the night of a change in local time', () => {
  const startAtMs = Date.UTC(2026, 9, 24, 23, 30);
  const facts = sampleFacts({ startAtMs, endAtMs: startAtMs + 2 * HOUR_MS });

  const event = only(readCalendar(calendarEntry(facts, REQUEST).text), 'VEVENT');

  assert.is(valueOf(event, 'DTSTART'), '20261025T013000');
  assert.is(valueOf(event, 'DTEND'), '20261025T023000');
});

test('names a zone as its VTIMEZONE does, also when people call it otherwise', () => {
  for (const zone of [
    'UTC',
    'Asia/Calcutta',
    'America/New_York',
    'Australia/Lord_Howe',
    'Europe/Kiev',
  ]) {
    const calendar = readCalendar(calendarEntry(sampleFacts({ zone }), REQUEST).text);

    const start = property(only(calendar, 'VEVENT'), 'DTSTART');
    const tzid = start?.parameters['TZID'] ?? '';
    assert.is(valueOf(only(calendar, 'VTIMEZONE'), 'TZID'), tzid, zone);
    const instant = DateTime.fromFormat(start?.value ?? '', "yyyyLLdd'T'HHmmss", { zone: tzid });
    assert.is(instant.toMillis(), START_AT_MS, zone);
  }
});

test('writes UTC when the zone is unknown, rather than nothing', () => {
  const calendar = readCalendar(calendarEntry(sampleFacts({ zone: 'Mars/Olympus' }), REQUEST).text);

  const start = property(only(calendar, 'VEVENT'), 'DTSTART');
  assert.match(start?.value ?? '', /^20261201T090000/u);
});

test('keeps to its lines whatever the title, the note and the names are', () => {
  const nasty =
    'a\r\nATTENDEE:mailto:x@evil.example\u2028b\u202ec;d,e\\f"g\u0000' + 'ż😀'.repeat(60);
  const facts = sampleFacts(
    { title: nasty, note: nasty },
    { organiser: { name: nasty, email: 'anna@example.org', language: 'pl' } },
  );

  const event = only(readCalendar(calendarEntry(facts, REQUEST).text), 'VEVENT');

  assert.is(property(event, 'ATTENDEE')?.value.toLowerCase(), 'mailto:jan@example.org');
  assert.match(valueOf(event, 'SUMMARY') ?? '', 'a ATTENDEE:mailto:x@evil.example bc;d,e\\f"g');
  assert.match(valueOf(event, 'DESCRIPTION') ?? '', 'c;d,e\\f"g');
  assert.match(property(event, 'ORGANIZER')?.parameters['CN'] ?? '', "c;d,e/f'g");
});

test('has a name also for a reservation without title', () => {
  const event = only(
    readCalendar(calendarEntry(sampleFacts({ title: '' }), REQUEST).text),
    'VEVENT',
  );

  assert.is(valueOf(event, 'SUMMARY'), 'Telekonferencja');
});

test.run();
