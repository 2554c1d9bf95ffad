import { DateTime } from 'luxon';

import type { WallclockMs } from '../../mixer/protocol/units.ts';
import type {
  Language,
  Reservation,
  ReservationRules,
  ReservationState,
  SmsMoment,
} from '../reservation/reservation.ts';
import { DEMONSTRATION_PROFILE } from '../reservation/reservations.ts';
import { reservationState } from '../reservation/rules.ts';

/** A reservation as `--json` prints it. Times are ISO 8601 with the offset of its zone. */
export interface ReservationJson {
  readonly reservationId: string;
  readonly profile: string;
  readonly number: string;
  readonly pin: string;
  readonly adminPin: string | null;
  readonly title: string;
  readonly start: string;
  readonly end: string;
  readonly zone: string;
  readonly state: ReservationState;
  readonly note: string;
  readonly language: Language;
  readonly emails: readonly string[];
  readonly phones: readonly string[];
  readonly sms: readonly SmsMoment[];
  readonly version: number;
}

/** When a view is made and by which rules. */
export interface ViewContext {
  readonly nowMs: WallclockMs;
  readonly rules: ReservationRules;
}

/** A reservation for programs. */
export function reservationJson(reservation: Reservation, context: ViewContext): ReservationJson {
  const { startAtMs, endAtMs, zone } = reservation;
  return {
    reservationId: reservation.reservationId,
    profile: reservation.profileId,
    number: reservation.number,
    pin: reservation.pin,
    adminPin: reservation.adminPin,
    title: reservation.title,
    start: isoTime(startAtMs, zone),
    end: isoTime(endAtMs, zone),
    zone,
    state: stateOf(reservation, context),
    note: reservation.note,
    language: reservation.language,
    emails: reservation.emails,
    phones: reservation.phones,
    sms: reservation.smsMoments,
    version: reservation.version,
  };
}

/** Where a room is joined by browser. */
export interface RoomLinks {
  readonly joinUrl: string;
  readonly moderatorUrl: string;
}

/** What the organiser must know, a line for each thing. `accessNumbers`: what callers dial. */
export function reservationLines(
  reservation: Reservation,
  accessNumbers: readonly string[],
  links: RoomLinks,
): readonly string[] {
  const { startAtMs, endAtMs, zone, title, note, emails, phones, smsMoments } = reservation;
  const facts: readonly (readonly [string, string])[] = [
    ['Title', printable(title)],
    ['Call', accessNumbers.join(' or ')],
    ['Conference number', reservation.number],
    ['PIN', reservation.pin],
    ['ADMIN PIN', reservation.adminPin ?? ''],
    ['Link', links.joinUrl],
    ['Moderator link', links.moderatorUrl],
    ['Start', `${shortTime(startAtMs, zone)} (${zone})`],
    ['End', `${shortTime(endAtMs, zone)} (${zone})`],
    ['E-mail', emails.join(', ')],
    ['Phones', phones.join(', ')],
    ['SMS', phones.length === 0 ? '' : smsMoments.join(', ')],
    ['Note', printable(note)],
  ];
  return facts
    .filter(([, value]) => value !== '')
    .map(([name, value]) => `  ${name.padEnd(18)} ${value}`);
}

/** Reservations as a table, a heading first. */
export function reservationTable(
  reservations: readonly Reservation[],
  context: ViewContext,
): readonly string[] {
  const rows = reservations.map((reservation) => [
    reservation.number,
    stateOf(reservation, context),
    shortTime(reservation.startAtMs, reservation.zone),
    shortTime(reservation.endAtMs, reservation.zone),
    reservation.zone,
    reservation.pin,
    reservation.adminPin ?? '-',
    guestsOf(reservation),
    reservation.profileId,
    titleOf(reservation),
  ]);
  return tableLines([
    ['NUMBER', 'STATE', 'START', 'END', 'ZONE', 'PIN', 'ADMIN PIN', 'GUESTS', 'PROFILE', 'TITLE'],
    ...rows,
  ]);
}

/** Rows as lines, every column as wide as its widest cell. */
export function tableLines(rows: readonly (readonly string[])[]): readonly string[] {
  const widths: number[] = [];
  for (const row of rows) {
    row.forEach((cell, column) => {
      widths[column] = Math.max(widths[column] ?? 0, cell.length);
    });
  }
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

function stateOf(reservation: Reservation, { nowMs, rules }: ViewContext): ReservationState {
  // The command line does not see who is inside: an open room is called open.
  return reservationState(reservation, { nowMs, people: 0, rules });
}

/** An instant as ISO 8601 with the offset of its zone. */
export function isoTime(atMs: WallclockMs, zone: string): string {
  return DateTime.fromMillis(atMs, { zone }).toFormat("yyyy-MM-dd'T'HH:mmZZ");
}

function shortTime(atMs: WallclockMs, zone: string): string {
  return DateTime.fromMillis(atMs, { zone }).toFormat('yyyy-MM-dd HH:mm');
}

/** How many addresses and numbers it has. */
function guestsOf({ emails, phones }: Reservation): string {
  const counts = [
    ...(emails.length > 0 ? [`${emails.length} mail`] : []),
    ...(phones.length > 0 ? [`${phones.length} phone`] : []),
  ];
  return counts.length > 0 ? counts.join(', ') : '-';
}

/** A person who did not book the demonstration must see what it is. */
function titleOf({ profileId, title }: Reservation): string {
  const shown = printable(title);
  return profileId === DEMONSTRATION_PROFILE ? `${shown} (demonstration)` : shown;
}

/** Text of a person without control characters, which could move the cursor of another's terminal. */
function printable(text: string): string {
  return text.replace(/\p{C}/gu, ' ');
}
