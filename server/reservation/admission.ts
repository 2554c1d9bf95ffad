import type { DurationMs, WallclockMs } from '../../mixer/protocol/units.ts';
import type { Reservation, ReservationRules, RoomTerms } from './reservation.ts';

/** Where now lies in a room's times. `opensInMs`: until entry begins. */
export type AdmissionTime =
  | { readonly time: 'open' }
  | {
      readonly time: 'too-early';
      readonly startAtMs: WallclockMs;
      readonly zone: string;
      readonly opensInMs: DurationMs;
      readonly mayWait: 'may-wait' | 'may-not-wait';
    }
  | { readonly time: 'over' };

/** Tells whether a room can be entered now. Who comes at most `mayWaitMs` before the start may wait on music. */
export function entryTime(
  terms: Pick<RoomTerms, 'startAtMs' | 'opensAtMs' | 'endAtMs' | 'zone'>,
  nowMs: WallclockMs,
  options: { readonly mayWaitMs: DurationMs },
): AdmissionTime {
  const { startAtMs, opensAtMs, endAtMs, zone } = terms;
  if (endAtMs !== null && nowMs >= endAtMs) return { time: 'over' };
  if (startAtMs === null || opensAtMs === null || nowMs >= opensAtMs) return { time: 'open' };
  return {
    time: 'too-early',
    startAtMs,
    zone,
    opensInMs: opensAtMs - nowMs,
    mayWait: startAtMs - nowMs <= options.mayWaitMs ? 'may-wait' : 'may-not-wait',
  };
}

/**
 * What the entry dialogue and the live room need to know of a reservation. `roomId` is the reservation's id;
 * a deleted one ends at its deletion.
 */
export function termsOf(
  reservation: Reservation,
  rules: Pick<ReservationRules, 'earlyEntryMs'>,
  maxParticipants: number,
): RoomTerms {
  const { startAtMs, endAtMs, deletedAtMs } = reservation;
  return {
    roomId: reservation.reservationId,
    origin: 'reservation',
    number: reservation.number,
    pin: reservation.pin,
    adminPin: reservation.adminPin,
    name: reservation.title,
    maxParticipants,
    startAtMs,
    opensAtMs: startAtMs - rules.earlyEntryMs,
    endAtMs: deletedAtMs === null ? endAtMs : Math.min(endAtMs, deletedAtMs),
    zone: reservation.zone,
    announcements: reservation.announcements,
  };
}
