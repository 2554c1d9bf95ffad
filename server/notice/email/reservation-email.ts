import type { ReservationFacts, ReservationNoticeKind } from '../notice.ts';
import type { EmailContent, EmailSettings } from './email-content.ts';

/**
 * The e-mail of this kind to `recipient`, an address. What participants get never has the ADMIN PIN. Invitations and
 * updates carry a calendar entry to put down or change (METHOD:REQUEST), cancellations one to take out (CANCEL).
 */
export function reservationEmail(
  kind: ReservationNoticeKind,
  facts: ReservationFacts,
  settings: EmailSettings & { readonly recipient: string },
): EmailContent {
  return {
    subject: `${kind} ${facts.reservation.title}`,
    text: settings.recipient,
    html: '',
    calendar: null,
    replyTo: null,
  };
}
