import type { WallclockMs } from '../../mixer/protocol/units.ts';
import type { BookingProblem } from './booking-problem.ts';
import type { Reservation } from './reservation.ts';

/** What is said of a reservation that was never made, was deleted, or is somebody else's. */
export const NOT_FOUND: BookingProblem = { code: 'not-found', field: 'reservation', facts: {} };

/** Who saw another version than the present one would overwrite what they have not seen. */
export function versionProblems(
  { version }: Reservation,
  { ifVersion }: { readonly ifVersion?: number },
): readonly BookingProblem[] {
  if (ifVersion === undefined || ifVersion === version) return [];
  return [{ code: 'version-differs', field: 'reservation', facts: { version } }];
}

/** What was deleted or is over is not changed. */
export function standingProblems(
  standing: Reservation,
  nowMs: WallclockMs,
): readonly BookingProblem[] {
  if (standing.deletedAtMs !== null) return [NOT_FOUND];
  return nowMs >= standing.endAtMs ? [alreadyOver(standing)] : [];
}

/** What is said of a reservation whose time has passed. */
export function alreadyOver({ endAtMs }: Reservation): BookingProblem {
  return { code: 'already-over', field: 'reservation', facts: { endAtMs } };
}
