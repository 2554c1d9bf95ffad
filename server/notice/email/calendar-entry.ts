import type { ReservationFacts } from '../notice.ts';
import type { EmailSettings } from './email-content.ts';

/** iCalendar text of a reservation for downloading, METHOD:PUBLISH, without the ADMIN PIN. */
export function calendarFile(facts: ReservationFacts, settings: EmailSettings): string {
  return `${facts.reservation.title} ${settings.nowMs}`;
}
