import { telUriOf } from '../notice/email/tel-uri.ts';
import { reservationState } from '../reservation/rules.ts';
import { joinPageSchema } from './api/reservation-api.ts';
import type { JoinPage } from './api/reservation-api.ts';
import { defineRoute } from './define-route.ts';
import type { AnyRoute } from './define-route.ts';
import { guestRoutes, joinParams } from './guest-routes.ts';
import { createJoinDoor } from './join-door.ts';
import type { JoinDoor, OpenedLink } from './join-door.ts';
import { instantText, type PanelServices } from './panel-services.ts';
import { calendarReply } from './reservation-routes.ts';

const TAG = 'join';
const MINUTE_MS = 60_000;

/** What those may know and do who have a link: no account, no ADMIN PIN. */
export function joinRoutes(services: PanelServices): readonly AnyRoute[] {
  const door = createJoinDoor(services);
  return [page(services, door), calendar(services, door), ...guestRoutes(services, door)];
}

function page(services: PanelServices, door: JoinDoor): AnyRoute {
  return defineRoute({
    method: 'GET',
    path: '/join/{token}',
    access: 'public',
    tag: TAG,
    summary: 'What a participant needs to get in',
    params: joinParams,
    answers: { 200: joinPageSchema },
    handle: ({ params, address, nowMs }) => {
      const json = joinPage(door.open(params.token, address), services, nowMs);
      return { status: 200, json };
    },
  });
}

function calendar(services: PanelServices, door: JoinDoor): AnyRoute {
  return defineRoute({
    method: 'GET',
    path: '/join/{token}/calendar.ics',
    access: 'public',
    tag: TAG,
    summary: 'The conference as a calendar entry (RFC 5545)',
    params: joinParams,
    answers: { 200: null },
    handle: ({ params, address }) => {
      const { link, reservation } = door.open(params.token, address);
      return calendarReply(reservation, link, services);
    },
  });
}

function joinPage(
  { link, reservation }: OpenedLink,
  services: PanelServices,
  nowMs: number,
): JoinPage {
  const { rules, live } = services;
  const { reservationId } = reservation;
  const { webrtc, rooms } = services.config();
  const people = live.people(reservationId);
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
    browser: { allowed: webrtc.enabled ? 'yes' : 'no', role: link.role },
    room: {
      lock: live.lock(reservationId),
      seats: people < rooms.maxParticipants ? 'free' : 'full',
      people,
    },
    accessNumbers: services.accessNumbers().map((access) => ({
      shown: access.shown,
      dial: access.dial,
      reach: access.reach,
      telUri: telUriOf(access, reservation),
    })),
  };
}
