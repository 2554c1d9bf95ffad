import { stringify } from 'csv-stringify/sync';
import { DateTime } from 'luxon';

import type { WallclockMs } from '../../mixer/protocol/units.ts';
import type { CallRecord } from '../reservation/call-record.ts';
import type { Language } from '../reservation/reservation.ts';
import { maskNumber } from '../runtime/mask.ts';
import { attendanceListSchema } from './api/reservation-api.ts';
import type { Attendance } from './api/reservation-api.ts';
import { defineRoute } from './define-route.ts';
import type { AnyRoute } from './define-route.ts';
import { ownReservation, whoAsks } from './own-reservation.ts';
import { instantText, type PanelServices } from './panel-services.ts';
import { reservationParams } from './reservation-input.ts';

const TAG = 'history';
const MINUTE_MS = 60_000;

/** Tells a program that opens the file that it is UTF-8. */
const BYTE_ORDER_MARK = '\uFEFF';

/** Who was in the room of a reservation: as data, and as a table for a spreadsheet. */
export function attendanceRoutes(services: PanelServices): readonly AnyRoute[] {
  return [asData(services), asTable(services)];
}

/**
 * Visits to the room of a reservation, in order of entry. Calls of one seat are one visit, unless the seat was given up
 * between them: who changes networks has not left.
 */
export function visitsOf(
  reservationId: string,
  { callLog, config }: Pick<PanelServices, 'callLog' | 'config'>,
): readonly CallRecord[] {
  const graceMs = config().webrtc.seatGraceSeconds * 1000;
  const visits: CallRecord[] = [];
  const latest = new Map<string, number>();
  for (const call of callLog.ofRoom(reservationId)) {
    const { seatId, enteredAtMs, endAtMs } = call;
    if (enteredAtMs === null) continue;
    const index = seatId === null ? undefined : latest.get(seatId);
    const before = index === undefined ? undefined : visits[index];
    if (index !== undefined && before !== undefined && enteredAtMs <= before.endAtMs + graceMs) {
      visits[index] = { ...before, endAtMs: Math.max(before.endAtMs, endAtMs) };
      continue;
    }
    if (seatId !== null) latest.set(seatId, visits.length);
    visits.push(call);
  }
  return visits;
}

/** Minutes that all visits last together, rounded up visit by visit. */
export function visitMinutes(visits: readonly CallRecord[]): number {
  return visits.reduce(
    (sum, { enteredAtMs, endAtMs }) =>
      sum + Math.ceil((endAtMs - (enteredAtMs ?? endAtMs)) / MINUTE_MS),
    0,
  );
}

function asData(services: PanelServices): AnyRoute {
  return defineRoute({
    method: 'GET',
    path: '/reservations/{reservationId}/attendance',
    access: 'history:read',
    tag: TAG,
    summary: 'Who was in the room, and when',
    params: reservationParams,
    answers: { 200: attendanceListSchema },
    handle: (request) => {
      const { reservationId } = ownReservation(request, services);
      const visits = visitsOf(reservationId, services).map(visitView);
      return { status: 200, json: { visits } };
    },
  });
}

function asTable(services: PanelServices): AnyRoute {
  return defineRoute({
    method: 'GET',
    path: '/reservations/{reservationId}/attendance.csv',
    access: 'history:read',
    tag: TAG,
    summary: "The same as CSV, times in the account's zone",
    params: reservationParams,
    answers: { 200: null },
    handle: (request) => {
      const { zone, language } = whoAsks(request);
      const { reservationId, title, number } = ownReservation(request, services);
      return {
        status: 200,
        file: {
          contentType: 'text/csv; charset=utf-8',
          name: `${title === '' ? FILE_NAME[language] : title} ${number}.csv`,
          content: table(visitsOf(reservationId, services), zone, language),
        },
      };
    },
  });
}

function visitView(visit: CallRecord): Attendance {
  return {
    name: visit.guestName ?? (visit.caller === null ? '' : maskNumber(visit.caller)),
    how: visit.via,
    role: visit.role ?? 'participant',
    joinedAt: instantText(visit.enteredAtMs ?? visit.endAtMs),
    leftAt: instantText(visit.endAtMs),
  };
}

const FILE_NAME: Readonly<Record<Language, string>> = { pl: 'Obecność', en: 'Attendance' };

const COLUMNS: Readonly<Record<Language, readonly string[]>> = {
  pl: ['Uczestnik', 'Sposób', 'Rola', 'Wejście', 'Wyjście', 'Minuty'],
  en: ['Participant', 'By', 'Role', 'Joined', 'Left', 'Minutes'],
};

const WORDS: Readonly<Record<Language, Readonly<Record<string, string>>>> = {
  pl: {
    phone: 'telefon',
    browser: 'przeglądarka',
    participant: 'uczestnik',
    moderator: 'moderator',
    '': 'numer ukryty',
  },
  en: {
    phone: 'phone',
    browser: 'browser',
    participant: 'participant',
    moderator: 'moderator',
    '': 'number withheld',
  },
};

/** RFC 4180. What a spreadsheet would take for a formula is defused. */
function table(visits: readonly CallRecord[], zone: string, language: Language): string {
  const words = WORDS[language];
  const at = (atMs: WallclockMs): string =>
    DateTime.fromMillis(atMs, { zone }).toFormat('yyyy-MM-dd HH:mm:ssZZ');
  const rows = visits.map((visit) => {
    const { name, how, role } = visitView(visit);
    const enteredAtMs = visit.enteredAtMs ?? visit.endAtMs;
    return [
      name === '' ? words[''] : name,
      words[how],
      words[role],
      at(enteredAtMs),
      at(visit.endAtMs),
      visitMinutes([visit]),
    ];
  });
  const text = stringify([COLUMNS[language], ...rows], {
    escape_formulas: true,
    record_delimiter: 'windows',
  });
  return `${BYTE_ORDER_MARK}${text}`;
}
