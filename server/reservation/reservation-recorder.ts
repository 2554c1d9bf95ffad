import type { WallclockMs } from '../../mixer/protocol/units.ts';
import type { BookingProblem } from './booking-problem.ts';
import type { Reservation } from './reservation.ts';

/**
 * What has just been written of a reservation. `smsAgain`: the organiser asks for an SMS about this change. `extended`:
 * its end was moved on by keys during the conference.
 */
export type ReservationEvent =
  | { readonly type: 'booked'; readonly reservation: Reservation }
  | {
      readonly type: 'changed';
      readonly reservation: Reservation;
      readonly before: Reservation;
      readonly smsAgain: 'send' | 'none';
    }
  | { readonly type: 'extended'; readonly reservation: Reservation; readonly before: Reservation }
  | { readonly type: 'cancelled'; readonly reservation: Reservation };

/**
 * Hears of every change inside the transaction that makes it, so that what follows from it (notices, webhooks,
 * costs) is kept together with it or not at all.
 */
export interface ReservationRecorder {
  /** Problems undo the whole transaction and are shown to the organiser (no funds, a country without a price …). */
  record(event: ReservationEvent, nowMs: WallclockMs): readonly BookingProblem[];
}
