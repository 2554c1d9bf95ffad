import type { WallclockMs } from '../../mixer/protocol/units.ts';
import type { JoinLink } from '../guest/seat.ts';
import type { Reservation } from '../reservation/reservation.ts';
import {
  bookingSchema,
  invitationTextSchema,
  reservationChangeSchema,
  reservationListSchema,
  reservationSchema,
} from './api/reservation-api.ts';
import { API_ROOT } from './api-root.ts';
import { bookingRefusal } from './booking-refusal.ts';
import { defineRoute } from './define-route.ts';
import type { AnyRoute } from './define-route.ts';
import { ownReservation, whoAsks } from './own-reservation.ts';
import type { PanelServices } from './panel-services.ts';
import {
  BOOKING_BYTES,
  bookingRequest,
  reservationChange,
  reservationParams,
} from './reservation-input.ts';
import { participantsUrl, reservationView, seenVersion, viewEtag } from './reservation-view.ts';
import type { Reply } from './route.ts';

const TAG = 'reservations';

/** Booking, looking at, changing and deleting one's reservations. */
export function reservationRoutes(services: PanelServices): readonly AnyRoute[] {
  return [
    list(services),
    book(services),
    one(services),
    change(services),
    remove(services),
    newPins(services),
    invitation(services),
    calendar(services),
  ];
}

function list(services: PanelServices): AnyRoute {
  const { reservations, rules } = services;
  return defineRoute({
    method: 'GET',
    path: '/reservations',
    access: 'reservations:read',
    tag: TAG,
    summary: 'Reservations that take a place, by start',
    answers: { 200: reservationListSchema },
    handle: (request) => {
      const { accountId } = whoAsks(request);
      const found = reservations.list({ profileId: accountId }, request.nowMs);
      const views = found.map((row) => reservationView(row, services, request.nowMs));
      const places = { used: found.length, allowed: rules.activePerProfile };
      return { status: 200, json: { reservations: views, places } };
    },
  });
}

function book(services: PanelServices): AnyRoute {
  return defineRoute({
    method: 'POST',
    path: '/reservations',
    access: 'reservations:write',
    tag: TAG,
    summary: 'Book a conference',
    body: bookingSchema,
    bodyBytes: BOOKING_BYTES,
    idempotent: 'by-key',
    // The link has a token, of which only a hash is kept.
    keptAnswer: {
      strip: (json) => ({ ...reservationSchema.parse(json), joinUrl: '' }),
      restore: (json) => {
        const kept = reservationSchema.parse(json);
        return { ...kept, joinUrl: participantsUrl(kept.reservationId, services) };
      },
    },
    answers: { 201: reservationSchema },
    handle: (request) => {
      const account = whoAsks(request);
      const wanted = bookingRequest(request.body, account);
      const outcome = services.reservations.book(wanted, request.nowMs);
      if (outcome.outcome === 'refused') {
        const { zone = account.zone } = wanted;
        throw bookingRefusal(outcome.problems, { zone, language: request.language });
      }
      const { reservation } = outcome;
      return {
        ...shown(reservation, services, request.nowMs),
        status: 201,
        location: `${API_ROOT}/reservations/${reservation.reservationId}`,
      };
    },
  });
}

function one(services: PanelServices): AnyRoute {
  return defineRoute({
    method: 'GET',
    path: '/reservations/{reservationId}',
    access: 'reservations:read',
    tag: TAG,
    summary: 'One reservation, also one that is over or deleted',
    params: reservationParams,
    answers: { 200: reservationSchema },
    handle: (request) => {
      const reservation = ownReservation(request, services);
      const json = reservationView(reservation, services, request.nowMs);
      return { status: 200, json, etag: viewEtag(json) };
    },
  });
}

function change(services: PanelServices): AnyRoute {
  return defineRoute({
    method: 'PATCH',
    path: '/reservations/{reservationId}',
    access: 'reservations:write',
    tag: TAG,
    summary: 'Change a reservation; what is left out stays',
    params: reservationParams,
    body: reservationChangeSchema,
    bodyBytes: BOOKING_BYTES,
    ifMatch: 'required',
    answers: { 200: reservationSchema },
    handle: (request) => {
      const { reservationId, zone: standingZone } = ownReservation(request, services);
      const seen = { reservationId, ...ifVersion(request.ifMatch) };
      const wanted = reservationChange(request.body);
      const outcome = services.reservations.change(seen, wanted, request.nowMs);
      if (outcome.outcome === 'refused') {
        const { zone = standingZone } = request.body;
        throw bookingRefusal(outcome.problems, { zone, language: request.language });
      }
      return shown(outcome.reservation, services, request.nowMs);
    },
  });
}

function remove(services: PanelServices): AnyRoute {
  return defineRoute({
    method: 'DELETE',
    path: '/reservations/{reservationId}',
    access: 'reservations:write',
    tag: TAG,
    summary: 'Delete a reservation; its place is free at once',
    params: reservationParams,
    ifMatch: 'optional',
    answers: { 204: null },
    handle: (request) => {
      const { reservationId, zone } = ownReservation(request, services);
      const seen = { reservationId, ...ifVersion(request.ifMatch) };
      const outcome = services.reservations.cancel(seen, request.nowMs);
      if (outcome.outcome === 'refused') {
        throw bookingRefusal(outcome.problems, { zone, language: request.language });
      }
      return { status: 204, afterwards: () => services.onChanged(reservationId) };
    },
  });
}

function newPins(services: PanelServices): AnyRoute {
  return defineRoute({
    method: 'POST',
    path: '/reservations/{reservationId}/pins',
    access: 'reservations:write',
    tag: TAG,
    summary: 'Give a reservation a new PIN and a new ADMIN PIN',
    params: reservationParams,
    ifMatch: 'optional',
    answers: { 200: reservationSchema },
    handle: (request) => {
      const { reservationId, zone } = ownReservation(request, services);
      const seen = { reservationId, ...ifVersion(request.ifMatch) };
      const outcome = services.reservations.newPins(seen, request.nowMs);
      if (outcome.outcome === 'refused') {
        throw bookingRefusal(outcome.problems, { zone, language: request.language });
      }
      return shown(outcome.reservation, services, request.nowMs);
    },
  });
}

function invitation(services: PanelServices): AnyRoute {
  return defineRoute({
    method: 'GET',
    path: '/reservations/{reservationId}/invitation',
    access: 'reservations:read',
    tag: TAG,
    summary: 'Ready text to paste, in both languages',
    params: reservationParams,
    answers: { 200: invitationTextSchema },
    handle: (request) => ({
      status: 200,
      json: services.notices.invitation(ownReservation(request, services)),
    }),
  });
}

function calendar(services: PanelServices): AnyRoute {
  return defineRoute({
    method: 'GET',
    path: '/reservations/{reservationId}/calendar.ics',
    access: 'reservations:read',
    tag: TAG,
    summary: 'The reservation as a calendar entry (RFC 5545)',
    params: reservationParams,
    answers: { 200: null },
    handle: (request) =>
      calendarReply(
        ownReservation(request, services),
        { role: 'participant', person: null },
        services,
      ),
  });
}

/** The calendar entry of a reservation as a file named after it, with the link of whoever reads it. */
export function calendarReply(
  reservation: Reservation,
  { role, person }: Pick<JoinLink, 'role' | 'person'>,
  services: PanelServices,
): Reply {
  const { title, number, language } = reservation;
  return {
    status: 200,
    file: {
      contentType: 'text/calendar; charset=utf-8; method=PUBLISH',
      name: `${title === '' ? 'Konfa' : title} ${number}.ics`,
      content: services.notices.calendar(reservation, language, { role, person }),
    },
  };
}

function shown(reservation: Reservation, services: PanelServices, nowMs: WallclockMs): Reply {
  const json = reservationView(reservation, services, nowMs);
  return {
    status: 200,
    json,
    etag: viewEtag(json),
    afterwards: () => services.onChanged(reservation.reservationId),
  };
}

function ifVersion(ifMatch: string | null): { readonly ifVersion?: number } {
  const version = seenVersion(ifMatch);
  return version === null ? {} : { ifVersion: version };
}
