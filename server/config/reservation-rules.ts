import type { ReservationRules } from '../reservation/reservation.ts';
import type { Config } from './config.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** The rules of booking out of the config. */
export function reservationRules(
  config: Pick<Config, 'rooms' | 'reservations' | 'numbers' | 'notices' | 'prompts'>,
): ReservationRules {
  const { rooms, reservations, numbers, notices, prompts } = config;
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
    defaultLanguage: prompts.language,
    defaultCountry: numbers.countryCode,
    recipients: notices.recipients,
    reminderMs: notices.reminderMinutes * MINUTE_MS,
  };
}
