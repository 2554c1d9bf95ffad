import { createHash } from 'node:crypto';

import { z } from 'zod';

import type { ShownJoinLink } from '../guest/join-links.ts';
import type { Reservation } from '../reservation/reservation.ts';
import { API_ROOT } from './api-root.ts';
import { joinLinkListSchema, joinLinkSchema, newJoinLinkSchema } from './api/reservation-api.ts';
import type { JoinLinkView, NewJoinLink } from './api/reservation-api.ts';
import { defineRoute } from './define-route.ts';
import type { AnyRoute } from './define-route.ts';
import { ownReservation } from './own-reservation.ts';
import { instantText, type PanelServices } from './panel-services.ts';
import { ProblemError } from './problem-error.ts';
import { reservationParams } from './reservation-input.ts';

const TAG = 'reservations';

const linkParams = reservationParams.extend({ linkId: z.string().max(64) });

/** Looking at the links into a room, making new ones, revoking them. */
export function linkRoutes(services: PanelServices): readonly AnyRoute[] {
  return [list(services), renew(services), revoke(services), revokeAll(services)];
}

function list(services: PanelServices): AnyRoute {
  return defineRoute({
    method: 'GET',
    path: '/reservations/{reservationId}/links',
    access: 'reservations:read',
    tag: TAG,
    summary: 'Links into the room: of participants, of moderators, of each invited person',
    params: reservationParams,
    answers: { 200: joinLinkListSchema },
    handle: (request) => {
      const { reservationId } = ownReservation(request, services);
      const { joinLinks } = services;
      // Rooms booked by an older version have none for moderators yet.
      joinLinks.urlFor({ reservationId, role: 'participant', person: null });
      joinLinks.urlFor({ reservationId, role: 'moderator', person: null });
      const json = { links: joinLinks.list(reservationId).map(linkView) };
      return { status: 200, json, etag: digest(json) };
    },
  });
}

function renew(services: PanelServices): AnyRoute {
  return defineRoute({
    method: 'POST',
    path: '/reservations/{reservationId}/links',
    access: 'reservations:write',
    tag: TAG,
    summary: 'Make a new link; the one before it is revoked',
    params: reservationParams,
    body: newJoinLinkSchema,
    idempotent: 'by-key',
    // Of tokens only hashes are kept, and an answer is kept too.
    keptAnswer: {
      strip: (json) => ({ ...joinLinkSchema.parse(json), url: null }),
      restore: (json, { reservationId = '' }) => {
        const kept = joinLinkSchema.parse(json);
        const link = services.joinLinks.one(reservationId, kept.linkId);
        return link === null ? kept : linkView(link);
      },
    },
    answers: { 201: joinLinkSchema },
    handle: (request) => {
      const reservation = ownReservation(request, services);
      const { reservationId } = reservation;
      const { role, person } = checkedWish(request.body, reservation, request.nowMs);
      const link = services.joinLinks.renew({ reservationId, role, person }, request.nowMs);
      const location = `${API_ROOT}/reservations/${reservationId}/links`;
      return { status: 201, json: linkView(link), location };
    },
  });
}

function revoke(services: PanelServices): AnyRoute {
  return defineRoute({
    method: 'DELETE',
    path: '/reservations/{reservationId}/links/{linkId}',
    access: 'reservations:write',
    tag: TAG,
    summary: 'Revoke a link; whoever is in the room by it stays',
    params: linkParams,
    answers: { 204: null },
    handle: (request) => {
      const { reservationId } = ownReservation(request, services);
      const { linkId } = request.params;
      if (!services.joinLinks.revoke(reservationId, linkId, request.nowMs)) {
        throw new ProblemError('not-found', 404);
      }
      return { status: 204 };
    },
  });
}

function revokeAll(services: PanelServices): AnyRoute {
  return defineRoute({
    method: 'DELETE',
    path: '/reservations/{reservationId}/links',
    access: 'reservations:write',
    tag: TAG,
    summary: 'Revoke all links of a reservation',
    params: reservationParams,
    answers: { 204: null },
    handle: (request) => {
      const { reservationId } = ownReservation(request, services);
      services.joinLinks.revokeAll(reservationId, request.nowMs);
      return { status: 204 };
    },
  });
}

/** @throws ProblemError 409 when it is over, 422 when the person is not invited, or would be a moderator. */
function checkedWish(
  { role, person }: NewJoinLink,
  { deletedAtMs, endAtMs, emails }: Reservation,
  nowMs: number,
): { readonly role: NewJoinLink['role']; readonly person: string | null } {
  if (deletedAtMs !== null || nowMs >= endAtMs) throw new ProblemError('already-over', 409);
  if (person === undefined) return { role, person: null };
  const problems = [
    ...(emails.includes(person) ? [] : [{ code: 'not-invited', pointer: '/person' }]),
    ...(role === 'participant' ? [] : [{ code: 'person-participates', pointer: '/role' }]),
  ].map((problem) => ({ ...problem, facts: {}, detail: '' }));
  if (problems.length > 0) throw new ProblemError('bad-input', 422, { problems });
  return { role, person };
}

function linkView(link: ShownJoinLink): JoinLinkView {
  const { linkId, role, person, url, createdAtMs, revokedAtMs } = link;
  return {
    linkId,
    role,
    person,
    url,
    createdAt: instantText(createdAtMs),
    revokedAt: revokedAtMs === null ? null : instantText(revokedAtMs),
  };
}

function digest(json: unknown): string {
  return createHash('sha256').update(JSON.stringify(json)).digest('hex').slice(0, 12);
}
