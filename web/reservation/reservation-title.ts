import type { ReservationView } from '../../server/panel/api/reservation-api.ts';
import type { Language } from '../language.tsx';

/** Title of a reservation, or what stands for one. */
export function titleOf(
  reservation: Pick<ReservationView, 'title' | 'number'>,
  language: Language,
): string {
  if (reservation.title !== '') return reservation.title;
  return language === 'pl'
    ? `Konferencja ${reservation.number}`
    : `Conference ${reservation.number}`;
}
