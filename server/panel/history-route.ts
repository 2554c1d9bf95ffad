import type { HistoryPlace } from '../reservation/reservation-store.ts';
import { historyQuerySchema, historySchema } from './api/reservation-api.ts';
import { visitMinutes, visitsOf } from './attendance-routes.ts';
import { defineRoute } from './define-route.ts';
import type { AnyRoute } from './define-route.ts';
import { whoAsks } from './own-reservation.ts';
import type { PanelServices } from './panel-services.ts';
import { ProblemError } from './problem-error.ts';
import { reservationView } from './reservation-view.ts';

/** `GET /history`: what is over or deleted, the latest first, page by page. */
export function historyRoute(services: PanelServices): AnyRoute {
  return defineRoute({
    method: 'GET',
    path: '/history',
    access: 'history:read',
    tag: 'history',
    summary: 'Reservations that are over or deleted, the latest first',
    query: historyQuerySchema,
    answers: { 200: historySchema },
    handle: (request) => {
      const { cursor, limit } = request.query;
      const { accountId } = whoAsks(request);
      const before = cursor === undefined ? null : placeOf(cursor);
      const page = services.reservations.history(accountId, { before, limit }, request.nowMs);
      const reservations = page.reservations.map((reservation) => {
        const visits = visitsOf(reservation.reservationId, services);
        return {
          ...reservationView(reservation, services, request.nowMs),
          visits: visits.length,
          visitMinutes: visitMinutes(visits),
        };
      });
      const nextCursor = page.next === null ? null : cursorOf(page.next);
      return { status: 200, json: { reservations, nextCursor } };
    },
  });
}

function cursorOf({ overAtMs, reservationId }: HistoryPlace): string {
  return Buffer.from(`${overAtMs} ${reservationId}`).toString('base64url');
}

/** @throws ProblemError `bad-input` for what is no cursor of ours. */
function placeOf(cursor: string): HistoryPlace {
  const text = Buffer.from(cursor, 'base64url').toString('utf8');
  const [, overAt = '', reservationId = ''] = /^(\d{1,15}) (\S{1,64})$/u.exec(text) ?? [];
  if (overAt === '') {
    const problem = { code: 'bad-cursor', pointer: '/cursor', facts: {}, detail: '' };
    throw new ProblemError('bad-input', 400, { problems: [problem] });
  }
  return { overAtMs: Number(overAt), reservationId };
}
