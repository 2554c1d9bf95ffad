import { z } from 'zod';

import { noticeListSchema, noticeSchema } from './api/reservation-api.ts';
import { defineRoute } from './define-route.ts';
import type { AnyRoute } from './define-route.ts';
import { ownReservation } from './own-reservation.ts';
import type { PanelServices } from './panel-services.ts';
import { ProblemError } from './problem-error.ts';
import { reservationParams } from './reservation-input.ts';
import { noticeView } from './reservation-view.ts';

const TAG = 'notices';

const noticeParams = reservationParams.extend({ noticeId: z.string().max(64) });

/** Who was told what about a reservation, and telling them again. */
export function noticeRoutes(services: PanelServices): readonly AnyRoute[] {
  return [list(services), resend(services)];
}

function list(services: PanelServices): AnyRoute {
  return defineRoute({
    method: 'GET',
    path: '/reservations/{reservationId}/notices',
    access: 'reservations:read',
    tag: TAG,
    summary: 'E-mails and SMS about a reservation',
    params: reservationParams,
    answers: { 200: noticeListSchema },
    handle: (request) => {
      const { reservationId } = ownReservation(request, services);
      const notices = services.notices
        .ofReservation(reservationId)
        .map((notice) => noticeView(notice, services, request.nowMs));
      return { status: 200, json: { notices } };
    },
  });
}

function resend(services: PanelServices): AnyRoute {
  return defineRoute({
    method: 'POST',
    path: '/reservations/{reservationId}/notices/{noticeId}/resend',
    access: 'reservations:write',
    tag: TAG,
    summary: 'Send a notice once more',
    params: noticeParams,
    answers: { 202: noticeSchema },
    handle: (request) => {
      const { reservationId } = ownReservation(request, services);
      const { notices } = services;
      const outcome = notices.resend(reservationId, request.params.noticeId, request.nowMs);
      if (outcome.outcome === 'refused') {
        throw new ProblemError(outcome.code, outcome.code === 'not-found' ? 404 : 409);
      }
      return {
        status: 202,
        json: noticeView(outcome.notice, services, request.nowMs),
        afterwards: () => notices.wake(),
      };
    },
  });
}
