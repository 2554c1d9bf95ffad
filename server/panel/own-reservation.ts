import type { Account } from '../account/account.ts';
import type { Reservation } from '../reservation/reservation.ts';
import type { PanelServices } from './panel-services.ts';
import { ProblemError } from './problem-error.ts';
import type { RouteRequest } from './route.ts';

/** The account that asks, on routes that are not public. @throws ProblemError 401 when nobody is logged in. */
export function whoAsks(
  request: Pick<RouteRequest<unknown, unknown, unknown>, 'identity'>,
): Account {
  if (request.identity === null) throw new ProblemError('not-logged-in', 401);
  return request.identity.account;
}

/**
 * The reservation that a request is about.
 * @throws ProblemError 404 when there is none, or it is somebody else's: nobody learns which.
 */
export function ownReservation(
  request: RouteRequest<{ readonly reservationId: string }, unknown, unknown>,
  services: Pick<PanelServices, 'reservations'>,
): Reservation {
  const { accountId } = whoAsks(request);
  const found = services.reservations.ofProfile(request.params.reservationId, accountId);
  if (found === null) throw new ProblemError('not-found', 404);
  return found;
}
