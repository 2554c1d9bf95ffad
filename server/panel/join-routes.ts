import { z } from 'zod';

import { telUriOf } from '../notice/email/tel-uri.ts';
import type { Reservation } from '../reservation/reservation.ts';
import { reservationState } from '../reservation/rules.ts';
import { joinPageSchema } from './api/reservation-api.ts';
import type { JoinPage } from './api/reservation-api.ts';
import { defineRoute } from './define-route.ts';
import type { AnyRoute } from './define-route.ts';
import { instantText, type PanelServices } from './panel-services.ts';
import { ProblemError } from './problem-error.ts';
import { calendarReply } from './reservation-routes.ts';

const TAG = 'join';
const MINUTE_MS = 60_000;

const joinParams = z.object({ guestToken: z.string().max(64) });

/** What a participant may know who has the link: no account, no ADMIN PIN. */
export function joinRoutes(services: PanelServices): readonly AnyRoute[] {
  return [page(services), calendar(services)];
}

function page(services: PanelServices): AnyRoute {
  return defineRoute({
    method: 'GET',
    path: '/join/{guestToken}',
    access: 'public',
    tag: TAG,
    summary: 'What a participant needs to get in',
    params: joinParams,
    answers: { 200: joinPageSchema },
    handle: ({ params, nowMs }) => {
      const reservation = invited(params.guestToken, services);
      return { status: 200, json: joinPage(reservation, services, nowMs) };
    },
  });
}

function calendar(services: PanelServices): AnyRoute {
  return defineRoute({
    method: 'GET',
    path: '/join/{guestToken}/calendar.ics',
    access: 'public',
    tag: TAG,
    summary: 'The conference as a calendar entry (RFC 5545)',
    params: joinParams,
    answers: { 200: null },
    handle: ({ params }) => calendarReply(invited(params.guestToken, services), services),
  });
}

function invited(guestToken: string, services: PanelServices): Reservation {
  const reservation = services.reservations.byGuestToken(guestToken);
  if (reservation === null) throw new ProblemError('not-found', 404);
  return reservation;
}

function joinPage(reservation: Reservation, services: PanelServices, nowMs: number): JoinPage {
  const { rules, live } = services;
  const people = live.people(reservation.reservationId);
  return {
    title: reservation.title,
    note: reservation.note,
    organiser: services.organiserOf(reservation.profileId)?.name ?? null,
    state: reservationState(reservation, { nowMs, people, rules }),
    startAt: instantText(reservation.startAtMs),
    endAt: instantText(reservation.endAtMs),
    zone: reservation.zone,
    language: reservation.language,
    number: reservation.number,
    pin: reservation.pin,
    earlyEntryMinutes: rules.earlyEntryMs / MINUTE_MS,
    accessNumbers: services.accessNumbers().map((access) => ({
      shown: access.shown,
      dial: access.dial,
      reach: access.reach,
      telUri: telUriOf(access, reservation),
    })),
  };
}
