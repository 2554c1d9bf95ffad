import type { Language } from '../../reservation/reservation.ts';
import type { ReservationFacts } from '../notice.ts';

/** A ready invitation for pasting into a message of one's own: everything that participants need. */
export function invitationText(
  facts: ReservationFacts,
  language: Language,
): { readonly subject: string; readonly text: string } {
  return { subject: facts.reservation.title, text: language };
}
