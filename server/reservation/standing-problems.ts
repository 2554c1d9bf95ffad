import type { WallclockMs } from '../../mixer/protocol/units.ts';
import type { BookingProblem } from './booking-problem.ts';
import type { Reservation } from './reservation.ts';

/** Who saw another version than the present one would overwrite what they have not seen. */
export function versionProblems(
  { version }: Reservation,
  { ifVersion }: { readonly ifVersion?: number },
): readonly BookingProblem[] {
  if (ifVersion === undefined || ifVersion === version) return [];
  return [{ code: 'version-differs', field: 'reservation', facts: { version } }];
}

/** What does not stand any more is not changed. */
export function standingProblems(
  standing: Reservation | null,
  nowMs: WallclockMs,
): readonly BookingProblem[] {
  return standing !== null && nowMs >= standing.endAtMs ? [alreadyOver(standing)] : [];
}

/** What is said of a reservation whose time has passed. */
export function alreadyOver({ endAtMs }: Reservation): BookingProblem {
  return { code: 'already-over', field: 'reservation', facts: { endAtMs } };
}
