import type { Config } from '../config/config.ts';
import type { ReservationRules } from '../reservation/reservation.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** The rules of booking as the config sets them. */
export function reservationRules(config: Pick<Config, 'rooms' | 'reservations'>): ReservationRules {
  const { rooms, reservations } = config;
  return {
    numberDigits: rooms.numberDigits,
    pinDigits: rooms.pinDigits,
    adminPinDigits: rooms.adminPinDigits,
    earliestStartMs: reservations.earliestStartMinutes * MINUTE_MS,
    latestStartMs: reservations.latestStartDays * DAY_MS,
    longestMs: reservations.longestDays * DAY_MS,
    earlyEntryMs: rooms.earlyEntryMinutes * MINUTE_MS,
    activePerProfile: reservations.activePerProfile,
    keptAfterEndMs: reservations.keptAfterEndMinutes * MINUTE_MS,
    numberRestMs: reservations.numberRestDays * DAY_MS,
    defaultZone: reservations.timeZone,
  };
}

/** Numbers that no reservation may get: those of permanent rooms and access numbers. */
export function configuredNumbers(
  config: Pick<Config, 'accessNumbers' | 'permanentRooms'>,
): readonly string[] {
  return [...config.accessNumbers, ...config.permanentRooms].map(({ number }) => number);
}
