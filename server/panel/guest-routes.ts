import { z } from 'zod';

import type { SeatOutcome, SeatWish } from '../guest/seat.ts';
import { iceServers } from '../guest/turn-credentials.ts';
import { oneLine } from '../notice/email/clean-text.ts';
import {
  seatAnswerSchema,
  seatByPinSchema,
  seatGiveUpSchema,
  seatRequestSchema,
} from './api/guest-api.ts';
import type { SeatAnswer } from './api/guest-api.ts';
import { defineRoute } from './define-route.ts';
import type { AnyRoute } from './define-route.ts';
import { seatProblem } from './join-door.ts';
import type { JoinDoor } from './join-door.ts';
import { instantText, type PanelServices } from './panel-services.ts';
import { ProblemError } from './problem-error.ts';
import type { Reply, RouteRequest } from './route.ts';

const TAG = 'join';

/** Parameters of routes about one link. Whatever it is, it is answered and counted as a guess. */
export const joinParams = z.object({ token: z.string() });

/** Seats for browsers: by link, by number and PIN, and giving one up. */
export function guestRoutes(services: PanelServices, door: JoinDoor): readonly AnyRoute[] {
  return [byLink(services, door), byPin(services), giveUp(services)];
}

function byLink(services: PanelServices, door: JoinDoor): AnyRoute {
  return defineRoute({
    method: 'POST',
    path: '/join/{token}/seat',
    access: 'public',
    tag: TAG,
    summary: 'Get a seat in the room of a link',
    params: joinParams,
    body: seatRequestSchema,
    answers: { 201: seatAnswerSchema },
    handle: (request) => {
      const { link, reservation } = door.open(request.params.token, request.address);
      refuseWithoutBrowsers(services);
      const { reservationId: roomId } = reservation;
      const wish = { ...wishOf(request), roomId, role: link.role };
      return seated(services.guests.seat(wish, link.linkId), services, request);
    },
  });
}

function byPin(services: PanelServices): AnyRoute {
  return defineRoute({
    method: 'POST',
    path: '/join/seat',
    access: 'public',
    tag: TAG,
    summary: 'Get a seat by number and PIN, or ADMIN PIN',
    body: seatByPinSchema,
    answers: { 201: seatAnswerSchema },
    handle: async (request) => {
      refuseWithoutBrowsers(services);
      const { number, pin } = request.body;
      const outcome = services.guests.seatByPin({ ...wishOf(request), number, pin });
      if (outcome.delayMs > 0) await services.pause(outcome.delayMs);
      return seated(outcome, services, request);
    },
  });
}

function giveUp(services: PanelServices): AnyRoute {
  return defineRoute({
    method: 'DELETE',
    path: '/join/seat',
    access: 'public',
    tag: TAG,
    summary: 'Leave for good: the seat is given up',
    body: seatGiveUpSchema,
    answers: { 204: null },
    handle: ({ body }) => {
      services.guests.giveUp(body.credential);
      return { status: 204 };
    },
  });
}

function refuseWithoutBrowsers(services: PanelServices): void {
  if (!services.config().webrtc.enabled) throw seatProblem('webrtc-off', null);
}

/** @throws ProblemError `bad-input` when nothing is left of the name. */
function wishOf({
  body,
  address,
}: Pick<
  RouteRequest<unknown, unknown, z.output<typeof seatRequestSchema>>,
  'body' | 'address'
>): SeatWish {
  const name = oneLine(body.name);
  if (name === '') {
    const problem = { code: 'required', pointer: '/name', facts: {}, detail: '' };
    throw new ProblemError('bad-input', 400, { problems: [problem] });
  }
  const { language, whenFull } = body;
  return { name, language, address, ...(whenFull === 'refuse' ? {} : { whenFull }) };
}

function seated(
  outcome: SeatOutcome,
  services: PanelServices,
  { nowMs }: Pick<RouteRequest<unknown, unknown, unknown>, 'nowMs'>,
): Reply {
  if (outcome.outcome === 'refused') throw seatProblem(outcome.why, outcome.retryAfterMs);
  const { seat, credential } = outcome;
  const { terms, seatId, role } = seat;
  const json: SeatAnswer = {
    seatId,
    credential,
    role,
    sipPath: '/sip',
    livePath: '/live',
    graceSeconds: services.config().webrtc.seatGraceSeconds,
    sipUri: `sip:${terms.number}@${new URL(services.publicUrl).hostname}`,
    iceServers: iceServers(services.config().turn, seatId, nowMs),
    room: {
      title: terms.name,
      number: terms.number,
      endAt: terms.endAtMs === null ? null : instantText(terms.endAtMs),
      zone: terms.zone,
    },
  };
  return { status: 201, json };
}
