import { z } from 'zod';

import type { Account } from '../account/account.ts';
import type { BookingRequest, ReservationChange } from '../reservation/booking-request.ts';
import type { bookingSchema, ReservationChangeBody } from './api/reservation-api.ts';

/** Parameters of routes about one reservation. Ids of ours are short; longer ones are none. */
export const reservationParams = z.object({ reservationId: z.string().max(64) });

/** Longest body of a booking: 200 addresses and numbers and a note fit many times over. */
export const BOOKING_BYTES = 262_144;

/** A booking as the domain takes it; what is left out is the account's. */
export function bookingRequest(
  body: z.output<typeof bookingSchema>,
  account: Account,
): BookingRequest {
  const { sms, zone = account.zone, language = account.language, ...rest } = body;
  return { ...rest, profileId: account.accountId, zone, language, smsMoments: sms };
}

/** A change as the domain takes it: what is left out is left out. */
export function reservationChange(body: ReservationChangeBody): ReservationChange {
  const { sms, smsAgain, ...rest } = body;
  const change: ReservationChange = {
    ...Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined)),
    ...(sms === undefined ? {} : { smsMoments: sms }),
    smsAgain: smsAgain === true ? 'send' : 'none',
  };
  return change;
}
