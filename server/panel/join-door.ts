import { networkOf } from '../runtime/network-address.ts';
import type { JoinLink, SeatRefusal } from '../guest/seat.ts';
import { createTokenGuesses } from '../guest/token-guesses.ts';
import type { DurationMs } from '../../mixer/protocol/units.ts';
import type { Reservation } from '../reservation/reservation.ts';
import type { PanelServices } from './panel-services.ts';
import { ProblemError } from './problem-error.ts';

/** A link that holds, and what it leads to. */
export interface OpenedLink {
  readonly link: JoinLink;
  readonly reservation: Reservation;
}

/** Where everybody who comes with a link passes. */
export interface JoinDoor {
  /**
   * The link of a token.
   * @throws ProblemError 404 when it opens nothing, 410 when it was revoked, 429 when too many wrong ones came from there.
   */
  open(token: string, address: string): OpenedLink;
}

/** Makes the door. It remembers who guesses. */
export function createJoinDoor(
  services: Pick<PanelServices, 'joinLinks' | 'reservations' | 'monotonicMs'>,
): JoinDoor {
  const guesses = createTokenGuesses();
  return {
    open(token, address) {
      const place = networkOf(address);
      const nowMs = services.monotonicMs();
      const waitMs = guesses.waitMs(place, nowMs);
      if (waitMs > 0) throw seatProblem('refused-for-a-while', waitMs);
      const link = services.joinLinks.find(token);
      const reservation = link === null ? null : services.reservations.byId(link.reservationId);
      if (link === null || reservation === null) {
        guesses.wrong(place, nowMs);
        throw seatProblem('no-such-link', null);
      }
      if (link.revokedAtMs !== null) throw seatProblem('link-revoked', null);
      return { link, reservation };
    },
  };
}

const STATUS: Readonly<Record<SeatRefusal, number>> = {
  'no-such-link': 404,
  'link-revoked': 410,
  'too-early': 409,
  over: 410,
  locked: 409,
  full: 409,
  'full-moderator': 409,
  'moderator-only': 403,
  'wrong-pin': 403,
  'refused-for-a-while': 429,
  'server-stopping': 503,
  'webrtc-off': 409,
};

/** Why nobody gets a seat, as a problem with the code `seat-…`. */
export function seatProblem(why: SeatRefusal, retryAfterMs: DurationMs | null): ProblemError {
  const options =
    retryAfterMs === null ? {} : { retryAfterSeconds: Math.max(1, Math.ceil(retryAfterMs / 1000)) };
  return new ProblemError(`seat-${why}`, STATUS[why], options);
}
