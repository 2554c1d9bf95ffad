import { assertNever } from '../../mixer/protocol/coded-error.ts';
import type { ReservationEvent } from '../reservation/reservation-recorder.ts';
import type { Reservation } from '../reservation/reservation.ts';
import { planAddresses, planCancelledAddresses, planExtended } from './email-plan.ts';
import {
  cancelled,
  isPending,
  type NoticeOperation,
  type PlanContext,
  type PlannedChange,
} from './notice-operation.ts';
import type { Notice } from './notice.ts';
import { planOrganiser } from './organiser-plan.ts';
import { planPhones } from './sms-plan.ts';

/**
 * Decides who is told what and when (`product.md`, *Notices* 1 to 7), given all notices of the reservation so far, in the
 * order they were planned in.
 * Pending ones carry what is new by themselves, as their text is made when they are sent.
 */
export function planNotices(
  event: ReservationEvent,
  present: readonly Notice[],
  context: PlanContext,
): readonly NoticeOperation[] {
  const emails = present.filter((notice) => notice.channel === 'email');
  const sms = present.filter((notice) => notice.channel === 'sms');
  const { reservation } = event;
  switch (event.type) {
    case 'booked':
    case 'changed': {
      const what =
        event.type === 'changed'
          ? ({ before: event.before, smsAgain: event.smsAgain, occasion: 'edit' } as const)
          : ({ before: nobodyTold(reservation), smsAgain: 'none', occasion: 'booking' } as const);
      const change: PlannedChange = { ...context, ...what, after: reservation };
      return [
        ...planAddresses(change, emails),
        ...planOrganiser(event, emails, context),
        ...planPhones(change, sms),
      ];
    }
    case 'extended': {
      const change: PlannedChange = {
        ...context,
        before: event.before,
        after: reservation,
        smsAgain: 'none',
        occasion: 'edit',
      };
      return [...planExtended(change, emails), ...planOrganiser(event, emails, context)];
    }
    case 'cancelled':
      return [
        ...planCancelledAddresses(reservation, emails, context),
        ...planOrganiser(event, emails, context),
        ...sms.filter(isPending).map((notice) => cancelled(notice, 'deleted')),
      ];
    default:
      return assertNever(event);
  }
}

/** What a booking changes: nobody was to be told anything. */
function nobodyTold(reservation: Reservation): Reservation {
  return { ...reservation, emails: [], phones: [], smsMoments: [] };
}
