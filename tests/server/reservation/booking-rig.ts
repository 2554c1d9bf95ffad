import type { BookingProblem } from '../../../server/reservation/booking-problem.ts';
import type { BookingRequest } from '../../../server/reservation/booking-request.ts';
import type {
  ReservationEvent,
  ReservationRecorder,
} from '../../../server/reservation/reservation-recorder.ts';
import type { Reservation, ReservationRules } from '../../../server/reservation/reservation.ts';
import {
  createReservations,
  type Refused,
  type Reservations,
} from '../../../server/reservation/reservations.ts';
import { memoryStore, RULES, seededRandom } from './sample-reservations.ts';

/** What came of anything that was asked of the service. */
export type Outcome =
  | Refused
  | { readonly outcome: 'booked' | 'changed' | 'cancelled'; readonly reservation: Reservation };

/** A recorder that remembers, and refuses with what `refuseWith` gives. */
class MemoryRecorder implements ReservationRecorder {
  readonly events: ReservationEvent[] = [];
  refuseWith: readonly BookingProblem[] = [];

  record(event: ReservationEvent): readonly BookingProblem[] {
    this.events.push(event);
    return this.refuseWith;
  }
}

/** What differs from an empty service by the product's rules. */
export interface RigDifferences {
  readonly first?: readonly Reservation[];
  readonly rules?: Partial<ReservationRules>;
}

/** A service whose store and recorder can be looked into. */
export function bookingRig({ first = [], rules = {} }: RigDifferences = {}) {
  const recorder = new MemoryRecorder();
  const store = memoryStore(first);
  const reservations = createReservations({
    store,
    rules: { ...RULES, ...rules },
    random: seededRandom(11),
    reservedNumbers: () => [],
    recorder,
  });
  return { reservations, recorder, store };
}

/** The reservation of an outcome that was granted. */
export function granted(outcome: Outcome): Reservation {
  if (outcome.outcome !== 'refused') return outcome.reservation;
  throw new Error(`refused: ${JSON.stringify(outcome.problems)}`);
}

/** Codes of a refusal; none when it was granted. */
export function codesOf(outcome: Outcome): readonly BookingProblem['code'][] {
  return outcome.outcome === 'refused' ? outcome.problems.map(({ code }) => code) : [];
}

/** Books with defaults and gives the codes of the refusal. */
export function codesOfBooking(
  request: Pick<BookingRequest, 'start' | 'end'> & Partial<BookingRequest>,
  nowMs: number,
  reservations: Reservations = bookingRig().reservations,
): readonly BookingProblem['code'][] {
  return codesOf(reservations.book({ profileId: 'p', zone: 'Europe/Warsaw', ...request }, nowMs));
}
